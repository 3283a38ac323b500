// The contract of an analyzer: one list of tests that every one of analyzers.ts runs. The terms that it makes of
// particular words have tests of their own.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { termsOf, type Analyzer } from './analyzer.ts';
import { MAX_TERM_LENGTH } from './normalize.ts';

/** Letters of all scripts, and what programs, marks and broken text consist of. */
const TEXT = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: fc.constantFrom(...Array.from("aA.-_'’é9東ไ한ا+# \n\u{1D4D0}\u200D\uD800")) }),
);

/**
 * Describes the tests that every analyzer passes.
 * @param long letters of the longest texts: fewer where many analyzers run the list
 */
export function describeAnalyzer(analyzer: Analyzer, long = 200_000): void {
  describe(`analyzer ${analyzer.name}`, () => {
    test('its name and version fit in the manifest', () => {
      expect(analyzer.name).toMatch(/^[a-z][a-z0-9-]*$/);
      expect(Number.isInteger(analyzer.version) && analyzer.version > 0).toBe(true);
      expect(analyzer.language === '' || Intl.getCanonicalLocales(analyzer.language).length === 1).toBe(true);
    });

    test('any text gives well-formed terms within the limit, at places inside the text', () => {
      const property = fc.property(TEXT, (text) => {
        for (const { term, start, end, forms = [] } of termsOf(analyzer, text)) {
          for (const form of forms)
            expect(form.length <= MAX_TERM_LENGTH && /^[^!\p{Surrogate}\s]+![a-z][a-z0-9]*$/u.test(form), form).toBe(
              true,
            );
          expect(term.length).toBeGreaterThan(0);
          expect(term.length).toBeLessThanOrEqual(MAX_TERM_LENGTH);
          expect(/[\p{Surrogate}\s]/u.test(term)).toBe(false);
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
        }
      });
      fc.assert(property, { numRuns: 2000 });
    });

    test('tokens come in the order of the text and their parts lie within them', () => {
      const property = fc.property(TEXT, (text) => {
        let last = 0;
        for (const { start, end, parts } of analyzer.tokens(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          for (const part of parts) expect(part.start >= start && part.end <= end).toBe(true);
          last = end;
        }
      });
      fc.assert(property, { numRuns: 1000 });
    });

    test('the same text has the same terms, now and after any other text', () => {
      const property = fc.property(TEXT, TEXT, (text, other) => {
        const before = analyzer.tokens(text);
        analyzer.tokens(other);
        expect(analyzer.tokens(text)).toEqual(before);
      });
      fc.assert(property, { numRuns: 300 });
    });

    test('composed and decomposed letters are one word', () => {
      for (const text of ['Ångström café', 'Ёлка', '한국어', 'がぎぐ', 'Việt Nam']) {
        const terms = (form: string): string[] => termsOf(analyzer, text.normalize(form)).map(({ term }) => term);
        expect(terms('NFD')).toEqual(terms('NFC'));
      }
    });

    test('nothing, white space and signs have no terms; a stop word is a term', () => {
      for (const text of ['', ' \n\t', '… — ()']) expect(analyzer.tokens(text)).toEqual([]);
      const { isStopWord } = analyzer;
      expect(isStopWord('')).toBe(false);
      for (const { term } of termsOf(analyzer, 'the is of der die das le la les'))
        if (isStopWord(term))
          expect(termsOf(analyzer, term)).toMatchObject([{ term, start: 0, end: term.length, parts: [] }]);
    });

    test('a long run of anything gives no more terms than it has letters', () => {
      for (const unit of ['a', 'a.', 'aB', '-', "'", '_a', '東', 'é', 'a ']) {
        const text = unit.repeat(long);
        expect(termsOf(analyzer, text).length).toBeLessThanOrEqual(2 * text.length);
      }
    });
  });
}
