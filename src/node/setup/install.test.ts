import { readFileSync } from 'node:fs';
import process from 'node:process';
import { expect, test } from 'vitest';
import { folderForTest } from './folder-for-test.ts';
import { installReason, isInstalled, npmCommand } from './install.mjs';
import { repositoryRoot } from './script.mjs';

const wanted = {
  packages: {
    '': { version: '0.1.0' },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/a-linux': { version: '1.0.0', integrity: 'sha512-l', optional: true },
  },
};

test('packages for other platforms may be absent, all others must have the version and content of the lockfile', () => {
  const a = { version: '1.0.0', integrity: 'sha512-a' };
  expect(isInstalled(wanted, { packages: { 'node_modules/a': a } })).toBe(true);
  expect(isInstalled(wanted, { packages: {} })).toBe(false);
  expect(isInstalled(wanted, { packages: { 'node_modules/a': { ...a, version: '1.0.1' } } })).toBe(false);
  expect(isInstalled(wanted, { packages: { 'node_modules/a': { ...a, integrity: 'sha512-x' } } })).toBe(false);
  expect(isInstalled(wanted, { packages: { 'node_modules/a': a, 'node_modules/a-linux': { version: '0.9.0' } } })).toBe(
    false,
  );
});

test('an install is due where node_modules is missing or was cut short, and not where it is complete', () => {
  const lock = JSON.stringify(wanted);
  expect(installReason(folderForTest({ 'package-lock.json': lock }))).not.toBeNull();
  expect(
    installReason(folderForTest({ 'package-lock.json': lock, 'node_modules/a/package.json': '{}' })),
  ).not.toBeNull();
  expect(
    installReason(folderForTest({ 'package-lock.json': lock, 'node_modules/.package-lock.json': lock })),
  ).toBeNull();
});

test("npm's own record of this very install is understood", () => {
  expect(installReason(repositoryRoot)).toBeNull();
  expect(readFileSync(`${repositoryRoot}/package-lock.json`, 'utf8')).not.toMatch(/"resolved": *"https?:/);
});

test('the npm that runs the script is used; another package manager is not taken for it', () => {
  expect(npmCommand({ npm_execpath: '/lib/npm/bin/npm-cli.js' }, 'linux')).toEqual([
    process.execPath,
    '/lib/npm/bin/npm-cli.js',
  ]);
  expect(npmCommand({ npm_execpath: '/lib/yarn.js' }, 'linux')).toEqual(['npm']);
  expect(npmCommand({}, 'win32')).toEqual(['npm.cmd']);
});
