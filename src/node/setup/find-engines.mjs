// Finds the programs of Firefox and of WebKitGTK on this machine.

import { existsSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { isProgram } from './find-chromium.mjs';

const FIREFOX_COMMANDS = ['firefox-esr', 'firefox'];
const FIREFOX_PLACES = [
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/** What WebKitGTK takes besides its browser: its driver, a display without a screen, and a message bus. */
const WEBKIT_COMMANDS = /** @type {const} */ ({ driver: 'WebKitWebDriver', display: 'Xvfb', bus: 'dbus-run-session' });
/** The folders of libraries, which have the browser in a folder of their own, on some systems below one more. */
const LIBRARIES = ['/usr/lib', '/usr/libexec', '/usr/lib64', '/usr/local/lib', '/usr/local/libexec'];
const BROWSER = 'MiniBrowser';

/**
 * @typedef {object} EnginePlaces
 * @property {Record<string, string | undefined>} env
 * @property {readonly string[]} firefoxPlaces where Firefox is on systems that do not have it on PATH
 * @property {readonly string[]} libraries
 *
 * @typedef {{ driver: string, browser: string, display: string, bus: string }} WebKitPrograms
 */

/** @returns {EnginePlaces} */
export function enginePlaces(env = process.env) {
  return { env, firefoxPlaces: FIREFOX_PLACES, libraries: LIBRARIES };
}

/**
 * FIREFOX_PATH alone where it is set.
 * @param {EnginePlaces} places
 * @returns {string | null}
 */
export function findFirefox({ env, firefoxPlaces }) {
  const chosen = env['FIREFOX_PATH'];
  if (chosen) return chosen;
  return onPath(env, FIREFOX_COMMANDS) ?? firefoxPlaces.find(isProgram) ?? null;
}

/**
 * @param {EnginePlaces} places
 * @returns {{ programs: WebKitPrograms } | { missing: string[] }} the names of the programs that are not there
 */
export function findWebKit({ env, libraries }) {
  const driver = onPath(env, [WEBKIT_COMMANDS.driver]);
  const display = onPath(env, [WEBKIT_COMMANDS.display]);
  const bus = onPath(env, [WEBKIT_COMMANDS.bus]);
  const browser = miniBrowsers(libraries)[0] ?? null;
  if (driver !== null && display !== null && bus !== null && browser !== null)
    return { programs: { driver, browser, display, bus } };
  const all = Object.entries({
    [WEBKIT_COMMANDS.driver]: driver,
    [BROWSER]: browser,
    [WEBKIT_COMMANDS.display]: display,
    [WEBKIT_COMMANDS.bus]: bus,
  });
  return { missing: all.filter(([, path]) => path === null).map(([name]) => name) };
}

/**
 * @param {readonly string[]} libraries
 * @returns {string[]} those in folders called `webkit…`, the newest interface first
 */
function miniBrowsers(libraries) {
  const found = libraries
    .flatMap((folder) => [folder, ...foldersIn(folder, /-linux-/)])
    .flatMap((folder) =>
      foldersIn(folder, /^webkit/).flatMap((inner) => [join(inner, BROWSER), join(inner, 'libexec', BROWSER)]),
    );
  return found.filter(isProgram).sort().reverse();
}

/**
 * @param {string} folder
 * @param {RegExp} name
 */
function foldersIn(folder, name) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && name.test(entry.name))
    .map((entry) => join(folder, entry.name));
}

/**
 * @param {Record<string, string | undefined>} env
 * @param {readonly string[]} commands best first
 * @returns {string | null}
 */
function onPath(env, commands) {
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  return commands.flatMap((command) => folders.map((folder) => join(folder, command))).find(isProgram) ?? null;
}
