import { expect, test } from 'vitest';
import { queryInput } from './adapter.ts';

const local = Float32Array.of(1, 2, 3, 4);
const remote = Float32Array.of(10, 20, 30, 40, 50, 60);
const code = (expected: string): Error => expect.objectContaining({ code: expected }) as Error;

test('the joint path puts the local vector first, query by query', () => {
  expect([...queryInput({ local, remote }, 'both', 2)]).toEqual([1, 2, 10, 20, 30, 3, 4, 40, 50, 60]);
});

test('the other paths take their own vector only', () => {
  expect([...queryInput({ local, remote }, 'local', 2)]).toEqual([...local]);
  expect([...queryInput({ local: null, remote }, 'remote', 2)]).toEqual([...remote]);
});

test('a vector that is missing or cut is an error', () => {
  expect(() => queryInput({ local: null, remote }, 'both', 2)).toThrow(code('no-encoder'));
  expect(() => queryInput({ local, remote: null }, 'remote', 2)).toThrow(code('network'));
  expect(() => queryInput({ local, remote }, 'both', 4)).toThrow(code('dimension-mismatch'));
});
