// A model for tests: the vector of a text is the sum of its words' vectors, which are drawn by their letters.

import { Random } from '../../math/random.ts';
import { normalizeRows } from '../../math/vector.ts';

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
