// A known-answer test of the backend in use: one forward pass, one gradient and one AdamW step of a small layer,
// against float64. Devices are known to have returned finite, plausible and wrong numbers; such a device must not
// train.

import { tensor, tensor2d, tidy } from '@tensorflow/tfjs-core';
import { EraError } from '../errors.ts';
import { Random } from '../math/random.ts';
import { normalizeRows } from '../math/vector.ts';
import { AdamW } from './adam-w.ts';
import { backward, downloadWeights, forward, inputWidth, uploadWeights } from './linear-layer.ts';
import { contrastiveLoss } from './losses.ts';
import { randomAdapter } from './random-adapter.ts';
import { referenceContrastive, referenceStep } from './reference.ts';

const ROWS = 32;
const D_IN = 66;
const D_OUT = 40;
const CANDIDATES = 6;
const TEMPERATURE = 0.05;
const LEARNING_RATE = 0.01;
const WEIGHT_DECAY = 0.1;
/** Relative to the largest number compared. Float32 stays near 1e-6; a wrong kernel is off by far more than this. */
const TOLERANCE = 1e-3;

/** @throws EraError `self-test-failed` */
export async function testBackend(): Promise<void> {
  const random = new Random(42);
  const layer = randomAdapter({ path: 'remote', from: [], to: '', dIn: D_IN, dOut: D_OUT }, random);
  const draw = (length: number): Float32Array => Float32Array.from({ length }, () => random.normal());
  const x = normalizeRows(draw(ROWS * D_IN), D_IN);
  const candidates = normalizeRows(draw(ROWS * CANDIDATES * D_OUT), D_OUT);
  const expected = referenceStep(layer, x, candidates, referenceContrastive(TEMPERATURE));

  const width = inputWidth(D_IN);
  const rows = new Float32Array(ROWS * width);
  for (let i = 0; i < ROWS; i++) {
    rows.set(x.subarray(i * D_IN, (i + 1) * D_IN), i * width);
    rows[i * width + D_IN] = 1;
  }
  const optimizer = new AdamW(uploadWeights(layer), WEIGHT_DECAY);
  const [loss, gradient] = tidy(() => {
    const inputs = tensor2d(rows, [ROWS, width]);
    const output = forward(optimizer.weights, inputs);
    const share = tensor2d(new Float32Array(ROWS).fill(1 / ROWS), [ROWS, 1]);
    const measured = contrastiveLoss(TEMPERATURE)(output.unit, tensor(candidates, [ROWS, CANDIDATES, D_OUT]), share);
    return [measured.loss, backward(inputs, output, measured.gradient)];
  });
  try {
    optimizer.step(gradient, LEARNING_RATE);
    const slope = await downloadWeights(gradient, D_IN);
    const stepped = await downloadWeights(optimizer.weights, D_IN);
    // In the first step both corrected moments are the gradient itself, so Adam's direction is g / (|g| + ε).
    const next = layer.weight.map(
      (p, i) =>
        p * (1 - LEARNING_RATE * WEIGHT_DECAY) -
        (LEARNING_RATE * slope.weight[i]!) / (Math.abs(slope.weight[i]!) + 1e-8),
    );
    compare('loss', await loss.data<'float32'>(), [expected.loss]);
    compare('weight gradient', slope.weight, expected.weight);
    compare('bias gradient', slope.bias, expected.bias);
    compare('AdamW step', stepped.weight, next);
  } finally {
    loss.dispose();
    gradient.dispose();
    optimizer.dispose();
  }
}

function compare(what: string, actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  let error = 0;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    error = Math.max(error, Math.abs(actual[i]! - expected[i]!));
    largest = Math.max(largest, Math.abs(expected[i]!));
    if (!Number.isFinite(actual[i])) error = Infinity;
  }
  if (error > TOLERANCE * largest) {
    throw new EraError('self-test-failed', `The ${what} is off by ${error.toExponential(1)}.`, {
      details: { what, error },
    });
  }
}
