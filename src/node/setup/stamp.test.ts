import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isBuildInput } from './build.mjs';
import { folderForTest } from './folder-for-test.ts';
import { hashInputs, makeOnce } from './stamp.mjs';

const tree = () => folderForTest({ 'src/a.ts': 'a', 'src/deep/b.ts': 'b', 'src/a.test.ts': 't', 'lock.json': '{}' });
const inputs = ['src', 'lock.json', 'absent'];

test('the hash depends on names and bytes of the inputs, not on their folder', () => {
  const first = tree();
  expect(hashInputs(tree(), inputs)).toBe(hashInputs(first, inputs));
  const before = hashInputs(first, inputs);
  renameSync(join(first, 'src/a.ts'), join(first, 'src/c.ts'));
  const renamed = hashInputs(first, inputs);
  expect(renamed).not.toBe(before);
  writeFileSync(join(first, 'src/c.ts'), 'A');
  expect(hashInputs(first, inputs)).not.toBe(renamed);
});

test('bytes that move from one file to the next change the hash', () => {
  expect(hashInputs(folderForTest({ a: 'xy', b: 'z' }), ['a', 'b'])).not.toBe(
    hashInputs(folderForTest({ a: 'x', b: 'yz' }), ['a', 'b']),
  );
});

test('other files do not count', () => {
  const root = tree();
  const isInput = (path: string) => isBuildInput('node', path);
  const before = hashInputs(root, inputs, isInput);
  rmSync(join(root, 'src/a.test.ts'));
  expect(hashInputs(root, inputs, isInput)).toBe(before);
});

test('each build leaves out the sources of the others', () => {
  expect(isBuildInput('playground', 'src/node/cli.ts')).toBe(false);
  expect(isBuildInput('node', 'src/workbench/playground.ts')).toBe(false);
  expect(isBuildInput('node', 'src/encode/encoder.ts')).toBe(true);
  expect(isBuildInput('library', 'workers/encoder.worker.ts')).toBe(true);
});

test('a result is made once, and again when its inputs changed or it is gone', async () => {
  const root = folderForTest();
  const result = join(root, 'out.txt');
  const make = (): Promise<void> => {
    writeFileSync(result, 'made');
    return Promise.resolve();
  };
  const stamp = { stampFile: join(root, 'dist/out.stamp'), result, hash: 'one' };
  expect(await makeOnce(stamp, make)).toBe(true);
  expect(await makeOnce(stamp, make)).toBe(false);
  expect(await makeOnce({ ...stamp, hash: 'two' }, make)).toBe(true);
  rmSync(result);
  expect(await makeOnce({ ...stamp, hash: 'two' }, make)).toBe(true);
});

test('a run that fails leaves no stamp, so that the next one makes it again', async () => {
  const root = folderForTest({ 'out.txt': 'old' });
  const stamp = { stampFile: join(root, 'out.stamp'), result: join(root, 'out.txt'), hash: 'one' };
  await makeOnce(stamp, () => Promise.resolve());
  expect(existsSync(stamp.stampFile)).toBe(true);
  await expect(makeOnce({ ...stamp, hash: 'two' }, () => Promise.reject(new Error('broke')))).rejects.toThrow('broke');
  expect(existsSync(stamp.stampFile)).toBe(false);
});
