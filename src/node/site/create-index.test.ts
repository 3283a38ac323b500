import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { writeAdapter } from '../../adapter/file.ts';
import { identityAdapter } from '../../adapter/initial.ts';
import { DEFAULT_ANALYZER } from '../../analysis/analyzers.ts';
import { DEFAULT_MODEL } from '../../encode/models.ts';
import { givesKnownAnswer } from '../../encode/static/known-answer.ts';
import { isEraError } from '../../errors.ts';
import { parseSiteManifest, type SiteManifest } from '../../format/site-manifest.ts';
import { decodeStaticHead } from '../../format/static-parts.ts';
import { queryWords } from '../../search/query-words.ts';
import type { CommandIo } from '../command-io.ts';
import { openCollection } from '../open-collection.ts';
import { runGolden } from '../golden-command/run-golden.ts';
import { tinyModelFiles } from '../golden-command/tiny-model-for-test.ts';
import { startSite } from './crawl/site-for-test.ts';
import { createIndex } from './create-index.ts';
import { bytesBelow, html, indexSite, siteForTest, spaceOfDefaultModel, type TestSite } from './site-for-test.ts';

function manifestOf({ output }: TestSite): SiteManifest {
  return parseSiteManifest(readFileSync(join(output, 'era-search.json'), 'utf8'));
}

const silent: CommandIo = { print: () => undefined, note: () => undefined };

const rejection = (code: string): unknown =>
  expect.toSatisfy((error: unknown) => isEraError(error) && error.code === code);

test('a folder of pages becomes an index with the element and the model beside it', async () => {
  const site = siteForTest();
  const summary = await indexSite(site, { modelFiles: true });
  expect(summary).toMatchObject({
    outputPath: site.output,
    isFirst: true,
    pages: 3,
    passages: 3,
    languages: ['en'],
    reused: 0,
    embedded: 3,
    leftOut: [],
    warnings: [],
  });
  const manifest = manifestOf(site);
  expect(manifest).toMatchObject({
    build: summary.build,
    root: '../',
    pages: 3,
    passages: 3,
    encoder: { model: DEFAULT_MODEL, models: 'models/' },
  });
  const files = bytesBelow(site.output);
  for (const name of [
    'era-search.js',
    'assets/worker.js',
    `models/${DEFAULT_MODEL}/era-model.json`,
    `models/${DEFAULT_MODEL}/golden.json`,
    `models/${DEFAULT_MODEL}/tokenizer.json`,
  ]) {
    expect(files.has(name), name).toBe(true);
  }
  expect(readdirSync(site.site).sort()).toEqual(['era-search', 'guide', 'index.html']);
});

test('queries are read without a model where its words are known, else not, nor where that is not wanted', async () => {
  const site = siteForTest();
  expect((await indexSite(site)).static).toEqual({ agreement: null, helps: true });
  const { static: encoding, passages } = manifestOf(site);
  const head = gunzipSync(readFileSync(join(site.output, encoding!.head.file)));
  const { known } = decodeStaticHead(head, { dims: encoding!.dims, clusters: encoding!.clusters.length, passages });
  const words = queryWords(known!.text, DEFAULT_ANALYZER);
  expect(words.length).toBeGreaterThan(1);
  expect(await givesKnownAnswer(known!, words, encoding!.dims)).toBe(true);
  expect((await indexSite(site, { static: false })).static).toBeNull();
  expect(manifestOf(site).static).toBeNull();
  const foreign = siteForTest({
    'index.html': '<html lang="ja"><title>自転車</title><main><p>チェーンが飛ぶときは摩耗しています。</p></main>',
    'tyres.html': '<html lang="ja"><title>タイヤ</title><main><p>毎週タイヤに空気を入れましょう。</p></main>',
  });
  expect((await indexSite(foreign)).static).toEqual({ agreement: null, helps: false });
  expect(manifestOf(foreign).static).toBeNull();
  expect((await indexSite(site, { vectors: false })).static).toBeNull();
});

