// The alignment baselines as trainers: each fits one map from the remote vectors to the document model's vectors of the
// same texts. They use neither documents nor queries nor a base adapter.

import { createPause } from '../../pause.ts';
import type { TextPairs } from '../../adapter/align/text-pairs.ts';
import { UNJUDGED, type Trainer, type TrainOptions } from '../../adapter/trainer.ts';
import { EraError } from '../../errors.ts';
import type { TrainingBackend } from '../../era/backend.ts';
import type { FitStep } from '../gradient/fit.ts';
import { alignChoosingRidge } from './choose-ridge.ts';
import { driftLowRank, type DriftLowRankOptions } from './drift/low-rank.ts';
import { driftOrthogonal } from './drift/orthogonal.ts';
import { driftMlp, type DriftMlpOptions } from './drift/residual-mlp.ts';
import type { LearnedMap } from './nonlinear-map.ts';
import { alignProcrustes } from './procrustes.ts';

export const ALIGN_BASELINES = [
  'align-ridge',
  'align-procrustes',
  'align-whitened',
  'align-scores',
  'drift-procrustes',
  'drift-low-rank',
  'drift-mlp',
] as const;
export type AlignBaseline = (typeof ALIGN_BASELINES)[number];
export interface AlignTrainer extends Required<Pick<Trainer<LearnedMap>, 'align'>> {
  readonly name: AlignBaseline;
}

/** Changes to Drift-Adapter's defaults. */
export type DriftRecipe = Pick<DriftLowRankOptions & DriftMlpOptions, 'epochs' | 'rank' | 'hidden'>;

/** @param open opens the gradient backend, for those that need one */
export function alignBaseline(
  name: AlignBaseline,
  open: () => Promise<TrainingBackend>,
  recipe: DriftRecipe = {},
): AlignTrainer {
  const gradient = async (
    options: TrainOptions,
  ): Promise<Pick<DriftMlpOptions, 'backend' | 'seed' | 'signal' | 'onStep'>> => ({
    backend: await open(),
    seed: options.seed,
    signal: options.signal,
    onStep: ({ step, steps, loss }: FitStep) =>
      options.onProgress?.({ stage: 'align', step, steps, loss, validationLoss: null }),
  });
  switch (name) {
    case 'align-ridge':
      return inOneStep(name, (pairs, seed) => alignChoosingRidge(pairs, { alpha: 1, beta: 0 }, { seed }));
    case 'align-procrustes':
      return inOneStep(name, alignProcrustes);
    case 'align-whitened':
      return inOneStep(name, (pairs, seed) => alignChoosingRidge(pairs, { alpha: 0.5, beta: 0.5 }, { seed }));
    case 'align-scores':
      return inOneStep(name, (pairs, seed) => alignChoosingRidge(pairs, { alpha: 0, beta: 1 }, { by: 'scores', seed }));
    case 'drift-procrustes':
      return inOneStep(name, driftOrthogonal);
    case 'drift-low-rank':
      return aligner(name, async (pairs, options) =>
        driftLowRank({ ...pairs, ...recipe, ...(await gradient(options)) }),
      );
    case 'drift-mlp':
      return aligner(name, async (pairs, options) => {
        const { map, parameters } = await driftMlp({ ...pairs, ...recipe, ...(await gradient(options)) });
        return { mapQueries: (x) => Promise.resolve(map(x)), parameters };
      });
  }
}

function aligner(
  name: AlignBaseline,
  fit: (pairs: TextPairs, options: TrainOptions) => Promise<LearnedMap>,
): AlignTrainer {
  return {
    name,
    align: async ({ pairs, paths }, options) => {
      options.signal?.throwIfAborted();
      if (!paths.includes('remote')) return {};
      if (!pairs) throw new EraError('no-encoder', `${name} aligns the remote model, and there is none.`);
      return { remote: { ...UNJUDGED, adapter: await fit(pairs, options), note: '' } };
    },
  };
}

/** A decomposition or a solve, which cannot be interrupted. */
function inOneStep(name: AlignBaseline, fit: (pairs: TextPairs, seed: number) => LearnedMap): AlignTrainer {
  return aligner(name, async (pairs, { seed, signal, onProgress }) => {
    const adapter = fit(pairs, seed);
    onProgress?.({ stage: 'align', step: 1, steps: 1, loss: null, validationLoss: null });
    await createPause(signal)();
    return adapter;
  });
}
