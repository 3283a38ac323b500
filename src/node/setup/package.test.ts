// The package as npm would publish it: packed from the builds, then read as others read it, by publint, by "are the
// types wrong" and by compilers of two ages. Reads the builds, never makes them: npm test has made them; alone, run
// "npm pack" first.

import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PackageJson } from './declarations.mjs';
import { exportWeights, folderWeights, HEAVY_BYTES, heavyFiles, packTree, readTarball } from './packed-package.mjs';
import type { PackedFiles, Weight } from './packed-package.mjs';
import { readJson } from './read-json.mjs';
import { runTool, toolPath } from './run-tool.mjs';
import { repositoryRoot as root } from './script.mjs';

const { signal } = new AbortController();
const folder = mkdtempSync(join(tmpdir(), 'era-search-package-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let tarball = '';
let files: PackedFiles = new Map();
let packageJson: PackageJson = readJson(join(root, 'package.json')) as PackageJson;
beforeAll(async () => {
  tarball = await packTree(root, folder, signal);
  files = await readTarball(tarball);
  packageJson = JSON.parse(textOf('package.json')) as PackageJson;
});

const textOf = (path: string): string => Buffer.from(files.get(path)!).toString();
const tool = (packageName: string, command: string | undefined, args: string[], cwd = folder) =>
  runTool(process.execPath, [toolPath(root, packageName, command), ...args], { cwd, signal, capture: true });

test('publint finds nothing, not even to suggest', async () => {
  const { code, output } = await tool('publint', undefined, ['run', tarball, '--strict']);
  expect(output).toContain('All good!');
  expect(code).toBe(0);
});

interface AttwReport {
  readonly analysis: { readonly entrypoints: Readonly<Record<string, unknown>> };
  readonly problems: Readonly<Record<string, readonly { readonly kind: string; readonly resolutionKind?: string }[]>>;
}

// The package has ES modules alone, and needs a Node that can require() these: so two of the resolutions that "are the
// types wrong" looks at have something to say by design, the one that knows no `exports` (Node 10) and the one of
// CommonJS in a Node before 20.19. Every other finding counts, for each export.
const BY_DESIGN: Readonly<Record<string, string>> = { NoResolution: 'node10', CJSResolvesToESM: 'node16-cjs' };

test('the types of every export resolve, in Node and for bundlers, and are those of its code', async () => {
  const { code, output } = await tool('@arethetypeswrong/cli', 'attw', [
    tarball,
    '--profile',
    'esm-only',
    '--format',
    'json',
  ]);
  const { analysis, problems } = JSON.parse(output) as AttwReport;
  expect(Object.keys(analysis.entrypoints).sort()).toEqual(Object.keys(packageJson.exports).sort());
  const found = Object.values(problems).flat();
  expect(found.length).toBeGreaterThan(0); // what is by design is found
  expect(found.filter(({ kind, resolutionKind }) => BY_DESIGN[kind] !== resolutionKind)).toEqual([]);
  expect(code).toBe(0);
});

describe.each(['typescript', 'typescript-5.5'])('a strict project that is compiled by %s', (compiler) => {
  test.each([
    {
      where: 'in a page',
      isHere: (name: string) => name !== './node',
      // webworker and the like are for whoever writes them; @webgpu/types is not needed
      options: { module: 'esnext', moduleResolution: 'bundler', lib: ['es2022', 'dom', 'dom.iterable'], types: [] },
    },
    {
      where: 'in Node',
      isHere: (name: string) => name === './node' || isJson(name),
      options: { module: 'nodenext', moduleResolution: 'nodenext', lib: ['es2022'], types: ['node'] },
    },
  ])('imports every export $where', async ({ where, isHere, options }) => {
    const names = Object.keys(packageJson.exports).filter(isHere);
    expect(names.length).toBeGreaterThan(1);
    const consumer = join(folder, `${compiler} ${where}`);
    install(consumer);
    write(consumer, 'package.json', JSON.stringify({ type: 'module' }));
    write(
      consumer,
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          ...STRICT,
          target: 'es2022',
          ...options,
        },
        include: ['*.ts', '*.tsx'],
      }),
    );
    for (const [i, name] of names.entries()) {
      write(consumer, `import-${String(i)}.ts`, importOf(name));
      if (USES[name] !== undefined) write(consumer, `use-${String(i)}.tsx`, USES[name]);
    }
    const { code, output } = await tool(compiler, 'tsc', ['-p', '.', '--pretty', 'false'], consumer);
    expect(output).toBe('');
    expect(code).toBe(0);
  });
});

