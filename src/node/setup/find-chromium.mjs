// Finds the Chromium programs on this machine, in the order in which they are tried, and checks whether one starts.

import { accessSync, constants, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { runTool } from './run-tool.mjs';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/opt/google/chrome/chrome',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const IN_PLAYWRIGHT_FOLDER = [
  'chrome-linux64/chrome',
  'chrome-linux/chrome',
  'chrome-mac-arm64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'chrome-mac-x64/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
  'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  'chrome-win64/chrome.exe',
  'chrome-win/chrome.exe',
];

/** Limit in milliseconds for a browser to start, on a slow machine. */
const START_TIMEOUT_MS = 60_000;

/**
 * @typedef {object} Machine
 * @property {Record<string, string | undefined>} env
 * @property {string} home
 * @property {string} platform
 * @property {readonly string[]} usualPlaces
 */

/** @returns {Machine} */
export function thisMachine() {
  return { env: process.env, home: homedir(), platform: process.platform, usualPlaces: USUAL_PLACES };
}

/**
 * Existing programs, best first: CHROMIUM_PATH alone where it is set; else those on PATH, in the usual places, in
 * Playwright's cache.
 * @param {Machine} machine
 * @returns {string[]}
 */
export function chromiumCandidates(machine) {
  const chosen = machine.env['CHROMIUM_PATH'];
  if (chosen) return [chosen];
  const folders = (machine.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
  return [...new Set([...onPath, ...machine.usualPlaces, ...playwrightCandidates(machine)])].filter(isProgram);
}

/**
 * @param {Machine} machine
 * @returns {string[]} newest first
 */
export function playwrightCandidates({ env, home, platform }) {
  const folder = env['PLAYWRIGHT_BROWSERS_PATH'] || playwrightFolder(env, home, platform);
  if (!existsSync(folder)) return [];
  const revision = (/** @type {string} */ name) => Number(name.split('-')[1]);
  const builds = readdirSync(folder)
    .filter((name) => /^chromium-\d+$/.test(name))
    .sort((a, b) => revision(b) - revision(a));
  return builds.flatMap((name) => IN_PLAYWRIGHT_FOLDER.map((file) => join(folder, name, file))).filter(isProgram);
}

/**
 * @param {Machine['env']} env
 * @param {string} home
 * @param {string} platform
 */
function playwrightFolder(env, home, platform) {
  if (platform === 'darwin') return join(home, 'Library/Caches/ms-playwright');
  if (platform === 'win32') return join(env['LOCALAPPDATA'] ?? join(home, 'AppData/Local'), 'ms-playwright');
  return join(env['XDG_CACHE_HOME'] ?? join(home, '.cache'), 'ms-playwright');
}

/** @param {string} path */
export function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/**
 * Starts the browser on a page with one word and reads the word back.
 * @param {string} path
 * @param {AbortSignal} signal
 * @returns {Promise<{ version: string } | { problem: string }>}
 */
export async function tryChromium(path, signal) {
  const profile = mkdtempSync(join(tmpdir(), 'era-search-chromium-'));
  try {
    const options = { cwd: profile, signal, capture: true, timeoutMs: START_TIMEOUT_MS };
    const { output: version } = await runTool(path, ['--version'], options);
    const flags = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--no-first-run',
      `--user-data-dir=${profile}`,
    ];
    const { code, output } = await runTool(path, [...flags, '--dump-dom', 'data:text/html,<p>ready</p>'], options);
    if (code === 0 && output.includes('<p>ready</p>')) return { version: version.trim().split('\n').at(-1) ?? '' };
    const lastLine = `${version}\n${output}`.trim().split('\n').at(-1) ?? '';
    return { problem: `it does not start (code ${code}): ${lastLine.slice(0, 300)}` };
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
