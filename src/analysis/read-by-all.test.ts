import fc from 'fast-check';
import { expect, test } from 'vitest';
import { termsOf, type Analyzer, type Token } from './analyzer.ts';
import { readByAll } from './read-by-all.ts';
import { standardAnalyzer } from './standard-analyzer.ts';

/** Cuts every run without spaces after each `width` letters, whatever other analyzers treat as a word. */
function cutter(width: number): Analyzer {
  const tokens = (text: string): Token[] =>
    Array.from(text.matchAll(new RegExp(`[a-z]{1,${String(width)}}`, 'g')), ({ 0: piece, index }) => ({
      term: piece,
      start: index,
      end: index + piece.length,
      parts: [],
      forms: [`${piece}!q${String(width)}`],
    }));
  return { name: 'cutter', version: 1, language: '', tokens, isStopWord: (term) => term.length < width };
}

test('a single analyzer is returned unchanged', () => {
  expect(readByAll([standardAnalyzer])).toBe(standardAnalyzer);
});

test('a word that all cut alike has the forms of all; differently cut words of others are its parts', () => {
  const { tokens } = readByAll([standardAnalyzer, cutter(3), cutter(6)]);
  expect(tokens('abc').map(({ term, forms, parts }) => ({ term, forms, parts }))).toEqual([
    { term: 'abc', forms: ['abc!q3', 'abc!q6'], parts: [] },
  ]);
  expect(tokens('abcde').flatMap(({ parts }) => parts)).toMatchObject([
    { term: 'abc', start: 0, end: 3, forms: ['abc!q3'] },
    { term: 'de', start: 3, end: 5, forms: ['de!q3'] },
  ]);
});

test('the words of each analyzer are found, in any order of analyzers', () => {
  const analyzers = [standardAnalyzer, cutter(2), cutter(5)];
  const text = fc.string({ unit: fc.constantFrom(...Array.from('abA. -é東')), maxLength: 40 });
  const found = (of: Analyzer, in_: string): string[] =>
    termsOf(of, in_).flatMap(({ term, forms = [] }) => [term, ...forms]);
  const property = fc.property(text, (one) => {
    const alone = new Set(analyzers.flatMap((analyzer) => found(analyzer, one)));
    for (const order of [analyzers, analyzers.toReversed()])
      expect(new Set(found(readByAll(order), one))).toEqual(alone);
  });
  fc.assert(property, { numRuns: 500 });
});