test('a runtime is published where a page of the collection can use it', async () => {
  const heavy = [
    'assets/ort-wasm-simd-threaded-12345678.bin',
    'assets/ort-wasm-simd-threaded-12345678.js',
    'assets/tfjs-backend-wasm-12345678.bin',
  ];
  const ofGpu = [
    'assets/ort-wasm-simd-threaded.asyncify-12345678.bin',
    'assets/ort-wasm-simd-threaded.asyncify-12345678.js',
  ];
  const site = siteForTest();
  for (const name of [...heavy, ...ofGpu]) writeFileSync(join(site.root, 'element', name), 'a runtime');
  const runtimes = (): string[] =>
    [...bytesBelow(site.output).keys()].filter((name) => [...heavy, ...ofGpu].includes(name));
  await indexSite(site, { vectors: false });
  expect(runtimes()).toEqual([]);
  expect([...bytesBelow(site.output).keys()]).toEqual(expect.arrayContaining(['era-search.js', 'assets/worker.js']));
  await indexSite(site, { modelFiles: true }); // eight-bit weights do not run on WebGPU
  expect(runtimes()).toEqual(heavy.toSorted());
  const tiny = tinyModelFiles();
  for (const [name, content] of Object.entries(tiny)) {
    mkdirSync(dirname(join(site.root, 'models/org/tiny', name)), { recursive: true });
    writeFileSync(join(site.root, 'models/org/tiny', name), content);
  }
  const modelsDir = join(site.root, 'models');
  await runGolden(['--model', 'org/tiny', '--models', modelsDir], silent);
  await indexSite(site, { modelFiles: true, model: 'org/tiny', modelsDir });
  expect(runtimes()).toEqual([...heavy, ...ofGpu].toSorted());
});

test('a second run embeds only what changed, and the same pages give the same bytes, whatever the cache has', async () => {
  const site = siteForTest();
  await indexSite(site);
  const before = bytesBelow(site.output);
  expect(await indexSite(site)).toMatchObject({ isFirst: false, reused: 3, embedded: 0 });
  expect(bytesBelow(site.output)).toEqual(before);

  writeFileSync(
    join(site.site, 'guide/chain.html'),
    html('The chain', 'A chain that skips is worn: oil does not help.'),
  );
  writeFileSync(
    join(site.site, 'guide/copy.html'),
    html('The chain', 'A chain that skips is worn: oil does not help.'),
  );
  expect(await indexSite(site)).toMatchObject({ pages: 3, reused: 2, embedded: 1 });
  const changed = manifestOf(site);

  rmSync(site.output, { recursive: true });
  rmSync(join(site.root, 'cache'), { recursive: true });
  expect(await indexSite(site)).toMatchObject({ isFirst: true, reused: 0, embedded: 3 });
  expect(manifestOf(site)).toEqual(changed);
});

test('parts of the index before stay for one more build', async () => {
  const site = siteForTest();
  const partsNow = (): string[] => [...bytesBelow(site.output).keys()].filter((name) => name.startsWith('parts/'));
  await indexSite(site, { vectors: false });
  const first = partsNow();
  writeFileSync(join(site.site, 'index.html'), html('Bicycles', 'Second'));
  const second = await indexSite(site, { vectors: false });
  expect(second.bytes.kept).toBeGreaterThan(0);
  expect(partsNow()).toEqual(expect.arrayContaining(first));
  const both = partsNow();
  await indexSite(site, { vectors: false });
  expect(partsNow()).toEqual(both);
  writeFileSync(join(site.site, 'index.html'), html('Bicycles', 'Third'));
  await indexSite(site, { vectors: false });
  const gone = first.filter((name) => !partsNow().includes(name));
  expect(gone.length).toBeGreaterThan(0);
});

test('the summary names languages without an analyzer, and those that the model does not know', async () => {
  const site = siteForTest();
  for (const language of ['de', 'tlh'])
    writeFileSync(join(site.site, `${language}.html`), html('Titel', 'Ein Text').replace('"en"', `"${language}"`));
  expect(await indexSite(site)).toMatchObject({
    wholeWords: ['tlh'],
    unknownToModel: { model: DEFAULT_MODEL, languages: ['de', 'tlh'] },
  });
  expect(await indexSite(site, { vectors: false })).toMatchObject({ wholeWords: ['tlh'], unknownToModel: null });
});

