import { expect, test } from 'vitest';
import { readBase } from './base-part.ts';
import { buildKeywordIndex, roundedLength } from './build.ts';
import type { KeywordDocument } from './keyword-document.ts';
import { KeywordIndex, sourceOf } from './keyword-index.ts';

function document(text: string, page: number): KeywordDocument {
  return { title: '', headings: [], text, language: '', page, weight: 1 };
}

test('a part is named by the shortest beginning that parts it from the terms before', async () => {
  const terms = ['abacus', 'abax', 'abaya', '𐐨𐐨', '𐐨𐐩'];
  const parts = buildKeywordIndex(terms.map(document), { partBytes: 1 });
  expect(parts.terms.map(({ first }) => first)).toEqual(['a', 'abax', 'abay', '𐐨', '𐐨𐐩']);
  const index = new KeywordIndex(sourceOf(parts));
  for (const [page, term] of terms.entries()) expect((await index.search(term)).rows[0]).toBe(page);
  expect([...(await index.search('aba')).rows].sort()).toEqual([0, 1, 2]);
});

test('lengths of fields may be kept to four significant bits', () => {
  const [lengths, rounded] = [
    [0, 1, 15, 16, 17, 33, 34, 100, 127, 1000],
    [0, 1, 15, 16, 18, 32, 36, 104, 128, 1024],
  ];
  expect(lengths.map(roundedLength)).toEqual(rounded);
  const text = Array.from({ length: 33 }, (_, i) => `word${String(i)}`).join(' ');
  const lengthIn = (roundLengths: boolean): number | undefined =>
    readBase(buildKeywordIndex([document(text, 0)], { roundLengths }).base).lengths.at(-1);
  expect([lengthIn(false), lengthIn(true)]).toEqual([33, 32]);
});
