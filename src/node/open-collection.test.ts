// A published folder searched in Node, with the real model: the answers equal those of a page, and damaged folders are
// refused.

import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { writeAdapter } from '../adapter/file.ts';
import { identityAdapter } from '../adapter/initial.ts';
import { isEraError } from '../errors.ts';
import { sha256Hex } from '../format/sha256.ts';
import { openCollection, type OpenedCollection } from './open-collection.ts';
import { bytesBelow, html, indexSite, siteForTest, spaceOfDefaultModel, type TestSite } from './site/site-for-test.ts';

const QUESTION = 'my bicycle makes a noise when I change gears';

let opened: OpenedCollection | undefined;
afterEach(async () => opened?.close());

async function open(site: TestSite, options: Parameters<typeof openCollection>[1] = {}): Promise<OpenedCollection> {
  await opened?.close();
  return (opened = await openCollection(site.site, options));
}

function pagesFor(site: TestSite): TestSite {
  writeFileSync(
    join(site.site, 'guide/gears.html'),
    html('Gears', 'Shifting is loud where the derailleur is bent or its cable has stretched.'),
  );
  writeFileSync(join(site.site, 'guide/bread.html'), html('Bread', 'Knead the dough for ten minutes and let it rise.'));
  return site;
}

const codeOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    (error: unknown) => (isEraError(error) ? error.code : error),
  );

test('answers by keywords and by meaning, with the addresses that it is published at', async () => {
  const site = pagesFor(siteForTest());
  await indexSite(site);
  const collection = await open(site, { url: 'https://bikes.example/era-search' });
  expect(collection.info).toEqual({ pages: 5, passages: 5, languages: ['en'] });
  const byWord = await collection.search('dough', { mode: 'keyword' }).best();
  expect(byWord).toMatchObject({ source: { ranking: 'keyword' }, total: 1 });
  expect(byWord.pages[0]).toMatchObject({ url: 'https://bikes.example/guide/bread.html', title: 'Bread' });
  const byMeaning = await collection.search(QUESTION, { explain: true }).best();
  expect(byMeaning.source.ranking).toBe('hybrid');
  expect(byMeaning.pages[0]!.title).toBe('Gears');
  expect(byMeaning.pages[0]!.sections[0]!.explanation!.dense!.rank).toBe(1);
  expect((await collection.search('doughh').best()).corrections).toEqual([{ typed: 'doughh', used: 'dough' }]);
});

test('without a model the static query encoder answers, and a given vector ranks by meaning', async () => {
  const site = pagesFor(siteForTest());
  await indexSite(site);
  const collection = await open(site, { device: 'none' });
  expect(await collection.search(QUESTION).best()).toMatchObject({
    source: { ranking: 'hybrid', path: 'static' },
    pages: [{ title: 'Gears' }, expect.anything(), expect.anything(), expect.anything(), expect.anything()],
  });
  const vector = new Float32Array(384).fill(1 / Math.sqrt(384));
  expect(await collection.search(QUESTION, { vector }).best()).toMatchObject({
    source: { ranking: 'hybrid' },
    total: 5,
  });
  expect(await codeOf(collection.search(QUESTION, { vector: vector.subarray(1) }).best())).toBe('dimension-mismatch');
});

test('without a model and a static query encoder keywords alone rank', async () => {
  const site = pagesFor(siteForTest());
  await indexSite(site, { static: false });
  const collection = await open(site, { device: 'none' });
  expect((await collection.search(QUESTION).best()).source.ranking).toBe('keyword');
});

test('a site without vectors is searched by keywords; a published adapter of the local path is used', async () => {
  const site = pagesFor(siteForTest());
  await indexSite(site, { vectors: false });
  expect((await (await open(site)).search(QUESTION).best()).source.ranking).toBe('keyword');
  const file = join(site.root, 'local-aligned.safetensors');
  const space = await spaceOfDefaultModel();
  writeFileSync(file, writeAdapter(identityAdapter(space)));
  await indexSite(site, { adapters: [file] });
  const adapted = await (await open(site)).search(QUESTION, { explain: true }).best();
  expect(adapted.source).toMatchObject({ ranking: 'hybrid', vector: 'local', stage: 'aligned' });
  expect(adapted.pages[0]!.title).toBe('Gears');
});

