// The command as a user runs it. The Node API's test covers the content of an index (site/create-index.test.ts).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { sendJson, startFaultyServer, vectorOf, type Call } from '../../../e2e/support/faulty-server.ts';
import { parseSiteManifest } from '../../format/site-manifest.ts';
import type { CommandIo } from '../command-io.ts';
import { openCollection } from '../open-collection.ts';
import { packageRoot } from '../package-root.ts';
import { runCli } from '../run-cli.ts';
import { folderForTest } from '../setup/folder-for-test.ts';
import { send, startSite, urlset } from '../site/crawl/site-for-test.ts';
import { bytesBelow, html, publishedIn, THREE } from '../site/site-for-test.ts';
import type { SiteSummary } from '../site/write-site.ts';
import { snippetLines } from './site-summary.ts';

interface Run {
  readonly code: number;
  readonly printed: string[];
  readonly noted: string[];
}

async function run(args: readonly string[], changes: Partial<CommandIo> = {}): Promise<Run> {
  const printed: string[] = [];
  const noted: string[] = [];
  const code = await runCli(['index', ...args], {
    print: (line) => printed.push(line),
    note: (line) => noted.push(line),
    env: {},
    ...changes,
  });
  return { code, printed, noted };
}

/** A working directory with a built site in `public`. */
function project(
  files: Readonly<Record<string, string>> = THREE,
  others: Readonly<Record<string, string>> = {},
): string {
  return folderForTest({
    ...Object.fromEntries(Object.entries(files).map(([path, content]) => [`public/${path}`, content])),
    ...others,
  });
}

const KEY = 'key-of-the-owner-0123456789';

/** The element is built for releases, not for tests, so its files are left out. */
const KEYWORDS = ['--no-vectors'];

beforeAll(async () => {
  if (!existsSync(join(packageRoot(), 'dist/site/era-search.js')))
    await build({ root: packageRoot(), mode: 'site', logLevel: 'error' });
}, 120_000);

test('the summary lists what was indexed and left out, and the first time the code to paste', async () => {
  const cwd = project({ ...THREE, 'draft.html': '<meta name="robots" content="noindex"><p>Not yet' });
  const first = await run(['--site', 'public', ...KEYWORDS], { cwd });
  expect(first.code, first.noted.join('\n')).toBe(0);
  expect(first.printed).toEqual([]);
  const said = first.noted.join('\n');
  for (const part of [
    '3 pages',
    '3 passages',
    'languages: en',
    '1 noindex',
    'public/era-search',
    '<script type="module" src="/era-search/era-search.js">',
  ])
    expect(said).toContain(part);
  expect(said).not.toContain('draft.html');
  const second = await run(['--site', 'public', '--verbose', ...KEYWORDS], { cwd });
  expect(second.noted.join('\n')).not.toContain('<script');
  expect(second.noted.join('\n')).toContain('draft.html');
});

test('--json prints one object and nothing else; --quiet prints nothing', async () => {
  const cwd = project();
  const json = await run(['--site', 'public', '--json', ...KEYWORDS], { cwd });
  expect(json.noted).toEqual([]);
  const summary = JSON.parse(json.printed.join('\n')) as SiteSummary;
  expect(summary).toMatchObject({ outputPath: join(cwd, 'public/era-search'), isFirst: true, pages: 3 });
  expect(parseSiteManifest(readFileSync(join(summary.outputPath, 'era-search.json'), 'utf8')).build).toBe(
    summary.build,
  );
  const quiet = await run(['--site', 'public', '--quiet', ...KEYWORDS], { cwd });
  expect(quiet).toEqual({ code: 0, printed: [], noted: [] });
});

test('options are read from all three sources', async () => {
  const config = {
    site: 'public',
    'no-vectors': true,
    'exclude-selectors': ['p'],
    'output-subdir': 'assets/search',
    glob: 'guide/*.html',
  };
  const cwd = project(THREE, { 'era-search.config.json': JSON.stringify(config) });
  const { code, printed } = await run(['--json', '--exclude-selectors', 'nav'], {
    cwd,
    env: { ERA_SEARCH_FORCE_LANGUAGE: 'fr', ERA_SEARCH_KEEP_INDEX_URL: '1' },
  });
  expect(code).toBe(0);
  expect(JSON.parse(printed[0]!)).toMatchObject({
    pages: 2,
    languages: ['fr'],
    outputPath: join(cwd, 'public/assets/search'),
  });
});

