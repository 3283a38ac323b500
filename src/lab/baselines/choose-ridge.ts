// Chooses the ridge that is added to the covariances of the whitening family: the one that does best on held-out texts,
// by the measure that fits the form.

import { EraError } from '../../errors.ts';
import { fromRows, multiply, transpose } from '../../math/matrix.ts';
import { Random } from '../../math/random.ts';
import { dot, normalizeRows, row } from '../../math/vector.ts';
import { applyAdapter, type LinearAdapter } from '../../adapter/adapter.ts';
import { checkTextPairs, PairCovariances, type TextPairs } from '../../adapter/align/text-pairs.ts';
import { alignWhitened, whiteningFamily, type WhiteningPowers } from './whitening-family.ts';

/** Shares of the mean variance. */
const RIDGES = [0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];

/**
 * `cosine`: the mean cosine to the texts' vectors, for forms that imitate these. `scores`: the explained variance of
 * the large model's scores between held-out texts, for the form that imitates those.
 */
export type RidgeMeasure = 'cosine' | 'scores';

export interface ChooseRidgeOptions {
  /** @default 'cosine' */
  readonly by?: RidgeMeasure | undefined;
  /** Share of the texts that is held out. @default 0.1 */
  readonly heldOutShare?: number | undefined;
  /** @default 42 */
  readonly seed?: number | undefined;
}

/**
 * The member of the family at these powers, both sides with the ridge that does best on held-out texts (the smallest of
 * equals), fitted on all texts.
 * @throws EraError `invalid-input` (also where texts do not differ), `invalid-option`, `dimension-mismatch`,
 * `not-finite`
 */
export function alignChoosingRidge(
  pairs: TextPairs,
  powers: Pick<WhiteningPowers, 'alpha' | 'beta'>,
  options: ChooseRidgeOptions = {},
): LinearAdapter {
  const { by = 'cosine', heldOutShare = 0.1, seed = 42 } = options;
  // Texts of weight 0 are left out: they could neither be learned from nor decide.
  const counting = Array.from({ length: checkTextPairs(pairs) }, (_, i) => i).filter((i) => pairs.weights?.[i] !== 0);
  if (counting.length < 4)
    throw new EraError('invalid-input', 'Two texts to learn from and two held out are the least.', {
      details: { texts: counting.length },
    });
  const shuffled = new Random(seed).shuffle(counting);
  const count = Math.max(2, Math.trunc(counting.length * heldOutShare));
  const heldOut = takeTexts(pairs, shuffled.slice(0, count));
  const family = whiteningFamily(takeTexts(pairs, shuffled.slice(count)));
  const measure = by === 'cosine' ? meanCosine(heldOut) : scoresMet(heldOut);
  let best = { ridge: 0, value: -Infinity };
  for (const ridge of RIDGES) {
    const value = measure(family({ ...powers, xRidge: ridge, yRidge: ridge }));
    if (value > best.value) best = { ridge, value };
  }
  const adapter = alignWhitened({ ...pairs, ...powers, xRidge: best.ridge, yRidge: best.ridge });
  return {
    ...adapter,
    provenance: {
      ...adapter.provenance,
      heldOut: String(count),
      ridgeBy: by,
      heldOutValue: best.value.toFixed(4),
      seed: String(seed),
    },
  };
}

function takeTexts(pairs: TextPairs, ids: readonly number[]): TextPairs & { readonly y: Float32Array<ArrayBuffer> } {
  const { x, y, dIn, dOut, weights } = pairs;
  const take = (matrix: Float32Array, dims: number): Float32Array<ArrayBuffer> => {
    const out = new Float32Array(ids.length * dims);
    ids.forEach((id, i) => out.set(row(matrix, id, dims), i * dims));
    return out;
  };
  return { ...pairs, x: take(x, dIn), y: take(y, dOut), weights: weights && ids.map((id) => weights[id]!) };
}

type Measure = (adapter: LinearAdapter) => number;

/** Weighted. */
function meanCosine({ x, y, dOut, weights }: TextPairs): Measure {
  const units = normalizeRows(y.slice(), dOut);
  return (adapter) => {
    const mapped = applyAdapter(adapter, x);
    let sum = 0;
    let total = 0;
    for (let i = 0; i < y.length / dOut; i++) {
      const weight = weights?.[i] ?? 1;
      sum += weight * dot(row(mapped, i, dOut), row(units, i, dOut));
      total += weight;
    }
    return sum / total;
  };
}

/**
 * 1 − ‖X A Yᵀ − X Xᵀ‖² / ‖X Xᵀ‖² for centred X and Y, where ‖X A Yᵀ‖² = tr(C_xx A · (A C_yy)ᵀ) and ⟨X A Yᵀ, X Xᵀ⟩ =
 * tr(C_xx A · C_xyᵀ).
 */
function scoresMet(pairs: TextPairs): Measure {
  const { xx, xy, yy } = new PairCovariances(pairs, true);
  const inner = (a: Float64Array, b: Float64Array): number => a.reduce((sum, v, at) => sum + v * b[at]!, 0);
  return ({ weight, dIn }) => {
    const map = transpose(fromRows(weight, dIn));
    const left = multiply(xx, map).values;
    return (2 * inner(left, xy.values) - inner(left, multiply(map, yy).values)) / inner(xx.values, xx.values);
  };
}
