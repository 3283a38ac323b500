import { join } from 'node:path';
import { expect, test } from 'vitest';
import { enginePlaces, findFirefox, findWebKit, type EnginePlaces } from './find-engines.mjs';
import { folderForTest } from './folder-for-test.ts';

const nowhere: EnginePlaces = { env: {}, firefoxPlaces: [], libraries: [] };

test('FIREFOX_PATH comes before PATH, and PATH before the usual places', () => {
  const onPath = folderForTest({ firefox: '' }, 0o755);
  const usual = join(folderForTest({ firefox: '' }, 0o755), 'firefox');
  const places = { ...nowhere, firefoxPlaces: [usual] };
  expect(findFirefox({ ...places, env: { PATH: onPath, FIREFOX_PATH: '/absent/firefox' } })).toBe('/absent/firefox');
  expect(findFirefox({ ...places, env: { PATH: onPath } })).toBe(join(onPath, 'firefox'));
  expect(findFirefox(places)).toBe(usual);
  expect(findFirefox(nowhere)).toBeNull();
});

test('WebKitGTK is its driver on PATH with a browser below the libraries, the newest first; what is missing is named', () => {
  const onPath = folderForTest({ WebKitWebDriver: '', Xvfb: '', 'dbus-run-session': '' }, 0o755);
  const libraries = folderForTest(
    {
      'some-linux-gnu/webkit2gtk-4.0/MiniBrowser': '',
      'some-linux-gnu/webkit2gtk-4.1/MiniBrowser': '',
      'some-linux-gnu/webkit-notes': '',
      'other/webkit2gtk-9.9/MiniBrowser': '',
    },
    0o755,
  );
  expect(findWebKit({ ...nowhere, env: { PATH: onPath }, libraries: [libraries] })).toEqual({
    programs: {
      driver: join(onPath, 'WebKitWebDriver'),
      browser: join(libraries, 'some-linux-gnu/webkit2gtk-4.1/MiniBrowser'),
      display: join(onPath, 'Xvfb'),
      bus: join(onPath, 'dbus-run-session'),
    },
  });
  const withoutDisplay = folderForTest({ WebKitWebDriver: '' }, 0o755);
  expect(findWebKit({ ...nowhere, env: { PATH: withoutDisplay } })).toEqual({
    missing: ['MiniBrowser', 'Xvfb', 'dbus-run-session'],
  });
});

test('the search on this machine ends, with or without them', () => {
  const places = enginePlaces();
  expect(findFirefox(places)).toSatisfy((path) => path === null || typeof path === 'string');
  expect(findWebKit(places)).toSatisfy((found: object) => 'programs' in found || 'missing' in found);
});
