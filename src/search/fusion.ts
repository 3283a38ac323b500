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
  /** Reduction of the keyword part of all passages where the best of it is far from the nearest one. */
  readonly disagreement: number;
  /** Reduction of the keyword part of a passage that is itself far from the nearest one. */
  readonly distance: number;
}

/** Fused scores of documents from their BM25 and their cosines, in the same order. */
export type Fusion = (bm25: Float32Array, cosines: Float32Array<ArrayBuffer>) => Float32Array<ArrayBuffer>;

/**
 * Sum of the score upper bounds of a short query: about two rare words or four of medium frequency. It is only the unit
 * of `weight`.
 */
const TYPICAL_BOUND = 20;

/** Round numbers in the middle of those that `node e2e/bench/run.mjs tune-fusion` finds equally good. */
export const FUSION: FusionConstants = { power: 2, weight: 1, known: 0.5, coverage: 1, disagreement: 1, distance: 0 };

/** For query vectors mapped by an adapter: they are centred, and their cosines are a tenth lower. */
export const FUSION_ADAPTER: FusionConstants = { ...FUSION, weight: 0.7, coverage: 1.5 };

/** For those of an adapter that learned from labels, which are better, the more so where words are not known. */
export const FUSION_LABELLED: FusionConstants = { ...FUSION, weight: 0.55, coverage: 2.5 };

/** In place of those, where documents are passages of pages: many have a few words of a question by chance. */
export const OF_PASSAGES: Partial<FusionConstants> = { disagreement: 0, distance: 2 };

/**
 * Fused scores of the candidates of one query: `cos² + (B / A) · √(K / 20) · (K / A)^(γ − 1) · e^(δ (c_B − c)) · e^(ε (cos − c))`.
 * B is BM25; A is the sum of the score upper bounds of all words of the query, K that of the words that the index has; c
 * is the best cosine, c_B that of the best keyword hit; γ, δ, ε are `coverage`, `disagreement`, `distance`. B / A is the
 * theoretical min-max normalisation of Bruch, Gai, Ingber 2023 (An Analysis of Fusion Functions for Hybrid Retrieval), the
 * square is the cosine's sign times it. A document that is no worse in both is never ranked lower; without one list the
 * order is the other's.
 */
export function fusionOf(
  { keyword, dense }: Candidates,
  words: readonly WeighedWord[],
  constants: FusionConstants = FUSION,
): Fusion {
  const nearest = dense.reduce((best, cosine) => Math.max(best, cosine), -1);
  const { power, disagreement, distance } = constants;
  const weight = keywordWeight(words, constants) * Math.exp(-disagreement * (nearest - ofBest(keyword, dense)));
  return (bm25, cosines) =>
    cosines.map((cosine, i) => {
      const meaning = power === 2 ? Math.abs(cosine) * cosine : Math.sign(cosine) * Math.abs(cosine) ** power;
      return bm25[i] === 0 ? meaning : meaning + weight * Math.exp(distance * (cosine - nearest)) * bm25[i]!;
    });
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
  const all = boundOf(words);
  const known = boundOf(words.filter(({ how }) => how !== 'none'));
  return known === 0
    ? 0
    : (constants.weight * (known / TYPICAL_BOUND) ** constants.known * (known / all) ** constants.coverage) / known;
}

/** A: score upper bound of all words together. */
export function boundOf(words: readonly WeighedWord[]): number {
  return words.reduce((sum, { upperBound }) => sum + upperBound, 0);
}

/** Cosine of the best keyword hit, of several the nearest. */
function ofBest(keyword: Float32Array, dense: Float32Array): number {
  const most = keyword.reduce((best, score) => Math.max(best, score), 0);
  return dense.reduce((nearest, cosine, i) => (keyword[i] === most ? Math.max(nearest, cosine) : nearest), -1);
}
