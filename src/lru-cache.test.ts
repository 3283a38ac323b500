import { expect, test } from 'vitest';
import { LruCache } from './lru-cache.ts';

test('drops the least recently used entry first', () => {
  const cache = new LruCache<string, number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  expect(cache.get('a')).toBe(1);
  cache.set('c', 3);
  expect([cache.has('a'), cache.has('b'), cache.has('c')]).toEqual([true, false, true]);
  cache.set('a', 4);
  cache.set('d', 5);
  expect([cache.get('a'), cache.get('c'), cache.get('d'), cache.size]).toEqual([4, undefined, 5, 2]);
});

test('asking whether an entry exists does not count as a use', () => {
  const cache = new LruCache<string, number>(2);
  cache.set('a', 1);
  cache.set('b', 2);
  expect(cache.has('a')).toBe(true);
  cache.set('c', 3);
  expect(cache.has('a')).toBe(false);
});

test('keeps nothing with a capacity of 0', () => {
  const cache = new LruCache<string, number>(0);
  cache.set('a', 1);
  expect([cache.size, cache.get('a')]).toEqual([0, undefined]);
});
