// Both losses and their gradients in plain float64: the reference for the self-test of a device and for tests. Too slow
// for training.

export interface ReferenceLayer {
  /** [dOut, dIn] */
  readonly weight: ArrayLike<number>;
  /** [dOut] */
  readonly bias: ArrayLike<number>;
  readonly dIn: number;
  readonly dOut: number;
}

/** Loss of one unit vector u [dOut] against its target, and the gradient by u. */
export type ReferenceLoss = (u: Float64Array, target: ArrayLike<number>) => { loss: number; gradient: Float64Array };

/** 1 − u·y for a unit target y [dOut]. */
export const referenceCosine: ReferenceLoss = (u, target) => {
  let cosine = 0;
  const gradient = u.map((value, o) => {
    cosine += value * target[o]!;
    return -target[o]!;
  });
  return { loss: 1 - cosine, gradient };
};

/** −log softmax(u·c / τ)[0] for candidates c [k, dOut], the positive first (InfoNCE, van den Oord et al. 2018). */
export function referenceContrastive(temperature: number): ReferenceLoss {
  return (u, target) => {
    const dims = u.length;
    const candidates = Array.from({ length: target.length / dims }, (_, c) => c * dims);
    const logits = candidates.map(
      (start) => u.reduce((sum, value, o) => sum + value * target[start + o]!, 0) / temperature,
    );
    const max = Math.max(...logits);
    const sum = logits.reduce((total, logit) => total + Math.exp(logit - max), 0);
    const gradient = new Float64Array(dims);
    candidates.forEach((start, c) => {
      const slope = (Math.exp(logits[c]! - max) / sum - (c === 0 ? 1 : 0)) / temperature;
      for (let o = 0; o < dims; o++) gradient[o] = gradient[o]! + slope * target[start + o]!;
    });
    return { loss: max + Math.log(sum) - logits[0]!, gradient };
  };
}

/**
 * Mean loss of L2(W x + b) over the rows of `x` [n, dIn], with `targets` [n, …], and its gradients.
 * dL/dz = (g − u (u·g)) / |z| for u = z / |z| and g = dL/du.
 */
export function referenceStep(
  { weight, bias, dIn, dOut }: ReferenceLayer,
  x: ArrayLike<number>,
  targets: Float32Array,
  lossOf: ReferenceLoss,
): { loss: number; weight: Float64Array; bias: Float64Array } {
  const n = x.length / dIn;
  const targetLength = targets.length / n;
  const gradients = { loss: 0, weight: new Float64Array(dOut * dIn), bias: new Float64Array(dOut) };
  for (let i = 0; i < n; i++) {
    const z = Float64Array.from({ length: dOut }, (_, o) => {
      let sum = bias[o]!;
      for (let j = 0; j < dIn; j++) sum += weight[o * dIn + j]! * x[i * dIn + j]!;
      return sum;
    });
    const length = Math.hypot(...z);
    const u = z.map((value) => value / length);
    const { loss, gradient } = lossOf(u, targets.subarray(i * targetLength, (i + 1) * targetLength));
    gradients.loss += loss / n;
    const along = gradient.reduce((sum, value, o) => sum + value * u[o]!, 0);
    for (let o = 0; o < dOut; o++) {
      const slope = (gradient[o]! - u[o]! * along) / length / n;
      gradients.bias[o] = gradients.bias[o]! + slope;
      for (let j = 0; j < dIn; j++)
        gradients.weight[o * dIn + j] = gradients.weight[o * dIn + j]! + slope * x[i * dIn + j]!;
    }
  }
  return gradients;
}
