// The four builds, each made only when one of its inputs has changed. vite.config.ts defines them.

import { join } from 'node:path';
import process from 'node:process';
import { runTool, toolPath } from './run-tool.mjs';
import { SetupError } from './setup-error.mjs';
import { hashInputs, makeOnce } from './stamp.mjs';
import { step } from './step.mjs';

const INPUTS = ['src', 'workers', 'vite.config.ts', 'package.json', 'package-lock.json'];

const BUILDS = {
  playground: {
    title: 'playground',
    folder: 'dist/playground',
    file: 'index.html',
    without: ['src/node/', 'src/site/'],
  },
  node: {
    title: 'command line and server',
    folder: 'dist/node',
    file: 'cli.js',
    without: ['src/workbench/', 'src/site/', 'src/widget/', 'src/node/setup/'],
  },
  library: {
    title: 'library',
    folder: 'dist/lib',
    file: 'era-search.js',
    without: ['src/node/', 'src/workbench/', 'src/site/', 'src/widget/'],
  },
  site: { title: 'search element', folder: 'dist/site', file: 'era-search.js', without: ['src/node/'] },
};

/** @typedef {keyof typeof BUILDS} BuildName */

/**
 * @param {BuildName} name
 * @param {string} path
 */
export function isBuildInput(name, path) {
  return !/\.test\.ts$/.test(path) && !BUILDS[name].without.some((folder) => path.startsWith(folder));
}

/**
 * @param {BuildName} name
 * @param {import('./script.mjs').Script} script
 * @throws SetupError `build-failed`
 */
export async function build(name, { root, say, signal }) {
  const { title, folder, file } = BUILDS[name];
  const stamp = {
    stampFile: join(root, 'dist', `${name}.stamp`),
    result: join(root, folder, file),
    hash: hashInputs(root, INPUTS, (path) => isBuildInput(name, path)),
  };
  await makeOnce(stamp, async () => {
    const args = [toolPath(root, 'vite'), 'build', '--mode', name, '--logLevel', 'warn'];
    const { code, output } = await step(say, `Building the ${title}`, () =>
      runTool(process.execPath, args, { cwd: root, signal, capture: true }),
    );
    if (code !== 0)
      throw new SetupError(
        'build-failed',
        `${output.trim()}\n\nBuilding the ${title} failed with code ${code}: see above.`,
      );
  });
}
