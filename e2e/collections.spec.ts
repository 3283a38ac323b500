// Collections in a page: several at once, published or built in the page, and errors of one that do not affect the
// others.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { parseSiteManifest } from '../src/format/site-manifest.ts';
import { runCli } from './support/cli.ts';
import { indexedFixtureSite } from './support/indexed-site.ts';
import { startEngine, type SitePage } from './support/site-calls.ts';
import { startSiteServer, type SiteServer } from './support/site-server.ts';

test.use({ serviceWorkers: 'block', permissions: ['local-network-access'] });

let folder: string;
let server: SiteServer;

test.beforeAll(async () => {
  folder = await indexedFixtureSite();
});
test.afterAll(() => rm(folder, { recursive: true }));
test.beforeEach(async ({ page }) => {
  server = await startSiteServer(folder);
  await startEngine(page, server.url, { scan: 'wasm', encoder: { modelBase: './era-search/models/' } });
});
test.afterEach(() => server.close());

test('two collections at once, the same one twice, and a closed one that rejects calls', async ({ page }) => {
  const told = await page.evaluate(async () => {
    const { engine } = globalThis as unknown as SitePage;
    const [first, again] = await Promise.all([
      engine.open('./era-search/'),
      engine.open('./era-search/', { name: 'again' }),
    ]);
    await first.download();
    const titles = async (collection: typeof first): Promise<string[]> =>
      (await collection.search('restore', { mode: 'keyword' }).best()).pages.map(({ title }) => title);
    const both = await Promise.all([titles(first), titles(again)]);
    first.close();
    first.close();
    const closed = await titles(first).catch((error: unknown) => [(error as { code: string }).code]);
    return { both, missing: [first.info.missingBytes, again.info.missingBytes], closed, after: await titles(again) };
  });
  expect(told.both[0]).toEqual(told.both[1]);
  expect(told.both[0]).not.toEqual([]);
  expect(told.missing[0]).toBe(0);
  expect(told.missing[1]).toBeGreaterThan(0);
  expect(told.closed).toEqual(['closed']);
  expect(told.after).toEqual(told.both[1]);
});

test('a collection that a page has built is, part by part, what the command makes of the same records', async ({
  page,
}) => {
  const rows = Array.from({ length: 12 }, (_, i) => ({
    id: `r/${String(i)}`,
    title: `Record ${String(i)}`,
    content: `Text number ${String(i)}, about ${['bread', 'tyres', 'gardens'][i % 3]!}.\n  Code is kept.`,
    filters: { kind: String(i % 3) },
  }));
  const records = [
    ...rows,
    {
      url: 'a/long.html#top',
      title: 'Long',
      content: 'Lean the ladder at one in four, and never stand on its top. '.repeat(80),
      sort: { date: 2024 },
    },
  ];
  const work = await mkdtemp(join(tmpdir(), 'era-search-records-'));
  try {
    await writeFile(join(work, 'records.json'), JSON.stringify(records));
    await runCli(
      'index',
      join(work, 'records.json'),
      '--out',
      join(work, 'out'),
      '--base-url',
      'https://records.example/',
      '--no-element',
      '--no-model-files',
    );
    const inPage = await page.evaluate(async (given) => {
      const { engine } = globalThis as unknown as SitePage;
      const built = await engine.build(given, { name: 'export', root: 'https://records.example/' });
      const again = await engine.openStored('export');
      const files = [...(await built.export())];
      return {
        files: files.map(([name, bytes]) => [name, [...bytes]] as const),
        same: [...(await again.export()).keys()].length === files.length,
      };
    }, records);
    expect(inPage.same).toBe(true);
    const ours = new Map(inPage.files.map(([name, bytes]) => [name, Buffer.from(bytes)]));
    const of = (bytes: Buffer, name: string): Buffer => (/vectors-|json$/.test(name) ? bytes : gunzipSync(bytes));
    const kinds = (names: Iterable<string>): string[] =>
      [...names].map((name) => name.replace(/-[0-9a-f]{16}/, '')).sort();
    const theirs = new Map<string, Buffer>();
    for (const name of [...(await readdir(join(work, 'out/parts'))).map((part) => `parts/${part}`), 'era-search.json'])
      theirs.set(name, await readFile(join(work, 'out', name)));
    expect(kinds(ours.keys())).toEqual(kinds(theirs.keys()));
    const contents = (files: ReadonlyMap<string, Buffer>, kind: RegExp): string[] =>
      [...files]
        .filter(([name]) => kind.test(name))
        .map(([name, bytes]) => of(bytes, name).toString('base64'))
        .sort();
    for (const kind of [/base-/, /dictionary-/, /terms-/, /pages-/, /texts-/, /facets-/, /start-/])
      expect(contents(ours, kind), String(kind)).toEqual(contents(theirs, kind));
    const [a, b] = [ours, theirs].map((files) => parseSiteManifest(files.get('era-search.json')!.toString()));
    expect({
      ...a,
      build: '',
      content: '',
      keyword: null,
      pageParts: [],
      textParts: [],
      vectorParts: [],
      start: null,
      facets: null,
    }).toEqual({
      ...b,
      build: '',
      content: '',
      keyword: null,
      pageParts: [],
      textParts: [],
      vectorParts: [],
      start: null,
      facets: null,
    });
  } finally {
    await rm(work, { recursive: true });
  }
});