test('a folder of version 3 is searched as before, and its parts and adapters stay for the next build', async () => {
  const site = pagesFor(siteForTest());
  const file = join(site.root, 'local-aligned.safetensors');
  writeFileSync(file, writeAdapter(identityAdapter(await spaceOfDefaultModel())));
  await indexSite(site, { adapters: [file], static: false });
  const old = asVersion3(site.output);
  expect(old.filter((name) => name.endsWith('.era-part')).length).toBeGreaterThan(4);
  expect(old.filter((name) => name.endsWith('.safetensors'))).toHaveLength(1);
  expect(old.filter((name) => name.endsWith('.bin'))).toEqual([]);

  const collection = await open(site);
  expect((await collection.search('dough', { mode: 'keyword' }).best()).total).toBe(1);
  const byMeaning = await collection.search(QUESTION).best();
  expect(byMeaning.source).toMatchObject({ ranking: 'hybrid', vector: 'local', stage: 'aligned' });

  const summary = await indexSite(site);
  expect(summary.adapters).toEqual([{ path: 'local', stage: 'aligned' }]);
  const now = [...bytesBelow(site.output).keys()];
  expect(now).toEqual(expect.arrayContaining(old.filter((name) => name.endsWith('.era-part'))));
  expect(now.filter((name) => name.endsWith('.safetensors'))).toEqual([]);
  expect((await (await open(site)).search(QUESTION).best()).source.stage).toBe('aligned');
});

