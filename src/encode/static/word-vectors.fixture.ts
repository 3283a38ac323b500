// A model for tests: the vector of a text is the sum of its words' vectors, which are drawn by their letters.

import { Random } from '../../math/random.ts';
import { dot, normalizeRows, row } from '../../math/vector.ts';
import type { Peaks } from './fit-static.ts';

export const MODEL_DIMS = 24;

/** [texts.length, MODEL_DIMS] unit rows. */
export function readByWords(texts: readonly string[]): Float32Array<ArrayBuffer> {
  const vectors = new Float32Array(texts.length * MODEL_DIMS);
  texts.forEach((text, i) => {
    for (const word of text.toLowerCase().match(/\w+/g) ?? []) {
      const random = new Random(
        Array.from(word).reduce((seed, letter) => (seed * 31 + letter.codePointAt(0)!) % 2 ** 31, 7),
      );
      for (let j = 0; j < MODEL_DIMS; j++) vectors[i * MODEL_DIMS + j]! += random.normal();
    }
  });
  normalizeRows(vectors, MODEL_DIMS);
  return vectors;
}

const WORDS = ['open', 'path', 'file', 'close', 'rebase', 'merge', 'branch', 'commit', 'undo', 'remote', 'fetch'];

/** Texts of a few words. */
export function textsOfWords(count: number): string[] {
  const random = new Random(11);
  return Array.from({ length: count }, () =>
    Array.from({ length: 2 + random.below(5) }, () => WORDS[random.below(WORDS.length)]!).join(' '),
  );
}

/** As the scanner finds them. */
export const plainPeaks: Peaks = (rows, points, dims) => {
  const passages = Array.from({ length: points.length / dims }, (_, i) => row(points, i, dims));
  const peak = (word: Float32Array): number => {
    const best = passages
      .map((passage) => dot(word, passage))
      .sort((a, b) => b - a)
      .slice(0, 3);
    return best.reduce((sum, product) => sum + product / best.length, 0);
  };
  return Promise.resolve(Float32Array.from({ length: rows.length / dims }, (_, i) => peak(row(rows, i, dims))));
};
