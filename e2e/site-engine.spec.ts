// Site search in a page without the element: the first answer and its bytes, the download, offline use, the source of
// the query vector, and errors. The real command makes the site with the real models, and the real server makes the
// embeddings.

import { once } from 'node:events';
import { appendFile, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test, type Page } from '@playwright/test';
import type { Answer, EngineOptions } from '../src/index.ts';
import { runCli } from './support/cli.ts';
import { QUERY_MODEL, startEmbeddings, type EmbeddingsServer } from './support/embeddings-server.ts';
import { indexedFixtureSite } from './support/indexed-site.ts';
import {
  ask,
  codeOf,
  download,
  open,
  search,
  startEngine as startEngineAt,
  status,
  type SitePage,
} from './support/site-calls.ts';
import { startSiteServer, type SiteServer } from './support/site-server.ts';

// The test itself serves the page, so that it can be reloaded when the server is closed; the browser then does not
// count it as part of a network.
test.use({ serviceWorkers: 'block', permissions: ['local-network-access'] });

let embeddings: EmbeddingsServer;
let folder: string;
let server: SiteServer;

test.beforeAll(async () => {
  embeddings = await startEmbeddings();
  folder = await indexedFixtureSite(
    '--query-url',
    embeddings.url,
    '--query-model',
    QUERY_MODEL.model,
    '--query-prompt',
    QUERY_MODEL.prompt,
  );
});
test.afterAll(async () => {
  embeddings.process.kill();
  await rm(folder, { recursive: true });
});
test.beforeEach(async () => {
  server = await startSiteServer(folder);
});
test.afterEach(() => server.close());

/** A page with an engine and no open collection. */
async function startEngine(
  page: Page,
  { withQuery = false, ...options }: EngineOptions & { readonly withQuery?: boolean } = {},
): Promise<void> {
  const query = withQuery ? { baseUrl: embeddings.url, ...QUERY_MODEL, maxRetries: 0 } : undefined;
  await startEngineAt(page, server.url, { scan: 'wasm', ...(query ? { query } : {}), ...options });
}

const paths = ({ pages }: Answer): string[] => pages.map(({ url }) => new URL(url!).pathname);
const partPaths = (): string[] => server.fetched.map(({ path }) => path).filter((path) => path.includes('/parts/'));
const bytesOf = (kinds: RegExp): number =>
  server.fetched.filter(({ path }) => kinds.test(path)).reduce((sum, { bytes }) => sum + bytes, 0);

/** Changes the bytes of matching files in transit, until it is called with null. */
function tamper(change: { readonly path: RegExp; readonly body: (bytes: Buffer) => Buffer | string } | null): void {
  server.intervene(
    change &&
      (async (path, response) => {
        if (!change.path.test(path)) return false;
        response.end(change.body(await readFile(join(folder, path))));
        return true;
      }),
  );
}

