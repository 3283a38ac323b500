// The descriptions of the elements (manifest, types for frameworks, ELEMENT.md) match their sources: nothing is missing
// or invented.

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { CustomElement, CustomElementDeclaration } from 'custom-elements-manifest/schema';
import ts from 'typescript';
import { expect, test } from 'vitest';
import { elementManifest } from '../node/setup/element-manifest.mjs';

const folder = fileURLToPath(new URL('.', import.meta.url));
const sourceFiles = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
  (name) => /\.ts$/.test(name) && !/\.(test|fixture|d)\.ts$/.test(name),
);
const source = sourceFiles
  .map((name) => readFileSync(join(folder, name), 'utf8').replace(/\/\*\*[\s\S]*?\*\//g, ''))
  .join('\n'); // without the doc comments
const guide = readFileSync(join(folder, 'ELEMENT.md'), 'utf8');

const elements = elementManifest(folder).modules.flatMap(({ declarations = [] }) => declarations);
const search = elementNamed('era-search');
const trigger = elementNamed('era-search-trigger');

function elementNamed(tag: string): CustomElementDeclaration & CustomElement {
  const element = elements.find(
    (one): one is CustomElementDeclaration & CustomElement => 'tagName' in one && one.tagName === tag,
  );
  if (!element) throw new Error(`The manifest has no ${tag}.`);
  return element;
}

const sorted = (names: Iterable<string>): string[] => [...new Set(names)].sort();
const named = (pattern: RegExp): string[] =>
  sorted([...source.matchAll(pattern)].flatMap(([, names = '']) => names.split(' ')));
const inManifest = (kind: 'events' | 'slots' | 'cssParts' | 'cssProperties'): string[] =>
  sorted([search, trigger].flatMap((element) => (element[kind] ?? []).map(({ name }) => name)));

test('the manifest has every event, slot, part and custom property of the sources, and no other', () => {
  expect(inManifest('events')).toEqual(named(/emit\(this, '([\w:-]+)'/g));
  expect(inManifest('slots')).toEqual(named(/<slot name="([\w-]+)"/g));
  expect(inManifest('cssParts')).toEqual(
    sorted([
      ...named(/ part="([\w -]+)"/g),
      ...named(/ part=\$\{\w+ \? '([\w -]+)'/g),
      ...named(/ part=\$\{\w+ \? '[\w -]+' : '([\w -]+)'/g),
    ]),
  );
  expect(inManifest('cssProperties')).toEqual(named(/var\((--era-[\w-]+)/g));
});

test('the defaults of the custom properties are those of the styles', () => {
  const styles = source.replace(/\s+/g, ' ');
  for (const { name, default: value } of [search, trigger].flatMap(
    ({ cssProperties = [] }) => cssProperties as readonly { name: string; default: string }[],
  )) {
    const inStyles = value.replace(/--era-(?:trigger-)?/g, '--_').replace('--_text-muted', '--_muted');
    expect(styles, name).toContain(`var(${name}, ${inStyles})`);
  }
});

test('every attribute, event, slot, part, property and method is described, in the manifest and in the guide', () => {
  for (const element of [search, trigger]) {
    const methods = (element.members ?? [])
      .filter(({ kind }) => kind === 'method')
      .map(({ name }) => ({ name: `${name}(`, description: 'below' }));
    for (const { name, description } of [
      ...(element.attributes ?? []),
      ...(element.events ?? []),
      ...(element.slots ?? []),
      ...(element.cssParts ?? []),
      ...(element.cssProperties ?? []),
      ...methods,
    ]) {
      expect(description ?? '', name).not.toBe('');
      expect(guide, name).toContain(`\`${name}`);
    }
  }
});

test('the types for frameworks have every attribute, and no other', () => {
  const text = readFileSync(join(folder, 'attributes.d.ts'), 'utf8');
  const inTypes = (name: string): string[] =>
    sorted(
      [...(new RegExp(`interface ${name} \\{([^}]*)\\}`).exec(text)?.[1] ?? '').matchAll(/^ {2}'?([\w-]+)'?\?:/gm)].map(
        ([, key = '']) => key,
      ),
    );
  expect(inTypes('EraSearchAttributes')).toEqual(sorted((search.attributes ?? []).map(({ name }) => name)));
  expect(inTypes('EraSearchTriggerAttributes')).toEqual(sorted((trigger.attributes ?? []).map(({ name }) => name)));
});

const parsed = new Map<string, ts.SourceFile | undefined>();
function fromDisk(path: string, read: () => ts.SourceFile | undefined): ts.SourceFile | undefined {
  if (!parsed.has(path)) parsed.set(path, read());
  return parsed.get(path);
}

/** The compiler's messages for a file beside the types, with minimal stand-ins for `react` and `vue`. */
function complaintsOf(name: string, text: string): string[] {
  const files = new Map([
    [join(folder, name), text],
    [
      join(folder, 'node_modules/react/index.d.ts'),
      'export interface HTMLAttributes<T> { id?: string; el?: T } export type DetailedHTMLProps<A, T> = A & { ref?: T }; export namespace JSX { interface IntrinsicElements {} interface Element {} }',
    ],
    [join(folder, 'node_modules/react/jsx-runtime.d.ts'), "export { JSX } from './index';"],
    [
      join(folder, 'node_modules/vue/index.d.ts'),
      'export type DefineComponent<P> = new () => { $props: P }; export interface GlobalComponents {}',
    ],
    [
      join(folder, '../../dist/types/src/widget/era-search.d.ts'),
      "export type { EraSearchEvents } from '../../../../src/widget/events.ts';",
    ], // the target of the package's own name
  ]);
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    jsx: ts.JsxEmit.ReactJSX,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    skipLibCheck: true,
    allowImportingTsExtensions: true,
    lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: ['@webgpu/types', 'vite/client'],
  };
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (path) => files.has(path) || disk.fileExists(path),
    directoryExists: (path) =>
      [...files.keys()].some((file) => dirname(file).startsWith(path)) || disk.directoryExists?.(path) === true,
    readFile: (path) => files.get(path) ?? disk.readFile(path),
    getSourceFile: (path, version) =>
      files.has(path)
        ? ts.createSourceFile(path, files.get(path)!, version, true)
        : fromDisk(path, () => disk.getSourceFile(path, version)),
  };
  const program = ts.createProgram([join(folder, name)], options, host);
  return program
    .getSemanticDiagnostics(program.getSourceFile(join(folder, name)))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
}

test('React’s JSX and Vue’s components know the elements, their values and their events', () => {
  const right = `import type {} from './jsx.d.ts';
    export const a = <era-search mode="inline" query-url="/v1" limit={5} id="s" onera-search:results={({ detail }) => detail.answer.total.toFixed()} />;
    export const b = <era-search-trigger for="s" />;`;
  expect(complaintsOf('app.tsx', right)).toEqual([]);
  expect(complaintsOf('app.tsx', right.replace('inline', 'sideways'))).toHaveLength(1);
  expect(complaintsOf('app.tsx', right.replace('answer.total', 'answer.sum'))).toHaveLength(1);
  const vue = `import type {} from './vue.d.ts'; import type { GlobalComponents } from 'vue';
    export const props: InstanceType<GlobalComponents['era-search']>['$props'] = { mode: 'inline' };`;
  expect(complaintsOf('app.ts', vue)).toEqual([]);
  expect(complaintsOf('app.ts', vue.replace('inline', 'sideways'))).toHaveLength(1);
});
