// Drift-Adapter's MLP (arXiv 2509.23471): one hidden layer on top of a residual, and a factor for each output dimension
// (DSM). The paper does not define the residual between different dimensions: here it is then a linear projection that
// is learned too.

import { add, div, erf, mul, type Tensor2D } from '@tensorflow/tfjs-core';
import { EraError } from '../../../errors.ts';
import { assertVectors, normalizeRows } from '../../../math/vector.ts';
import { product } from '../../gradient/product.ts';
import { fitPairs, scalingParameter, uniformParameter, type DriftOptions } from './fit-pairs.ts';

export interface DriftMlpOptions extends DriftOptions {
  /** Width of the hidden layer. @default 256 */
  readonly hidden?: number | undefined;
}

/** A nonlinear map, which the engine cannot load as an adapter. */
export interface DriftMlp {
  /**
   * @param x [n, dIn], row-major
   * @returns [n, dOut], row-major, unit rows
   * @throws EraError `dimension-mismatch`, `not-finite`
   */
  readonly map: (x: Float32Array) => Float32Array<ArrayBuffer>;
  /** All learned numbers. */
  readonly parameters: readonly Float32Array[];
  readonly provenance: Readonly<Record<string, string>>;
}

/**
 * s ∘ (R x + W₂ gelu(W₁ x + b₁) + b₂), trained by the squared error, where R is the identity for dIn = dOut and else
 * learned.
 * @throws EraError as `fitPairs`, `invalid-option`; the signal's reason
 */
export async function driftMlp(options: DriftMlpOptions): Promise<DriftMlp> {
  const { dIn, dOut, hidden = 256, scaling = true } = options;
  if (!Number.isInteger(hidden) || hidden < 1)
    throw new EraError('invalid-option', `The hidden layer has a whole number from 1, not ${hidden}.`);
  const projects = dIn !== dOut;
  const { values, provenance } = await fitPairs(options, (random) => ({
    parameters: [
      uniformParameter('W1', [dIn, hidden], dIn, random),
      uniformParameter('b1', [1, hidden], dIn, random),
      uniformParameter('W2', [hidden, dOut], hidden, random),
      uniformParameter('b2', [1, dOut], hidden, random),
      ...(projects ? [uniformParameter('R', [dIn, dOut], dIn, random)] : []),
      ...(scaling ? [scalingParameter(dOut)] : []),
    ],
    forward: (parameters, x) => {
      const [w1, b1, w2, b2, ...rest] = parameters;
      const residual = projects ? product(x, rest[0]!) : x;
      const hiddenValues = gelu(add(product(x, w1!), b1!));
      const mapped = add<Tensor2D>(residual, add(product(hiddenValues, w2!), b2!));
      return scaling ? mul(mapped, rest.at(-1)!) : mapped;
    },
  }));
  const [w1, b1, w2, b2, ...rest] = values;
  const layers = {
    w1: w1!,
    b1: b1!,
    w2: w2!,
    b2: b2!,
    residual: projects ? rest[0]! : null,
    factors: scaling ? rest.at(-1)! : null,
  };
  return {
    map: (x) => applyMlp(layers, dIn, dOut, x),
    parameters: values,
    provenance: { method: 'drift-mlp', hidden: String(hidden), scaling: String(scaling), ...provenance },
  };
}

interface Layers {
  /** [dIn, hidden] */
  readonly w1: Float32Array;
  readonly b1: Float32Array;
  /** [hidden, dOut] */
  readonly w2: Float32Array;
  readonly b2: Float32Array;
  /** [dIn, dOut]; null for the identity. */
  readonly residual: Float32Array | null;
  readonly factors: Float32Array | null;
}

function applyMlp(
  { w1, b1, w2, b2, residual, factors }: Layers,
  dIn: number,
  dOut: number,
  x: Float32Array,
): Float32Array<ArrayBuffer> {
  assertVectors(x, dIn, 'adapter input');
  const n = x.length / dIn;
  const out = new Float32Array(n * dOut);
  for (let i = 0; i < n; i++) {
    const input = x.subarray(i * dIn, (i + 1) * dIn);
    const hidden = Float64Array.from(b1);
    addProduct(hidden, input, w1);
    const mapped = Float64Array.from(b2);
    addProduct(
      mapped,
      hidden.map((v) => (v / 2) * (1 + erfOf(v / Math.SQRT2))),
      w2,
    );
    if (residual) addProduct(mapped, input, residual);
    else for (let o = 0; o < dOut; o++) mapped[o] = mapped[o]! + input[o]!;
    out.set(factors ? mapped.map((v, o) => v * factors[o]!) : mapped, i * dOut);
  }
  assertVectors(out, dOut, 'adapter output');
  normalizeRows(out, dOut);
  return out;
}

/** out += aᵀ W for W [a.length, out.length]. */
function addProduct(out: Float64Array, a: ArrayLike<number>, w: Float32Array): void {
  for (let j = 0, at = 0; j < a.length; j++)
    for (let o = 0; o < out.length; o++, at++) out[o] = out[o]! + a[j]! * w[at]!;
}

/** Hendrycks & Gimpel 2016, exact form: h Φ(h). */
function gelu(h: Tensor2D): Tensor2D {
  return mul(div(h, 2), add(erf(div(h, Math.SQRT2)), 1));
}

/** Abramowitz & Stegun 7.1.26, |error| ≤ 1.5e-7, the formula of tfjs's `erf`. */
function erfOf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const tail = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return Math.sign(x) * (1 - tail * Math.exp(-x * x));
}
