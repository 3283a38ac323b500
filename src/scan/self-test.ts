// A known-answer test of a backend before its first use. GPU drivers have returned finite, plausible, wrong numbers;
// silently wrong rankings are worse than a slow backend.

import { EraError } from '../errors.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import { Random } from '../math/random.ts';
import { openJs } from './js.ts';
import { dotsWithRows } from './rescore.ts';
import type { Accepted, ScanBackend } from './scan.ts';

/** More rows than two selections on the GPU cover, and not a multiple of any block. */
const COUNT = 2500;
/** Exact scores that are compared. */
const DOTS = 301;
const SEED = 20260;

/**
 * Opens a backend over seeded vectors of the given width and compares its answers with those of the JS backend, bit for
 * bit.
 * @throws EraError `self-test-failed`, or whatever `open` and the query throw
 */
export async function selfTest(open: (vectors: QuantizedVectors) => Promise<ScanBackend>, dims: number): Promise<void> {
  const { vectors, queries } = knownVectors(dims);
  const measure = await openJs(vectors);
  const backend = await open(vectors);
  try {
    for (const { query, k, accepted } of queries) {
      const expected = await measure.topK(query, k, accepted);
      const actual = await backend.topK(query, k, accepted);
      const differs = expected.rows.findIndex(
        (row, i) => actual.rows[i] !== row || actual.scores[i] !== expected.scores[i],
      );
      if (differs >= 0 || actual.rows.length !== expected.rows.length) {
        throw new EraError(
          'self-test-failed',
          `The ${backend.kind} scan gives another result than plain JavaScript at rank ${String(differs + 1)} of ${String(k)}.`,
          {
            details: { kind: backend.kind, dims, k, rank: differs + 1 },
          },
        );
      }
    }
    checkDots(vectors, backend);
  } finally {
    backend.dispose();
  }
}

/** Exact scores of more rows than are computed at once. @throws EraError `self-test-failed` */
function checkDots(vectors: QuantizedVectors, { kind, dots }: ScanBackend): void {
  const { dims } = vectors;
  const query = Float32Array.from({ length: dims }, (_, j) => vectors.codes[j]! / (1 + 3 * j));
  const rows = Int32Array.from({ length: DOTS }, (_, i) => (i * 997) % COUNT);
  const expected = dotsWithRows(query, vectors, rows);
  if (dots?.(query, rows).some((dot, i) => dot !== expected[i]))
    throw new EraError('self-test-failed', `The ${kind} scan gives another exact score than plain JavaScript.`, {
      details: { kind, dims },
    });
}

/**
 * Random codes, including zero vectors, duplicates, and rows so large that wide sums exceed 2^24 and must be rounded.
 */
function knownVectors(dims: number): {
  vectors: QuantizedVectors;
  queries: readonly { query: Int8Array; k: number; accepted?: Accepted }[];
} {
  const random = new Random(SEED);
  const codes = new Int8Array(COUNT * dims);
  const scales = new Float32Array(COUNT);
  for (let row = 0; row < COUNT; row++) {
    if (row % 50 === 48) continue;
    scales[row] = 0.001 + random.float() / 1000;
    const least = row % 50 === 0 ? 120 : -127;
    // Four codes of a drawn number.
    for (let j = 0, bits = 0; j < dims; j++, bits >>>= 8) {
      if (j % 4 === 0) bits = random.uint32();
      codes[row * dims + j] = least + ((bits & 255) % (128 - least));
    }
    if (row % 50 === 1) {
      codes.copyWithin(row * dims, (row - 1) * dims, row * dims);
      scales[row] = scales[row - 1]!;
    }
  }
  const rowCodes = (row: number): Int8Array => codes.slice(row * dims, (row + 1) * dims).map((code) => code >> 1);
  const only = (accepts: (row: number) => boolean): Accepted =>
    Uint8Array.from(scales, (_, row) => Number(accepts(row)));
  // The highest scores come first: what a later query takes from an earlier one by mistake is then seen.
  const queries = [
    { query: rowCodes(0), k: 256 },
    { query: rowCodes(COUNT - 1), k: 10 },
    { query: rowCodes(3), k: 300 },
    { query: rowCodes(4), k: 300, accepted: only((row) => row % 11 === 3) },
    // The best row is not accepted.
    { query: rowCodes(5), k: 10, accepted: only((row) => row % 7 !== 5) },
    // Fewer than k, some below 0.
    { query: rowCodes(6), k: 10, accepted: only((row) => row % 400 === 6) },
  ];
  return { vectors: { codes, scales, dims }, queries };
}
