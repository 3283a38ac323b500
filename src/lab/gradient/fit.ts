// Gradient descent for any loss made of tfjs operations: taped gradients, AdamW, a check that keeps the best values,
// cancelling. It knows no adapter and no label. ERA's own loop is era/train.ts, with epochs and written-out gradients.

import {
  dispose,
  engine,
  setBackend,
  tensor,
  tidy,
  valueAndGrads,
  type Scalar,
  type Tensor,
} from '@tensorflow/tfjs-core';
import { EraError } from '../../errors.ts';
import { AdamW } from '../../era/adam-w.ts';
import type { TrainingBackend } from '../../era/backend.ts';
import { createPause } from '../../pause.ts';
import { registerGradients } from './gradients.ts';

export interface FitParameter {
  readonly name: string;
  /** Initial value; not changed. */
  readonly value: Float32Array;
  readonly shape: readonly number[];
}

export interface FitStep {
  /** From 1. */
  readonly step: number;
  /** Planned steps; the check may end before. */
  readonly steps: number;
  /** Loss of the values before the step. */
  readonly loss: number;
}

export interface FitOptions {
  readonly backend: TrainingBackend;
  readonly parameters: readonly FitParameter[];
  /**
   * Must depend on every parameter, by operations of gradients.ts. Its intermediate tensors are disposed of.
   * @param tensors in the order of `parameters` @param step steps taken so far
   */
  readonly loss: (tensors: readonly Tensor[], step: number) => Scalar;
  readonly steps: number;
  /** @param step steps taken so far */
  readonly learningRate: (step: number) => number;
  /** AdamW's weight decay, of every parameter. @default 0, which is Adam */
  readonly weightDecay?: number | undefined;
  /**
   * Quality of the values; larger is better. Called for the start, for every `checkEvery`-th step and for the last
   * step.
   */
  readonly check?: ((values: readonly Float32Array<ArrayBuffer>[]) => number | Promise<number>) | undefined;
  /** Steps between two checks. @default 1 */
  readonly checkEvery?: number | undefined;
  /** Checks without a better one before the end. @default all steps are run */
  readonly patience?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((progress: FitStep) => void) | undefined;
}

export interface Fitted {
  /**
   * In the order of the parameters: the best of the checked values, the earliest of equals; without a check the last.
   */
  readonly values: Float32Array<ArrayBuffer>[];
  readonly stepsRun: number;
  /** Steps that led to `values`. */
  readonly step: number;
  /** Result of the check for them; null without a check. */
  readonly best: number | null;
}

/**
 * Disposes of all its tensors, however it ends.
 * @throws EraError `not-finite` for a loss or values that are not numbers, `gpu-lost`; the signal's reason; what `loss`
 * and `check` throw
 */
export async function fitByGradient(options: FitOptions): Promise<Fitted> {
  options.signal?.throwIfAborted();
  await setBackend(options.backend.kind);
  registerGradients();
  try {
    return await options.backend.guard(() => run(options));
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  }
}

async function run(options: FitOptions): Promise<Fitted> {
  const {
    parameters,
    steps,
    learningRate,
    weightDecay = 0,
    check,
    checkEvery = 1,
    patience = Infinity,
    onStep,
  } = options;
  const pause = createPause(options.signal);
  const optimizers: AdamW<Tensor>[] = [];
  const download = (): Promise<Float32Array<ArrayBuffer>[]> =>
    Promise.all(optimizers.map(async ({ weights }) => (await weights.data<'float32'>()).slice()));
  let kept: { values: Float32Array<ArrayBuffer>[]; step: number; score: number } | null = null;
  let step = 0;
  let checksSince = 0;
  try {
    // A copy, since tensors share memory with the array that they are made from.
    for (const { value, shape } of parameters)
      optimizers.push(new AdamW<Tensor>(tensor(value.slice(), [...shape]), weightDecay));
    for (;;) {
      await pause();
      if (check && (step % checkEvery === 0 || step === steps)) {
        const values = await download();
        const score = await check(values);
        if (kept === null || score > kept.score) {
          kept = { values, step, score };
          checksSince = 0;
        } else if (++checksSince >= patience) {
          break;
        }
      }
      if (step === steps) break;
      const loss = await descend(options, optimizers, step, learningRate(step));
      step++;
      onStep?.({ step, steps, loss });
    }
    const { values, step: best, score } = kept ?? { values: await download(), step, score: null };
    if (!values.every((value) => value.every(Number.isFinite)))
      throw new EraError('not-finite', 'Training led to values that are not numbers.');
    return { values, stepsRun: step, step: best, best: score };
  } finally {
    for (const optimizer of optimizers) optimizer.dispose();
  }
}

/** @returns the loss before the step */
async function descend(
  { loss, parameters }: FitOptions,
  optimizers: readonly AdamW<Tensor>[],
  step: number,
  rate: number,
): Promise<number> {
  const { value, grads } = taped(
    (...tensors) => loss(tensors, step),
    optimizers.map(({ weights }) => weights),
  );
  try {
    optimizers.forEach((optimizer, i) => optimizer.step(grads[i]!, rate));
    const [number = NaN] = await value.data<'float32'>();
    if (!Number.isFinite(number)) {
      throw new EraError('not-finite', `The loss of step ${step} is not a number.`, {
        details: { step, parameters: parameters.map(({ name }) => name).join(' ') },
      });
    }
    return number;
  } finally {
    dispose([value, ...grads]);
  }
}

/** Cleans up after a loss or a gradient that throws, which would leave its tape and its tensors in tfjs. */
function taped(loss: (...tensors: Tensor[]) => Scalar, tensors: Tensor[]): { value: Scalar; grads: Tensor[] } {
  try {
    return tidy(() => valueAndGrads(loss)(tensors));
  } catch (error) {
    const { state } = engine();
    const tape = state.activeTape as typeof state.activeTape | null;
    for (const { saved } of tape ?? []) dispose(saved ?? []);
    throw error;
  }
}
