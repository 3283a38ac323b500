// `synonyms.json` from the file of a site's owner to the answers of the published collection.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isEraError } from '../../errors.ts';
import { openCollection } from '../open-collection.ts';
import { runCli } from '../run-cli.ts';
import { createIndex } from '../site/create-index.ts';
import { publishedIn, siteForTest, type TestSite } from '../site/site-for-test.ts';
import type { SiteSummary } from '../site/write-site.ts';

async function run(site: TestSite, ...args: readonly string[]): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const say = (line: string): void => void lines.push(line);
  const flags = ['--site', site.site, '--no-vectors', '--no-element', ...args];
  const code = await runCli(['index', ...flags], { print: say, note: say, env: {}, cwd: site.root });
  return { code, said: lines.join('\n') };
}

function siteWith(synonyms: unknown): TestSite {
  const site = siteForTest();
  writeFileSync(join(site.site, 'synonyms.json'), typeof synonyms === 'string' ? synonyms : JSON.stringify(synonyms));
  return site;
}

const CURATION = {
  synonyms: ['puncture => tyres', 'drivetrain, chain'],
  boosts: { 'guide/**': 2, 'gone/**': 3 },
  pins: { skips: ['index.html', 'guide/gone.html'], glass: ['guide/gone.html'] },
  excluded: ['bicycles'],
};

test('the file in the folder of the site is counted in the summary, and what it names and is not there', async () => {
  const site = siteWith(CURATION);
  const { code, said } = await run(site);
  expect(code, said).toBe(0);
  expect(said).toContain('by the owner: 2 lines of synonyms, 2 boosted pages, 1 pinned query, 1 excluded word');
  expect(said).toMatch(/Note: .*“gone\/\*\*”/);
  expect(said.match(/Note: .*“guide\/gone\.html”/g)).toHaveLength(1);
  const { said: json } = await run(site, '--json');
  const summary = JSON.parse(json) as SiteSummary;
  expect(summary.curation).toEqual({
    synonyms: 2,
    boosted: 2,
    pinned: 1,
    excluded: 1,
    missing: ['gone/**', 'guide/gone.html'],
  });
  expect(summary.warnings).toHaveLength(2);

  const collection = await openCollection(site.site, { device: 'none' });
  const titles = async (text: string): Promise<string[]> =>
    (await collection.search(text).best()).pages.map(({ title }) => title);
  expect(await titles('puncture')).toEqual(['Tyres']);
  expect(await titles('drivetrain')).toEqual(['The chain']);
  expect(await titles('skips')).toEqual(['Bicycles', 'The chain']);
  expect(await titles('bicycles glass')).toEqual(['Tyres']);
  expect(await titles('bicycles')).toEqual(['Bicycles']);
  expect(await collection.tune({ synonyms: ['puncture => chain'] })).toMatchObject({ synonyms: 1, missing: [] });
  expect(await titles('puncture')).toEqual(['The chain']);
  await collection.tune(null);
  expect(await titles('puncture')).toEqual(['Tyres']);
  await collection.close();
  const closed: unknown = await collection.tune(null).catch((error: unknown) => error);
  expect(isEraError(closed, 'closed')).toBe(true);
});

test('--synonyms names another file; without one nothing is published and nothing said', async () => {
  const site = siteForTest();
  const none = await run(site);
  expect(none.said).not.toContain('by the owner');
  expect(publishedIn(site.output).manifest.curation).toBeNull();
  writeFileSync(join(site.root, 'words.json'), '{"excluded": ["bicycles"]}');
  const { said } = await run(site, '--synonyms', 'words.json');
  expect(said).toContain('by the owner: 1 excluded word');
  expect(publishedIn(site.output).manifest.curation).not.toBeNull();
  writeFileSync(join(site.root, 'words.json'), '{"excluded": [], "pins": {}}');
  expect((await run(site, '--synonyms', 'words.json')).said).not.toContain('by the owner');
  expect(publishedIn(site.output).manifest.curation).toBeNull();
});

test('the same input gives the same bytes', async () => {
  const site = siteWith(CURATION);
  await run(site);
  const { build } = publishedIn(site.output).manifest;
  await run(site);
  expect(publishedIn(site.output).manifest.build).toBe(build);
  writeFileSync(join(site.site, 'synonyms.json'), '{"excluded": ["bicycles"]}');
  await run(site);
  expect(publishedIn(site.output).manifest.build).not.toBe(build);
});

test.each<[string, readonly string[], string]>([
  ['{"synonyms": ["a"]}', [], 'synonyms.json: synonyms, line 1 takes terms'],
  ['{', [], 'synonyms.json is not JSON'],
  ['{"boost": {}}', [], '“boost”'],
  ['{}', ['--synonyms', 'gone.json'], 'gone.json cannot be read'],
])('%s %j ends the command before anything is indexed', async (text, args, message) => {
  const site = siteWith(text);
  const { code, said } = await run(site, ...args);
  expect(code).not.toBe(0);
  expect(said).toContain(message);
});

test('the Node API takes a file or its content', async () => {
  const { site, output } = siteWith(CURATION);
  const base = { vectors: false, elementDir: null } as const;
  const index = await createIndex({ ...base, curation: { excluded: ['bicycles'] } });
  await index.addDirectory({ path: site });
  expect((await index.write({ outputPath: output })).curation).toMatchObject({ excluded: 1, synonyms: 0 });
  const fromFile = await createIndex({ ...base, curation: join(site, 'synonyms.json') });
  await fromFile.addDirectory({ path: site });
  expect((await fromFile.write({ outputPath: output })).curation).toMatchObject({ excluded: 1, synonyms: 2 });
  const error: unknown = await createIndex({ ...base, curation: { excluded: [''] } }).catch(
    (thrown: unknown) => thrown,
  );
  expect(isEraError(error, 'invalid-input')).toBe(true);
});
