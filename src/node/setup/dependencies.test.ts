// docs/dependencies.md against package.json: every dependency has a row with its weight, and none is left over.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { PackageJson } from './declarations.mjs';
import { readJson } from './read-json.mjs';
import { repositoryRoot as root } from './script.mjs';

const packageJson = readJson(join(root, 'package.json')) as PackageJson;
const document = readFileSync(join(root, 'docs/dependencies.md'), 'utf8');

interface Row {
  readonly name: string;
  readonly megabytes: number;
  readonly reason: string;
}

function rowsBelow(heading: string): Row[] {
  const section = document.split(/^## /m).find((part) => part.startsWith(`${heading}\n`)) ?? '';
  return Array.from(section.matchAll(/^\| `([^`]+)` \| ([\d.]+) \| (.+) \|$/gm), ([, name, megabytes, reason]) => ({
    name: name!,
    megabytes: Number(megabytes),
    reason: reason!,
  }));
}

/** Bytes of a package without those that it depends on. */
function bytesOf(folder: string): number {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => name !== 'node_modules')
    .map((entry) => join(folder, entry.name))
    .reduce((sum, path) => {
      const found = statSync(path);
      return sum + (found.isDirectory() ? bytesOf(path) : found.size);
    }, 0);
}

test.each([
  ['Runtime', packageJson.dependencies],
  ['Development', packageJson.devDependencies],
] as const)('the table “%s” has a row for each dependency, in order, and no other', (heading, dependencies) => {
  const rows = rowsBelow(heading);
  expect(rows.map(({ name }) => name)).toEqual(Object.keys(dependencies).sort());
  expect(new Set(rows.map(({ reason }) => reason)).size).toBe(rows.length);
});

test.each([...rowsBelow('Runtime'), ...rowsBelow('Development')])(
  '$name weighs what is said, to a fifth or 50 kB',
  ({ name, megabytes }) => {
    const found = bytesOf(join(root, 'node_modules', name)) / 1e6;
    expect(Math.abs(found - megabytes), `${found.toFixed(2)} MB`).toBeLessThan(Math.max(0.05, found / 5));
  },
);

test('versions are exact', () => {
  const versions = [...Object.values(packageJson.dependencies), ...Object.values(packageJson.devDependencies)];
  expect(versions.filter((version) => !/^(?:npm:[\w@/.-]+@)?\d+\.\d+\.\d+(?:-[\w.-]+)?$/.test(version))).toEqual([]);
});
