import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantizeRows, type QuantizedVectors } from '../math/quantize.ts';
import { joinKnown, knownVectors } from './known-vectors.ts';

const DIMS = 3;
/** A vector that only this text has. */
const vectorOf = (text: string): number[] => [text.length + 1, text.charCodeAt(0) || 1, -1];
const embedded = (texts: readonly string[]): QuantizedVectors =>
  quantizeRows(Float32Array.from(texts.flatMap(vectorOf)), DIMS);
const words = fc.array(fc.string({ maxLength: 4 }), { maxLength: 12 });

test('with those that are known, each text has the vector that it has without', () => {
  fc.assert(
    fc.property(words, words, (before, texts) => {
      const known = knownVectors(texts, { texts: before, vectors: embedded(before) });
      expect([...known.rows]).toEqual([...texts.keys()].filter((i) => before.includes(texts[i]!)));
      const fresh = texts.filter((text) => !before.includes(text));
      expect(joinKnown(known, embedded(fresh))).toEqual(embedded(texts));
    }),
  );
});
