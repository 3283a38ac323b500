import { afterEach, expect, test, vi } from 'vitest';
import { RecentSearches } from './recent-searches.ts';

afterEach(() => vi.unstubAllGlobals());

/** A stand-in for a browser's storage: text by key. */
function storage(): Map<string, string> & { getItem: unknown } {
  const kept = new Map<string, string>();
  const api = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  };
  vi.stubGlobal('localStorage', api);
  return Object.assign(kept, api);
}

test('newest first, each once, no more than wanted, and there again on the next page', () => {
  storage();
  const recent = new RecentSearches('a');
  for (const query of ['one', 'two', ' one ', 'three', '  ']) recent.add(query, 2);
  expect(recent.list(5)).toEqual(['three', 'one']);
  expect(new RecentSearches('a').list(1)).toEqual(['three']);
  expect(new RecentSearches('b').list(5)).toEqual([]);
});

test('what is asked again moves to the front and is there once', () => {
  storage();
  const recent = new RecentSearches('a');
  for (const query of ['one', 'two', 'one']) recent.add(query, 5);
  expect(recent.list(5)).toEqual(['one', 'two']);
});

test('a removed query leaves nothing behind', () => {
  const kept = storage();
  const recent = new RecentSearches('a');
  recent.add('one', 5);
  recent.remove('one');
  expect(recent.list(5)).toEqual([]);
  expect(kept.size).toBe(0);
});

test('zero keeps nothing', () => {
  const kept = storage();
  new RecentSearches('a').add('one', 0);
  expect(kept.size).toBe(0);
});

test('where the browser stores nothing, the list lasts as long as the page', () => {
  vi.stubGlobal('localStorage', {
    getItem: () => {
      throw new Error('forbidden');
    },
    setItem: () => {
      throw new Error('forbidden');
    },
  });
  const recent = new RecentSearches('a');
  recent.add('one', 5);
  expect(recent.list(5)).toEqual(['one']);
});

test.each(['{', '7', '{"length":3}', '[1,null]'])(
  'a stored value that is not a list of texts is ignored: %s',
  (text) => {
    storage().set('era-search:recent:a', text);
    expect(new RecentSearches('a').list(5)).toEqual([]);
  },
);
