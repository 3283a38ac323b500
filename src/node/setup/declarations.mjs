// Writes dist/types, and dist/types-before-5.7 for older compilers: the declarations of every export of package.json that has types of its own, and those that they
// import.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import process from 'node:process';
import { readJson } from './read-json.mjs';
import { runTool, toolPath } from './run-tool.mjs';
import { SetupError } from './setup-error.mjs';
import { hashInputs, makeOnce } from './stamp.mjs';

const INPUTS = ['src', 'tsconfig.json', 'package.json', 'package-lock.json'];
const WRITTEN = './dist/types/';
/** TypeScript before 5.7 has no generic typed arrays: `Float32Array` is there what `Float32Array<ArrayBuffer>` is now. */
const OLDER = 'dist/types-before-5.7';

/**
 * @typedef {object} PackageJson
 * @property {string} version
 * @property {Record<string, string | { types?: string, 'types@<5.7'?: string, import?: string }>} exports
 * @property {Record<string, string>} dependencies
 * @property {Record<string, string>} devDependencies
 */

/**
 * The sources of the exports whose declarations are written, relative to the root.
 * @param {PackageJson} packageJson
 * @returns {{ name: string, source: string }[]} `name` as in `exports`
 */
export function typedSources({ exports }) {
  return Object.entries(exports).flatMap(([name, target]) => {
    const types = typeof target === 'string' ? undefined : target.types;
    if (types?.startsWith(WRITTEN) !== true) return [];
    return [{ name, source: types.slice(WRITTEN.length).replace(/\.d\.ts$/, '.ts') }];
  });
}

/**
 * The compiler's projects of the exports: those for Node see Node's types, those for pages the DOM's.
 * @param {PackageJson} packageJson
 * @returns {{ base: string, sources: string[] }[]} `base`: the tsconfig that each extends
 */
export function exportProjects(packageJson) {
  const sources = typedSources(packageJson).map(({ source }) => source);
  return [
    { base: 'tsconfig.json', sources: sources.filter((path) => !path.startsWith('src/node/')) },
    { base: 'src/node/tsconfig.json', sources: sources.filter((path) => path.startsWith('src/node/')) },
  ];
}

/**
 * Writes dist/types, and the same for older compilers, unless it is there and nothing changed that goes into it.
 * @param {import('./script.mjs').Script} script
 * @throws SetupError `build-failed`
 */
export async function writeDeclarations({ root, say, signal }) {
  const packageJson = /** @type {PackageJson} */ (readJson(join(root, 'package.json')));
  const folder = join(root, 'dist/types');
  const stamp = {
    stampFile: join(root, 'dist/types.stamp'),
    result: join(folder, 'src/index.d.ts'),
    hash: hashInputs(root, INPUTS, (path) => !/\.test\.ts$/.test(path)),
  };
  await makeOnce(stamp, async () => {
    say('Writing the types of the package.');
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(join(root, 'dist'), { recursive: true });
    for (const [i, { base, sources }] of exportProjects(packageJson).entries()) {
      const project = join(root, 'dist', `types-${String(i)}.tsconfig.json`);
      const config = {
        extends: `../${base}`,
        compilerOptions: {
          noEmit: false,
          declaration: true,
          emitDeclarationOnly: true,
          rootDir: '..',
          outDir: 'types',
        },
        files: sources.map((path) => `../${path}`),
        include: [],
      };
      writeFileSync(project, JSON.stringify(config));
      const { code, output } = await runTool(process.execPath, [toolPath(root, 'typescript', 'tsc'), '-p', project], {
        cwd: root,
        signal,
        capture: true,
      });
      rmSync(project);
      if (code !== 0)
        throw new SetupError(
          'build-failed',
          `${output.trim()}\n\nWriting the types of ${sources.join(', ')} failed with code ${code}: see above.`,
        );
    }
    keepReached(
      folder,
      typedSources(packageJson).map(({ source }) => source.replace(/\.ts$/, '.d.ts')),
    );
    writeOlder(folder, join(root, OLDER));
  });
}

/**
 * Removes all arguments of typed arrays, so that compilers from before 5.7 read the declarations too.
 * @param {string} from
 * @param {string} to
 */
function writeOlder(from, to) {
  rmSync(to, { recursive: true, force: true });
  for (const path of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.d.ts')) continue;
    mkdirSync(dirname(join(to, path)), { recursive: true });
    const text = readFileSync(join(from, path), 'utf8');
    writeFileSync(
      join(to, path),
      text.replace(/\b((?:Float|Int|Uint|BigInt|BigUint)\d+(?:Clamped)?Array)<ArrayBuffer(?:Like)?>/g, '$1'),
    );
  }
}

/**
 * Removes the declarations that nobody who imports an entry comes to: the compiler writes one of every module that the
 * code uses.
 * @param {string} folder
 * @param {readonly string[]} entries paths below it
 */
function keepReached(folder, entries) {
  const reached = new Set(entries);
  for (const path of reached) {
    const text = readFileSync(join(folder, path), 'utf8');
    for (const [, address] of text.matchAll(/\b(?:from|import)\s*\(?\s*['"](\.[^'"]+)\.ts['"]/g))
      reached.add(join(dirname(path), `${address}.d.ts`).replaceAll('\\', '/'));
  }
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !reached.has(relative(folder, path).replaceAll('\\', '/'))) rmSync(path);
  }
}