/** Makes an index what a release before version 4 would have written. @returns its files */
function asVersion3(folder: string): string[] {
  for (const name of bytesBelow(folder).keys())
    if (/^parts\/(?:start|rest)-/.test(name)) {
      rmSync(join(folder, name));
    } else if (name.endsWith('.bin')) {
      const end = name.startsWith('parts/') ? '.era-part' : '.safetensors';
      renameSync(join(folder, name), join(folder, name.replace(/\.bin$/, end)));
    }
  const file = join(folder, 'era-search.json');
  const text = readFileSync(file, 'utf8').replace(/(adapters\/[^"]*)\.bin/g, '$1.safetensors');
  const {
    format,
    version,
    build,
    static: encoding,
    start,
    rest,
    ...fields
  } = JSON.parse(text) as Record<string, unknown>;
  expect([start, rest]).toEqual([expect.anything(), { hashes: '', bytes: [], parts: [] }]);
  expect([version, build, encoding]).toEqual([5, expect.any(String), null]);
  writeFileSync(file, JSON.stringify({ format, version: 3, build: buildOf(fields), ...fields }));
  return [...bytesBelow(folder).keys()];
}

function buildOf(fields: Readonly<Record<string, unknown>>): string {
  return sha256Hex(new TextEncoder().encode(JSON.stringify(fields))).slice(0, 16);
}

describe('bad input', () => {
  test('a folder without an index, and one that does not exist', async () => {
    const site = siteForTest();
    expect(await codeOf(openCollection(site.site))).toBe('no-index');
    expect(await codeOf(openCollection(join(site.site, 'nowhere')))).toBe('no-index');
  });

  test('an index of an analyzer that this release does not have, and one of a newer format', async () => {
    const site = siteForTest();
    await indexSite(site, { vectors: false });
    const file = join(site.output, 'era-search.json');
    const released = readFileSync(file, 'utf8');
    // Written as by another release: the build is the hash of the rest.
    const changed = (change: (text: string) => string): string => {
      const { format, version, build, ...rest } = JSON.parse(change(released)) as Record<string, unknown>;
      expect(build).toMatch(/^[0-9a-f]{16}$/);
      return JSON.stringify({ format, version, build: buildOf({ version, ...rest }), ...rest });
    };
    writeFileSync(
      file,
      changed((text) => text.replace('standard/2', 'klingon/3')),
    );
    expect(await codeOf(openCollection(site.site))).toBe('unknown-analyzer');
    writeFileSync(
      file,
      changed((text) => text.replace('"version":5', '"version":6')),
    );
    expect(await codeOf(openCollection(site.site))).toBe('unsupported-version');
    const old = {
      format: 'era-search-index',
      version: 1,
      file: 'index-0123456789abcdef.era',
      bytes: 9,
      sha256: 'x',
      space: 's',
      passages: 2,
    };
    writeFileSync(file, JSON.stringify(old));
    expect(await codeOf(openCollection(site.site))).toBe('old-index');
    writeFileSync(file, '<!doctype html>');
    expect(await codeOf(openCollection(site.site))).toBe('index-format');
    writeFileSync(file, released);
    expect(await codeOf(openCollection(site.site).then((collection) => collection.close()))).toBe('none');
  });

  test('a part that is cut short, of another build, or gone', async () => {
    const site = siteForTest();
    await indexSite(site, { vectors: false });
    const parts = [...bytesBelow(site.output).keys()].filter((name) => /parts\/(terms|texts|base)-/.test(name));
    expect(parts.length).toBeGreaterThan(2);
    // Where the file of several parts is gone, each is read by itself.
    const start = [...bytesBelow(site.output).keys()].find((name) => name.includes('parts/start-'))!;
    rmSync(join(site.output, start));
    for (const part of parts) {
      const file = join(site.output, part);
      const whole = readFileSync(file);
      for (const bytes of [
        whole.subarray(0, whole.length - 1),
        new Uint8Array(0),
        readFileSync(
          join(
            site.output,
            parts.find((other) => other !== part)!,
          ),
        ),
      ]) {
        writeFileSync(file, bytes);
        expect(await codeOf(openCollection(site.site)), part).toBe('index-format');
      }
      rmSync(file);
      expect(await codeOf(openCollection(site.site)), part).toBe('network');
      writeFileSync(file, whole);
    }
  });

  test('queries that are empty, too long, or ask for too much; a closed collection; an aborted call', async () => {
    const filled = siteForTest();
    await indexSite(filled, { vectors: false });
    const collection = await open(filled);
    expect(await codeOf(collection.search('  \n').best())).toBe('invalid-input');
    for (const limit of [0, -1, 1.5, 101, 10 ** 9])
      expect(await codeOf(collection.search('chain', { limit }).best())).toBe('invalid-option');
    expect((await collection.search('chain '.repeat(20_000)).best()).total).toBeGreaterThan(0);
    const reason = new Error('enough');
    expect(await codeOf(collection.search('chain', { signal: AbortSignal.abort(reason) }).best())).toBe(reason);
    expect(await codeOf(collection.search('chain', { mode: 'dense' }).best())).toBe('no-vectors');
    expect(await codeOf(collection.search('chain', { mode: 'both' as 'dense' }).best())).toBe('invalid-option');
    expect(await collection.search('chain', { filters: { nothing: 'x' } }).best()).toMatchObject({
      pages: [],
      total: 0,
    });
    expect(await collection.search('chain', { offset: 1000 }).best()).toMatchObject({ pages: [], total: 1 });
    await collection.close();
    expect(await codeOf(collection.search('chain').best())).toBe('closed');
  });
});

const PROSE = 'Every chain is oiled where its links meet, and wiped until nothing comes off.';

test('of a documentation with versions the current one is searched, and others where a query names them', async () => {
  const site = siteForTest({
    'chain.html': html('Chain', `Version two. ${PROSE}`),
    'tyres.html': html('Tyres', 'Pump them.'),
    '1.0/chain.html': html('Chain', `Version one. ${PROSE}`),
    '1.0/tyres.html': html('Tyres', 'Pump them by hand.'),
    'news.html': html('News', 'The chain has a page.'),
  });
  const summary = await indexSite(site, { vectors: false });
  expect([summary.currentVersion, summary.filters]).toEqual(['current', { version: 2 }]);
  const collection = await open(site, { url: 'https://bikes.example/era-search/' });
  const urls = async (version?: string[]): Promise<string[]> => {
    const { pages } = await collection.search('chain', version ? { filters: { version } } : {}).best();
    return pages.map(({ url }) => url!.slice('https://bikes.example/'.length)).sort();
  };
  expect(await urls()).toEqual(['chain.html', 'news.html']);
  expect(await urls(['1.0'])).toEqual(['1.0/chain.html']);
  expect(await urls([])).toEqual(['1.0/chain.html', 'chain.html', 'news.html']);
  const { filters } = await collection.search('chain').best();
  expect(filters).toEqual({ version: { '1.0': 1, current: 1 } });
  expect((await indexSite(site, { vectors: false, currentVersion: 'all' })).currentVersion).toBeNull();
  expect(await codeOf(indexSite(site, { vectors: false, currentVersion: '3.0' }))).toBe('invalid-option');
});

test('a page that is not translated is found in its own language of the site, once', async () => {
  const site = siteForTest({
    'chain.html': html('Chain', PROSE),
    'de/chain.html': html('Chain', PROSE).replace('lang="en"', 'lang="de"'),
    'de/tyres.html': html('Reifen', 'Die Kette ist keine chain.').replace('lang="en"', 'lang="de"'),
  });
  await indexSite(site, { vectors: false });
  const collection = await open(site, { url: 'https://bikes.example/era-search/' });
  const urls = async (language?: string): Promise<string[]> => {
    const { pages } = await collection.search('chain', { language }).best();
    return pages.map(({ url, language: of }) => `${url!.slice('https://bikes.example/'.length)} ${of}`).sort();
  };
  expect(await urls()).toEqual(['chain.html en', 'de/tyres.html de']);
  expect(await urls('en')).toEqual(['chain.html en']);
  expect(await urls('de')).toEqual(['de/chain.html en', 'de/tyres.html de']);
});
