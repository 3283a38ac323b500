// The loop both stages share: epochs of shuffled batches of one fixed shape, AdamW, validation, early stopping, cancelling.
// It knows no task and no label: only rows of inputs with their targets.

import { clone, dispose, scalar, setBackend, tensor, tensor2d, tidy, type Scalar, type Tensor, type Tensor2D } from '@tensorflow/tfjs-core';
import { EraError } from '../../errors.ts';
import type { Random } from '../../math/random.ts';
import type { LinearAdapter } from '../adapter.ts';
import { AdamW } from './adam-w.ts';
import type { TrainingBackend } from './backend.ts';
import { backward, downloadWeights, forward, inputWidth, uploadWeights, type LayerWeights } from './linear-layer.ts';
import { accumulate, type Loss } from './losses.ts';
import { createPause } from '../pause.ts';

export interface EpochProgress {
  /** From 1. */
  readonly epoch: number;
  /** Epochs planned; early stopping may end before. */
  readonly epochs: number;
  /** Mean over the training rows, each measured when its batch came. */
  readonly loss: number;
  /** Mean over the validation rows after the epoch; null without any. */
  readonly validationLoss: number | null;
}

/** Inputs with their targets, written on demand into the rows of a batch. */
export interface Examples {
  readonly count: number;
  /** Writes example `i`: `x` [dIn] and `target` [product of targetShape], both all zeros before. */
  readonly write: (i: number, x: Float32Array, target: Float32Array) => void;
}

export interface TrainingPlan {
  readonly backend: TrainingBackend;
  readonly start: LinearAdapter;
  readonly training: Examples;
  readonly validation: Examples;
  /** Shape of one target. */
  readonly targetShape: readonly number[];
  readonly loss: Loss;
  readonly epochs: number;
  readonly batchSize: number;
  readonly weightDecay: number;
  /** @param step steps taken so far @param totalSteps steps of all planned epochs */
  readonly learningRate: (step: number, totalSteps: number) => number;
  /** Epochs without a better validation loss before training ends with the best weights; null: the last weights of all epochs. */
  readonly patience: number | null;
  readonly random: Random;
  readonly signal?: AbortSignal | undefined;
  readonly onEpoch?: ((progress: EpochProgress) => void) | undefined;
}

export interface Trained extends LayerWeights {
  readonly epochsRun: number;
  /** The epoch whose weights these are. */
  readonly epoch: number;
}

interface Batch {
  /** [batch, width] */
  readonly x: Tensor2D;
  /** [batch, ...targetShape] */
  readonly target: Tensor;
  /** [batch, 1] */
  readonly share: Tensor2D;
}

/** @throws EraError `not-finite` for a loss that is not a number, `gpu-lost`; the signal's reason */
export async function train(plan: TrainingPlan): Promise<Trained> {
  await setBackend(plan.backend.kind);
  try {
    return await runEpochs(plan);
  } catch (error) {
    plan.signal?.throwIfAborted();
    throw await plan.backend.explain(error);
  }
}

async function runEpochs(plan: TrainingPlan): Promise<Trained> {
  const { start, training, validation, epochs, patience } = plan;
  const batchSize = Math.min(plan.batchSize, training.count);
  const totalSteps = Math.ceil(training.count / batchSize) * epochs;
  const order = Array.from({ length: training.count }, (_, i) => i);
  const validationOrder = Array.from({ length: validation.count }, (_, i) => i);
  const pause = createPause(plan.signal);
  const optimizer = new AdamW(uploadWeights(start), plan.weightDecay);
  let best: { weights: Tensor2D; loss: number; epoch: number } | null = null;
  let steps = 0;
  let epoch = 0;

  const learn = (batch: Batch): Scalar => {
    const { loss, gradient } = tidy(() => {
      const output = forward(optimizer.weights, batch.x);
      const { loss, gradient: unitGradient } = plan.loss(output.unit, batch.target, batch.share);
      return { loss, gradient: backward(batch.x, output, unitGradient) };
    });
    optimizer.step(gradient, plan.learningRate(steps++, totalSteps));
    gradient.dispose();
    return loss;
  };
  const measure = (batch: Batch): Scalar => tidy(() => plan.loss(forward(optimizer.weights, batch.x).unit, batch.target, batch.share).loss);
  const pass = async (examples: Examples, rows: readonly number[], visit: (batch: Batch) => Scalar): Promise<number> => {
    let total = scalar(0);
    try {
      for (let at = 0; at < rows.length; at += batchSize) {
        await pause();
        const batch = uploadBatch(plan, examples, rows.slice(at, at + batchSize), batchSize);
        const before = total;
        try {
          total = tidy(() => accumulate(before, visit(batch), Math.min(batchSize, rows.length - at) / rows.length));
        } finally {
          dispose([batch.x, batch.target, batch.share]);
        }
        before.dispose();
      }
      const [loss = NaN] = await total.data<'float32'>();
      if (!Number.isFinite(loss)) throw new EraError('not-finite', `The loss of epoch ${epoch} is not a number.`, { details: { epoch } });
      return loss;
    } finally {
      total.dispose();
    }
  };

  try {
    while (epoch < epochs) {
      epoch++;
      const loss = await pass(training, plan.random.shuffle(order), learn);
      const validationLoss = validation.count > 0 ? await pass(validation, validationOrder, measure) : null;
      plan.onEpoch?.({ epoch, epochs, loss, validationLoss });
      if (patience === null || validationLoss === null) continue;
      if (best === null || validationLoss < best.loss) {
        best?.weights.dispose();
        best = { weights: clone(optimizer.weights), loss: validationLoss, epoch };
      } else if (epoch - best.epoch >= patience) {
        break;
      }
    }
    const weights = await downloadWeights(best?.weights ?? optimizer.weights, start.dIn);
    return { ...weights, epochsRun: epoch, epoch: best?.epoch ?? epoch };
  } finally {
    best?.weights.dispose();
    optimizer.dispose();
  }
}

/** A batch is always `batchSize` rows: one shape compiles and allocates once. Rows past the examples are zeros and count nothing. */
function uploadBatch({ start, targetShape }: TrainingPlan, examples: Examples, rows: readonly number[], batchSize: number): Batch {
  const width = inputWidth(start.dIn);
  const targetLength = targetShape.reduce((product, size) => product * size, 1);
  const x = new Float32Array(batchSize * width);
  const target = new Float32Array(batchSize * targetLength);
  const share = new Float32Array(batchSize).fill(1 / rows.length, 0, rows.length);
  rows.forEach((row, i) => {
    examples.write(row, x.subarray(i * width, i * width + start.dIn), target.subarray(i * targetLength, (i + 1) * targetLength));
    x[i * width + start.dIn] = 1;
  });
  return { x: tensor2d(x, [batchSize, width]), target: tensor(target, [batchSize, ...targetShape]), share: tensor2d(share, [batchSize, 1]) };
}
