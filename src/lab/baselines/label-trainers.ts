// The baselines that learn from labels by gradient, as trainers: Search-Adaptor, Chroma's adapters, anchored InfoNCE.

import { joinQueries, positivesOf, usableQueries, type LabelledQueries } from '../../adapter/labelled-queries.ts';
import { UNJUDGED, type AdaptInput, type Trained, type Trainer, type TrainOptions } from '../../adapter/trainer.ts';
import { EraError } from '../../errors.ts';
import type { TrainingBackend } from '../../era/backend.ts';
import type { FitStep } from '../gradient/fit.ts';
import { adaptAnchored, type AnchoredOptions } from './anchored/train.ts';
import { trainChroma, type ChromaOptions } from './chroma/train.ts';
import type { LearnedMap } from './nonlinear-map.ts';
import { applySearchAdaptor, trainSearchAdaptor, type SearchAdaptorOptions } from './search-adaptor/train.ts';

export const LABEL_BASELINES = ['search-adaptor', 'chroma-triplet', 'chroma-mse', 'anchored-infonce'] as const;
export type LabelBaseline = (typeof LABEL_BASELINES)[number];
export interface LabelTrainer extends Required<Pick<Trainer<LearnedMap>, 'adapt'>> {
  readonly name: LabelBaseline;
}

/** Changes to the defaults of each. */
export interface LabelRecipes {
  readonly searchAdaptor?: Pick<SearchAdaptorOptions, 'grid' | 'steps' | 'learningRate'> | undefined;
  readonly chroma?: Pick<ChromaOptions, 'epochs'> | undefined;
  readonly anchored?: Pick<AnchoredOptions, 'epochs'> | undefined;
}

/** @param open opens the gradient backend */
export function labelBaseline(
  name: LabelBaseline,
  open: () => Promise<TrainingBackend>,
  recipes: LabelRecipes = {},
): LabelTrainer {
  const adapt = {
    'search-adaptor': searchAdaptor,
    'chroma-triplet': chroma('triplet'),
    'chroma-mse': chroma('mse'),
    'anchored-infonce': anchored,
  }[name];
  return {
    name,
    adapt: async (input, options) => {
      options.signal?.throwIfAborted();
      return adapt(checked(input), await open(), options, recipes);
    },
  };
}

type Adapt = (
  input: AdaptInput,
  backend: TrainingBackend,
  options: TrainOptions,
  recipes: LabelRecipes,
) => Promise<Trained<LearnedMap>>;

/**
 * Without queries that have no relevant passage.
 * @throws EraError `no-labels`, `dimension-mismatch`, `not-finite`, `invalid-input`, `missing-id`
 */
function checked(input: AdaptInput): AdaptInput {
  const { start, documents } = input;
  if (documents.dims !== start.dOut)
    throw new EraError(
      'dimension-mismatch',
      `The start gives ${start.dOut} numbers, the documents have ${documents.dims}.`,
    );
  const usable = (part: LabelledQueries): LabelledQueries => usableQueries(part, start.dIn, documents.scales.length);
  const [training, validation] = [usable(input.training), usable(input.validation)];
  if (![...training.relevant, ...validation.relevant].some((grades) => positivesOf(grades).length > 0))
    throw new EraError('no-labels', 'No query has a relevant passage.');
  return { ...input, training, validation };
}

/**
 * Maps documents and queries alike, so both have to be in one space: the local path. Validation chooses; its step 0 is
 * no change.
 */
const searchAdaptor: Adapt = async (
  { inUse, training, validation, documents },
  backend,
  { seed, signal, onProgress },
  recipes,
) => {
  const kept = { ...UNJUDGED, adapter: inUse, applied: false, device: backend.kind, refused: backend.refused };
  if (training.relevant.length === 0 || validation.relevant.length === 0)
    return { ...kept, note: 'Nothing changed: there are no labels to learn from, or none to choose by.' };
  const adaptor = await trainSearchAdaptor({
    ...recipes.searchAdaptor,
    backend,
    training,
    validation,
    vectors: documents,
    seed,
    signal,
    onProgress: ({ step, steps }) => onProgress?.({ stage: 'adapt', step, steps, loss: null, validationLoss: null }),
  });
  const { alpha, beta, steps, stepsRun, validationNdcg } = adaptor;
  const note = `α ${alpha}, β ${beta}, best step ${steps} of ${stepsRun} over the grid, validation ${validationNdcg.toFixed(4)}`;
  if (steps === 0) return { ...kept, note };
  const map = (x: Float32Array, stop?: AbortSignal): Promise<Float32Array<ArrayBuffer>> =>
    applySearchAdaptor(adaptor, x, backend, stop);
  return { ...kept, applied: true, adapter: { mapQueries: map, mapDocuments: map, parameters: adaptor.f }, note };
};

/** Trains on all labels: the recipe has no validation. */
const chroma =
  (loss: ChromaOptions['loss']): Adapt =>
  async ({ start, training, validation, documents }, backend, { seed, signal, onProgress }, recipes) => {
    const { path, from, to, dIn } = start;
    const adapter = await trainChroma({
      ...recipes.chroma,
      backend,
      path,
      from,
      to,
      dIn,
      queries: joinQueries(training, validation),
      vectors: documents,
      loss,
      seed,
      signal,
      onStep: reported(onProgress),
    });
    return {
      ...UNJUDGED,
      adapter,
      device: backend.kind,
      refused: backend.refused,
      note: `${adapter.provenance['epochs'] ?? ''} epochs over all labels`,
    };
  };

/** Learns on top of the adapter in use. Validation chooses, and may choose no change. */
const anchored: Adapt = async (
  { inUse, training, validation, documents, rank },
  backend,
  { seed, signal, onProgress },
  recipes,
) => {
  const result = { ...UNJUDGED, device: backend.kind, refused: backend.refused };
  if (training.relevant.length === 0)
    return { ...result, adapter: inUse, applied: false, note: 'Nothing changed: there are no labels to learn from.' };
  const { adapter, applied, epoch, before, after } = await adaptAnchored({
    ...recipes.anchored,
    backend,
    start: inUse,
    training,
    validation,
    vectors: documents,
    rank,
    seed,
    signal,
    onStep: reported(onProgress),
  });
  return {
    ...result,
    adapter,
    applied,
    note: `epoch ${epoch}, validation ${before.toFixed(4)} to ${after.toFixed(4)}`,
  };
};

function reported(onProgress: TrainOptions['onProgress']): (step: FitStep) => void {
  return ({ step, steps, loss }) => onProgress?.({ stage: 'adapt', step, steps, loss, validationLoss: null });
}
