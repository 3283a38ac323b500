// Installs the dependencies when they are missing or differ from the lockfile. npm's own record of its installation
// (node_modules/.package-lock.json, written last) is the stamp.

import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import process from 'node:process';
import { readJson } from './read-json.mjs';
import { runTool } from './run-tool.mjs';
import { SetupError } from './setup-error.mjs';
import { step } from './step.mjs';

/**
 * @typedef {{ packages: Record<string, { version?: string, integrity?: string, optional?: boolean }> }} Lockfile
 */

/**
 * @param {Lockfile} wanted package-lock.json
 * @param {Lockfile} installed node_modules/.package-lock.json
 * @returns {boolean} whether every package is installed in the wanted version; those for other platforms may be absent
 */
export function isInstalled(wanted, installed) {
  return Object.entries(wanted.packages).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true; // the project itself
    const found = installed.packages[path];
    return found ? found.version === version && found.integrity === integrity : optional === true;
  });
}

/**
 * @param {string} root
 * @returns {string | null} why an install is needed; null when it is not
 */
export function installReason(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return 'dependencies are not installed';
  const wanted = /** @type {Lockfile} */ (readJson(join(root, 'package-lock.json')));
  const installed = /** @type {Lockfile} */ (readJson(record));
  return isInstalled(wanted, installed) ? null : 'package-lock.json changed since the last install';
}

/**
 * The npm command: the npm that runs this script where there is one.
 * @param {Record<string, string | undefined>} env
 * @param {string} platform
 * @returns {[command: string, ...args: string[]]}
 */
export function npmCommand(env, platform) {
  const path = env['npm_execpath'];
  if (path !== undefined && /^npm-cli\.c?js$/.test(basename(path))) return [process.execPath, path];
  return [platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/**
 * @param {import('./script.mjs').Script} script
 * @throws SetupError `install-failed`
 */
export async function install({ root, say, signal }) {
  const reason = installReason(root);
  if (reason === null) return;
  const [command, ...args] = npmCommand(process.env, process.platform);
  const { code } = await step(
    say,
    'Installing dependencies with npm ci',
    () =>
      runTool(command, [...args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'], {
        cwd: root,
        signal,
        // for npm before 11.16, which does not know package.json's allowScripts
        env: { ONNXRUNTIME_NODE_INSTALL: 'skip' },
      }),
    ` (several hundred packages into node_modules, about a minute): ${reason}`,
  );
  if (code !== 0)
    throw new SetupError(
      'install-failed',
      `npm ci failed with code ${code}. Read its messages above; behind a proxy or a mirror, set npm's registry first.`,
    );
}
