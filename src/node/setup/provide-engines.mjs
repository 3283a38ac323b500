// Finds the browsers besides Chromium in which the flows run, and installs what is missing where it can: as root, with
// the system's package manager. A browser that cannot be had is said, and fails nothing.

import { existsSync } from 'node:fs';
import process from 'node:process';
import { enginePlaces, findFirefox, findWebKit } from './find-engines.mjs';
import { runTool } from './run-tool.mjs';

/** @typedef {'firefox' | 'webkit'} EngineName */

/** Package managers, and the packages that have an engine with its driver. */
const SYSTEM = [
  {
    manager: '/usr/bin/apt-get',
    install: ['apt-get', 'install', '-y', '--no-install-recommends'],
    update: ['apt-get', 'update'],
    packages: { firefox: ['firefox-esr'], webkit: ['webkit2gtk-driver', 'xvfb', 'dbus'] },
  },
  {
    manager: '/usr/bin/dnf',
    install: ['dnf', 'install', '-y'],
    update: null,
    packages: { firefox: ['firefox'], webkit: ['webkit2gtk-driver', 'xorg-x11-server-Xvfb', 'dbus-daemon'] },
  },
];

/**
 * @param {import('./script.mjs').Script} script
 * @returns {Promise<{ found: EngineName[], absent: string[] }>} `absent` says of each other why it is not run
 */
export async function provideEngines(script) {
  const wanted = /** @type {const} */ (['firefox', 'webkit']);
  let missing = missingOf(wanted);
  if (missing.length > 0 && (await installPackages(missing, script))) missing = missingOf(wanted);
  return {
    found: wanted.filter((name) => !missing.some((each) => each.name === name)),
    absent: missing.map(({ name, programs }) => `${TITLES[name]} was not run: ${programs.join(', ')} not found.`),
  };
}

/** @type {Record<EngineName, string>} */
const TITLES = { firefox: 'Firefox', webkit: 'WebKitGTK' };

/**
 * @param {readonly EngineName[]} wanted
 * @returns {{ name: EngineName, programs: string[] }[]} those that are not here, with the programs that they lack
 */
function missingOf(wanted) {
  const places = enginePlaces();
  return wanted.flatMap(
    /** @returns {{ name: EngineName, programs: string[] }[]} */ (name) => {
      if (name === 'firefox') return findFirefox(places) === null ? [{ name, programs: ['firefox'] }] : [];
      const found = findWebKit(places);
      return 'missing' in found ? [{ name, programs: found.missing }] : [];
    },
  );
}

/**
 * @param {readonly { name: EngineName }[]} engines
 * @param {import('./script.mjs').Script} script
 * @returns {Promise<boolean>} whether something was installed
 */
async function installPackages(engines, { root, say, signal }) {
  const system = SYSTEM.find(({ manager }) => existsSync(manager));
  if (!system) return false;
  const install = [...system.install, ...engines.flatMap(({ name }) => system.packages[name])];
  if (process.getuid?.() !== 0) {
    say(`As root, this would install the other browsers: ${install.join(' ')}`);
    return false;
  }
  for (const [command = '', ...args] of [...(system.update ? [system.update] : []), install]) {
    say(`Installing browsers with the system's package manager: ${command} ${args.join(' ')}`);
    const { code } = await runTool(command, args, { cwd: root, signal, env: { DEBIAN_FRONTEND: 'noninteractive' } });
    if (code !== 0) {
      say(`${command} failed with code ${code}.`);
      return false;
    }
  }
  return true;
}
