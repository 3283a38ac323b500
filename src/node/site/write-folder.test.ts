import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { expect, test } from 'vitest';
import { isEraError } from '../../errors.ts';
import { folderForTest } from '../setup/folder-for-test.ts';
import { checkOutput, replaceFolder } from './write-folder.ts';

const OLD = { 'site/out/era-search.json': 'old', 'site/out/parts/a': 'old' };

const fill =
  (text: string) =>
  (folder: string): Promise<void> => {
    writeFileSync(join(folder, 'era-search.json'), text);
    return Promise.resolve();
  };
const invalid: unknown = expect.toSatisfy((error: unknown) => isEraError(error, 'invalid-option'));

test('the new folder replaces the old one as a whole', async () => {
  const site = join(folderForTest(OLD), 'site');
  await replaceFolder(await checkOutput(join(site, 'out')), async (folder) => {
    expect(folder.startsWith(join(site, '.out-'))).toBe(true);
    expect(readFileSync(join(site, 'out/era-search.json'), 'utf8')).toBe('old');
    await fill('new')(folder);
  });
  expect(readdirSync(site)).toEqual(['out']);
  expect(readdirSync(join(site, 'out'))).toEqual(['era-search.json']);
  expect(readFileSync(join(site, 'out/era-search.json'), 'utf8')).toBe('new');
});

test('a failure in the middle leaves the old folder, no partial one, and no folder that was made on the way', async () => {
  const root = folderForTest(OLD);
  const reason = new Error('enough');
  const fail = (folder: string): Promise<void> => {
    writeFileSync(join(folder, 'half'), 'written');
    return Promise.reject(reason);
  };
  await expect(replaceFolder(join(root, 'site/out'), fail)).rejects.toBe(reason);
  expect(readdirSync(join(root, 'site'))).toEqual(['out']);
  expect(readFileSync(join(root, 'site/out/era-search.json'), 'utf8')).toBe('old');
  await expect(replaceFolder(join(root, 'not/there/out'), fail)).rejects.toBe(reason);
  expect(readdirSync(root)).toEqual(['site']);
});

test('folders with other files are never replaced, nor is a file', async () => {
  const root = folderForTest({ 'mine/index.html': 'mine', 'mine/era-search.json.txt': 'mine', file: 'mine' });
  for (const path of ['mine', 'file', 'file/out', 'file/deep/out'])
    await expect(checkOutput(join(root, path))).rejects.toEqual(invalid);
  for (const path of ['file', 'file/out'])
    await expect(replaceFolder(join(root, path), fill('new'))).rejects.toEqual(invalid);
  // Changes between the check and the end of the run.
  const steal = (): Promise<void> => {
    mkdirSync(join(root, 'late'));
    writeFileSync(join(root, 'late/index.html'), 'mine');
    return Promise.resolve();
  };
  await expect(replaceFolder(await checkOutput(join(root, 'late')), steal)).rejects.toEqual(invalid);
  expect(readdirSync(join(root, 'late'))).toEqual(['index.html']);
  expect(readdirSync(root).sort()).toEqual(['file', 'late', 'mine']);
});

test('an empty folder is taken, and a link is followed', async () => {
  const root = folderForTest();
  mkdirSync(join(root, 'real'));
  symlinkSync(join(root, 'real'), join(root, 'link'));
  await replaceFolder(await checkOutput(join(root, 'link')), fill('new'));
  expect(readdirSync(root).sort()).toEqual(['link', 'real']);
  expect(readFileSync(join(root, 'link/era-search.json'), 'utf8')).toBe('new');
});

test('leftovers of killed runs are removed; a folder that a running process fills is not', async () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const left = `site/.out-${dead}-0123abcd.unfinished/half`;
  const forgotten = `site/.out-${process.pid}-0123abcd.unfinished/half`;
  const others = [
    `site/.out-${process.ppid}-0123abcd.unfinished`,
    `site/.other-${dead}-0123abcd.unfinished`,
    'site/.out-notes',
  ];
  const root = folderForTest({
    ...OLD,
    [left]: '',
    [forgotten]: '',
    ...Object.fromEntries(others.map((name) => [`${name}/mine`, ''])),
  });
  const site = join(root, 'site');
  let other: Promise<void> | undefined;
  await replaceFolder(join(site, 'out'), async (folder) => {
    expect(
      readdirSync(site)
        .filter((name) => name.startsWith('.'))
        .sort(),
    ).toEqual([...others.map((name) => name.slice(5)), folder.slice(site.length + 1)].sort());
    other = replaceFolder(join(site, 'out'), fill('other'));
    await other;
    expect(existsSync(folder)).toBe(true);
    await fill('new')(folder);
  });
  expect(readFileSync(join(site, 'out/era-search.json'), 'utf8')).toBe('new');
  expect(readdirSync(site).sort()).toEqual([...others.map((name) => name.slice(5)), 'out'].sort());
});

test('a run killed between the two renames: the old folder is restored', async () => {
  const dead = spawnSync(process.execPath, ['-e', '']).pid;
  const root = folderForTest({
    [`.out-${dead}-0123abcd.old/era-search.json`]: 'old',
    [`.out-${dead}-0123abcd.unfinished/era-search.json`]: 'new',
  });
  await expect(replaceFolder(join(root, 'out'), () => Promise.reject(new Error('enough')))).rejects.toThrow('enough');
  expect(readdirSync(root)).toEqual(['out']);
  expect(readFileSync(join(root, 'out/era-search.json'), 'utf8')).toBe('old');
});
