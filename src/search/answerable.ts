// How likely it is that the documents answer a query at all, from the scores of its two lists. ANSWERABLE.md has the
// measurements; `node e2e/bench/run.mjs fit-answerable` fits the weights.

import type { SiteManifest } from '../format/site-manifest.ts';
import { boundOf, type WeighedWord } from './fusion.ts';
import type { RankedList } from './retriever.ts';

/** What tells queries that are answered from queries of another site. */
export interface Evidence {
  /** BM25 of the best keyword hit as a share of the score upper bound of all words. */
  readonly match: number;
  /** The same of the difference to the tenth keyword hit. */
  readonly lead: number;
  /** Cosine of the nearest document. */
  readonly nearest: number;
  /** Its difference to that of the 200th document, or the last. */
  readonly standing: number;
  /** Decimal logarithm of the number of documents: among more of them, one is near by chance. */
  readonly size: number;
}

/** Who read the query: cosines of different readers are on different scales. */
export type Reader = 'static' | 'small' | 'other';

/** Log-odds: the sum of the evidence times its weight, and the intercept. */
export type AnswerableWeights = Evidence & { readonly intercept: number };

export const EVIDENCE: readonly (keyof Evidence)[] = ['match', 'lead', 'nearest', 'standing', 'size'];

export const ANSWERABLE: Readonly<Record<Reader, AnswerableWeights>> = {
  static: { intercept: -6.26, match: 5.62, lead: 5.63, nearest: 14.98, standing: 0, size: -0.73 },
  small: { intercept: -2.11, match: 2.4, lead: 6.03, nearest: 19.1, standing: 0, size: -2.13 },
  other: { intercept: -4.89, match: 10.02, lead: 4, nearest: 0, standing: 9.63, size: 0.09 },
};

/**
 * Less is doubtful: one or two in a hundred of the queries that are answered have it, on 24 tasks and, of other texts
 * than those that the weights were fitted on, on three sites.
 */
export const DOUBTFUL = 0.05;

/** The model whose cosines `small` and `static` were fitted to. */
const FITTED_MODEL = 'Xenova/all-MiniLM-L6-v2';

const LEAD = 9;
const STANDING = 199;

/**
 * @param count documents of the collection
 * @returns null where there is nothing by meaning: words alone tell little
 */
export function evidenceOf(
  keyword: RankedList & { readonly words: readonly WeighedWord[] },
  dense: RankedList | null,
  count: number,
): Evidence | null {
  const nearest = dense?.scores[0];
  if (!dense || nearest === undefined) return null;
  const bound = boundOf(keyword.words);
  const share = (i: number): number => (bound === 0 ? 0 : (keyword.scores[i] ?? 0) / bound);
  return {
    match: share(0),
    lead: share(0) - share(LEAD),
    nearest,
    standing: nearest - dense.scores[Math.min(STANDING, dense.scores.length - 1)]!,
    size: Math.log10(count),
  };
}

/** @param isAdapted whether an adapter has mapped the query's vector */
export function readerOf(
  { encoder }: Pick<SiteManifest, 'encoder'>,
  isStatic: boolean,
  isAdapted: boolean | undefined,
): Reader {
  if (encoder?.model !== FITTED_MODEL || isAdapted) return 'other';
  return isStatic ? 'static' : 'small';
}

/**
 * Probability that the documents answer the query, between as many queries that they answer as queries of other sites.
 * @param reader who made the query's vector
 */
export function confidenceOf(evidence: Evidence, reader: Reader): number {
  return 1 / (1 + Math.exp(-logOddsOf(evidence, ANSWERABLE[reader])));
}

export function logOddsOf(evidence: Evidence, weights: AnswerableWeights): number {
  return EVIDENCE.reduce((sum, name) => sum + weights[name] * evidence[name], weights.intercept);
}