/** The site of `project` with vectors, aligned to the model of a server that records what it is sent. */
async function aligned(
  flags: readonly string[],
  { env = {}, config }: { env?: Record<string, string>; config?: Record<string, unknown> } = {},
): Promise<readonly Call[]> {
  const api = await startFaultyServer((call, response) => {
    const texts = (call.body as unknown as Record<string, unknown>)['texts'] ?? call.body.input;
    sendJson(response, 200, { embeddings: { float: (texts as string[]).map((text) => vectorOf(text, 8)) } });
  });
  onTestFinished(api.close);
  const cwd = project(THREE, config === undefined ? {} : { 'era-search.config.json': JSON.stringify(config) });
  const args = [
    '--site',
    'public',
    '--query-url',
    `${api.baseUrl}?api-version=1`,
    '--query-model',
    'm',
    '--no-model-files',
    '--cache',
    'cache',
  ];
  const { code, noted } = await run([...args, ...flags], { cwd, env: { ERA_SEARCH_QUERY_KEY: KEY, ...env } });
  expect(code, noted.join('\n')).toBe(0);
  expect(api.calls.length).toBeGreaterThan(0);
  for (const bytes of [...bytesBelow(cwd).values(), noted.join('\n')]) expect(bytes).not.toContain(KEY);
  return api.calls;
}

describe('what is set of the query model reaches its API', () => {
  const OPTIONS = {
    inputField: 'texts',
    dimensionsField: 'output_dimension',
    encodingFormat: 'float',
    documentFields: { input_type: 'search_document' },
    queryFields: { input_type: 'search_query' },
    headers: { 'x-team': 'docs' },
    maxBatchTexts: 2,
  };

  test.each([
    ['flags', ['--query-options', JSON.stringify(OPTIONS), '--query-key-header', 'api-key'], {}],
    [
      'the environment',
      [],
      { env: { ERA_SEARCH_QUERY_OPTIONS: JSON.stringify(OPTIONS), ERA_SEARCH_QUERY_KEY_HEADER: 'api-key' } },
    ],
    ['the file', [], { config: { 'query-options': OPTIONS, 'query-key-header': 'api-key' } }],
  ] as const)('from %s', async (_, flags, more) => {
    const calls = await aligned([...flags, '--query-dimensions', '8'], more);
    for (const { path, headers, body } of calls) {
      expect(path).toBe('/v1/embeddings?api-version=1');
      expect(headers).toMatchObject({ 'api-key': KEY, 'x-team': 'docs' });
      expect(headers).not.toHaveProperty('authorization');
      const { texts, ...rest } = body as unknown as Record<string, unknown>;
      expect(rest).toEqual({
        model: 'm',
        output_dimension: 8,
        encoding_format: 'float',
        input_type: 'search_document',
      });
      expect((texts as string[]).length).toBeLessThanOrEqual(2);
    }
  });

  test.each([[[]], [['--query-key-header', 'Authorization']]])('or what is usual, with %j', async (flags) => {
    const [{ headers, body }] = (await aligned(flags)) as [Call];
    expect(headers.authorization).toBe(`Bearer ${KEY}`);
    expect(Object.keys(body)).toEqual(['model', 'input']);
  });
});

test('a corpus has no folder of its own: its index is written to the given folder', async () => {
  const cwd = folderForTest({ 'docs.json': '[{"url":"a","title":"A","text":"One."},{"url":"b","text":"Two."}]' });
  expect((await run(['--corpus', 'docs.json', ...KEYWORDS], { cwd })).code).toBe(2);
  const { code, printed } = await run(['--corpus', 'docs.json', '--output-path', 'out', '--json', ...KEYWORDS], {
    cwd,
  });
  expect(code).toBe(0);
  expect(JSON.parse(printed[0]!)).toMatchObject({ pages: 2, passages: 2 });
});

