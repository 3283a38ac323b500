// From two ranked lists to one order. Both scores of every candidate are known exactly: no list’s cut-off decides.
// FUSION.md has the measurements that this formula and its numbers come from.

export interface Candidates {
  /** Documents that either list has, ascending. */
  readonly ids: Int32Array<ArrayBuffer>;
  /** BM25 of each; 0 where no word of the query is in it. */
  readonly keyword: Float32Array<ArrayBuffer>;
  /** Cosine of each with the query. */
  readonly dense: Float32Array<ArrayBuffer>;
}

/** What the fusion needs to know of a word of the query; `KeywordWord` of lexical/ has it. */
export interface WeighedWord {
  readonly how: 'exact' | 'form' | 'prefix' | 'fuzzy' | 'none';
  /** What a text could score for it at most. */
  readonly worth: number;
}

export interface FusionConstants {
  /** Cosines are raised to this: near the top a step means more. */
  readonly power: number;
  /** What a passage counts that has all words of a query of `TYPICAL_WORTH` as often as can be. */
  readonly weight: number;
  /** How the keyword part grows with the worth of the words that the index has. */
  readonly known: number;
  /** How it shrinks with the share of the query that the index does not have. */
  readonly coverage: number;
  /** How it shrinks where its best passage is far from the nearest one. */
  readonly doubt: number;
}

/** Fused scores of documents from their BM25 and their cosines, in the same order. */
export type Fusion = (bm25: Float32Array, cosines: Float32Array<ArrayBuffer>) => Float32Array<ArrayBuffer>;

/** Of a short query: about two rare words or four of the middle. Only the unit in which `weight` is told. */
const TYPICAL_WORTH = 20;

/** Round numbers in the middle of what `node e2e/bench/run.mjs tune-fusion` finds equally good. */
export const FUSION: FusionConstants = { power: 2, weight: 1.2, known: 0.5, coverage: 1, doubt: 2 };

/** For query vectors that came through an adapter: they are centred, and their cosines a tenth lower. */
export const FUSION_ADAPTER: FusionConstants = { ...FUSION, weight: 0.9 };

/**
 * What the candidates of one query make of the two scores: `cos² + 1.2 · (B / A) · √(K / 20) · e^(−2 (c − c_B))`. B is
 * BM25; A is what all words of the query are worth, K what those are worth that the index has; c is the best cosine,
 * c_B that of the best keyword hit. B / A is the theoretical min-max normalisation of Bruch, Gai, Ingber 2023 (An
 * Analysis of Fusion Functions for Hybrid Retrieval), the square is the cosine's sign times it. A document that is no
 * worse in both never stands below; without one list the order is the other’s.
 */
export function fusionOf(
  { keyword, dense }: Candidates,
  words: readonly WeighedWord[],
  constants: FusionConstants = FUSION,
): Fusion {
  const weight = keywordWeight(words, constants) * Math.exp(-constants.doubt * doubt(keyword, dense));
  return (bm25, cosines) =>
    cosines.map((cosine, i) => Math.sign(cosine) * Math.abs(cosine) ** constants.power + weight * bm25[i]!);
}

/** Of the candidates themselves. */
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
    : (constants.weight * (known / TYPICAL_WORTH) ** constants.known * (known / all) ** constants.coverage) / known;
}

function sumOf(words: readonly WeighedWord[]): number {
  return words.reduce((sum, { worth }) => sum + worth, 0);
}

/** How far the best keyword hit, of several the nearest, is from the nearest passage: 0 where they are the same. */
function doubt(keyword: Float32Array, dense: Float32Array): number {
  const most = keyword.reduce((best, score) => Math.max(best, score), 0);
  let nearest = -1;
  let nearestBest = -1;
  dense.forEach((cosine, i) => {
    nearest = Math.max(nearest, cosine);
    if (keyword[i] === most) nearestBest = Math.max(nearestBest, cosine);
  });
  return nearest - nearestBest;
}