test('pages, records and folders are combined, each under its own address', async () => {
  const site = siteForTest({ 'one.html': html('One', 'From a folder.') });
  const index = await createIndex({ vectors: false, elementDir: null });
  await index.addDirectory({ path: site.site });
  expect(await index.addHTMLFile({ sourcePath: 'two/index.html', content: html('Two', 'From memory.') })).toEqual({
    leftOut: null,
  });
  expect(
    await index.addHTMLFile({ url: 'https://host.example/three#x', content: html('Three', 'From elsewhere.') }),
  ).toEqual({ leftOut: null });
  expect(
    await index.addHTMLFile({ url: 'none', content: '<meta name="robots" content="noindex"><p>Not this' }),
  ).toEqual({ leftOut: 'noindex' });
  await index.addRecord({
    url: 'four',
    title: 'Four',
    content: 'A record.',
    filters: { kind: ['note', 'record'] },
    sort: { date: 4 },
    language: 'de',
  });
  writeFileSync(join(site.root, 'five.jsonl'), '{"id":"five","text":"Of a corpus."}\n');
  expect(await index.addCorpus(join(site.root, 'five.jsonl'))).toBe(1);
  const summary = await index.write({ outputPath: site.output });
  expect(summary).toMatchObject({
    pages: 5,
    passages: 5,
    filters: { kind: 2 },
    sorts: ['date'],
    leftOut: [{ path: 'none', reason: 'noindex' }],
  });
  expect(manifestOf(site)).toMatchObject({ root: '../', space: null, encoder: null, languages: ['en', 'de'] });
  expect(readdirSync(site.output).sort()).toEqual(['era-search.json', 'parts']);
  index.close();
  await expect(index.write({ outputPath: site.output })).rejects.toEqual(rejection('closed'));
});

test('a language that is forced is that of pages and records', async () => {
  const site = siteForTest();
  writeFileSync(
    join(site.root, 'corpus.jsonl'),
    '{"id":"a","text":"Ein Text."}\n{"id":"b","text":"Un texte.","language":"fr"}\n',
  );
  const index = await createIndex({ vectors: false, baseUrl: '/', forceLanguage: 'de_AT' });
  await index.addDirectory({ path: site.site });
  await index.addRecord({ url: 'c', content: 'Noch einer.' });
  await index.addCorpus(join(site.root, 'corpus.jsonl'));
  await index.write({ outputPath: site.output });
  expect(manifestOf(site).languages).toEqual(['de-at']);
});

test('an index in a deeper folder finds the site’s root; one elsewhere needs the base address', async () => {
  const site = siteForTest();
  await indexSite({ ...site, output: join(site.site, 'a/b') }, { vectors: false });
  expect(manifestOf({ ...site, output: join(site.site, 'a/b') }).root).toBe('../../');
  writeFileSync(join(site.site, 'era-search.json'), 'as if it were an index');
  for (const output of [site.site, site.root])
    await expect(indexSite({ ...site, output }, { vectors: false, baseUrl: '/' })).rejects.toEqual(
      rejection('invalid-option'),
    );
  expect(existsSync(join(site.site, 'index.html'))).toBe(true);
  const elsewhere = { ...site, output: join(site.root, 'elsewhere') };
  await expect(indexSite(elsewhere, { vectors: false })).rejects.toEqual(rejection('invalid-option'));
  await indexSite(elsewhere, { vectors: false, baseUrl: 'https://host.example/docs' });
  expect(manifestOf(elsewhere).root).toBe('https://host.example/docs/');
  for (const baseUrl of ['', 'javascript:alert(1)', 'https://host.example/?q', 'http://[']) {
    await expect(createIndex({ vectors: false, baseUrl })).rejects.toEqual(rejection('invalid-option'));
  }
});

test('a site that is reached by a link is the same site', async () => {
  const site = siteForTest();
  await indexSite(site, { vectors: false });
  const before = bytesBelow(site.output);
  symlinkSync(site.site, join(site.root, 'link'));
  const linked = { ...site, site: join(site.root, 'link'), output: join(site.root, 'link/era-search') };
  expect(await indexSite(linked, { vectors: false })).toMatchObject({ isFirst: false, pages: 3 });
  expect(bytesBelow(site.output)).toEqual(before);
  rmSync(site.output, { recursive: true });
  expect(await indexSite(linked, { vectors: false })).toMatchObject({
    isFirst: true,
    pages: 3,
    outputPath: site.output,
  });
});

