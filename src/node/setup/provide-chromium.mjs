// Finds a Chromium that starts, and installs one where there is none: Playwright's own, else, as root, the system's.

import { existsSync } from 'node:fs';
import process from 'node:process';
import { chromiumCandidates, playwrightCandidates, thisMachine, tryChromium } from './find-chromium.mjs';
import { runTool, toolPath } from './run-tool.mjs';
import { SetupError } from './setup-error.mjs';

/** Package managers that offer a Chromium, each with its commands. */
const SYSTEM = [
  {
    manager: '/usr/bin/apt-get',
    commands: [
      ['apt-get', 'update'],
      ['apt-get', 'install', '-y', 'chromium'],
    ],
  },
  { manager: '/sbin/apk', commands: [['apk', 'add', '--no-cache', 'chromium']] },
  { manager: '/usr/bin/dnf', commands: [['dnf', 'install', '-y', 'chromium']] },
];

/**
 * @param {import('./script.mjs').Script} script
 * @returns {Promise<string>} path of a browser that has started once
 * @throws SetupError `no-chromium`
 */
export async function provideChromium(script) {
  const { say, signal } = script;
  const machine = thisMachine();
  /** @type {string[]} */
  const refused = [];
  /** @param {string[]} paths */
  const firstThatStarts = async (paths) => {
    for (const path of paths) {
      const result = await tryChromium(path, signal);
      if ('version' in result) {
        say(`Browser: ${result.version} (${path})`);
        return path;
      }
      refused.push(`${path}: ${result.problem}`);
      say(`Not used: ${path}: ${result.problem}`);
    }
    return null;
  };

  const found = await firstThatStarts(chromiumCandidates(machine));
  if (found !== null) return found;
  if (machine.env['CHROMIUM_PATH'])
    throw new SetupError(
      'no-chromium',
      `CHROMIUM_PATH names a browser that does not start:\n  ${refused.join('\n  ')}`,
    );

  await installPlaywrights(script);
  const downloaded = await firstThatStarts(playwrightCandidates(machine));
  if (downloaded !== null) return downloaded;

  if (await installSystems(script)) {
    const installed = await firstThatStarts(chromiumCandidates(machine));
    if (installed !== null) return installed;
  }
  throw new SetupError(
    'no-chromium',
    [
      'The tests need a Chromium, and none could be found or installed.',
      ...refused.map((line) => `  ${line}`),
      'Install Chromium or Chrome, or name one: CHROMIUM_PATH=/path/to/chromium npm test',
    ].join('\n'),
  );
}

/** @param {import('./script.mjs').Script} script */
async function installPlaywrights({ root, say, signal }) {
  say(
    "No Chromium on this machine. Installing Playwright's (about 180 MB, into its cache in your home folder): playwright install chromium",
  );
  const { code } = await runTool(process.execPath, [toolPath(root, 'playwright'), 'install', 'chromium'], {
    cwd: root,
    signal,
    timeoutMs: 10 * 60_000,
  });
  if (code !== 0) say("Playwright's Chromium could not be downloaded.");
}

/**
 * @param {import('./script.mjs').Script} script
 * @returns {Promise<boolean>} whether something was installed
 */
async function installSystems({ root, say, signal }) {
  const system = SYSTEM.find(({ manager }) => existsSync(manager));
  if (!system) return false;
  if (process.getuid?.() !== 0) {
    say(`As root, this would install it: ${system.commands.map((command) => command.join(' ')).join(' && ')}`);
    return false;
  }
  for (const [command = '', ...args] of system.commands) {
    say(`Installing Chromium with the system's package manager: ${command} ${args.join(' ')}`);
    const { code } = await runTool(command, args, { cwd: root, signal, env: { DEBIAN_FRONTEND: 'noninteractive' } });
    if (code !== 0) {
      say(`${command} failed with code ${code}.`);
      return false;
    }
  }
  return true;
}