test('the first answer takes the manifest, the words of the query and the texts of its hits; the rest refines it', async ({
  page,
}) => {
  await startEngine(page, { withQuery: true });
  const info = await open(page);
  expect(info).toMatchObject({
    source: 'network',
    pages: 16,
    storeProblem: null,
    languages: ['en', 'de', 'ja'],
    sortKeys: ['date'],
    filters: { level: { beginner: expect.any(Number) } },
  });
  // The API waits for the answer without it, so that the order is not chance.
  await page.route(`${embeddings.url}/**`, async (route) => {
    await page.waitForFunction(() => (globalThis as unknown as SitePage).answered > 0);
    await route.continue();
  });
  const { answer, early, degraded } = await ask(page, 'if the passphrase is lost');
  expect(paths(answer)[0]).toBe('/guide/restore.html');
  expect(answer.source).toEqual({
    ranking: 'hybrid',
    vector: 'static',
    path: 'static',
    stage: 'none',
    trainer: null,
    index: 'network',
  });
  expect(degraded).toBeUndefined();
  // Before the texts of all results are here, those in view are shown; on a busy machine keywords alone before them.
  const meant = early.filter(({ source }) => source.ranking !== 'keyword');
  expect(meant.map(({ source, pages }) => [source.ranking, pages.length])).toEqual([['hybrid', 3]]);
  expect(new Set(partPaths().map((path) => /(\w+)-\w+\.bin$/.exec(path)![1]))).toEqual(
    new Set(['start', 'terms', 'texts']),
  );
  expect(bytesOf(/era-search\/(?:parts|era-search\.json)/)).toBeLessThan(55_000);

  // The remaining parts, each once.
  const left = info.missingBytes - bytesOf(/parts\/(?:terms|pages|texts)-/);
  const completed = await download(page);
  expect(completed.progress.at(-1)).toMatchObject({ phase: 'download', unit: 'bytes', done: left, total: left });
  expect(completed.info).toMatchObject({ source: 'store', missingBytes: 0, storeProblem: null });
  expect(partPaths()).toHaveLength(new Set(partPaths()).size);
  const before = server.fetched.length;
  const better = await ask(page, 'my laptop was stolen, what now');
  await page.unroute(`${embeddings.url}/**`);
  expect(better.answer.source).toEqual({
    ranking: 'hybrid',
    vector: 'remote',
    path: 'remote',
    stage: 'aligned',
    trainer: 'closed-form',
    index: 'store',
  });
  expect(better.early.map(({ source }) => source.vector)).toEqual(['static']);
  // A word that no page has is asked for when it is typed.
  expect(server.fetched.slice(before).filter(({ path }) => !/parts\/words-/.test(path))).toEqual([]);
  expect(await status(page)).toMatchObject({
    encoder: { state: 'idle' },
    info: { passages: info.passages, vectors: { scan: 'wasm' } },
    refusedAdapters: [],
  });
  const near = await search(page, 'if the passphrase is lost', { mode: 'dense', path: 'remote', limit: 3 });
  expect(near.source.ranking).toBe('dense');
  expect(near.pages[0]!.sections[0]!.id).toContain('guide/restore.html');
});

test('by meaning alone: only the vectors are fetched, and the pages that are shown', async ({ page }) => {
  await startEngine(page, { withQuery: true, store: 'memory' });
  await open(page);
  const near = await search(page, 'if the passphrase is lost', { mode: 'dense', path: 'remote' });
  expect(near.source).toMatchObject({ ranking: 'dense', vector: 'remote', path: 'remote', stage: 'aligned' });
  expect(partPaths().filter((path) => /terms-|dictionary-/.test(path))).toEqual([]);
  const inWords = await search(page, 'repository', { limit: 100, sections: 10 });
  const inMeaning = await search(page, 'repository', { mode: 'dense', path: 'remote', limit: 100, sections: 10 });
  const ids = new Map(inMeaning.pages.flatMap(({ sections }) => sections).map(({ row, id }) => [row, id]));
  const shared = inWords.pages.flatMap(({ sections }) => sections).filter(({ row }) => ids.has(row));
  expect(shared.length).toBeGreaterThan(5);
  for (const { row, id } of shared) expect(id).toBe(ids.get(row));
});

