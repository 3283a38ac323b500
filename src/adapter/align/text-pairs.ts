// The same texts in two spaces: the input of every alignment in closed form, with the covariances that they need and
// the map that they make.

import { EraError } from '../../errors.ts';
import { type DenseMatrix, gram, multiplyTransposed, zeros } from '../../math/matrix.ts';
import { assertVectors } from '../../math/vector.ts';
import { checkAdapter, type LinearAdapter } from '../adapter.ts';

/** The same texts as two models read them. */
export interface TextPairs extends Pick<LinearAdapter, 'path' | 'from' | 'to' | 'dIn' | 'dOut'> {
  /** [n, dIn], row-major: the texts in the space to map from. */
  readonly x: Float32Array;
  /** [n, dOut], row-major: the same texts in the space to map into. */
  readonly y: Float32Array;
  /** [n], each ≥ 0: weights of the texts, such as documents and unlabelled queries; 1 for all if absent. */
  readonly weights?: ArrayLike<number> | undefined;
}

/** Rows read at a time: bounds the float64 copies. */
const BLOCK_ROWS = 1024;
/** A variance below this share of the mean square is rounding error of texts that are all alike. */
const NEGLIGIBLE = 1e-12;

/** Weighted means and covariances of pairs; each covariance is computed when it is first asked for. */
export class PairCovariances {
  readonly pairs: TextPairs;
  readonly texts: number;
  /** [dIn], [dOut]; zeros where the pairs are not centred. */
  readonly xMean: Float64Array;
  readonly yMean: Float64Array;
  readonly #weights: Float64Array;
  readonly #known: { xx?: DenseMatrix; xy?: DenseMatrix; yy?: DenseMatrix } = {};

  /**
   * @throws EraError `invalid-input` (also, if centred, where one side's vectors are all alike), `dimension-mismatch`,
   * `not-finite`
   */
  constructor(pairs: TextPairs, centred: boolean) {
    const { x, y, dIn, dOut } = pairs;
    this.pairs = pairs;
    this.texts = checkTextPairs(pairs);
    const weights = Float64Array.from(
      pairs.weights ?? { length: this.texts },
      (weight: number | undefined) => weight ?? 1,
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    this.#weights = weights.map((weight) => weight / total);
    this.xMean = centred ? meanOf(x, dIn, this.#weights) : new Float64Array(dIn);
    this.yMean = centred ? meanOf(y, dOut, this.#weights) : new Float64Array(dOut);
    if (alike(x, this.xMean, this.#weights) || alike(y, this.yMean, this.#weights)) {
      throw new EraError('invalid-input', 'The texts do not differ: no map can be learned from them.');
    }
  }

  /** C_xx = Σ wᵢ (xᵢ − x̄)(xᵢ − x̄)ᵀ / Σ wᵢ, [dIn, dIn]. */
  get xx(): DenseMatrix {
    return (this.#known.xx ??= this.#sum((rows) => gram(this.#inputs(rows))));
  }

  /** C_xy, [dIn, dOut]. */
  get xy(): DenseMatrix {
    return (this.#known.xy ??= this.#sum((rows) => multiplyTransposed(this.#inputs(rows), this.#outputs(rows))));
  }

  /** C_yy, [dOut, dOut]. */
  get yy(): DenseMatrix {
    return (this.#known.yy ??= this.#sum((rows) => gram(this.#outputs(rows))));
  }

  /**
   * x ↦ L2((x − x̄) A + ȳ).
   * @param map A [dIn, dOut]
   * @throws EraError `not-finite`
   */
  adapter(map: DenseMatrix, provenance: Readonly<Record<string, string>>): LinearAdapter {
    const { path, from, to, dIn, dOut } = this.pairs;
    const weight = new Float32Array(dOut * dIn);
    const bias = new Float32Array(dOut);
    for (let o = 0; o < dOut; o++) {
      let offset = this.yMean[o]!;
      for (let j = 0; j < dIn; j++) {
        const value = map.values[j * dOut + o]!;
        weight[o * dIn + j] = value;
        offset -= value * this.xMean[j]!;
      }
      bias[o] = offset;
    }
    return checkAdapter({
      path,
      from,
      to,
      dIn,
      dOut,
      weight,
      bias,
      provenance: { ...provenance, texts: String(this.texts) },
    });
  }

  #inputs(rows: Rows): DenseMatrix {
    return columns(this.pairs.x, this.pairs.dIn, this.xMean, this.#weights, rows);
  }

  #outputs(rows: Rows): DenseMatrix {
    return columns(this.pairs.y, this.pairs.dOut, this.yMean, this.#weights, rows);
  }

  #sum(part: (rows: Rows) => DenseMatrix): DenseMatrix {
    let total: DenseMatrix | undefined;
    for (let start = 0; start < this.texts; start += BLOCK_ROWS) {
      const { rows, cols, values } = part({ start, end: Math.min(start + BLOCK_ROWS, this.texts) });
      total ??= zeros(rows, cols);
      for (let at = 0; at < values.length; at++) total.values[at] = total.values[at]! + values[at]!;
    }
    return total!;
  }
}

interface Rows {
  readonly start: number;
  readonly end: number;
}

/** @returns the number of texts @throws EraError `invalid-input`, `dimension-mismatch`, `not-finite` */
export function checkTextPairs({ x, y, dIn, dOut, weights }: TextPairs): number {
  assertVectors(x, dIn, 'vectors to map from');
  assertVectors(y, dOut, 'vectors to map into');
  const n = x.length / dIn;
  if (n === 0) throw new EraError('invalid-input', 'Alignment needs at least one text.');
  if (y.length / dOut !== n)
    throw new EraError('invalid-input', `${n} vectors on one side and ${y.length / dOut} on the other.`);
  if (
    weights &&
    (weights.length !== n ||
      Array.from(weights).some((w) => !(w >= 0 && w < Infinity)) ||
      Array.from(weights).every((w) => w === 0))
  ) {
    throw new EraError('invalid-input', `The weights have to be ${n} numbers from 0 up, not all 0.`);
  }
  return n;
}

/** @param shares [n], adding up to 1 */
function meanOf(matrix: Float32Array, dims: number, shares: Float64Array): Float64Array {
  const mean = new Float64Array(dims);
  for (let i = 0; i < shares.length; i++)
    for (let j = 0; j < dims; j++) mean[j] = mean[j]! + shares[i]! * matrix[i * dims + j]!;
  return mean;
}

function alike(matrix: Float32Array, mean: Float64Array, shares: Float64Array): boolean {
  const dims = mean.length;
  let variance = 0;
  let square = 0;
  for (let at = 0; at < matrix.length; at++) {
    const share = shares[Math.floor(at / dims)]!;
    variance += share * (matrix[at]! - mean[at % dims]!) ** 2;
    square += share * matrix[at]! ** 2;
  }
  return variance <= NEGLIGIBLE * square;
}

/** √share · (row − mean) of some rows, transposed: [dims, rows]. */
function columns(
  matrix: Float32Array,
  dims: number,
  mean: Float64Array,
  shares: Float64Array,
  { start, end }: Rows,
): DenseMatrix {
  const out = zeros(dims, end - start);
  for (let i = start; i < end; i++) {
    const scale = Math.sqrt(shares[i]!);
    for (let j = 0; j < dims; j++) out.values[j * out.cols + i - start] = scale * (matrix[i * dims + j]! - mean[j]!);
  }
  return out;
}
