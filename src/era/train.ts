// The training loop of both stages: epochs of shuffled batches of one fixed shape, AdamW, validation, early stopping,
// cancelling. It knows no task and no label: only rows of inputs with their targets.

import {
  clone,
  dispose,
  scalar,
  setBackend,
  tensor,
  tensor2d,
  tidy,
  type Scalar,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { EraError } from '../errors.ts';
import type { Random } from '../math/random.ts';
import type { LinearAdapter } from '../adapter/adapter.ts';
import { AdamW } from './adam-w.ts';
import type { TrainingBackend } from './backend.ts';
import { backward, downloadWeights, forward, inputWidth, uploadWeights, type LayerWeights } from './linear-layer.ts';
import { accumulate, type Loss } from './losses.ts';
import { createPause } from '../pause.ts';

const CHECKPOINT_MS = 10_000;

export interface EpochProgress {
  /** From 1. */
  readonly epoch: number;
  /** Planned epochs; early stopping may end before. */
  readonly epochs: number;
  /** Mean over the training rows, each measured in its batch. */
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
  /**
   * Epochs without a better validation loss before training ends with the best weights; null: the last weights of all
   * epochs.
   */
  readonly patience: number | null;
  readonly random: Random;
  /**
   * State to continue from. The rest of the plan must be that of the interrupted run, and `random` as it was when that
   * run began.
   */
  readonly resume?: TrainingState | undefined;
  readonly onCheckpoint?: ((state: TrainingState) => void) | undefined;
  /** Milliseconds between two checkpoints, which are taken between epochs. @default 10000 */
  readonly checkpointMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEpoch?: ((progress: EpochProgress) => void) | undefined;
}

/**
 * The state with which a run continues after an epoch with the same result: batches are shuffled again from the seed.
 */
export interface TrainingState {
  /** Completed epochs. */
  readonly epoch: number;
  /** Weights of the layer and of AdamW, in the layout of linear-layer.ts: [inputWidth(dIn), dOut]. */
  readonly weights: Float32Array;
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** The best epoch so far by validation loss, where there is one. */
  readonly best: { readonly weights: Float32Array; readonly loss: number; readonly epoch: number } | null;
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
    return await plan.backend.guard(() => runEpochs(plan));
  } catch (error) {
    plan.signal?.throwIfAborted();
    throw error;
  }
}

async function runEpochs(plan: TrainingPlan): Promise<Trained> {
  const { start, training, validation, epochs, patience, resume, onCheckpoint, checkpointMs = CHECKPOINT_MS } = plan;
  const batchSize = Math.min(plan.batchSize, training.count);
  const stepsAnEpoch = Math.ceil(training.count / batchSize);
  const totalSteps = stepsAnEpoch * epochs;
  const order = Array.from({ length: training.count }, (_, i) => i);
  const validationOrder = Array.from({ length: validation.count }, (_, i) => i);
  const pause = createPause(plan.signal);
  if (resume) checkState(plan, resume);
  let epoch = resume?.epoch ?? 0;
  let steps = epoch * stepsAnEpoch;
  for (let done = 0; done < epoch; done++) plan.random.shuffle(order);
  const optimizer = resume ? resumedOptimizer(plan, resume, steps) : new AdamW(uploadWeights(start), plan.weightDecay);
  let best = resume?.best ? { ...resume.best, weights: packedTensor(start, resume.best.weights) } : null;
  let checkpointAtMs = performance.now() + checkpointMs;

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
  const measure = (batch: Batch): Scalar =>
    tidy(() => plan.loss(forward(optimizer.weights, batch.x).unit, batch.target, batch.share).loss);
  const pass = async (
    examples: Examples,
    rows: readonly number[],
    visit: (batch: Batch) => Scalar,
  ): Promise<number> => {
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
      if (!Number.isFinite(loss))
        throw new EraError('not-finite', `The loss of epoch ${epoch} is not a number.`, { details: { epoch } });
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
      if (patience !== null && validationLoss !== null) {
        if (best === null || validationLoss < best.loss) {
          best?.weights.dispose();
          best = { weights: clone(optimizer.weights), loss: validationLoss, epoch };
        } else if (epoch - best.epoch >= patience) {
          break;
        }
      }
      if (!onCheckpoint || epoch === epochs || performance.now() < checkpointAtMs) continue;
      onCheckpoint(await stateOf(epoch, optimizer, best));
      checkpointAtMs = performance.now() + checkpointMs;
    }
    const weights = await downloadWeights(best?.weights ?? optimizer.weights, start.dIn);
    return { ...weights, epochsRun: epoch, epoch: best?.epoch ?? epoch };
  } finally {
    best?.weights.dispose();
    optimizer.dispose();
  }
}

type Best = { readonly weights: Tensor2D; readonly loss: number; readonly epoch: number } | null;

async function stateOf(epoch: number, { weights, moments }: AdamW, best: Best): Promise<TrainingState> {
  const numbers = async (tensor: Tensor2D): Promise<Float32Array> => Float32Array.from(await tensor.data<'float32'>());
  return {
    epoch,
    weights: await numbers(weights),
    first: await numbers(moments.first),
    second: await numbers(moments.second),
    best: best && { ...best, weights: await numbers(best.weights) },
  };
}

function resumedOptimizer(
  { start, weightDecay }: TrainingPlan,
  { weights, first, second }: TrainingState,
  steps: number,
): AdamW {
  return new AdamW(packedTensor(start, weights), weightDecay, {
    first: packedTensor(start, first),
    second: packedTensor(start, second),
    steps,
  });
}

function packedTensor({ dIn, dOut }: LinearAdapter, numbers: Float32Array): Tensor2D {
  return tensor2d(numbers, [inputWidth(dIn), dOut]);
}

/** @throws EraError `dimension-mismatch`, `invalid-input` */
function checkState(
  { start: { dIn, dOut }, epochs }: TrainingPlan,
  { epoch, weights, first, second, best }: TrainingState,
): void {
  for (const { length } of [weights, first, second, best?.weights ?? weights]) {
    if (length !== inputWidth(dIn) * dOut)
      throw new EraError(
        'dimension-mismatch',
        `A checkpoint of ${length} weights is not of a map from ${dIn} to ${dOut} dimensions.`,
      );
  }
  if (!Number.isInteger(epoch) || epoch < 0 || epoch > epochs)
    throw new EraError('invalid-input', `A checkpoint of epoch ${epoch} is not of a training of ${epochs}.`);
}

/**
 * A batch always has `batchSize` rows, so that its shape is compiled and allocated once. Rows past the examples are
 * zeros with weight 0.
 */
function uploadBatch(
  { start, targetShape }: TrainingPlan,
  examples: Examples,
  rows: readonly number[],
  batchSize: number,
): Batch {
  const width = inputWidth(start.dIn);
  const targetLength = targetShape.reduce((product, size) => product * size, 1);
  const x = new Float32Array(batchSize * width);
  const target = new Float32Array(batchSize * targetLength);
  const share = new Float32Array(batchSize).fill(1 / rows.length, 0, rows.length);
  rows.forEach((row, i) => {
    examples.write(
      row,
      x.subarray(i * width, i * width + start.dIn),
      target.subarray(i * targetLength, (i + 1) * targetLength),
    );
    x[i * width + start.dIn] = 1;
  });
  return {
    x: tensor2d(x, [batchSize, width]),
    target: tensor(target, [batchSize, ...targetShape]),
    share: tensor2d(share, [batchSize, 1]),
  };
}
