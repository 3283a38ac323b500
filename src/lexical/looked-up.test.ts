import { expect, test } from 'vitest';
import { buildKeywordIndex } from './build.ts';
import { KeywordIndex, sourceOf } from './keyword-index.ts';

test('stop words are looked up only where fewer than three other words are known', async () => {
  const texts = ['the red paint of a boat', 'the blue paint', 'of a boat', 'a lamp'];
  const documents = texts.map((text, page) => ({ title: '', headings: [], text, weight: 1, language: 'en', page }));
  const index = new KeywordIndex(sourceOf(buildKeywordIndex(documents, { partBytes: 1 })));
  const found = async (text: string): Promise<number[]> =>
    [...(await index.search(text, { prefix: false })).rows].sort();
  expect(await found('the paint of a boat')).toEqual([0, 1, 2, 3]);
  expect(await found('the red paint of a boat')).toEqual([0, 1, 2]);
  expect(await found('the unknown paint of a boat')).toEqual([0, 1, 2, 3]);
  expect((await index.search('red paint boat of')).words.map(({ typed }) => typed)).toContain('of'); // may go on
});
