// Makes the static query encoder of a collection without labels: the rows of its words, fitted to the vectors that the
// small model gave its passages, and the passages in clusters, in few bits. The same input gives the same bytes.

import { EraError } from '../../errors.ts';
import { CENTRE_BITS, CODE_BITS, type StaticIndex } from '../../format/static-parts.ts';
import { packRow } from '../../format/static-row.ts';
import { addFewBits, packedBytes, packFewBits } from '../../math/few-bits.ts';
import { kMeans } from '../../math/k-means.ts';
import type { DenseMatrix } from '../../math/matrix.ts';
import { quantizeRows } from '../../math/quantize.ts';
import { concatRows, normalizeRows, row, stackRows } from '../../math/vector.ts';
import { knownTerms, makeBags, weightOf, type CutWord } from './bags.ts';
import { coordinates, rotatedDirections } from './directions.ts';
import { fitRows } from './fit-rows.ts';
import type { GeneralTable } from './general-table.ts';

/** A text with the vector that the small model gave it. */
export interface StaticTexts {
  /** The words of each text: the passages in their order, then any others. */
  readonly words: readonly (readonly CutWord[])[];
  /** [texts, dims], row-major, unit rows, in the same order. */
  readonly vectors: Float32Array;
  readonly dims: number;
  /** How many of the texts are passages. */
  readonly passages: number;
}

/**
 * @param rows [n, dims], unit rows; @param points of the passages, [passages, dims] @returns [n]: the mean of the three
 * highest products of each row with passages, or with a sample of them
 */
export type Peaks = (rows: Float32Array, points: Float32Array, dims: number) => Promise<Float32Array>;

export interface FitStaticOptions {
  /** Of the model that made the vectors; null where there is none: the texts' own words are then all it knows. */
  readonly general: GeneralTable | null;
  /** The `ownTerms` of the texts, and each as the model reads it alone: [terms.length, dims], unit rows. */
  readonly own: { readonly terms: readonly string[]; readonly vectors: Float32Array };
  /** How near each word comes to the passages. */
  readonly peaks: Peaks;
  /** Awaited between pieces of work; rejects to stop. */
  readonly pause: () => Promise<void>;
}

/** Numbers in a vector: more directions than these bring less than their bytes cost. */
export const STATIC_DIMS = 192;
/** A name of several pieces gets a row of its own from this many texts on; before, its pieces stand for it. */
const TEXTS_OF_A_NAME = 3;
/** Length of the row that a word starts from: a text of four words of this length and one direction has length 1. */
export const OWN_PRIOR = 0.5;
const LAMBDA = 0.3;
const ROUNDS = 10;
/** Passages of a cluster, on average: a query fetches a few clusters. Of more than 9,000 passages they are larger. */
const CLUSTER_PASSAGES = 48;

/** @throws EraError `dimension-mismatch` for a table of another model; what `pause` rejects with */
export async function fitStatic(texts: StaticTexts, options: FitStaticOptions): Promise<StaticIndex> {
  const { vectors, dims, passages } = texts;
  const { general, pause } = options;
  if (general && general.dims !== dims)
    throw new EraError('dimension-mismatch', `The general table has ${general.dims} dimensions, the vectors ${dims}.`);
  const directions = rotatedDirections(vectors.subarray(0, passages * dims), dims, Math.min(STATIC_DIMS, dims));
  const points = coordinates(vectors, directions);
  const rows = await fitTable(texts, points, directions, options);
  return {
    dims: directions.rows,
    directions: quantizeRows(Float32Array.from(directions.values), dims),
    rows,
    known: null,
    ...(await clustered(points.subarray(0, passages * directions.rows), directions.rows, pause)),
  };
}