test('a site on a host is fetched by its sitemap; pages that are not read are reported', async () => {
  const site = await startSite({
    '/docs/': html('Home', 'Welcome.'),
    '/docs/one.html': html('One', 'First.'),
    '/docs/print.pdf': send('%PDF', { 'content-type': 'application/pdf' }),
  });
  const pages = ['/docs/', '/docs/one.html', '/docs/print.pdf', '/docs/absent.html'].map((path) => site.url + path);
  site.answers.set('/sitemap.xml', send(urlset(...pages), { 'content-type': 'application/xml' }));
  const cwd = folderForTest();
  const flags = ['--sitemap', `${site.url}/sitemap.xml`, '--output-path', 'out', '--json', ...KEYWORDS];
  expect((await run(flags, { cwd })).code).not.toBe(0); // the address is on this machine and was not allowed
  expect(readdirSync(cwd)).toEqual([]);
  const { code, printed, noted } = await run(
    [...flags, '--allow-private-host', site.host, '--base-url', `${site.url}/docs`],
    { cwd },
  );
  expect(code, noted.join('\n')).toBe(0);
  const { leftOut, ...summary } = JSON.parse(printed[0]!) as SiteSummary;
  expect(summary).toMatchObject({ pages: 2, isFirst: true });
  expect(leftOut).toEqual([
    { path: `${site.url}/docs/absent.html`, reason: 'status 404' },
    { path: `${site.url}/docs/print.pdf`, reason: 'not-html' },
  ]);
  expect(publishedIn(join(cwd, 'out'))).toMatchObject({
    manifest: { root: `${site.url}/docs/` },
    pages: [{ url: './' }, { url: 'one.html' }],
  });
});

test('the pasted code names the query model that the index was aligned to', () => {
  const site = join('/', 'public');
  const lines = snippetLines({
    site,
    baseUrl: 'https://host.example/docs',
    outputPath: join(site, 'a b/search'),
    queryModel: { model: 'm', prompt: 'Find: "{text}"\n' },
  }).join('\n');
  for (const part of [
    'src="https://host.example/docs/a%20b/search/era-search.js"',
    'query-model="m"',
    'query-prompt="Find: &quot;{text}&quot;&#10;"',
    '<era-search-trigger>',
  ])
    expect(lines).toContain(part);
});

test.each([
  [[]],
  [['--site', 'absent']],
  [['--site', 'public', '--quiet', '--verbose']],
  [['--site', 'public', '--output-subdir', '..']],
  [['--site', 'public', '--output-subdir', '.']],
  [['--site', 'public', '--output-path', 'public/index.html/out']],
  [['--site', 'public', '--output-path', 'public/guide']],
  [['--site', 'public', '--output-path', 'elsewhere']],
  [['--site', 'public', '--root-selector', 'main[']],
  [['--site', 'public', '--model', 'no/such-model']],
  [['--site', 'public', '--query-model', 'm']],
  [['--site', 'public', '--query-options', '{}']],
  [['--site', 'public', '--query-key-header', 'api-key']],
  ...['{', '[]', '{"model":"m"}', '{"maxBatchTexts":0}', '{"headers":{"x":1}}', '{"queryFields":{"input":1}}'].map(
    (json): [string[]] => [
      ['--site', 'public', '--query-url', 'http://127.0.0.1:9/v1', '--query-model', 'm', '--query-options', json],
    ],
  ),
  [['--site', 'public', '--query-url', 'https://host.example/v1']],
  [['--site', 'public', '--unknown']],
  [['--site']],
])('%j is wrong usage, and nothing is written', async (args) => {
  const cwd = project();
  const before = bytesBelow(cwd);
  const { code, noted } = await run(args, { cwd });
  expect(code, noted.join('\n')).toBe(2);
  expect(bytesBelow(cwd)).toEqual(before);
});

test('a site without text fails with code 1', async () => {
  const cwd = project({ 'style.css': 'p {}' });
  expect((await run(['--site', 'public', ...KEYWORDS], { cwd })).code).toBe(1);
  expect(readdirSync(join(cwd, 'public'))).toEqual(['style.css']);
});

test('on a terminal one line is redrawn, and removed at the end', async () => {
  const cwd = project(
    Object.fromEntries(
      Array.from({ length: 12 }, (_, i) => [`p${i}.html`, html(`Page ${i}`, `The text of page number ${i}.`)]),
    ),
  );
  const drawn: string[] = [];
  const terminal = { columns: 60, write: (text: string) => drawn.push(text) > 0 } as unknown as NonNullable<
    CommandIo['terminal']
  >;
  const { code, noted } = await run(['--site', 'public', '--no-model-files', '--cache', 'cache'], { cwd, terminal });
  expect(code, noted.join('\n')).toBe(0);
  expect(drawn.some((text) => text.includes('░') && /of \d+ texts/.test(text))).toBe(true);
  expect(drawn.every((text) => text.length <= 59 + '\r\u001B[2K'.length)).toBe(true);
  expect(drawn.at(-1)).toBe('\r\u001B[2K');
  expect(noted.some((line) => /^ {2}(\d+) of \1 texts/.test(line))).toBe(true);
});

