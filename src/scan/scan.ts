// Exact nearest neighbours over int8 vectors, behind one interface; the implementations are scan/{js,wasm,webgpu}.ts.
// The score of a backend is code·code as a whole number times the passage's scale in float32, which every backend
// computes identically. The scanner quantises the query to seven bits, fetches more rows than requested from a backend, rescores
// these with the float query in float64, and cuts to k.

import type { Refusal } from '../device.ts';
import type { QuantizedVectors } from '../math/quantize.ts';

/** Where vectors are compared: in JavaScript, in WebAssembly or on the GPU. All give the same ranking. */
export type ScanKind = 'js' | 'wasm' | 'webgpu';

/** Rows that may be returned: [count], 1 for these and 0 for others. It is not changed once it was used. */
export type Accepted = Uint8Array;

export interface ScanHits {
  /** Row numbers, best first; ties go to the smaller row. */
  readonly rows: Int32Array<ArrayBuffer>;
  readonly scores: Float32Array<ArrayBuffer>;
}

/**
 * Scores of `rescore` for single rows.
 * @param query [dims] @param rows their numbers
 * @returns [rows]
 */
export type Dots = (query: Float32Array, rows: Int32Array) => Float32Array<ArrayBuffer>;

export interface ScanBackend {
  readonly kind: ScanKind;
  readonly count: number;
  readonly dims: number;
  /** Bytes outside the JavaScript heap (WASM memory, GPU buffers). 0 after dispose. */
  readonly bytesLive: number;
  /**
   * The k best rows by integer dot product × float32 scale, fewer where fewer are accepted.
   * @param query codes [dims] from −64 to 63
   * @param accepted @default all
   * @throws EraError `dimension-mismatch`, `invalid-input`, `gpu-lost`
   */
  topK: (query: Int8Array, k: number, accepted?: Accepted) => Promise<ScanHits>;
  /** Where it is faster than `dotsWithRows`; the same bits. Undefined after dispose. */
  readonly dots?: Dots | undefined;
  dispose: () => void;
}

/** What the times of a query on a GPU and elsewhere decided, so that they need not be measured at every start. */
export interface ScanChoice {
  /** The browser, its GPU and the size of the index, for which alone it holds. */
  readonly where: string;
  /** Why the GPU is not used; null where it is. */
  readonly reason: string | null;
}

export interface ScannerOptions {
  /**
   * `auto`: WebGPU on a hardware adapter where a query of this index is faster there, else WASM, else JS. @default 'auto'
   */
  readonly backend?: 'auto' | ScanKind | undefined;
  /** An earlier scanner's, which `auto` follows where it holds and the device passes its self-test. */
  readonly choice?: ScanChoice | null | undefined;
}

export interface Scanner {
  readonly kind: ScanKind;
  readonly refused: readonly Refusal[];
  /** The given choice where it was followed, or a new one; null where nothing was timed. */
  readonly choice: ScanChoice | null;
  readonly bytesLive: number;
  /**
   * The k best rows for one query by cosine of the float query with the dequantised passages, fewer where fewer are
   * accepted.
   * @param query [dims], unit length
   * @param accepted @default all
   * @throws EraError `dimension-mismatch`, `not-finite`
   */
  search: (query: Float32Array, k: number, accepted?: Accepted) => Promise<ScanHits>;
  /** The scores that `search` gives, of any rows. */
  readonly dots: Dots;
  dispose: () => void;
}

export type OpenScanner = (vectors: QuantizedVectors, options?: ScannerOptions) => Promise<Scanner>;