/** The vocabulary: the row of each term, as it is packed. */
async function fitTable(
  { words, passages }: StaticTexts,
  points: Float32Array,
  directions: DenseMatrix,
  { general, own, peaks, pause }: FitStaticOptions,
): Promise<Map<string, Uint8Array>> {
  const terms = [...(general?.terms ?? []), ...own.terms];
  const places = new Map(terms.map((term, i) => [term, i]));
  const dims = directions.rows;
  const weights = weightsOf(words, places, general);
  const read = coordinates(own.vectors, directions).map((value) => OWN_PRIOR * value);
  const prior = general ? concatRows(coordinates(general.rows, directions), read) : read;
  const known = words.map((text) => knownTerms(text, (term) => places.get(term)));
  const bags = makeBags(known, weights);
  const rows = await fitRows(bags, points, prior, dims, { lambda: LAMBDA, rounds: ROUNDS, pause });
  const found = [...places].filter(([, place]) => row(rows, place, dims).some((value) => value !== 0));
  const directed = stackRows(
    found.map(([, place]) => row(rows, place, dims)),
    dims,
  );
  normalizeRows(directed, dims);
  const highest = await peaks(directed, points.subarray(0, passages * dims), dims);
  const frequencies = new Uint32Array(places.size);
  for (const text of known.slice(0, passages)) for (const place of new Set(text)) frequencies[place]!++;
  const generalTerms = general?.terms.length ?? 0;
  return new Map(
    found.map(([term, place], i) => [
      term,
      packRow({
        // A query adds the rows of its words, so these include their weights.
        vector: row(rows, place, dims).map((value) => value * weights[place]!),
        rarity: weights[place]!,
        share: (frequencies[place]! + 0.5) / passages,
        isAbsent: frequencies[place] === 0,
        isGeneral: place < generalTerms,
        peak: highest[i]!,
      }),
    ]),
  );
}

/** By the general table, where words that it does not have are rare; without one by the texts themselves. */
function weightsOf(
  words: StaticTexts['words'],
  places: ReadonlyMap<string, number>,
  general: GeneralTable | null,
): Float32Array<ArrayBuffer> {
  const weights = new Float32Array(places.size).fill(1);
  if (general) {
    general.shares.forEach((share, i) => (weights[i] = weightOf(share)));
    return weights;
  }
  const counts = new Float64Array(places.size);
  let all = 0;
  for (const text of words) {
    for (const place of knownTerms(text, (term) => places.get(term))) {
      counts[place]!++;
      all++;
    }
  }
  return weights.map((_, place) => weightOf(counts[place]! / Math.max(1, all)));
}

/** Terms of the texts that are to have a row, without those of the general table. */
export function ownTerms(words: StaticTexts['words'], general: ReadonlySet<string>): string[] {
  const texts = new Map<string, number>();
  for (const text of words) {
    const names = new Set(text.filter(({ parts }) => parts.length > 0).map(({ term }) => term));
    for (const name of names) texts.set(name, (texts.get(name) ?? 0) + 1);
  }
  const own = new Set<string>();
  for (const text of words) {
    for (const { term, parts } of text) {
      if (parts.length === 0 || texts.get(term)! >= TEXTS_OF_A_NAME) own.add(term);
      for (const part of parts) own.add(part.term);
    }
  }
  return [...own].filter((term) => !general.has(term));
}

/**
 * Every visit needs all centres and each query a few clusters: the sum is least where the number of clusters grows with
 * the square root of the passages.
 */
function mostClusters(passages: number): number {
  return 2 * Math.sqrt(passages);
}

async function clustered(
  points: Float32Array,
  dims: number,
  pause: () => Promise<void>,
): Promise<Pick<StaticIndex, 'centres' | 'clusterOf' | 'codes'>> {
  const n = points.length / dims;
  const count = Math.max(1, Math.round(Math.min(n / CLUSTER_PASSAGES, mostClusters(n))));
  const { centres, clusterOf } = await kMeans(points, dims, { count, pause });
  const size = packedBytes(dims, CENTRE_BITS);
  const packed = new Uint8Array((centres.length / dims) * size);
  for (let c = 0; c < centres.length / dims; c++) packFewBits(row(centres, c, dims), CENTRE_BITS, packed, c * size);
  const codeSize = packedBytes(dims, CODE_BITS);
  const codes = new Uint8Array(n * codeSize);
  for (let i = 0; i < n; i++) {
    const difference = row(points, i, dims).slice();
    addFewBits(difference, packed, clusterOf[i]! * size, CENTRE_BITS, -1);
    packFewBits(difference, CODE_BITS, codes, i * codeSize);
  }
  return { centres: packed, clusterOf, codes };
}