describe('a run that is ended from outside', () => {
  const built = mkdtempSync(join(tmpdir(), 'era-search-built-'));
  afterAll(() => rmSync(built, { recursive: true, force: true }));
  beforeAll(async () => {
    for (const name of ['node_modules', 'public', 'package.json', 'dist'])
      symlinkSync(join(packageRoot(), name), join(built, name));
    await build({ root: packageRoot(), mode: 'node', logLevel: 'error', build: { outDir: join(built, 'node') } });
  }, 120_000);

  test('SIGKILL, after the keywords were published first: they are searched, and the next run ends with the whole index', async () => {
    const pages = Array.from(
      { length: 120 },
      (_, i) => [`p${i}.html`, html(`Page ${i}`, `The text of page number ${i}, which takes a moment.`)] as const,
    );
    const cwd = project(Object.fromEntries(pages));
    const flags = ['--site', 'public', '--no-model-files', '--cache', 'cache', '--keywords-first'];
    const child = spawn(process.execPath, [join(built, 'node/cli.js'), 'index', ...flags], { cwd, stdio: 'ignore' });
    const ended = once(child, 'exit');
    while (!existsSync(join(cwd, 'public/era-search/era-search.json'))) await wait(5);
    child.kill('SIGKILL');
    await ended;
    const collection = await openCollection(join(cwd, 'public'), { url: 'https://example.com/era-search/' });
    expect((await collection.search('page number 17').best()).pages[0]).toMatchObject({ title: 'Page 17' });
    await collection.close();

    const { code, noted, printed } = await run([...flags, '--json'], { cwd });
    expect(code, noted.join('\n')).toBe(0);
    const fresh = await run(
      ['--site', 'public', '--no-model-files', '--cache', 'other', '--output-path', 'public/fresh', '--json'],
      { cwd },
    );
    expect((JSON.parse(fresh.printed[0]!) as SiteSummary).build).toBe((JSON.parse(printed[0]!) as SiteSummary).build);
  }, 120_000);

  test.each(['SIGINT', 'SIGKILL'] as const)(
    '%s: the old index stands, and the next run ends with what a run that nobody disturbed has',
    async (signal) => {
      const pages = Array.from(
        { length: 120 },
        (_, i) => [`p${i}.html`, html(`Page ${i}`, `The text of page number ${i}, which takes a moment.`)] as const,
      );
      const cwd = project(Object.fromEntries(pages));
      const flags = ['--site', 'public', '--no-model-files', '--cache', 'cache'];
      expect((await run(['--site', 'public', ...KEYWORDS], { cwd })).code).toBe(0);
      const before = bytesBelow(join(cwd, 'public'));

      const child = spawn(process.execPath, [join(built, 'node/cli.js'), 'index', ...flags], { cwd, stdio: 'ignore' });
      const ended = once(child, 'exit');
      const cached = (): boolean =>
        existsSync(join(cwd, 'cache')) &&
        [...bytesBelow(join(cwd, 'cache'))].some(([name, bytes]) => name.endsWith('.vectors') && bytes.length > 0);
      while (!cached()) await wait(5);
      child.kill(signal);
      const [code, by] = (await ended) as [number | null, string | null];
      expect(signal === 'SIGINT' ? code : by).toBe(signal === 'SIGINT' ? 130 : 'SIGKILL');
      expect(bytesBelow(join(cwd, 'public'))).toEqual(before);

      const { printed } = await run([...flags, '--json'], { cwd });
      const summary = JSON.parse(printed[0]!) as SiteSummary;
      expect(summary.reused).toBeGreaterThan(0);
      expect(summary.reused + summary.embedded).toBe(120);
      const fresh = await run(
        ['--site', 'public', '--no-model-files', '--cache', 'other', '--output-path', 'public/fresh', '--json'],
        { cwd },
      );
      expect((JSON.parse(fresh.printed[0]!) as SiteSummary).build).toBe(summary.build);
    },
    120_000,
  );
});
