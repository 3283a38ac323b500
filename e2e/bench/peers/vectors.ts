// The vectors and queries of the benchmark, and what of an answer is right.

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeVectorPart, joinVectorParts } from '../../../src/format/site-parts.ts';
import { parseSiteManifest, SITE_MANIFEST_FILE } from '../../../src/format/site-manifest.ts';
import { dequantizeRows } from '../../../src/math/quantize.ts';
import { Random } from '../../../src/math/random.ts';
import { TopK } from '../../../src/math/top-k.ts';
import { normalizeRows } from '../../../src/math/vector.ts';
import { parseSpaceId } from '../../../src/space.ts';

export type Numbers = Float32Array<ArrayBuffer>;

export interface Source {
  /** [count, dims], of unit length. */
  readonly vectors: Numbers;
  /** One sentence. */
  readonly told: string;
}

/** Length of what is added to a copy of a passage's vector, and to one to make a query of it. */
const COPY_NOISE = 0.5;
const QUERY_NOISE = 1;
const MADE_CLUSTERS = 500;
const MADE_ROWS = 25_000;

async function vectorsOf(folder: string, dims: number): Promise<Numbers | null> {
  const file = join(folder, SITE_MANIFEST_FILE);
  if (!existsSync(file)) return null;
  const { space, vectorParts, passages } = parseSiteManifest(await readFile(file, 'utf8'));
  if (space === null || passages === 0 || parseSpaceId(space).dims !== dims) return null;
  const parts = await Promise.all(
    vectorParts.map(async ({ file: part, first }, n) => {
      const bytes = new Uint8Array(await readFile(join(folder, part)));
      return decodeVectorPart(bytes, (vectorParts[n + 1]?.first ?? passages) - first, dims);
    }),
  );
  return dequantizeRows(joinVectorParts(parts));
}

/**
 * The passages' vectors of all indexed collections below a folder, in a drawn order; made ones where there are none.
 * @param folder of folders with an `era-search.json`
 */
export async function readSource(folder: string, dims: number, random: Random): Promise<Source> {
  const names = existsSync(folder) ? (await readdir(folder)).sort() : [];
  const read = await Promise.all(names.map((name) => vectorsOf(join(folder, name), dims)));
  const found = read.filter((vectors) => vectors !== null);
  const count = found.reduce((sum, { length }) => sum + length / dims, 0);
  if (count === 0) return { vectors: madeVectors(dims, random), told: madeTold };
  const joined = new Float32Array(count * dims);
  const order = random.shuffle(Array.from({ length: count }, (_, row) => row));
  let n = 0;
  for (const vectors of found)
    for (let at = 0; at < vectors.length; at += dims) joined.set(vectors.subarray(at, at + dims), order[n++]! * dims);
  normalizeRows(joined, dims);
  return {
    vectors: joined,
    told: `${count} passages' vectors of ${found.length} indexed collections`,
  };
}

const madeTold = `${MADE_ROWS} made vectors in ${MADE_CLUSTERS} clusters, since no indexed collection was found`;

function madeVectors(dims: number, random: Random): Numbers {
  const centres = Float32Array.from({ length: MADE_CLUSTERS * dims }, () => random.normal());
  const made = new Float32Array(MADE_ROWS * dims);
  for (let row = 0; row < MADE_ROWS; row++) {
    const centre = random.below(MADE_CLUSTERS) * dims;
    for (let j = 0; j < dims; j++) made[row * dims + j] = centres[centre + j]! + random.normal();
  }
  normalizeRows(made, dims);
  return made;
}

/** Numbers of which `dims` together have about the given length. */
function noise(random: Random, dims: number, length: number): () => number {
  const width = length * Math.sqrt(12 / dims);
  return () => (random.float() - 0.5) * width;
}

/** The first `rows` vectors of the source; where it has fewer, they follow again and again, each time changed a little. */
export function tiled({ vectors }: Source, dims: number, rows: number, random: Random): Numbers {
  const all = new Float32Array(rows * dims);
  all.set(vectors.subarray(0, all.length));
  const added = noise(random, dims, COPY_NOISE);
  for (let at = vectors.length; at < all.length; at++) all[at] = vectors[at % vectors.length]! + added();
  if (all.length > vectors.length) normalizeRows(all, dims);
  return all;
}

/** Vectors of drawn rows, changed so much that their cosine with the row is about 0.7. */
export function queriesOf(vectors: Numbers, dims: number, count: number, random: Random): Numbers {
  const queries = new Float32Array(count * dims);
  const added = noise(random, dims, QUERY_NOISE);
  for (let i = 0; i < count; i++) {
    const row = random.below(vectors.length / dims) * dims;
    for (let j = 0; j < dims; j++) queries[i * dims + j] = vectors[row + j]! + added();
  }
  normalizeRows(queries, dims);
  return queries;
}

function dot(a: Numbers, aAt: number, b: Numbers, bAt: number, dims: number): number {
  let [s0, s1, s2, s3] = [0, 0, 0, 0];
  for (let j = 0; j < dims; j += 4) {
    s0 += a[aAt + j]! * b[bAt + j]!;
    s1 += a[aAt + j + 1]! * b[bAt + j + 1]!;
    s2 += a[aAt + j + 2]! * b[bAt + j + 2]!;
    s3 += a[aAt + j + 3]! * b[bAt + j + 3]!;
  }
  return s0 + s1 + s2 + s3;
}

/**
 * The least score that is among the k best of each query, of all float32 numbers. A row with this score is right, so
 * that rows of one score do not count as errors.
 */
export function leastScores(vectors: Numbers, queries: Numbers, dims: number, k: number): number[] {
  const all: number[] = [];
  for (let query = 0; query < queries.length; query += dims) {
    const best = new TopK(k);
    for (let at = 0; at < vectors.length; at += dims) best.push(at / dims, dot(queries, query, vectors, at, dims));
    all.push(best.sorted().scores.at(-1)!);
  }
  return all;
}

const ROUNDING = 1e-6;

/** Share of the k best rows of all queries that were found. @param found rows of query 0, 1, …, which may be fewer */
export function recallOf(
  found: readonly (readonly number[])[],
  {
    vectors,
    queries,
    least,
    dims,
    k,
  }: { vectors: Numbers; queries: Numbers; least: readonly number[]; dims: number; k: number },
): number {
  let right = 0;
  found.forEach((rows, i) => {
    for (const row of new Set(rows.slice(0, k)))
      if (dot(queries, i * dims, vectors, row * dims, dims) >= least[i]! - ROUNDING) right++;
  });
  return right / (found.length * k);
}
