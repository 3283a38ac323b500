// How far a static query encoder agrees with the model that it stands for, on sentences that it was not fitted to.

import { CENTRE_BITS, CODE_BITS, type StaticIndex } from '../../format/static-parts.ts';
import { addFewBits, packedBytes } from '../../math/few-bits.ts';
import { dot, row } from '../../math/vector.ts';
import type { CutWord } from './bags.ts';
import { encodeStatic, findIn } from './static-encoder.ts';

/** Texts with the vectors that the small model gave them. */
export interface ReadTexts {
  /** The words of each text. */
  readonly words: readonly (readonly CutWord[])[];
  /** [texts, dims], row-major, unit rows. */
  readonly vectors: Float32Array;
}

/** Passages that are compared for each sentence. */
const NEAREST = 10;
/** With fewer, nearly every encoder agrees. */
const LEAST_PASSAGES = 5 * NEAREST;
const LEAST_SENTENCES = 20;

/**
 * Of the ten passages that the model finds nearest to a sentence, the share that are also among the ten nearest by the
 * static query encoder; mean over the sentences.
 * @param passages [passages, dims] of the model, unit rows
 * @param dims of the model
 * @returns 0 to 1; null where there are too few passages or sentences to tell
 * @throws what `pause` rejects with, awaited between sentences
 */
export async function agreement(
  index: StaticIndex,
  sentences: ReadTexts,
  passages: Float32Array,
  dims: number,
  pause: () => Promise<void>,
): Promise<number | null> {
  const count = index.clusterOf.length;
  if (count < LEAST_PASSAGES || sentences.words.length < LEAST_SENTENCES) return null;
  const unpacked = unpackPassages(index);
  let shared = 0;
  for (const [i, words] of sentences.words.entries()) {
    await pause();
    const vector = await encodeStatic(words, index.dims, findIn(index.rows));
    if (!vector) continue;
    const found = new Set(nearest(vector, unpacked, index.dims));
    shared += nearest(row(sentences.vectors, i, dims), passages, dims).filter((id) => found.has(id)).length;
  }
  return shared / (NEAREST * sentences.words.length);
}

/** Passages as their codes have them: [passages, dims]. */
function unpackPassages({ dims, centres, clusterOf, codes }: StaticIndex): Float32Array {
  const all = new Float32Array(clusterOf.length * dims);
  clusterOf.forEach((cluster, id) => {
    const passage = row(all, id, dims);
    addFewBits(passage, centres, cluster * packedBytes(dims, CENTRE_BITS), CENTRE_BITS);
    addFewBits(passage, codes, id * packedBytes(dims, CODE_BITS), CODE_BITS);
  });
  return all;
}

/** Rows with the largest products, of those that are equal the first. */
function nearest(vector: Float32Array, rows: Float32Array, dims: number): number[] {
  const scores = Float32Array.from({ length: rows.length / dims }, (_, id) => dot(vector, row(rows, id, dims)));
  return [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b).slice(0, NEAREST);
}
