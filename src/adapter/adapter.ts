// The adapter: one linear map from query vectors into the document space, followed by L2 normalisation. Immutable.
// align/ and adapt/ learn it; file.ts stores it.

import { EraError } from '../errors.ts';
import { assertVectors, normalizeRows } from '../math/vector.ts';

/**
 * Which vectors a query is made of: the remote model's, the small model's, both, `[local; remote]` in this order, or
 * those of the collection's static query encoder, which needs no model.
 */
export type QueryPath = 'remote' | 'local' | 'both' | 'static';

/** The same queries by each reader. */
export interface QueryVectors {
  /** [n, dims] of the passages' space by the static query encoder. @default not used */
  readonly static?: Float32Array | null | undefined;
  /** [n, dims] of the small model; null where it was not used. */
  readonly local: Float32Array | null;
  /** [n, dims] of the remote model; null where it was not used. */
  readonly remote: Float32Array | null;
}

/** What reads a query on each path, in the order of an adapter's input. */
export const PATH_READERS: Readonly<Record<QueryPath, readonly (keyof QueryVectors)[]>> = {
  static: ['static'],
  local: ['local'],
  remote: ['remote'],
  both: ['local', 'remote'],
};

/** Every path, the one with the most models last. */
export const QUERY_PATHS = Object.keys(PATH_READERS) as readonly QueryPath[];

/** Whether queries on the path are read in the passages' space, so that they need no adapter. */
export function isInPassageSpace(path: QueryPath): path is 'static' | 'local' {
  return path === 'static' || path === 'local';
}

/** Whether a query on the path is read by this reader. */
export function reads(path: QueryPath, reader: keyof QueryVectors): boolean {
  return PATH_READERS[path].includes(reader);
}

/** A linear map from query vectors to the passages' space: `weights x + bias`, scaled to unit length. */
export interface LinearAdapter {
  /** Whose query vectors it maps. */
  readonly path: QueryPath;
  /** Space ids of the parts of the input, in input order. */
  readonly from: readonly string[];
  /** Space id of the output: the index's. */
  readonly to: string;
  /** Numbers in a query vector: for `both` those of the local and of the remote model together. */
  readonly dIn: number;
  /** Numbers in a passage's vector. */
  readonly dOut: number;
  /** [dOut, dIn], row-major: PyTorch's layout of `nn.Linear`. */
  readonly weight: Float32Array<ArrayBuffer>;
  /** [dOut] */
  readonly bias: Float32Array<ArrayBuffer>;
  /**
   * Factor of the weight of keywords beside its vectors, 0 to 100, as a site's labels chose it (keyword-factor.ts).
   * @default 1
   */
  readonly keywordFactor?: number | undefined;
  /** How it was made: method, seed, counts, base. Text only; it is written into the file. */
  readonly provenance: Readonly<Record<string, string>>;
}

/**
 * L2(W x + b) for every row of `x`.
 * @param x [n, dIn], row-major
 * @returns [n, dOut], row-major, unit rows
 * @throws EraError `dimension-mismatch`, `not-finite` (also when the map sends a vector to zero)
 */
export function applyAdapter(adapter: LinearAdapter, x: Float32Array): Float32Array<ArrayBuffer> {
  assertVectors(x, adapter.dIn, 'adapter input');
  const out = mapRows(adapter, x);
  assertVectors(out, adapter.dOut, 'adapter output');
  normalizeRows(out, adapter.dOut);
  return out;
}

/**
 * W x + b for every row of `x`, not normalised.
 * @param x [n, dIn], row-major
 * @returns [n, dOut], row-major
 */
export function mapRows({ dIn, dOut, weight, bias }: LinearAdapter, x: Float32Array): Float32Array<ArrayBuffer> {
  const n = x.length / dIn;
  const all = new Float32Array(n * dOut);
  for (let i = 0; i < n; i++) {
    const out = all.subarray(i * dOut, (i + 1) * dOut);
    // Four sums at a time, because a single one would wait for every addition. Where fewer than four are left, the
    // last one fills the missing places: writes past the end are ignored.
    for (let o = 0; o < dOut; o += 4) {
      const [o1, o2, o3] = [Math.min(o + 1, dOut - 1), Math.min(o + 2, dOut - 1), Math.min(o + 3, dOut - 1)];
      const [w0, w1, w2, w3] = [o * dIn, o1 * dIn, o2 * dIn, o3 * dIn];
      let [s0, s1, s2, s3] = [bias[o]!, bias[o1]!, bias[o2]!, bias[o3]!];
      for (let j = 0, at = i * dIn; j < dIn; j++, at++) {
        const value = x[at]!;
        s0 += weight[w0 + j]! * value;
        s1 += weight[w1 + j]! * value;
        s2 += weight[w2 + j]! * value;
        s3 += weight[w3 + j]! * value;
      }
      out[o] = s0;
      out[o + 1] = s1;
      out[o + 2] = s2;
      out[o + 3] = s3;
    }
  }
  return all;
}

/** @throws EraError `dimension-mismatch`, `not-finite`, `invalid-input` unless shapes and numbers are sound */
export function checkAdapter(adapter: LinearAdapter): LinearAdapter {
  const { dIn, dOut, weight, bias, keywordFactor = 1 } = adapter;
  if (weight.length !== dIn * dOut || bias.length !== dOut) {
    throw new EraError(
      'dimension-mismatch',
      `An adapter of ${String(dOut)} × ${String(dIn)} cannot have ${String(weight.length)} weights and ${String(bias.length)} biases.`,
    );
  }
  if (!weight.every(Number.isFinite) || !bias.every(Number.isFinite))
    throw new EraError('not-finite', 'The adapter holds NaN or an infinity.');
  if (!isKeywordFactor(keywordFactor))
    throw new EraError('invalid-input', `The adapter’s factor of keywords is ${String(keywordFactor)}.`);
  return adapter;
}

/** Whether keywords can be weighed by it; more than a hundredfold is keywords alone, and surely not meant. */
export function isKeywordFactor(value: number): boolean {
  return value >= 0 && value <= 100;
}

const MISSING = {
  static: ['no-encoder', 'the static query encoder’s vector'],
  local: ['no-encoder', 'the small model’s query vector'],
  remote: ['network', 'the remote model’s query vector'],
} as const;

/**
 * Rows `[local; remote]` for `both`, else those of the one that the path names.
 * @param n number of queries
 * @throws EraError `no-encoder`, `network` when a vector that the path needs is missing, `dimension-mismatch`
 */
export function queryInput(vectors: QueryVectors, path: QueryPath, n: number): Float32Array<ArrayBuffer> {
  const parts = PATH_READERS[path].map((reader) => {
    const [code, what] = MISSING[reader];
    return vectors[reader] ?? fail(code, `The path “${path}” needs ${what}.`);
  });
  const widths = parts.map((part) => part.length / n);
  if (!widths.every(Number.isInteger)) {
    throw new EraError('dimension-mismatch', `The vectors are not ${String(n)} whole rows.`, {
      details: { queries: n },
    });
  }
  const width = widths.reduce((sum, part) => sum + part, 0);
  const out = new Float32Array(n * width);
  let offset = 0;
  parts.forEach((part, p) => {
    const dims = widths[p]!;
    for (let i = 0; i < n; i++) out.set(part.subarray(i * dims, (i + 1) * dims), i * width + offset);
    offset += dims;
  });
  return out;
}

function fail(code: 'no-encoder' | 'network', message: string): never {
  throw new EraError(code, message);
}