test('adapters are published where they lead into the index, and stay in later builds', async () => {
  const site = siteForTest();
  const space = await spaceOfDefaultModel();
  const adapter = identityAdapter(space);
  const file = join(site.root, 'mine.safetensors');
  const write = (change: Partial<typeof adapter>): void => writeFileSync(file, writeAdapter({ ...adapter, ...change }));

  write({ provenance: { method: 'closed-form' } });
  expect((await indexSite(site, { adapters: [file] })).adapters).toEqual([{ path: 'local', stage: 'adapted' }]);
  const [entry] = manifestOf(site).adapters;
  expect(readFileSync(join(site.output, entry!.file))).toEqual(readFileSync(file));
  write({});
  expect((await indexSite(site, { adapters: [file] })).adapters.map(({ stage }) => stage)).toEqual([
    'adapted',
    'aligned',
  ]);
  expect((await indexSite(site)).adapters.map(({ stage }) => stage)).toEqual(['adapted', 'aligned']);
  writeFileSync(join(site.output, entry!.file), 'damaged');
  expect((await indexSite(site)).adapters.map(({ stage }) => stage)).toEqual(['aligned']);

  await expect(indexSite(site, { adapters: [file, file] })).rejects.toEqual(rejection('invalid-option'));
  write({ to: adapter.to.replace('MiniLM', 'Other') });
  await expect(indexSite(site, { adapters: [file] })).rejects.toEqual(rejection('space-mismatch'));
  writeFileSync(file, 'no adapter');
  await expect(indexSite(site, { adapters: [file] })).rejects.toEqual(rejection('adapter-format'));
  await expect(indexSite(site, { adapters: [join(site.root, 'absent')] })).rejects.toEqual(rejection('invalid-option'));
  expect((await indexSite(site)).adapters.map(({ stage }) => stage)).toEqual(['aligned']);
  expect((await indexSite(site, { vectors: false })).adapters).toEqual([]);
});

test('a cancel keeps the old index, and the next run continues from the vectors that were made', async () => {
  const pages = Array.from(
    { length: 80 },
    (_, i) => [`p${i}.html`, html(`Page ${i}`, `This is the text of page number ${i}.`)] as const,
  );
  const site = siteForTest(Object.fromEntries(pages));
  await indexSite(site, { vectors: false });
  const before = bytesBelow(site.output);
  const controller = new AbortController();
  const reason = new Error('enough');
  const stop = indexSite(site, {
    signal: controller.signal,
    onProgress: ({ phase, done }) => {
      if (phase === 'embed' && done >= 40) controller.abort(reason);
    },
  });
  await expect(stop).rejects.toBe(reason);
  expect(bytesBelow(site.output)).toEqual(before);
  expect(readdirSync(site.site).filter((name) => name.startsWith('.'))).toEqual([]);
  expect(await indexSite(site)).toMatchObject({ reused: 32, embedded: 48 });
});

test('keywords come first: searched while vectors are made, kept by a cancel, and replaced by the same bytes', async () => {
  const pages = Array.from(
    { length: 60 },
    (_, i) => [`p${i}.html`, html(`Page ${i}`, `This is the text of page number ${i}.`)] as const,
  );
  const [plain, site] = [siteForTest(Object.fromEntries(pages)), siteForTest(Object.fromEntries(pages))];
  await indexSite(plain);
  const keywords = siteForTest(Object.fromEntries(pages));
  await indexSite(keywords, { vectors: false });

  const controller = new AbortController();
  const reason = new Error('enough');
  const events: string[] = [];
  const first = indexSite(site, {
    keywordsFirst: true,
    signal: controller.signal,
    onKeywords: () => events.push(`keywords: ${manifestOf(site).build}`),
    onProgress: ({ phase, done }) => {
      if (phase !== 'embed') return;
      events.push('embed');
      if (done >= 40) controller.abort(reason);
    },
  });
  await expect(first).rejects.toBe(reason);
  expect(events.slice(0, 2)).toEqual([`keywords: ${manifestOf(keywords).build}`, 'embed']);
  expect(bytesBelow(site.output)).toEqual(bytesBelow(keywords.output));
  const collection = await openCollection(site.site, { url: 'https://example.com/era-search/' });
  expect((await collection.search('page number 17').best()).pages[0]).toMatchObject({ title: 'Page 17' });
  await collection.close();

  rmSync(site.output, { recursive: true });
  await indexSite(site, { keywordsFirst: true });
  expect(bytesBelow(site.output)).toEqual(bytesBelow(plain.output));
});

