// A folder whose manifest is another file of its name, of any size: it is not read whole.

import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { openCollection } from './open-collection.ts';
import { folderForTest } from './setup/folder-for-test.ts';

const read = vi.hoisted(() => [] as string[]);
vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const readFile = (path: string, ...rest: unknown[]): unknown => {
    read.push(path);
    return (real.readFile as (...args: unknown[]) => unknown)(path, ...rest);
  };
  return { ...real, readFile };
});

test('a manifest of 300 MB is refused by its length', async () => {
  const folder = folderForTest();
  const file = join(folder, 'era-search.json');
  writeFileSync(file, '{');
  truncateSync(file, 300_000_000);
  await expect(openCollection(folder)).rejects.toMatchObject({ code: 'too-large' });
  expect(read).not.toContain(file);
  truncateSync(file, 1);
  await expect(openCollection(folder)).rejects.toMatchObject({ code: 'index-format' });
  expect(read).toContain(file);
});

test('a large file is read in pieces, and a part of it is not more', async () => {
  const folder = folderForTest();
  const file = join(folder, 'era-search.json');
  writeFileSync(file, '['.repeat(5_000_000));
  await expect(openCollection(folder)).rejects.toMatchObject({ code: 'index-format' });
  expect(read).not.toContain(file);
});
