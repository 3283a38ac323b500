// The reference itself, against finite differences of its own losses.

import { expect, test } from 'vitest';
import { Random } from '../math/random.ts';
import { normalizeRows } from '../math/vector.ts';
import { referenceContrastive, referenceCosine, referenceStep, type ReferenceLoss } from './reference.ts';

const STEP = 1e-6;

for (const [name, loss, k] of [
  ['cosine', referenceCosine, 1],
  ['contrastive', referenceContrastive(0.05), 6],
] as [string, ReferenceLoss, number][]) {
  test(`${name}: the gradient is the slope of the loss`, () => {
    const [n, dIn, dOut] = [3, 5, 4];
    const random = new Random(1);
    const draw = (length: number): Float64Array => Float64Array.from({ length }, () => random.normal());
    const layer = { weight: draw(dOut * dIn), bias: draw(dOut), dIn, dOut };
    const x = draw(n * dIn);
    const targets = Float32Array.from(draw(n * k * dOut));
    normalizeRows(targets, dOut);
    const gradients = referenceStep(layer, x, targets, loss);
    for (const part of ['weight', 'bias'] as const) {
      const slopes = layer[part].map((_, i) => {
        const at = (shift: number): number =>
          referenceStep({ ...layer, [part]: layer[part].map((v, j) => (j === i ? v + shift : v)) }, x, targets, loss)
            .loss;
        return (at(STEP) - at(-STEP)) / (2 * STEP);
      });
      slopes.forEach((slope, i) => {
        expect(gradients[part][i]).toBeCloseTo(slope, 6);
      });
    }
  });
}

test('losses of cases worked out by hand', () => {
  expect(referenceCosine(Float64Array.from([0.6, 0.8]), [1, 0]).loss).toBeCloseTo(0.4, 12);
  // Logits 1 and 0 at τ = 1: −log(e / (e + 1)).
  expect(referenceContrastive(1)(Float64Array.from([1, 0]), [1, 0, 0, 1]).loss).toBeCloseTo(
    Math.log(1 + Math.exp(-1)),
    12,
  );
  // Six equal candidates: log 6.
  expect(
    referenceContrastive(0.05)(Float64Array.from([1, 0]), Array.from({ length: 6 }, () => [0, 1]).flat()).loss,
  ).toBeCloseTo(Math.log(6), 12);
});
