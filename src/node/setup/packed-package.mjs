// The package as npm would publish it, made of the builds that are there: its files, and what each export weighs.

import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import process from 'node:process';
import { gzipSync } from 'node:zlib';
import { unpack } from '@publint/pack';
import { npmCommand } from './install.mjs';
import { runTool } from './run-tool.mjs';
import { SetupError } from './setup-error.mjs';

/** Path in the package, with `/` → bytes. @typedef {ReadonlyMap<string, Uint8Array>} PackedFiles */

/** What the package holds and `npm test` or `npm pack` has made before. */
const BUILT = ['dist/lib/era-search.js', 'dist/site/era-search.js', 'dist/node/index.js', 'dist/types/src/index.d.ts'];

/** From this size on docs/package.md says why a file is there. */
export const HEAVY_BYTES = 400_000;

/**
 * Packs the tree as it is: nothing is built.
 * @param {string} root
 * @param {string} folder where the file is put
 * @param {AbortSignal} signal
 * @returns {Promise<string>} path of the tarball
 * @throws SetupError `build-failed` where a build is missing or npm fails
 */
export async function packTree(root, folder, signal) {
  const missing = BUILT.filter((file) => !existsSync(join(root, file)));
  if (missing.length > 0)
    throw new SetupError(
      'build-failed',
      `${missing.join(', ')} is missing: run "npm pack" or "npm test", which build.`,
    );
  const [command, ...args] = npmCommand(process.env, process.platform);
  const { code, output } = await runTool(
    command,
    [...args, 'pack', '--ignore-scripts', '--loglevel=error', '--pack-destination', folder],
    { cwd: root, signal, capture: true },
  );
  const name = output.trim().split('\n').at(-1) ?? '';
  if (code !== 0 || !existsSync(join(folder, name)))
    throw new SetupError('build-failed', `${output.trim()}\n\nnpm pack failed with code ${code}: see above.`);
  return join(folder, name);
}

/**
 * @param {string} tarball path
 * @returns {Promise<PackedFiles>}
 */
export async function readTarball(tarball) {
  const { files, rootDir } = await unpack(new Uint8Array(readFileSync(tarball)));
  return new Map(files.map(({ name, data }) => [posix.relative(rootDir, name), data]));
}

/**
 * A file and all that it imports before it runs, declarations included; dynamic imports are left out.
 * @param {(path: string) => string} read
 * @param {string} path
 * @param {Set<string>} [seen] what is known already, and added to
 * @returns {Set<string>} paths, `path` first
 */
export function withStaticImports(read, path, seen = /** @type {Set<string>} */ (new Set())) {
  if (seen.has(path)) return seen;
  seen.add(path);
  if (!/\.(?:m?js|ts)$/.test(path)) return seen;
  for (const [, address] of read(path).matchAll(/(?:^|[;}\n])(?:import|export)\b[^;"'`()]*?["'](\.[^"']+)["']/g)) {
    const file = posix.join(posix.dirname(path), address ?? '');
    withStaticImports(read, path.endsWith('.d.ts') ? file.replace(/(?<!\.d)\.ts$/, '.d.ts') : file, seen);
  }
  return seen;
}

/**
 * @typedef {object} Weight
 * @property {string} name
 * @property {number} files
 * @property {number} bytes
 * @property {number} gzip each file compressed by itself, as a server sends it
 */

/**
 * @param {string} name
 * @param {readonly Uint8Array[]} contents
 * @returns {Weight}
 */
const weigh = (name, contents) => ({
  name,
  files: contents.length,
  bytes: contents.reduce((sum, { byteLength }) => sum + byteLength, 0),
  gzip: contents.reduce((sum, content) => sum + gzipSync(content).length, 0),
});

/**
 * What an export loads at once: its file and everything of this package that it imports before it runs. One that has
 * types alone weighs these.
 * @param {PackedFiles} files
 * @param {import('./declarations.mjs').PackageJson['exports']} exports
 * @returns {Weight[]} `name` as one imports it
 */
export function exportWeights(files, exports) {
  /** @param {string} path */
  const contentOf = (path) => {
    const content = files.get(path);
    if (content === undefined) throw new Error(`The package has no ${path}, which an export needs.`);
    return content;
  };
  return Object.entries(exports).map(([name, target]) => {
    const path = typeof target === 'string' ? target : (target.import ?? target.types ?? '');
    const loaded = withStaticImports((file) => Buffer.from(contentOf(file)).toString(), posix.normalize(path));
    return weigh(posix.join('era-search', name), [...loaded].map(contentOf));
  });
}

/**
 * @param {PackedFiles} files
 * @returns {Weight[]} by bytes, the heaviest first; `name` is `dist/lib` and the like, or a folder of the root, or
 *   `(root)`
 */
export function folderWeights(files) {
  /** @type {Map<string, Uint8Array[]>} */
  const folders = new Map();
  for (const [path, content] of files) {
    const parts = path.split('/');
    const name =
      parts.length === 1 ? '(root)' : parts.slice(0, parts[0] === 'src' ? 1 : Math.min(2, parts.length - 1)).join('/');
    folders.set(name, [...(folders.get(name) ?? []), content]);
  }
  return [...folders].map(([name, contents]) => weigh(name, contents)).sort((a, b) => b.bytes - a.bytes);
}

/**
 * @param {PackedFiles} files
 * @param {number} least bytes
 * @returns {Weight[]} the heaviest first; the hash in a name is `*`
 */
export function heavyFiles(files, least) {
  return [...files]
    .filter(([, { byteLength }]) => byteLength >= least)
    .map(([path, content]) => weigh(path.replace(/-[\w-]{8}(?=\.\w+$)/, '-*'), [content]))
    .sort((a, b) => b.bytes - a.bytes);
}

/**
 * Rows of a Markdown table, without its head: name, files, bytes, gzip bytes.
 * @param {readonly Weight[]} weights
 */
export function tableRows(weights) {
  return weights.map(
    ({ name, files, bytes, gzip }) =>
      `| \`${name}\` | ${[files, bytes, gzip].map((number) => number.toLocaleString('en')).join(' | ')} |`,
  );
}