const STRICT = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noPropertyAccessFromIndexSignature: true,
  verbatimModuleSyntax: true,
  isolatedModules: true,
  resolveJsonModule: true,
  skipLibCheck: false,
  jsx: 'preserve',
  noEmit: true,
};

function isJson(name: string): boolean {
  return typeof packageJson.exports[name] === 'string';
}

/** All of an export; those of types alone bring nothing to run. */
function importOf(name: string): string {
  const address = posix.join('era-search', name);
  if (isJson(name)) return `import value from '${address}' with { type: 'json' };\nexport const all: object = value;\n`;
  const target = packageJson.exports[name];
  const hasCode = typeof target === 'object' && target.import !== undefined;
  return hasCode
    ? `import * as all from '${address}';\nexport const names: string[] = Object.keys(all);\n`
    : `import type * as all from '${address}';\nexport type All = typeof all;\n`;
}

/** What people write with an export. What must not compile shows that the types are not `any`. */
const USES: Readonly<Record<string, string>> = {
  '.': `
    import { Engine, isEraError, type Answer, type EngineOptions } from 'era-search';
    const options: EngineOptions = { query: { baseUrl: './v1', model: 'm' } };
    export async function ask(text: string): Promise<string | null | undefined> {
      const engine = new Engine(options);
      try {
        const collection = await engine.open('./search/');
        const answer: Answer | null = await collection.search(text, { limit: 3 }).best();
        return answer?.pages[0]?.title;
      } catch (error) {
        return isEraError(error) ? error.hint : undefined;
      } finally {
        engine.close();
      }
    }
    // @ts-expect-error A number is no address.
    export const wrong = (engine: Engine) => engine.open(1);
  `,
  './element': `
    import 'era-search/element';
    const search = document.querySelector('era-search');
    search?.addEventListener('era-search:select', ({ detail }) => console.log(detail.query.length, detail.url?.length));
    // @ts-expect-error There are two modes.
    if (search) search.mode = 'popup';
  `,
  './jsx': `
    import type {} from 'era-search/jsx';
    export const both = () => [
      <era-search key="1" bundle="/era-search/" mode="inline" limit={5} />,
      <era-search-trigger key="2" label="Search" />,
    ];
    // @ts-expect-error There are two modes.
    export const wrong = () => <era-search mode="popup" />;
  `,
  './vue': `
    import type { GlobalComponents } from 'vue';
    import type {} from 'era-search/vue';
    export type Props = InstanceType<GlobalComponents['era-search']>['$props'];
    export const props: Props = { mode: 'inline', limit: 5 };
    // @ts-expect-error There are two modes.
    export const wrong: Props = { mode: 'popup' };
  `,
  './node': `
    import { createIndex, openCollection, type SiteSummary } from 'era-search/node';
    export async function publish(folder: string): Promise<SiteSummary> {
      const index = await createIndex({ vectors: false });
      await index.addRecord({ url: 'a', title: 'A', content: 'a' });
      const summary = await index.write({ outputPath: folder });
      await index.close();
      const collection = await openCollection(folder);
      const answer = await collection.search('a').best();
      console.log(answer?.pages[0]?.title?.length);
      await collection.close();
      return summary;
    }
    // @ts-expect-error A number is no address.
    export const wrong = async () => (await createIndex()).addRecord({ url: 1, content: 'a' });
  `,
};

