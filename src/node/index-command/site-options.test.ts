import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isEraError } from '../../errors.ts';
import { folderForTest } from '../setup/folder-for-test.ts';
import { CONFIG_FILE, readSiteOptions, SITE_OPTIONS, variableOf, type SiteCommandOptions } from './site-options.ts';

function read(args: readonly string[], env: Record<string, string> = {}, cwd = '/nowhere'): SiteCommandOptions {
  return readSiteOptions(args, { cwd, env });
}

/** The option that the error names; null where there is no error. */
function refused(args: readonly string[], env: Record<string, string> = {}, cwd = '/nowhere'): string | null {
  try {
    read(args, env, cwd);
  } catch (error) {
    if (isEraError(error, 'invalid-option')) return error.message;
    throw error;
  }
  return null;
}

const config = (value: unknown): string =>
  folderForTest({ [CONFIG_FILE]: typeof value === 'string' ? value : JSON.stringify(value) });

test('a flag goes before a variable, a variable before the file, the file before the default', () => {
  const cwd = config({ site: 'c', glob: 'c', 'output-subdir': 'c' });
  const env = { ERA_SEARCH_SITE: 'e', ERA_SEARCH_GLOB: 'e' };
  const { site, glob, model, 'output-subdir': subdir } = read(['--site', 'f'], env, cwd);
  expect([site, glob, subdir, model]).toEqual([join(cwd, 'f'), 'e', 'c', undefined]);
});

test('every option can be given by each of the three sources with the same meaning', () => {
  for (const [name, { kind }] of Object.entries(SITE_OPTIONS)) {
    if (name === 'config') continue;
    const text = { whole: '7', json: '{"maxRetries":1}' }[kind as string] ?? 'some';
    const value = {
      flag: true,
      whole: 7,
      texts: ['some'],
      paths: ['some'],
      text: 'some',
      path: 'some',
      json: { maxRetries: 1 },
    }[kind];
    const cwd = config({ [name]: value });
    const fromFile = read([], {}, cwd);
    expect(fromFile).not.toEqual(read([], {}, '/nowhere'));
    writeFileSync(join(cwd, CONFIG_FILE), '{}');
    expect(read([`--${name}`, ...(kind === 'flag' ? [] : [text])], {}, cwd)).toEqual(fromFile);
    expect(read([], { [variableOf(name)]: kind === 'flag' ? '1' : text }, cwd)).toEqual(fromFile);
  }
});

test('lists: repeated flags, variables with commas; a list of selectors is one selector', () => {
  expect(read(['--url', 'https://a.example/', '--url', 'https://b.example/']).url).toEqual([
    'https://a.example/',
    'https://b.example/',
  ]);
  expect(read([], { ERA_SEARCH_URL: 'https://a.example/, https://b.example/\n' }).url).toEqual([
    'https://a.example/',
    'https://b.example/',
  ]);
  expect(read([], { ERA_SEARCH_EXCLUDE_SELECTORS: '.a, :is(b, c)' })['exclude-selectors']).toEqual(['.a, :is(b, c)']);
});

test('paths of a file are relative to that file, however it is named', () => {
  const cwd = folderForTest({ 'deep/era.json': '{"site":"public","adapter":["one.safetensors"]}' });
  mkdirSync(join(cwd, 'elsewhere'));
  for (const options of [
    read(['--config', 'deep/era.json'], {}, cwd),
    read([], { ERA_SEARCH_CONFIG: '../deep/era.json' }, join(cwd, 'elsewhere')),
  ]) {
    expect([options.site, options.adapter]).toEqual([join(cwd, 'deep/public'), [join(cwd, 'deep/one.safetensors')]]);
  }
});

test('wrong options are refused with their name and source', () => {
  expect(refused([], {}, config({ sight: 'x' }))).toContain('sight');
  expect(refused([], {}, config({ config: 'x' }))).toContain('config');
  expect(refused([], {}, config({ 'no-vectors': 'yes' }))).toContain('“no-vectors” in /');
  expect(refused([], { ERA_SEARCH_NO_VECTORS: 'yes' })).toContain('ERA_SEARCH_NO_VECTORS');
  expect(refused(['--site', ''])).toContain('--site');
  expect(refused(['--query-dimensions', '1.5'])).toContain('--query-dimensions');
  for (const bad of [
    { site: 7 },
    { url: ['x', 7] },
    { adapter: [''] },
    { 'query-dimensions': 0 },
    { quiet: null },
    [],
    'null',
    '{',
    '',
  ])
    expect(refused([], {}, config(bad))).not.toBeNull();
  expect(refused(['--config', 'absent.json'])).toContain('absent.json');
  expect(() => read(['--sight', 'x'])).toThrow(TypeError);
  expect(refused([], { ERA_SEARCH_SITE: '', ERA_SEARCH_QUIET: '' })).toBeNull();
});
