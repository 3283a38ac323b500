// Installs the packages of an engine into a folder of their own, outside the repository, and bundles the module of its
// page there. Each engine is bundled by itself, so that one that cannot be leaves the others alone.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'vite';
import type { EngineEntry } from './engines.ts';

const run = promisify(execFile);
const INSTALL_MS = 300_000;

/** A folder below `work` that has the packages; it is kept for the next run. */
async function installed(work: string, packages: readonly string[]): Promise<string> {
  const name = packages.length === 0 ? 'none' : packages.join('_').replaceAll(/[^a-z0-9.]+/gi, '-');
  const folder = join(work, 'packages', name);
  const done = join(folder, 'installed');
  if (existsSync(done)) return folder;
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  if (packages.length > 0) {
    const options = ['--ignore-scripts', '--no-audit', '--no-fund', '--save-exact'];
    try {
      await run('npm', ['install', ...options, ...packages], { cwd: folder, timeout: INSTALL_MS });
    } catch (error) {
      throw new Error(`npm install: ${reasonOf((error as { stderr?: string }).stderr ?? String(error))}`, {
        cause: error,
      });
    }
  }
  await writeFile(done, '');
  return folder;
}

/** The code of npm's error and its first sentence, without the address of a registry. */
function reasonOf(stderr: string): string {
  const lines = stderr
    .split('\n')
    .filter((line) => line.startsWith('npm error'))
    .map((line) => line.replace(/^npm error\s*/, ''));
  return lines
    .slice(0, 2)
    .join(', ')
    .replaceAll(/https?:\/\/[^/\s]+\//g, '');
}

/**
 * @param work folder of the benchmark
 * @returns folder of the files of the page; `page.js` is its module
 */
export async function bundle(work: string, { key, packages, code }: EngineEntry): Promise<string> {
  const root = await installed(work, packages);
  const entry = join(root, `${key}.js`);
  const outDir = join(work, 'pages', key);
  await writeFile(entry, code);
  await build({
    configFile: false,
    logLevel: 'silent',
    root,
    base: './',
    publicDir: false,
    build: {
      outDir,
      emptyOutDir: true,
      target: 'esnext',
      minify: false,
      assetsInlineLimit: 0,
      modulePreload: false,
      rolldownOptions: {
        input: entry,
        // client-vector-search loads it for texts alone
        external: ['@xenova/transformers'],
        output: { entryFileNames: 'page.js' },
      },
    },
  });
  return outDir;
}
