import { expect, test } from 'vitest';
import { standardAnalyzer } from '../../analysis/standard-analyzer.ts';
import { sampleSentences, type CutPassage } from './sample-sentences.ts';

const passage = (text: string, language = 'en'): Omit<CutPassage, 'words'> => ({
  text,
  analyzer: standardAnalyzer,
  language,
});
const textsOf = (passages: Parameters<typeof sampleSentences>[0], most = 100): string[] =>
  sampleSentences(passages, most).map(({ text }) => text);

const numbered = (from: number, end: number): Omit<CutPassage, 'words'>[] =>
  Array.from({ length: end - from }, (_, i) =>
    passage(`Chapter ${from + i}\nThe first thing of ${from + i} is here. A second thing of ${from + i} follows it.`),
  );

test('are distinct sentences of some words, with their words', () => {
  const long = Array.from({ length: 61 }, (_, i) => `word${i}`).join(' ');
  const found = sampleSentences(
    [
      passage('Gears\nShifting is loud on some days. Too short. The cable has been stretched!'),
      passage(`Shifting is loud on some days. ${long}.`),
    ],
    100,
  );
  expect(found.map(({ text }) => text).sort()).toEqual([
    'Shifting is loud on some days.',
    'The cable has been stretched!',
  ]);
  expect(found[0]!.words.length).toBeGreaterThan(3);
});

test('a passage of one sentence has none: it is read as a passage', () => {
  expect(textsOf([passage('Shifting is loud on some days.')])).toEqual([]);
});

test('are at most as many as wanted, nearly the same for a collection that changes a little', () => {
  const before = textsOf(numbered(0, 100), 50);
  const after = textsOf([...numbered(90, 103), ...numbered(0, 90)], 50);
  expect(before).toHaveLength(50);
  expect(after.filter((text) => before.includes(text)).length).toBeGreaterThan(40);
  expect(textsOf(numbered(0, 100), 50)).toEqual(before);
});

test('sentences of Japanese end without a space', () => {
  const found = textsOf([passage('今日はとても良い天気です。明日も晴れるでしょう。', 'ja')]);
  expect(found.length).toBe(2);
});