test('filters, languages, other orders, sections, snippets', async ({ page }) => {
  await startEngine(page);
  await open(page);
  const all = await search(page, 'backup', { limit: 100 });
  const { topic, level } = all.filters;
  expect(Object.values(topic!).reduce((sum, count) => sum + count, 0)).toBe(all.total);
  const guides = await search(page, 'backup', { limit: 100, filters: { topic: 'Guide' } });
  expect(guides.total).toBe(topic!['Guide']);
  expect(guides.filters['topic']).toEqual(topic);
  expect(guides.pages.every(({ filters }) => filters['topic']?.includes('Guide'))).toBe(true);
  const both = await search(page, 'backup', { limit: 100, filters: { topic: ['Guide'], level: ['beginner'] } });
  expect(both.total).toBe(guides.filters['level']!['beginner']);
  expect(level!['beginner']).toBeGreaterThanOrEqual(both.total);

  const german = await search(page, 'Sicherung', { language: 'de' });
  expect(german.pages.length).toBeGreaterThan(0);
  expect(german.pages.every(({ language }) => language === 'de')).toBe(true);
  expect(paths(await search(page, '暗号化', { language: 'ja' }))).toEqual(['/ja/']);

  const dated = await search(page, 'backup', { limit: 100, sort: { by: 'date', order: 'desc' } });
  expect(dated.total).toBe(all.total);
  expect(new Set(paths(dated))).toEqual(new Set(paths(all)));
  const newest = await search(page, 'backup', { limit: 1, sort: { by: 'date', order: 'desc' } });
  expect(paths(newest)).toEqual(paths(dated).slice(0, 1));

  const hit = (await search(page, 'restore a whole machine', { sections: 2, snippetLength: 80, explain: true }))
    .pages[0]!;
  expect(hit.sections).toHaveLength(2);
  expect(hit.sections[0]).toMatchObject({
    headings: ['A whole machine'],
    url: `${server.url}guide/restore.html#everything`,
    id: 'guide/restore.html#everything',
    explanation: { keyword: { rank: 1 }, dense: { rank: 1 }, terms: expect.arrayContaining(['machine']) },
  });
  for (const { snippet } of hit.sections)
    expect(snippet.map(({ text }) => text).join('').length).toBeLessThanOrEqual(82);
  expect(hit.sections[0]!.snippet.filter(({ mark }) => mark).length).toBeGreaterThan(0);
  expect((await search(page, 'restroe')).corrections).toEqual([{ typed: 'restroe', used: 'restore' }]);
  const nothing = await search(page, 'xyzzyq');
  expect(nothing).toMatchObject({ total: 0, pages: [], filters: {} });
});

test('on the next visit only the manifest is fetched, and without a network nothing', async ({ page }) => {
  await startEngine(page, { withQuery: true });
  const { missingBytes, name } = await open(page);
  expect(missingBytes).toBeGreaterThan(0);
  await download(page);
  const first = await search(page, 'my disk is full');
  expect(first.source.vector).toBe('remote');
  await page.waitForTimeout(1500); // the queries are written after a pause
  const fetched = server.fetched.length;

  await startEngine(page, { withQuery: true });
  expect(await open(page)).toMatchObject({ name, source: 'store', missingBytes: 0 });
  await download(page);
  expect(server.fetched.slice(fetched).map(({ path }) => path)).toEqual(['/era-search/era-search.json']);

  await server.close();
  await startEngine(page, { withQuery: true });
  expect(await open(page)).toMatchObject({ name, source: 'store', missingBytes: 0 });
  await download(page);
  await page.route(`${embeddings.url}/**`, (route) => route.abort());
  // First the vector of an earlier visit, then none; no small model was allowed.
  const kept = await search(page, 'my disk is full');
  expect(kept.source).toEqual({ ...first.source, vector: 'cache' });
  expect(kept.pages).toEqual(first.pages);
  const unknown = await ask(page, 'how much does it cost');
  expect(unknown.answer.source).toMatchObject({ ranking: 'hybrid', vector: 'static', index: 'store' });
  expect(unknown.degraded).toBe('network');

  await startEngine(page, { withQuery: true, rememberQueries: false });
  await open(page);
  await download(page);
  expect((await search(page, 'my disk is full')).source.vector).toBe('static');
  await startEngine(page, { withQuery: true });
  await open(page);
  await download(page);
  expect((await search(page, 'my disk is full')).source.vector).toBe('static'); // it was removed
});

