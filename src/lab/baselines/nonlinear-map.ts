// A learned map that is no linear adapter, so that no engine could load it. Two of the rivals learn one; they run in
// `evaluate` alone.

import type { LinearAdapter } from '../../adapter/adapter.ts';

export interface NonlinearMap {
  /**
   * [n, dIn] → [n, dOut], unit rows.
   * @throws EraError `dimension-mismatch`, `not-finite`, `gpu-lost`; the signal's reason
   */
  readonly mapQueries: (x: Float32Array, signal?: AbortSignal) => Promise<Float32Array<ArrayBuffer>>;
  /** Likewise, of a map that moves the documents too, [n, dOut] → [n, dOut]. */
  readonly mapDocuments?: ((x: Float32Array, signal?: AbortSignal) => Promise<Float32Array<ArrayBuffer>>) | undefined;
  /** Every number that was learned. */
  readonly parameters: readonly Float32Array[];
}

/** What a rival may have learned. */
export type LearnedMap = LinearAdapter | NonlinearMap;

export function isNonlinear(map: LearnedMap): map is NonlinearMap {
  return 'mapQueries' in map;
}

/** Of all its numbers as float32. */
export function bytesOf({ parameters }: NonlinearMap): number {
  return parameters.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