test('a folder from before collections is refused with what to do, and a build that is stopped leaves what was there', async ({
  page,
}) => {
  server.intervene((path, response) => {
    if (!path.startsWith('/old/')) return false;
    if (path === '/old/index.json') response.end(JSON.stringify({ format: 'era-search-index', version: 1 }));
    else response.writeHead(404).end();
    return true;
  });
  const told = await page.evaluate(async () => {
    const { engine } = globalThis as unknown as SitePage;
    const errorOf = (work: Promise<unknown>): Promise<string> =>
      work.then(
        () => 'none',
        (error: unknown) => (error as Error & { code?: string }).code ?? (error as Error).message,
      );
    const message = await engine.open('./old/').catch((error: unknown) => (error as Error).message);
    const records = Array.from({ length: 200 }, (_, i) => ({
      id: String(i),
      content: `Record number ${String(i)}, of some length.`,
    }));
    await engine.build(records.slice(0, 5), { name: 'stopped' });
    const stops = [];
    // The first five have their vectors already.
    for (const at of [1, 70, 194]) {
      const control = new AbortController();
      const building = engine.build(records, {
        name: 'stopped',
        signal: control.signal,
        onProgress: ({ done }) => done >= at && control.abort(new Error('enough')),
      });
      stops.push(await errorOf(building));
    }
    return { message, stops, pages: (await engine.openStored('stopped')).info.pages };
  });
  expect(told.message).toContain('era-search index');
  expect(told).toMatchObject({ stops: ['enough', 'enough', 'enough'], pages: 5 });
});

test('records that a page builds of are searched in every mode, with filters, and found again on the next visit', async ({
  page,
}) => {
  const told = await page.evaluate(async () => {
    const { engine } = globalThis as unknown as SitePage;
    const records = [
      {
        id: 'bread',
        title: 'Bread',
        content: 'Knead the dough, let it rise for two hours, then bake the loaf.',
        filters: { kind: 'kitchen' },
      },
      {
        id: 'tyre',
        content: 'Lift the bicycle, take off the wheel and patch the inner tube.',
        url: 'https://bikes.example/tyre#patch',
        filters: { kind: ['garage', 'outdoors'] },
      },
      {
        id: 'garden',
        sections: [
          { headings: ['Spring'], anchor: 'spring', content: 'Sow tomatoes indoors in March.' },
          { content: 'Plant them out after the last frost.' },
        ],
        filters: { kind: 'outdoors' },
      },
      { url: 'guide/long.html', title: 'Ladders', content: 'Lean the ladder at one in four. '.repeat(120) },
    ];
    const built = await engine.build(records, { name: 'mine', root: 'https://records.example/' });
    const again = await engine.openStored('mine');
    const ids = async (options: object, text = 'how do I fix a flat bike tire?'): Promise<string[]> =>
      (await again.search(text, options).best()).pages.flatMap(({ sections }) => sections.map(({ id }) => id));
    const answers = [];
    for await (const { source, isLast } of again.search('dough')) answers.push([source.ranking, isLast]);
    const { filters } = await again.search('the', { mode: 'dense' }).best();
    const tyre = (await again.search('patch', { mode: 'keyword' }).best()).pages[0]!;
    const bread = (await again.search('dough', { mode: 'keyword' }).best()).pages[0]!;
    const empty = await engine.openStored('nothing').catch((error: unknown) => (error as { code: string }).code);
    return {
      info: [built.info.pages, built.info.passages > 5, built.info.origin, again.info.source],
      dense: (await ids({ mode: 'dense', limit: 1 }))[0],
      hybrid: (await ids({}))[0],
      outdoors: await ids({ mode: 'dense', filters: { kind: 'outdoors' } }, 'frost'),
      answers,
      kinds: filters['kind'],
      urls: [tyre.url, tyre.sections[0]!.url, bread.url],
      text: bread.sections[0]!.text,
      empty,
    };
  });
  expect(told).toEqual({
    info: [4, true, 'built', 'store'],
    dense: 'tyre',
    hybrid: 'tyre',
    outdoors: expect.arrayContaining(['garden', 'garden#spring', 'tyre']) as string[],
    answers: [
      ['keyword', false],
      ['hybrid', true],
    ],
    kinds: { garage: 1, kitchen: 1, outdoors: 2 },
    urls: ['https://bikes.example/tyre#patch', 'https://bikes.example/tyre#patch', null],
    text: 'Knead the dough, let it rise for two hours, then bake the loaf.',
    empty: 'no-index',
  });
});