function write(to: string, path: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(to, path)), { recursive: true });
  writeFileSync(join(to, path), content);
}

/**
 * The package as npm lays it, without the models and runtimes, which no compiler reads; what it needs and what the
 * project itself would have come as links to the packages that are here.
 */
function install(consumer: string): void {
  for (const [path, content] of files)
    if (/\.(?:ts|json|js)$/.test(path)) write(join(consumer, 'node_modules/era-search'), path, content);
  for (const name of [...Object.keys(packageJson.dependencies), '@types/node', '@types/react', 'vue']) {
    mkdirSync(dirname(join(consumer, 'node_modules', name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(consumer, 'node_modules', name), 'junction');
  }
}

test('nothing of 100 kB or more is there twice', () => {
  const byHash = new Map<string, string[]>();
  for (const [path, content] of files) {
    if (content.byteLength < 100_000) continue;
    const hash = createHash('sha256').update(content).digest('hex');
    byHash.set(hash, [...(byHash.get(hash) ?? []), path]);
  }
  expect(byHash.size).toBeGreaterThan(5);
  expect([...byHash.values()].filter((paths) => paths.length > 1)).toEqual([]);
});

test('the runtimes that the library takes from the element are in the package', () => {
  const taken = [...files.keys()]
    .filter((path) => /^dist\/lib\/.*\.js$/.test(path))
    .flatMap((path) =>
      Array.from(textOf(path).matchAll(/new URL\("(\.\.\/[^"]+)", import\.meta\.url\)/g), ([, address]) =>
        posix.join(posix.dirname(path), address!),
      ),
    );
  expect(new Set(taken.map((path) => path.replace(/^.*\./, '')))).toEqual(new Set(['bin', 'js']));
  expect(taken.filter((path) => !files.has(path))).toEqual([]);
});

describe('docs/package.md', () => {
  const document = readFileSync(join(root, 'docs/package.md'), 'utf8');
  /** Rows of the table below a heading: the name in the first cell, and the last three numbers. */
  function tableBelow(heading: string): Weight[] {
    const section = document.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
    return Array.from(section.matchAll(/^\| `([^`]+)` \|(.*)\|$/gm), ([, name, cells]) => {
      const numbers = cells!
        .split('|')
        .flatMap((cell) => (/^ [\d,]+ $/.test(cell) ? [Number(cell.replaceAll(',', ''))] : []));
      const [count, bytes, gzip] = numbers as [number, number, number];
      return { name: name!, files: count, bytes, gzip };
    });
  }

  test.each([
    ['Exports', () => exportWeights(files, packageJson.exports)],
    ['Folders', () => folderWeights(files)],
    ['Heavy files', () => heavyFiles(files, HEAVY_BYTES)],
  ])('its table “%s” names what there is, with bytes that are right to a tenth', (heading, weigh) => {
    const said = tableBelow(heading);
    const found = weigh();
    expect(said.map(({ name }) => name).sort()).toEqual(found.map(({ name }) => name).sort());
    for (const { name, bytes, gzip } of found) {
      const row = said.find((one) => one.name === name)!;
      expect(Math.abs(row.bytes - bytes) / bytes, `${name}: ${String(bytes)} bytes`).toBeLessThan(0.1);
      expect(Math.abs(row.gzip - gzip) / gzip, `${name}: ${String(gzip)} gzip bytes`).toBeLessThan(0.1);
    }
  });
});

test('every file that an export names is packed, and no source of ours', () => {
  const targets = Object.values(packageJson.exports).flatMap((target) =>
    typeof target === 'string' ? [target] : Object.values(target),
  );
  expect(targets.filter((target) => !files.has(posix.normalize(target)))).toEqual([]);
  expect([...files.keys()].filter((path) => /(?<!\.d)\.ts$|\.test\.|-for-test|fixture/.test(path))).toEqual([]);
  expect(readdirSync(folder).filter((name) => name.endsWith('.tgz'))).toHaveLength(1);
});
