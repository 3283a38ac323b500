import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TRAIL_SEPARATOR } from '../format/site.ts';
import { cutPassages, type CutOptions, type CutPassage, type TextSection } from './cut-passages.ts';

/** Counts words and signs like a tokenizer; words longer than eight letters are several tokens. */
function countTokens(text: string): number {
  return (text.match(/[\p{L}\p{N}_]+|[^\s\p{L}\p{N}_]/gu) ?? []).reduce(
    (sum, word) => sum + Math.ceil(word.length / 8),
    0,
  );
}

const options = (more: Partial<CutOptions> = {}): CutOptions => ({
  title: 'Guide',
  countTokens,
  maxTokens: 40,
  language: 'en',
  ...more,
});
const section = (blocks: string[], headings: string[] = [], anchor = ''): TextSection => ({
  headings,
  anchor,
  blocks: blocks.map((text) => ({ text, weight: 1 })),
});
const sentence = (i: number): string => `This is the sentence with the number ${i}.`;
const full = (title: string, { headings, text }: CutPassage): number =>
  countTokens([title, ...headings].join(TRAIL_SEPARATOR)) + countTokens(text);

test('what fits stays together, block by block', () => {
  expect(cutPassages([section(['One.', 'x = 1\ny = 2', 'Two.'], ['A'], 'a')], options())).toEqual([
    { headings: ['A'], anchor: 'a', text: 'One.\nx = 1\ny = 2\nTwo.', weight: 1 },
  ]);
});

test('sections are never mixed, however short they are', () => {
  const cut = cutPassages([section(['One.'], ['A'], 'a'), section(['Two.'], ['B'], 'b')], options());
  expect(cut.map(({ anchor, text }) => [anchor, text])).toEqual([
    ['a', 'One.'],
    ['b', 'Two.'],
  ]);
});

test('a long block is cut between sentences, and the last sentence is repeated', () => {
  const cut = cutPassages(
    [section([Array.from({ length: 12 }, (_, i) => sentence(i)).join(' ')])],
    options({ maxTokens: 70 }),
  );
  expect(cut.length).toBeGreaterThan(1);
  for (const { text } of cut) expect(text).toMatch(/^This is .*\.$/);
  for (const [i, { text }] of cut.slice(1).entries())
    expect(cut[i]!.text.endsWith(text.slice(0, text.indexOf('.') + 1))).toBe(true);
});

test('passages are of about the same size: no small rest at the end', () => {
  const cut = cutPassages([section(Array.from({ length: 41 }, (_, i) => sentence(i)))], options({ maxTokens: 100 }));
  const sizes = cut.map(({ text }) => countTokens(text));
  expect(Math.min(...sizes)).toBeGreaterThan(Math.max(...sizes) / 2);
});

test('sentences end as the language ends them', () => {
  const cut = cutPassages(
    [section(['これは文です。'.repeat(30)])],
    options({ title: '', language: 'ja', countTokens: (text) => text.length }),
  );
  for (const { text } of cut) expect(text).toMatch(/^(これは文です。\s?)+$/);
});

test('an unknown language is no error', () => {
  expect(cutPassages([section(['One. Two.'.repeat(40)])], options({ language: '%%' })).length).toBeGreaterThan(1);
});

test('a word without end is cut hard', () => {
  const cut = cutPassages([section(['x'.repeat(5000)])], options());
  expect(cut.map(({ text }) => text).join('')).toBe('x'.repeat(5000));
  for (const passage of cut) expect(full('Guide', passage)).toBeLessThanOrEqual(40);
});

test('data that is one unknown token is cut all the same', () => {
  const cut = cutPassages([section(['x'.repeat(100_000)])], options({ countTokens: (text) => text.split(' ').length }));
  expect(Math.max(...cut.map(({ text }) => text.length))).toBeLessThan(1000);
});

test('weights are kept apart', () => {
  const cut = cutPassages(
    [
      {
        headings: [],
        anchor: '',
        blocks: [
          { text: 'a', weight: 1 },
          { text: 'b', weight: 4 },
          { text: 'c', weight: 4 },
          { text: 'd', weight: 1 },
        ],
      },
    ],
    options(),
  );
  expect(cut.map(({ text, weight }) => [text, weight])).toEqual([
    ['a', 1],
    ['b\nc', 4],
    ['d', 1],
  ]);
});

test('a heading without text gets a passage, unless it is above others', () => {
  const cut = cutPassages(
    [section([], ['A'], 'a'), section(['One.'], ['A', 'B'], 'b'), section([], ['C'], 'c')],
    options(),
  );
  expect(cut.map(({ anchor, text }) => [anchor, text])).toEqual([
    ['b', 'One.'],
    ['c', 'C'],
  ]);
});

test('a page with only a title gets a passage; an empty page gets none', () => {
  expect(cutPassages([], options()).map(({ text }) => text)).toEqual(['Guide']);
  expect(cutPassages([section([])], options({ title: '' }))).toEqual([]);
});

test('headings that leave no room are dropped, outer ones first', () => {
  const [passage] = cutPassages(
    [section(['One.'], [sentence(1), sentence(2), 'Inner'], 'a')],
    options({ maxTokens: 24 }),
  );
  expect(passage?.headings).toEqual([sentence(2), 'Inner'].slice(-passage!.headings.length));
  expect(passage?.headings.at(-1)).toBe('Inner');
  expect(full('Guide', passage!)).toBeLessThanOrEqual(24);
});

/** All characters differ, so that its cut is no overlap. */
const LONG_WORD = String.fromCodePoint(...Array.from({ length: 300 }, (_, i) => 0x4e00 + i));
const words = fc.array(
  fc.oneof(fc.stringMatching(/^[a-z]{1,12}$/), fc.constantFrom('end.', 'why?', '句。', 'naïve', '😀', LONG_WORD)),
  { minLength: 1, maxLength: 120 },
);
const sections = fc.array(
  fc.record({
    headings: fc.array(fc.constantFrom('A', 'B', 'A long heading of words'), { maxLength: 3 }),
    blocks: fc.array(words, { maxLength: 4 }),
  }),
  { maxLength: 4 },
);

test('every passage fits, nothing is lost, order is kept, and the result is reproducible', () => {
  fc.assert(
    fc.property(sections, fc.integer({ min: 16, max: 80 }), (made, maxTokens) => {
      let n = 0;
      // All words differ, so that repeated words can be distinguished from lost ones.
      const page = made.map(({ headings, blocks }, i) =>
        section(
          blocks.map((block) => block.map((word) => `${word}_${n++}`).join(' ')),
          headings,
          `s${i}`,
        ),
      );
      const cut = cutPassages(page, options({ title: 'T', maxTokens }));
      for (const passage of cut) expect(full('T', passage)).toBeLessThanOrEqual(maxTokens);
      for (const { anchor, blocks } of page) {
        const own = cut.filter((passage) => passage.anchor === anchor).map(({ text }) => text);
        if (blocks.length > 0)
          expect(withoutOverlap(own)).toBe(
            blocks
              .map(({ text }) => text)
              .join('')
              .replace(/\s/g, ''),
          );
      }
      expect(cutPassages(page, options({ title: 'T', maxTokens }))).toEqual(cut);
    }),
  );
});

/** Joins the texts, each without the overlap with the one before; white space is ignored. */
function withoutOverlap(texts: readonly string[]): string {
  return texts.reduce((whole, text) => {
    const next = text.replace(/\s/g, '');
    let length = Math.min(whole.length, next.length);
    while (length > 0 && !whole.endsWith(next.slice(0, length))) length--;
    return whole + next.slice(length);
  }, '');
}