test('an aborted search rejects with its reason and gives nothing more', async ({ page }) => {
  await startEngine(page, { withQuery: true, store: 'memory' });
  await open(page);
  await download(page);
  await page.route(`${embeddings.url}/**`, () => undefined); // never answers
  const told = await page.evaluate(async () => {
    const { collection } = globalThis as unknown as SitePage;
    const calls: string[] = [];
    const read = async (text: string, signal: AbortSignal, call: string): Promise<string> => {
      try {
        for await (const { source } of collection.search(text, { encoder: 'if-ready', signal }))
          calls.push(`${call} ${source.ranking}`);
        return 'over';
      } catch (error) {
        return (error as Error).message;
      }
    };
    const control = new AbortController();
    const stale = read('restore', control.signal, 'stale');
    control.abort(new Error('enough'));
    const waiting = new AbortController();
    const pending = read('if the passphrase is lost', waiting.signal, 'early');
    while (calls.length === 0) await new Promise((resolve) => setTimeout(resolve, 10));
    waiting.abort(new Error('no more'));
    return { calls, stale: await stale, pending: await pending };
  });
  expect(told).toEqual({ calls: ['early hybrid'], stale: 'enough', pending: 'no more' });
});

/** A place in every part, and in the first one of a file of several. */
const BEGINNING = 12;

test('a damaged part is refused, and asked for again', async ({ page }) => {
  await startEngine(page, { store: 'memory' });
  const flipped = (bytes: Buffer): Buffer => {
    bytes[BEGINNING]! ^= 1;
    return bytes;
  };
  for (const [kind, call] of [
    ['base', 'open'],
    ['terms', 'search'],
    ['texts', 'search'],
    ['vectors', 'download'],
  ] as const) {
    if (kind !== 'base') await open(page); // again, without the parts that have already arrived
    for (const body of [flipped, (bytes: Buffer) => bytes.subarray(0, BEGINNING), () => '<!doctype html>']) {
      tamper({ path: new RegExp(`/parts/(?:start|${kind})-`), body });
      expect(await codeOf(page, call), kind).toBe('index-format');
    }
    tamper(null);
    expect(await codeOf(page, call), kind).toBe('none');
  }
  await startEngine(page, { store: 'memory' });
  tamper({ path: /era-search\.json/, body: () => '<!doctype html>' });
  expect(await codeOf(page, 'open')).toBe('index-format');
  await server.close();
  expect(await codeOf(page, 'open')).toBe('network');
});

test('parts that the server has unpacked are accepted', async ({ page }) => {
  await startEngine(page, { store: 'memory' });
  tamper({ path: /\/parts\/(?!vectors)/, body: (bytes) => gunzipSync(bytes) });
  await open(page);
  expect(paths(await search(page, 'if the passphrase is lost'))[0]).toBe('/guide/restore.html');
  expect((await download(page)).info).toMatchObject({ source: 'store', missingBytes: 0 });
});

test('a manifest of a later release is refused; a stored site works without it', async ({ page }) => {
  const later = {
    path: /era-search\.json/,
    body: (bytes: Buffer) => bytes.toString().replace('"version":5', '"version":6'),
  };
  await startEngine(page);
  tamper(later);
  expect(await codeOf(page, 'open')).toBe('unsupported-version');
  tamper(null);
  await open(page);
  await download(page);
  await startEngine(page);
  tamper(later);
  expect(await open(page)).toMatchObject({ source: 'store', missingBytes: 0 });
  expect(paths(await search(page, 'if the passphrase is lost'))[0]).toBe('/guide/restore.html');
});

test('a newer build replaces the stored one: what has not changed is not downloaded again', async ({ page }) => {
  await startEngine(page);
  const { bytes: whole, build } = await open(page);
  await download(page);
  await appendFile(
    join(folder, 'about/contributors.html'),
    '<main data-pagefind-body><h1>Wombats</h1><p>A marsupial that digs.</p></main>',
  );
  await runCli('index', '--site', folder);
  await startEngine(page);
  const newer = await open(page);
  expect(newer.build).not.toBe(build);
  expect(newer.source).toBe('network');
  expect(newer.missingBytes).toBeLessThan(whole);
  expect((await search(page, 'marsupial', { mode: 'keyword' })).total).toBe(1);
  await download(page);
  expect(partPaths()).toHaveLength(new Set(partPaths()).size);
  await server.close();
  await startEngine(page);
  expect(await open(page)).toMatchObject({ build: newer.build, source: 'store', missingBytes: 0 });
  expect((await search(page, 'marsupial', { mode: 'keyword' })).total).toBe(1);
});

