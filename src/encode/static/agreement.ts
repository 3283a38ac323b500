// How far a static query encoder agrees with the model that it stands for, on sentences that it was not fitted to.

import { CENTRE_BITS, CODE_BITS, type StaticIndex } from '../../format/static-parts.ts';
import { addFewBits, packedBytes } from '../../math/few-bits.ts';
import { openProducts } from '../../math/products/open-products.ts';
import { TopK } from '../../math/top-k.ts';
import { row, stackRows } from '../../math/vector.ts';
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
/** Passages that are scored at once. */
const BLOCK_ROWS = 1024;

/**
 * Of the ten passages that the model finds nearest to a sentence, the share that are also among the ten nearest by the
 * static query encoder; mean over the sentences.
 * @param passages [passages, dims] of the model, unit rows
 * @param dims of the model
 * @returns 0 to 1; null where there are too few passages or sentences to tell
 * @throws what `pause` rejects with, awaited between pieces of work
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
  const read: Float32Array[] = [];
  const known: number[] = [];
  for (const [i, words] of sentences.words.entries()) {
    const vector = await encodeStatic(words, index.dims, findIn(index.rows));
    if (!vector) continue;
    read.push(vector);
    known.push(i);
  }
  const ofModel = known.map((i) => row(sentences.vectors, i, dims));
  const found = await nearest(stackRows(read, index.dims), unpackPassages(index), index.dims, pause);
  const expected = await nearest(stackRows(ofModel, dims), passages, dims, pause);
  const shared = found.map((ids, i) => expected[i]!.filter((id) => ids.includes(id)).length);
  return shared.reduce((sum, count) => sum + count, 0) / (NEAREST * sentences.words.length);
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

/** Of each vector the rows with the largest products, of those that are equal the first. */
async function nearest(
  vectors: Float32Array,
  rows: Float32Array,
  dims: number,
  pause: () => Promise<void>,
): Promise<number[][]> {
  const { products } = openProducts();
  const wide = Float64Array.from(vectors);
  const best = Array.from({ length: vectors.length / dims }, () => new TopK(NEAREST));
  for (let first = 0; first < rows.length / dims; first += BLOCK_ROWS) {
    await pause();
    const block = Float64Array.from(rows.subarray(first * dims, (first + BLOCK_ROWS) * dims));
    const count = block.length / dims;
    const dots = new Float64Array(best.length * count);
    products.addTransposed(wide, block, dims, dots);
    best.forEach((top, i) => {
      for (let id = 0; id < count; id++) {
        const score = Math.fround(dots[i * count + id]!);
        if (score > top.threshold) top.push(first + id, score);
      }
    });
  }
  return best.map((top) => [...top.sorted().ids]);
}
