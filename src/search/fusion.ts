// Fuses two ranked lists into one order. Both scores of every candidate are known exactly, so no list's cut-off
// decides. FUSION.md has the measurements behind this formula and its constants.

export interface Candidates {
  /** Documents that either list has, ascending. */
  readonly ids: Int32Array<ArrayBuffer>;
  /** BM25 of each; 0 where it has no word of the query. */
  readonly keyword: Float32Array<ArrayBuffer>;
  /** Cosine of each with the query. */
  readonly dense: Float32Array<ArrayBuffer>;
}

/** The part of `KeywordWord` of lexical/ that the fusion needs. */
export interface WeighedWord {
  readonly how: 'exact' | 'form' | 'synonym' | 'prefix' | 'fuzzy' | 'none';
  /** Score upper bound: the most that a text could score for it. */
  readonly upperBound: number;
}

export interface FusionConstants {
  /** Exponent of the cosines: a step near the top then counts more. */
  readonly power: number;
  /** Contribution of a passage that has all words of a query of `TYPICAL_BOUND` as often as possible. */
  readonly weight: number;
  /** Growth of the keyword part with the score upper bounds of the words that the index has. */
  readonly known: number;
  /** Reduction of the keyword part by the share of the query that the index does not have. */
  readonly coverage: number;
  /** Reduction of the keyword part where its best passage is far from the nearest one. */
  readonly disagreement: number;
}

/** Fused scores of documents from their BM25 and their cosines, in the same order. */
export type Fusion = (bm25: Float32Array, cosines: Float32Array<ArrayBuffer>) => Float32Array<ArrayBuffer>;

/**
 * Sum of the score upper bounds of a short query: about two rare words or four of medium frequency. It is only the unit
 * of `weight`.
 */
const TYPICAL_BOUND = 20;

/** Round numbers in the middle of those that `node e2e/bench/run.mjs tune-fusion` finds equally good. */
export const FUSION: FusionConstants = { power: 2, weight: 1, known: 0.5, coverage: 1, disagreement: 1 };

/** For query vectors mapped by an adapter: they are centred, and their cosines are a tenth lower. */
export const FUSION_ADAPTER: FusionConstants = { ...FUSION, weight: 0.7 };

/** For those of an adapter that learned from labels, which are better. */
export const FUSION_LABELLED: FusionConstants = { ...FUSION, weight: 0.55 };

/**
 * Fused scores of the candidates of one query: `cos² + (B / A) · √(K / 20) · e^(c_B − c)`. B is BM25; A is
 * the sum of the score upper bounds of all words of the query, K that of the words that the index has; c is the best
 * cosine, c_B that of the best keyword hit. B / A is the theoretical min-max normalisation of Bruch, Gai, Ingber 2023
 * (An Analysis of Fusion Functions for Hybrid Retrieval), the square is the cosine's sign times it. A document that is
 * no worse in both is never ranked lower; without one list the order is the other's.
 */
export function fusionOf(
  { keyword, dense }: Candidates,
  words: readonly WeighedWord[],
  constants: FusionConstants = FUSION,
): Fusion {
  const weight = keywordWeight(words, constants) * Math.exp(-constants.disagreement * disagreement(keyword, dense));
  return (bm25, cosines) =>
    cosines.map((cosine, i) => Math.sign(cosine) * Math.abs(cosine) ** constants.power + weight * bm25[i]!);
}

/** The fused scores of the candidates. */
export function fuse(
  candidates: Candidates,
  words: readonly WeighedWord[],
  constants: FusionConstants = FUSION,
): Float32Array<ArrayBuffer> {
  return fusionOf(candidates, words, constants)(candidates.keyword, candidates.dense);
}

function keywordWeight(words: readonly WeighedWord[], constants: FusionConstants): number {
  const all = sumOf(words);
  const known = sumOf(words.filter(({ how }) => how !== 'none'));
  return known === 0
    ? 0
    : (constants.weight * (known / TYPICAL_BOUND) ** constants.known * (known / all) ** constants.coverage) / known;
}

function sumOf(words: readonly WeighedWord[]): number {
  return words.reduce((sum, { upperBound }) => sum + upperBound, 0);
}

/**
 * Difference of cosine between the nearest passage and the best keyword hit (of several the nearest): 0 where they are
 * the same.
 */
function disagreement(keyword: Float32Array, dense: Float32Array): number {
  const most = keyword.reduce((best, score) => Math.max(best, score), 0);
  let nearest = -1;
  let nearestBest = -1;
  dense.forEach((cosine, i) => {
    nearest = Math.max(nearest, cosine);
    if (keyword[i] === most) nearestBest = Math.max(nearestBest, cosine);
  });
  return nearest - nearestBest;
}
