// How much each word of a query counts: a small net of what is known of the word and of the query, in place of a model's
// attention. `node e2e/bench/run.mjs tune-word-weights` makes its numbers; docs/research.md has what it brings.

import type { WordRow } from '../../format/static-row.ts';
import { dot, norm } from '../../math/vector.ts';
import { WORD_NET } from './word-net.ts';

/** A word of a query with all its occurrences. */
export interface WordOfQuery extends WordRow {
  readonly term: string;
  readonly count: number;
  /** Share of its occurrences that are in a question. */
  readonly asked: number;
}

/** exp(linear · x + bias + out · tanh(hidden x + hiddenBias)), x as `featuresOf` has them. */
export interface WordNet {
  readonly linear: readonly number[];
  readonly bias: number;
  readonly hidden: readonly (readonly number[])[];
  readonly hiddenBias: readonly number[];
  readonly out: readonly number[];
}

/** Words by their rarity alone. */
export const BY_RARITY: WordNet = { linear: [], bias: 0, hidden: [], hiddenBias: [], out: [] };

/** A word counts at most e⁴ times, and at least e⁻⁴ times, as much as by its rarity. */
export const LARGEST = 4;
const LEAST_COSINE = 0.1;
const LEAST_LENGTH = 1e-6;
const TYPICAL_WORDS = 12;
const LONG_WORD = 12;

/** Numbers in a row of features. */
export const FEATURES = 12;

/**
 * @param words of one query, distinct
 * @returns for each its features, of about unit size
 */
export function featuresOf(words: readonly WordOfQuery[]): number[][] {
  const sum = sumOfWords(
    words,
    words.map(({ count }) => count),
  );
  const length = norm(sum) || 1;
  const many = Math.log(words.length / TYPICAL_WORDS);
  return words.map(({ term, vector, rarity, share, isAbsent, isGeneral, peak, count, asked }) => {
    const own = Math.max(LEAST_LENGTH, norm(vector));
    return [
      Math.log(rarity),
      Math.log(share),
      Number(isAbsent),
      Math.log(Math.max(LEAST_COSINE, dot(vector, sum) / (own * length))),
      Math.log(count),
      Math.log(own / rarity),
      Number(isGeneral),
      Number(/\p{Nd}/u.test(term)),
      Math.min(term.length, LONG_WORD) / (LONG_WORD / 2),
      many,
      peak,
      asked,
    ];
  });
}

/** Weight of each word of a query, its count included. */
export function weightsOfWords(words: readonly WordOfQuery[], net: WordNet = WORD_NET): number[] {
  return featuresOf(words).map((x, i) => {
    const z = logitOf(x, net);
    return words[i]!.count * Math.exp(Math.min(LARGEST, Math.max(-LARGEST, z)));
  });
}

/** The words' vectors, each times its weight; empty for no words. */
export function sumOfWords(words: readonly WordRow[], weights: readonly number[]): Float32Array<ArrayBuffer> {
  const sum = new Float32Array(words[0]?.vector.length ?? 0);
  words.forEach(({ vector }, w) => vector.forEach((value, i) => (sum[i]! += weights[w]! * value)));
  return sum;
}

export function logitOf(x: readonly number[], { linear, bias, hidden, hiddenBias, out }: WordNet): number {
  const unit = (weights: readonly number[], from: number): number =>
    weights.reduce((sum, weight, i) => sum + weight * x[i]!, from);
  return hidden.reduce(
    (sum, weights, h) => sum + out[h]! * Math.tanh(unit(weights, hiddenBias[h]!)),
    unit(linear, bias),
  );
}
