// Every block of code in README.md, docs/ and the documents beside the code is held against the code: TypeScript and
// JavaScript are compiled with the strict options of this repository, commands name scripts, files and flags that there
// are, elements and attributes are those of the element, JSON is JSON. e2e/readme.spec.ts runs the first example.

import { existsSync, readFileSync } from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { load } from 'cheerio';
import { globSync } from 'tinyglobby';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { SITE_OPTIONS, variableOf } from '../index-command/site-options.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const documents = globSync(['*.md', 'docs/**/*.md', 'examples/**/*.md', 'src/**/*.md'], { cwd: root, absolute: true });

interface Block {
  readonly place: string;
  readonly language: string;
  readonly code: string;
}

const blocks: Block[] = documents.flatMap((path) => {
  const text = readFileSync(path, 'utf8');
  return Array.from(
    text.matchAll(/^( *)```(\w*)\n([\s\S]*?)^ *```$/gm),
    ({ index, 1: indent, 2: language, 3: code }) => ({
      place: `${relative(root, path)}:${text.slice(0, index).split('\n').length}`,
      language: language!,
      code: code!.replaceAll(new RegExp(`^${indent!}`, 'gm'), ''),
    }),
  );
});
const of = (...languages: readonly string[]): Block[] => blocks.filter(({ language }) => languages.includes(language));

test('every block says its language, and there is a check for it', () => {
  const known = ['ts', 'js', 'sh', 'html', 'css', 'json', 'yaml', 'text'];
  expect(blocks.filter(({ language }) => !known.includes(language)).map(({ place }) => place)).toEqual([]);
  expect(of('ts', 'js').length).toBeGreaterThan(6);
  expect(of('sh').length).toBeGreaterThan(6);
});

/** What the text around a block has introduced. */
const AMBIENT = `
import type { Collection, LabelledQuery } from 'era-search';
import type {} from 'era-search/element';
declare global {
  const collection: Collection;
  const labels: readonly LabelledQuery[];
  const pastQueries: readonly string[];
  function importScripts(...addresses: string[]): void;
  function navigate(path: string): void;
}
export {};
`;
/** The extension of the reader's own. */
const MINE = `import type { LanguageAnalyzer } from 'era-search/extend';
declare const extension: { readonly analyzers: readonly [LanguageAnalyzer] };
export default extension;`;

test('TypeScript and JavaScript compile', () => {
  const folder = join(root, 'docs/.blocks/');
  const written = new Map([
    [join(folder, 'ambient.d.ts'), AMBIENT],
    [join(folder, 'my-extension.d.ts'), MINE],
    ...of('ts', 'js').map(({ place, code }) => {
      return [join(folder, `${place.replaceAll(/[/:.]/g, '-')}.ts`), `${code}\nexport {};`] as const;
    }),
  ]);
  const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => readFileSync(path, 'utf8')) as {
    config: { compilerOptions: object };
  };
  const { options } = ts.convertCompilerOptionsFromJson(
    {
      ...config.compilerOptions,
      types: ['vite/client', '@webgpu/types', 'node'],
      isolatedDeclarations: false,
      declaration: false,
      allowJs: true,
      noUnusedLocals: false,
      paths: {
        'era-search': [join(root, 'src/index.ts')],
        'era-search/element': [join(root, 'src/widget/era-search.ts')],
        'era-search/node': [join(root, 'src/node/index.ts')],
        'era-search/extend': [join(root, 'src/extend.ts')],
        'era-search/contract': [join(root, 'src/contract.ts')],
      },
    },
    root,
  );
  const host = ts.createCompilerHost(options);
  const plain = ts.createCompilerHost(options);
  host.directoryExists = (path) => path.startsWith(join(root, 'docs/.blocks')) || ts.sys.directoryExists(path);
  host.fileExists = (path) => written.has(path) || plain.fileExists(path);
  host.readFile = (path) => written.get(path) ?? plain.readFile(path);
  host.getSourceFile = (path, languageVersion, ...rest) =>
    written.has(path)
      ? ts.createSourceFile(path, written.get(path)!, languageVersion)
      : plain.getSourceFile(path, languageVersion, ...rest);
  const program = ts.createProgram([...written.keys()], options, host);
  const wrong = [...written.keys()].flatMap((path) => {
    const file = program.getSourceFile(path)!;
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)].map(
      ({ messageText }) => `${basename(path)}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`,
    );
  });
  expect(wrong).toEqual([]);
});

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
/** Commands of era-search besides `index`, whose flags each of them prints. */
const COMMANDS = ['index', 'evaluate', 'golden', 'base', 'static-base', 'mair', 'serve'];
const VARIABLES =
  /^(?:API_KEY|API_URL|ALLOW_ORIGINS|MODEL|ONNXRUNTIME_NODE_INSTALL|ERA_SEARCH_QUERY_KEY|FUZZ_SEED|CHROMIUM_PATH)$/;
