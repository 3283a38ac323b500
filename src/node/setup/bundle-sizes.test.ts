// Limits on the gzip bytes that a site's visitors download, and strings that the builds must not contain. Reads the
// builds, never makes them: npm test has made them; alone, run "npx vite build --mode library" and "--mode site" first.

import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { withStaticImports } from './packed-package.mjs';
import { repositoryRoot } from './script.mjs';

interface Ceiling {
  /** A file of the build; a pattern where its name has a hash. */
  readonly file: RegExp;
  /**
   * Limit in gzip bytes of the file and everything that it imports statically: about a tenth above the size when this
   * was written.
   */
  readonly most: number;
}

/** The files that a visitor's browser loads, and when. */
const CEILINGS: Readonly<Record<'lib' | 'site', Readonly<Record<string, Ceiling>>>> = {
  /** Not minified, since the site's own build does that. */
  lib: {
    'engine (at once)': { file: /^era-search\.js$/, most: 56_600 },
    'search worker (first search)': { file: /^assets\/search\.worker-.*\.js$/, most: 104_200 },
    'encoder worker (model in the page)': { file: /^assets\/encoder\.worker-.*\.js$/, most: 280_000 },
    'trainer worker (training)': { file: /^assets\/trainer\.worker-.*\.js$/, most: 36_000 },
    'ERA and tfjs (training by ERA)': { file: /^assets\/page-trainer-.*\.js$/, most: 100_000 },
  },
  site: {
    'element (at once)': { file: /^era-search\.js$/, most: 52_600 },
    'search worker (first search)': { file: /^assets\/search\.worker-.*\.js$/, most: 57_200 },
    'for the service worker (where a site has one)': { file: /^offline\.js$/, most: 6_100 },
    'encoder worker (model in the page)': { file: /^assets\/encoder\.worker-.*\.js$/, most: 176_000 },
    'runtime for WASM (model in the page)': { file: /^assets\/ort-wasm-simd-threaded-.*\.bin$/, most: 4_050_000 },
    'runtime for WebGPU (where it is used)': { file: /^assets\/ort-.*asyncify-.*\.bin$/, most: 7_350_000 },
    'trainer worker (training)': { file: /^assets\/trainer\.worker-.*\.js$/, most: 20_600 },
    'ERA and tfjs (training by ERA)': { file: /^assets\/page-trainer-.*\.js$/, most: 56_000 },
    "owner's page": { file: /^assets\/playground-.*\.js$/, most: 75_200 },
    "charts (owner's page, once there is something to draw)": { file: /^assets\/plots-.*\.js$/, most: 97_500 },
  },
};

/**
 * Strings that code in a page must not contain; exceptions name the file of a dependency, how often, and the
 * dependency.
 */
const FORBIDDEN: readonly {
  readonly what: string;
  readonly pattern: RegExp;
  readonly but?: readonly { readonly file: RegExp; readonly times: number; readonly whose: string }[];
}[] = [
  // lit makes its templates this way, from the literal parts of our source alone and under the policy
  // (trusted-types.ts); nothing calls selection.html of d3.
  {
    what: 'innerHTML',
    pattern: /\.innerHTML\s*=[^=]/g,
    but: [
      { file: /^(assets\/)?(era-search|playground)[^/]*\.js$/, times: 1, whose: 'lit' },
      { file: /^assets\/plot-[^/]*\.js$/, times: 3, whose: 'd3-selection' },
    ],
  },
  { what: 'outerHTML', pattern: /\.outerHTML\s*=[^=]/g },
  { what: 'insertAdjacentHTML', pattern: /insertAdjacentHTML/g },
  { what: 'document.write', pattern: /document\.write/g },
  { what: 'eval', pattern: /(?<![\w$.])eval\s*\(/g },
  // A binding for C++ classes, of which this runtime has none: it is never called, and a strict CSP forbids it.
  {
    what: 'new Function',
    pattern: /(?<![\w$.])Function\s*\(/g,
    but: [{ file: /\/ort[.-][^/]*\.js$/, times: 1, whose: 'onnxruntime' }],
  },
  { what: 'a Node module', pattern: /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)["'`]node:/g },
];

function filesOf(build: 'lib' | 'site'): { folder: string; names: string[] } {
  const folder = join(repositoryRoot, 'dist', build);
  if (!existsSync(join(folder, 'era-search.js'))) {
    throw new Error(
      `dist/${build} is not built: run "npx vite build --mode ${build === 'lib' ? 'library' : 'site'}", or "npm test", which does.`,
    );
  }
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => name.replaceAll('\\', '/'));
  return { folder, names };
}

/** The file and all that it imports before it runs. */
const loadedWith = (folder: string, name: string): Set<string> =>
  withStaticImports((path) => readFileSync(join(folder, path), 'utf8'), name);

const gzipBytes = (path: string): number => gzipSync(readFileSync(path)).length;

describe.each(['lib', 'site'] as const)('dist/%s', (build) => {
  const { folder, names } = filesOf(build);

  test('every entry point and worker stays below its limit', () => {
    const rows = Object.entries(CEILINGS[build]).map(([what, { file, most }]) => {
      const found = names.filter((name) => file.test(name));
      expect(found, what).toHaveLength(1);
      const loaded = [...loadedWith(folder, found[0]!)];
      return {
        what,
        files: loaded.length,
        most,
        bytes: loaded.reduce((sum, name) => sum + gzipBytes(join(folder, name)), 0),
      };
    });
    console.log(
      rows
        .map(
          ({ what, files, bytes, most }) =>
            `${build}  ${what.padEnd(45)} ${String(bytes).padStart(9)} of ${String(most).padStart(9)} gzip bytes, files: ${String(files)}`,
        )
        .join('\n'),
    );
    for (const { what, bytes, most } of rows) expect(bytes, what).toBeLessThanOrEqual(most);
  });

  test.each(FORBIDDEN)('its code has no $what', ({ pattern, but }) => {
    for (const name of names.filter((file) => /\.m?js$/.test(file))) {
      const times = [...readFileSync(join(folder, name), 'utf8').matchAll(pattern)].length;
      expect(times, name).toBeLessThanOrEqual(but?.find(({ file }) => file.test(name))?.times ?? 0);
    }
  });
});

test('a site is given no file whose extension a common host does not know', () => {
  const { folder, names } = filesOf('site');
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  const extensions = new Set(files.map((name) => extname(name)));
  expect([...extensions].sort()).toEqual(['.bin', '.css', '.html', '.js', '.json', '.svg']);
});

test('static imports are followed, dynamic ones and strings are not', () => {
  const { folder, names } = filesOf('site');
  const era = names.find((name) => /page-trainer-/.test(name))!;
  expect([...loadedWith(folder, era)].some((name) => /trainer\.worker-/.test(name))).toBe(true);
  const trainer = names.find((name) => /trainer\.worker-/.test(name))!;
  expect([...loadedWith(folder, trainer)].some((name) => /page-trainer-|tfjs|dist-/.test(name))).toBe(false); // tfjs is loaded with ERA, on demand
  const search = names.find((name) => /search\.worker-/.test(name))!;
  expect([...loadedWith(folder, search)].some((name) => /webgpu/.test(name))).toBe(false);
});
