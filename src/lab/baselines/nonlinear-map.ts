// A learned map that is not linear, so that no engine could load it as an adapter. Two of the baselines learn one; they
// run in `evaluate` alone.

import type { LinearAdapter } from '../../adapter/adapter.ts';

export interface NonlinearMap {
  /**
   * [n, dIn] → [n, dOut], unit rows.
   * @throws EraError `dimension-mismatch`, `not-finite`, `gpu-lost`; the signal's reason
   */
  readonly mapQueries: (x: Float32Array, signal?: AbortSignal) => Promise<Float32Array<ArrayBuffer>>;
  /** The map of the documents, [n, dOut] → [n, dOut], where it moves these too. */
  readonly mapDocuments?: ((x: Float32Array, signal?: AbortSignal) => Promise<Float32Array<ArrayBuffer>>) | undefined;
  /** All learned numbers. */
  readonly parameters: readonly Float32Array[];
}

/** The result of a baseline. */
export type LearnedMap = LinearAdapter | NonlinearMap;

export function isNonlinear(map: LearnedMap): map is NonlinearMap {
  return 'mapQueries' in map;
}

/** Size of all its numbers as float32. */
export function bytesOf({ parameters }: NonlinearMap): number {
  return parameters.reduce((sum, { byteLength }) => sum + byteLength, 0);
}