const FLAGS = new Set([...Object.keys(SITE_OPTIONS), 'out', 'help']);
/** The source of the commands that make something for a model, which has their flags. */
const SOURCES: Readonly<Record<string, string>> = {
  golden: readFileSync(join(root, 'src/node/golden-command/run-golden.ts'), 'utf8'),
  'static-base': readFileSync(join(root, 'src/node/static-base/run-static-base.ts'), 'utf8'),
};

function wordsOf(line: string): string[] {
  return Array.from(line.replace(/\s+#.*$/, '').matchAll(/'[^']*'|"[^"]*"|\S+/g), ([word]) => word);
}

/** What is wrong with a command; null for nothing. */
function faultOf(words: readonly string[]): string | null {
  const [name = '', ...rest] = words;
  if (/^[A-Z_]+=/.test(name)) {
    const [variable] = name.split('=');
    const isOption = Object.keys(SITE_OPTIONS).some((option) => variableOf(option) === variable);
    return VARIABLES.test(variable!) || isOption ? faultOf(rest) : `the variable ${variable!}`;
  }
  if (name === 'npx' && rest[0] === 'era-search') return faultOf(rest);
  if (name === 'npx' && rest[0] === 'vite') return null;
  if (name === 'npm' && ['start', 'test', 'install', 'pack', 'ci'].includes(rest[0]!)) return null;
  if (name === 'npm' && rest[0] === 'run') return rest[1]! in scripts ? null : `the script ${rest[1]!}`;
  if (name === 'node') {
    const place = rest[0] === 'embeddings-proxy.mjs' ? `src/node/samples/${rest[0]}` : rest[0]!;
    return existsSync(join(root, place)) ? null : `the file ${place}`;
  }
  if (name !== 'era-search') return `the command ${name}`;
  const [command, ...args] = rest;
  if (!COMMANDS.includes(command!)) return `the command era-search ${command!}`;
  const flags = args.filter((arg) => arg.startsWith('--')).map((arg) => arg.slice(2).split('=')[0]!);
  const isThere = (flag: string): boolean =>
    SOURCES[command!]?.includes(`--${flag} `) ?? (command !== 'index' || FLAGS.has(flag));
  return flags.find((flag) => !isThere(flag)) ?? null;
}

test.each(of('sh').map((block) => [block.place, block.code]))('the commands at %s are there', (_, code) => {
  const lines = code.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  expect(lines.map((line) => faultOf(wordsOf(line))).filter((fault) => fault !== null)).toEqual([]);
});

test('a command that is not there would be found', () => {
  for (const line of [
    'npm run nothing',
    'node nowhere.mjs',
    'era-search index --no-such',
    'era-search static-base --no-such',
    'FOO=1 npm start',
    'make',
  ])
    expect(faultOf(wordsOf(line)), line).not.toBe(null);
});

const attributes = readFileSync(join(root, 'src/widget/attributes.d.ts'), 'utf8');
test.each(of('html').map((block) => [block.place, block.code]))(
  'the elements at %s have these attributes',
  (_, code) => {
    const $ = load(code);
    const unknown = $('era-search, era-search-trigger')
      .toArray()
      .flatMap((element) => Object.keys(element.attribs))
      .filter((name) => !attributes.includes(name) && name !== 'id');
    expect(unknown).toEqual([]);
  },
);

const properties = readFileSync(join(root, 'src/widget/search-attributes.ts'), 'utf8');
test.each(of('css').map((block) => [block.place, block.code]))('the custom properties at %s are there', (_, code) => {
  const named = Array.from(code.matchAll(/--era-[a-z-]+/g), ([name]) => name);
  expect(named.filter((name) => !properties.includes(`[${name}`))).toEqual([]);
});

test.each(of('json').map((block) => [block.place, block.code]))('%s is JSON', (_, code) => {
  expect(() => JSON.parse(code) as unknown).not.toThrow();
});
