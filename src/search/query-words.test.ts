import { expect, test } from 'vitest';
import { standardAnalyzer } from '../analysis/standard-analyzer.ts';
import { queryWords } from './query-words.ts';

test.each<[string, readonly string[]]>([
  ['undo a commit', []],
  ['How do I undo?', ['undo', 'how', 'do', 'i']],
  ['My branch is lost. Which command finds lost branches?', ['command', 'finds', 'branches', 'lost']],
  ['版は? 次', ['版は']],
  ['見つけますか？次です。', ['見つけますか']],
  ['one two three\nfour five six?', ['four', 'five', 'six']],
  ['node.js? yes', ['node.js']],
  ['', []],
])('words of the question in “%s”', (text, asked) => {
  const words = queryWords(text, standardAnalyzer);
  const found = words.filter(({ isAsked }) => isAsked).map(({ term }) => term);
  const terms = asked.flatMap((word) => standardAnalyzer.tokens(word).map(({ term }) => term));
  expect(terms).toEqual(expect.arrayContaining(found));
  expect(found.length > 0).toBe(asked.length > 0);
});

test('has the words of the whole text, in order', () => {
  for (const text of ['undo a commit', 'a file: where is it? in open_file.v2', 'x;y. z'])
    expect(queryWords(text, { ...standardAnalyzer, isStopWord: () => false }).map(({ term }) => term)).toEqual(
      standardAnalyzer.tokens(text).map(({ term }) => term),
    );
});