test('without room in the browser everything works from memory, and the status reports it', async ({
  page,
  context,
}) => {
  await startEngine(page);
  const cdp = await context.newCDPSession(page);
  await cdp.send('Storage.overrideQuotaForOrigin', { origin: new URL(server.url).origin, quotaSize: 5000 });
  await open(page);
  const { info } = await download(page);
  expect(info).toMatchObject({ source: 'store', missingBytes: 0, storeProblem: expect.any(String) });
  expect(await status(page)).toMatchObject({ info: { storeProblem: expect.any(String) } });
  expect((await search(page, 'if the passphrase is lost')).source.index).toBe('store');
});

test('a search worker that dies is started anew with the site and its index', async ({ page }) => {
  for (const store of ['auto', 'memory'] as const) {
    await startEngine(page, { store, withQuery: true });
    await open(page);
    await download(page);
    const before = await search(page, 'my laptop was stolen');
    const worker = page.workers().find((candidate) => candidate.url().includes('search.worker'))!;
    const closed = worker.waitForEvent('close');
    await worker.evaluate(() => self.close());
    await closed;
    const after = await search(page, 'my laptop was stolen');
    expect(after.pages).toEqual(before.pages);
    expect(after.source).toMatchObject({ ranking: 'hybrid', vector: 'cache', stage: 'aligned' });
  }
});

test('sources of the query vector: both models, the remote one, the one in the page, none; each answer states its source', async ({
  page,
}) => {
  await startEngine(page, { withQuery: true, store: 'memory', encoder: undefined });
  await open(page);
  await download(page);
  const models = (): number => server.fetched.filter(({ path }) => path.includes('/models/')).length;
  expect((await search(page, 'lost my password')).source).toMatchObject({
    vector: 'remote',
    path: 'remote',
    stage: 'aligned',
  });
  expect((await search(page, 'lost my password')).source).toMatchObject({ vector: 'cache', path: 'remote' });
  expect((await search(page, 'lost my password', { mode: 'keyword' })).source).toMatchObject({
    ranking: 'keyword',
    vector: 'none',
  });
  const refused = await ask(page, 'lost my password', { path: 'local' });
  expect(refused.answer.source).toMatchObject({ vector: 'cache', path: 'remote' });
  expect(refused.degraded).toBe('no-encoder');
  expect(models()).toBe(0);

  // The collection's document model, from the folder beside its index, once it is allowed.
  const local = await ask(page, 'lost my password', { path: 'local', encoder: 'load' });
  expect(local.answer.source).toMatchObject({ ranking: 'hybrid', vector: 'local', path: 'local', stage: 'none' });
  expect(local.degraded).toBeUndefined();
  expect(models()).toBeGreaterThan(0);
  expect((await search(page, 'lost my password')).source).toMatchObject({
    vector: 'cache',
    path: 'both',
    stage: 'aligned',
  });
  expect((await search(page, 'a fresh question')).source).toMatchObject({ vector: 'remote', path: 'both' });

  embeddings.process.kill(); // permanent, since this is the last test
  await once(embeddings.process, 'exit');
  const away = await ask(page, 'another question about keys');
  expect(away.answer.source).toMatchObject({ ranking: 'hybrid', vector: 'local', path: 'local' });
  expect(away.degraded).toBe('network');
  expect((await search(page, 'a fresh question')).source).toMatchObject({ vector: 'cache', path: 'both' });
  expect(await status(page)).toMatchObject({
    encoder: { state: 'ready' },
    remote: { state: expect.stringMatching(/away|ready/) },
  });
});
