// How a training tells its progress: texts that are read, then the steps of the worker, under one phase.

import type { QueryPath, QueryVectors } from '../adapter/adapter.ts';
import type { TrainingProgress } from '../adapter/trainer.ts';
import { ProgressMeter } from '../progress.ts';
import type { VectorOptions } from './status.ts';
import type { RunOptions } from './training-options.ts';

/** The run reports all its work under one phase, reading texts included. */
const PHASES = { align: 'align', adapt: 'adapt', evaluate: 'evaluate', 'learning-curve': 'curve' } as const;

export type TrainingRun = keyof typeof PHASES;

export function vectorOptions(
  run: TrainingRun,
  model: keyof QueryVectors,
  { signal, onProgress }: RunOptions,
): VectorOptions {
  const meter = new ProgressMeter(onProgress, { phase: PHASES[run], unit: 'texts', model });
  return { signal, onDone: (done, total) => meter.at(done, total) };
}

/** The worker's steps on one path. */
export function stepsOf(
  phase: 'align' | 'adapt',
  path: QueryPath,
  { onProgress }: RunOptions,
): (progress: TrainingProgress) => void {
  const meter = new ProgressMeter(onProgress, { phase, unit: 'steps', path });
  return ({ step, steps, loss, validationLoss }) => meter.at(step, steps, { loss, validationLoss });
}
