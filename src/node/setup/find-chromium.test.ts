import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { chromiumCandidates, thisMachine, tryChromium, type Machine } from './find-chromium.mjs';
import { folderForTest } from './folder-for-test.ts';

const never = new AbortController().signal;

function machine(changes: Partial<Machine>): Machine {
  return { env: {}, home: folderForTest(), platform: 'linux', usualPlaces: [], ...changes };
}

test('CHROMIUM_PATH is the only candidate where it is set, there or not', () => {
  const folder = folderForTest({ chromium: '' }, 0o755);
  expect(chromiumCandidates(machine({ env: { PATH: folder, CHROMIUM_PATH: '/absent/chrome' } }))).toEqual([
    '/absent/chrome',
  ]);
});

test('PATH comes before the usual places, those before the cache of Playwright, whose newest build comes first', () => {
  const onPath = folderForTest({ 'google-chrome': '', 'chromium-browser': '' }, 0o755);
  const usual = folderForTest({ chrome: '' }, 0o755);
  const home = folderForTest(
    {
      '.cache/ms-playwright/chromium-999/chrome-linux/chrome': '',
      '.cache/ms-playwright/chromium-1200/chrome-linux64/chrome': '',
      '.cache/ms-playwright/firefox-1500/firefox/firefox': '',
    },
    0o755,
  );
  expect(
    chromiumCandidates(
      machine({ env: { PATH: `${folderForTest()}:${onPath}` }, usualPlaces: [join(usual, 'chrome')], home }),
    ),
  ).toEqual([
    join(onPath, 'chromium-browser'),
    join(onPath, 'google-chrome'),
    join(usual, 'chrome'),
    join(home, '.cache/ms-playwright/chromium-1200/chrome-linux64/chrome'),
    join(home, '.cache/ms-playwright/chromium-999/chrome-linux/chrome'),
  ]);
});

test('PLAYWRIGHT_BROWSERS_PATH moves the cache', () => {
  const cache = folderForTest({ 'chromium-1/chrome-linux/chrome': '' }, 0o755);
  expect(chromiumCandidates(machine({ env: { PLAYWRIGHT_BROWSERS_PATH: cache } }))).toEqual([
    join(cache, 'chromium-1/chrome-linux/chrome'),
  ]);
});

test('folders and files that cannot be run are skipped, and one program is named once', () => {
  const folder = folderForTest({ 'chromium/inside': '', 'google-chrome': '' });
  const good = folderForTest({ 'google-chrome-stable': '' });
  chmodSync(join(good, 'google-chrome-stable'), 0o755);
  const place = join(good, 'google-chrome-stable');
  expect(chromiumCandidates(machine({ env: { PATH: `${folder}:${good}` }, usualPlaces: [place] }))).toEqual([place]);
});

test('a program that is not a browser is refused with its last words', async () => {
  const folder = folderForTest({ chromium: '#!/bin/sh\necho "needs the snap" >&2\nexit 3\n' }, 0o755);
  expect(await tryChromium(join(folder, 'chromium'), never)).toEqual({
    problem: 'it does not start (code 3): needs the snap',
  });
  expect(await tryChromium(join(folder, 'absent'), never)).toEqual({
    problem: expect.stringContaining('code 127') as string,
  });
});

test('a program that ends well but shows no page is refused', async () => {
  const folder = folderForTest({ chromium: '#!/bin/sh\necho "Chromium 1.0"\n' }, 0o755);
  expect(await tryChromium(join(folder, 'chromium'), never)).toHaveProperty('problem');
});

test('the browser of these tests starts and tells its version', async () => {
  const [path] = chromiumCandidates(thisMachine());
  expect(path).toBeDefined();
  expect(await tryChromium(path!, never)).toEqual({ version: expect.stringMatching(/\d+\.\d+/) as string });
});