test('an index with vectors stays until the next one is whole, also where keywords come first', async () => {
  const site = siteForTest();
  await indexSite(site);
  const before = bytesBelow(site.output);
  writeFileSync(join(site.site, 'index.html'), html('Bicycles', 'Something else about them.'));
  let published = 0;
  await indexSite(site, {
    keywordsFirst: true,
    onKeywords: () => published++,
    onProgress: ({ phase }) => {
      if (phase === 'embed') expect(bytesBelow(site.output)).toEqual(before);
    },
  });
  expect(published).toBe(0);
  const other = siteForTest();
  await indexSite(other);
  writeFileSync(join(other.site, 'index.html'), html('Bicycles', 'Something else about them.'));
  await indexSite(other);
  expect(bytesBelow(site.output)).toEqual(bytesBelow(other.output));
});

test('one id twice is refused before any work is done', async () => {
  const site = siteForTest();
  const phases: string[] = [];
  const index = await createIndex({
    cacheDir: null,
    elementDir: null,
    modelFiles: false,
    onProgress: ({ phase }) => phases.push(phase),
  });
  for (const content of ['One.', 'Two.']) await index.addRecord({ id: 'a', content });
  await expect(index.write({ outputPath: site.output })).rejects.toEqual(rejection('duplicate-id'));
  expect(phases).not.toContain('embed');
  expect(existsSync(site.output)).toBe(false);
});

test('an element that is not built is reported before any work is done', async () => {
  const site = siteForTest();
  const phases: string[] = [];
  await expect(
    indexSite(site, { elementDir: join(site.root, 'absent'), onProgress: ({ phase }) => phases.push(phase) }),
  ).rejects.toEqual(rejection('invalid-option'));
  expect(phases).not.toContain('embed');
  expect(existsSync(site.output)).toBe(false);
});

test('a cache that was named and cannot be written is an error', async () => {
  const site = siteForTest({ 'a.html': html('A', 'Text.') });
  const cacheDir = join(site.site, 'a.html/cache');
  await expect(indexSite(site, { cacheDir })).rejects.toEqual(rejection('invalid-option'));
});

test('a missing folder, and a file in its place, are named at once', async () => {
  const { root } = siteForTest();
  const index = await createIndex({ vectors: false });
  for (const path of ['absent', 'site/index.html'])
    await expect(index.addDirectory({ path: join(root, path) })).rejects.toEqual(rejection('invalid-option'));
});

test('a crawl that was cancelled is gone on with, one that ended begins anew, and the bytes are the same', async () => {
  const paths = ['/a', '/b', '/c'];
  const from = await startSite(Object.fromEntries(paths.map((path) => [path, html(path, `The text of ${path}.`)])));
  const { root } = siteForTest({});
  const asked = async (folder: string, stop: AbortController | null): Promise<string[]> => {
    const before = from.requests.length;
    const index = await createIndex({
      vectors: false,
      elementDir: null,
      cacheDir: join(root, 'cache'),
      baseUrl: `${from.url}/`,
      signal: stop?.signal,
    });
    await index.addAddresses({
      urls: paths.map((path) => from.url + path),
      allowPrivateHosts: [from.host],
      onProgress: ({ done }) => done === 2 && stop?.abort(new Error('stopped')),
    });
    const written = index.write({ outputPath: join(root, folder) });
    if (stop) await expect(written).rejects.toThrow('stopped');
    else await written;
    return from.requests.slice(before).flatMap(({ path }) => (path === '/robots.txt' ? [] : [path]));
  };
  expect(await asked('first', new AbortController())).toEqual(['/a', '/b']);
  expect(await asked('first', null)).toEqual(['/c']);
  expect(await asked('second', null)).toEqual(paths);
  expect(bytesBelow(join(root, 'first'))).toEqual(bytesBelow(join(root, 'second')));
});
