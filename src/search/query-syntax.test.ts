import { expect, test } from 'vitest';
import { phraseFinder } from './phrase.ts';
import { parseQuery } from './query-syntax.ts';

test.each([
  ['install it', 'install it', [], []],
  ['"request timeout"', 'request timeout', ['request timeout'], []],
  ['the “request timeout” of it', 'the request timeout of it', ['request timeout'], []],
  ['„erste Sicherung“ planen', 'erste Sicherung planen', ['erste Sicherung'], []],
  ['« sauvegarde initiale »', 'sauvegarde initiale', ['sauvegarde initiale'], []],
  ['「最初の」バックアップ', '「最初の」バックアップ', [], []],
  ['「最初の」 バックアップ', '最初の バックアップ', ['最初の'], []],
  ['backup -cloud', 'backup', [], ['cloud']],
  ['backup -"in the cloud" now', 'backup  now', [], ['in the cloud']],
  ['git commit -m', 'git commit -m', [], []],
  ['git merge --no-ff', 'git merge --no-ff', [], []],
  ['a-b c - d', 'a-b c - d', [], []],
  ['-cloud', '-cloud', [], []],
  ['-"in the cloud"', '-"in the cloud"', [], []],
  ['say "hello', 'say "hello', [], []],
  ['5" disk and 3" disk', '5" disk and 3" disk', [], []],
  ['""', '""', [], []],
  ['print("a b")\n "a b" -x', 'print("a b")\n "a b" -x', [], []],
  [
    'one two three four five six seven eight nine ten eleven "twelve thirteen"',
    'one two three four five six seven eight nine ten eleven "twelve thirteen"',
    [],
    [],
  ],
  ['" "', '" "', [], []],
])('%s', (text, words, phrases, excluded) => {
  expect(parseQuery(text)).toEqual({ words, phrases, excluded });
});

test.each([
  ['The Request\n  timeout is', 'request timeout', true],
  ['requests timeout', 'request timeout', false],
  ['a request timeouts', 'request timeout', false],
  ['request, timeout', 'request timeout', false],
  ['Café au lait', 'cafe AU lait', true],
  ['最初のバックアップ', 'バックアップ', true],
  ['merge --no-ff now', '--no-ff', true],
  ['don’t do it', "don't do", true],
  ['anything', '…', false],
])('“%s” has “%s”: %s', (text, phrase, has) => {
  expect(phraseFinder(phrase)(text)).toBe(has);
});
