import { expect, test } from 'vitest';
import { EraError } from '../src/errors.ts';
import { openMemoryStore } from '../src/store/memory.ts';
import { keepScanChoice, readScanChoice } from './scan-choice.ts';

test('a choice is kept under its collection until another one takes its place', async () => {
  const store = openMemoryStore();
  expect(await readScanChoice(store, 'a')).toBeNull();
  const slow = { where: 'here', reason: 'A query takes 9.0 ms there and 4.0 ms here.' };
  const fast = { where: 'here', reason: null };
  await keepScanChoice(store, 'a', slow);
  await keepScanChoice(store, 'b', fast);
  expect(await readScanChoice(store, 'a')).toEqual(slow);
  expect(await readScanChoice(store, 'b')).toEqual(fast);
  await keepScanChoice(store, 'a', fast);
  expect(await readScanChoice(store, 'a')).toEqual(fast);
  await keepScanChoice(store, 'a', null);
  expect(await readScanChoice(store, 'a')).toBeNull();
});

test('a store that fails is as one without a choice', async () => {
  const fail = (): Promise<never> => Promise.reject(new EraError('storage', 'It is full.'));
  const store = { ...openMemoryStore(), stat: fail, write: fail, remove: fail };
  await keepScanChoice(store, 'a', { where: 'here', reason: null });
  await keepScanChoice(store, 'a', null);
  expect(await readScanChoice(store, 'a')).toBeNull();
});
