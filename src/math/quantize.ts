// Symmetric int8 codes with one scale a vector: x ≈ code · scale, code in [−127, 127]. Bound: |x − code · scale| ≤
// scale / 2 = max|x| / 254 for every number. −128 is never used, so that products fit 16 bits in pairs.

/** Vectors in eight bits a number, with one scale a vector. */
export interface QuantizedVectors {
  /** [n, dims], row-major. */
  readonly codes: Int8Array<ArrayBuffer>;
  /** [n]; 0 for a zero vector. */
  readonly scales: Float32Array<ArrayBuffer>;
  readonly dims: number;
}

/**
 * @param vectors [n, dims], row-major, finite
 * @param most the largest code
 */
export function quantizeRows(vectors: Float32Array, dims: number, most = 127): QuantizedVectors {
  const n = vectors.length / dims;
  const codes = new Int8Array(vectors.length);
  const scales = new Float32Array(n);
  for (let i = 0; i < n; i++) {
    let max = 0;
    for (let j = i * dims; j < (i + 1) * dims; j++) max = Math.max(max, Math.abs(vectors[j]!));
    if (max === 0) continue;
    scales[i] = max / most;
    const inverse = most / max;
    for (let j = i * dims; j < (i + 1) * dims; j++)
      codes[j] = Math.max(-most, Math.min(most, Math.round(vectors[j]! * inverse)));
  }
  return { codes, scales, dims };
}

/** Rows `ids` (all rows if absent) as float32 [n, dims], row-major. */
export function dequantizeRows(quantized: QuantizedVectors, ids?: ArrayLike<number>): Float32Array<ArrayBuffer> {
  const { codes, scales, dims } = quantized;
  const n = ids ? ids.length : scales.length;
  const out = new Float32Array(n * dims);
  for (let i = 0; i < n; i++) {
    const id = ids ? ids[i]! : i;
    const scale = scales[id]!;
    for (let j = 0; j < dims; j++) out[i * dims + j] = codes[id * dims + j]! * scale;
  }
  return out;
}

/** Not negative, and every number of its row is finite in float32: a code is at most 127. */
export function isScale(scale: number): boolean {
  return scale >= 0 && Math.fround(scale * 127) < Infinity;
}
