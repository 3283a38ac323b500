import fc from 'fast-check';
import { expect, test } from 'vitest';
import { globMatcher } from './glob.ts';

test.each<[string, string, boolean]>([
  ['guide/**', 'guide/install.html', true],
  ['guide/**', 'guide/', true],
  ['guide/**', 'guide', false],
  ['guide/*', 'guide/a/b.html', false],
  ['*.html', 'a.html', true],
  ['*.html', 'b/a.html', false],
  ['**/*.html', 'a.html', true],
  ['**/old/*', 'a/b/old/c', true],
  ['**/old/*', 'bold/c', false],
  ['a/**/b', 'a/b', true],
  ['a/**/b', 'a/x/y/b', true],
  ['a/**/b', 'a/xb', false],
  ['v?/x', 'v1/x', true],
  ['v?x', 'v/x', false],
  ['a.b', 'axb', false],
  ['', '', true],
  ['*', '', true],
])('“%s” and “%s”', (glob, path, isMatch) => {
  expect(globMatcher(glob)(path)).toBe(isMatch);
});

test('as the regular expression that the glob stands for', () => {
  const piece = fc.constantFrom('a', 'b', '/', '*', '?', '/**/', '/**');
  const letter = fc.constantFrom('a', 'b', '/');
  const property = fc.property(
    fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('').replace(/\*{2,}(?!\/|$)|(?<=[^/])\*{2,}/g, '*')),
    fc.array(letter, { maxLength: 10 }).map((letters) => letters.join('')),
    (glob, path) => {
      const regexp = glob
        .match(/(?<=^|\/)\*\*\/|\*\*|[\s\S]/g)
        ?.map((sign) => ({ '**/': '(?:.*/)?', '**': '.*', '*': '[^/]*', '?': '[^/]' })[sign] ?? sign)
        .join('');
      expect(globMatcher(glob)(path), `${glob} ${path}`).toBe(new RegExp(`^(?:${regexp ?? ''})$`).test(path));
    },
  );
  fc.assert(property, { numRuns: 20_000 });
});

test('many signs take no long time', () => {
  expect(globMatcher(`${'*a'.repeat(400)}b`)('a'.repeat(1000))).toBe(false);
  expect(globMatcher(`${'**/a/'.repeat(200)}b`)('a/'.repeat(500))).toBe(false);
});
