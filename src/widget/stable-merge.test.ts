import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stableMerge } from './stable-merge.ts';
import { page } from './page-hit.fixture.ts';

const pagesOf = (letters: readonly string[]): ReturnType<typeof page>[] =>
  letters.map((letter) => page(`https://site.test/${letter}`));
const pages = (letters: string): ReturnType<typeof page>[] => pagesOf(letters.split(''));
const urls = (hits: readonly { readonly url: string | null }[]): string => hits.map(({ url }) => url?.at(-1)).join('');

test('until the visitor has touched the list, the better answer replaces it', () => {
  expect(urls(stableMerge(pages('abc'), pages('cda'), false))).toBe('cda');
});

test('once it was touched, shown pages stay and new pages follow', () => {
  expect(urls(stableMerge(pages('abc'), pages('cdae'), true))).toBe('abcde');
});

test('an empty list has nothing to keep in place', () => {
  expect(urls(stableMerge([], pages('xy'), true))).toBe('xy');
});

test('a touched list keeps every page that was shown at its place, the very object, and has each page once', () => {
  const letters = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'));
  fc.assert(
    fc.property(letters, letters, (shownLetters, betterLetters) => {
      const shown = pagesOf(shownLetters);
      const merged = stableMerge(shown, pagesOf(betterLetters), true);
      shown.forEach((one, i) => expect(merged[i]).toBe(one));
      const all = new Set(shownLetters.concat(betterLetters));
      expect(urls(merged).split('').sort().join('')).toBe(Array.from(all).sort().join(''));
    }),
  );
});
