// ERA as a trainer: both of its stages, on the remote path. The backend is opened on first use; a lost GPU is dropped,
// so that the next run opens another device.

import type { LinearAdapter } from '../adapter/adapter.ts';
import { positivesOf, usableQueries, type LabelledQueries } from '../adapter/labelled-queries.ts';
import {
  UNJUDGED,
  type AdaptInput,
  type AlignInput,
  type Trained,
  type Trainer,
  type TrainingProgress,
  type TrainOptions,
} from '../adapter/trainer.ts';
import { EraError, isEraError } from '../errors.ts';
import { adaptEra, type AdaptEraOptions, type EraQueries } from './adapt.ts';
import { alignEra, type AlignEraOptions } from './align.ts';
import type { TrainingBackend } from './backend.ts';
import type { EpochProgress } from './train.ts';

export interface EraRecipe {
  /** Changes to the paper's stage 1. */
  readonly align?: Pick<AlignEraOptions, 'epochs' | 'learningRate' | 'batchSize'> | undefined;
  /** Changes to the paper's stage 2. */
  readonly adapt?: Pick<AdaptEraOptions, 'epochs' | 'learningRate' | 'batchSize' | 'patience'> | undefined;
}

/** @param open a backend; called once, and again after a GPU was lost */
export function eraTrainer(open: () => Promise<TrainingBackend>, recipe: EraRecipe = {}): Required<Trainer> {
  let opened: Promise<TrainingBackend> | undefined;
  const onBackend = async (
    signal: AbortSignal | undefined,
    train: (backend: TrainingBackend) => Promise<LinearAdapter>,
  ): Promise<Trained> => {
    signal?.throwIfAborted();
    opened ??= open();
    try {
      const backend = await opened;
      return { ...UNJUDGED, adapter: await train(backend), note: '', device: backend.kind, refused: backend.refused };
    } catch (error) {
      const isOpen = await opened.then(
        () => true,
        () => false,
      );
      if (!isOpen || isEraError(error, 'gpu-lost')) opened = undefined;
      throw error;
    }
  };

  return {
    name: 'era',
    align: async ({ pairs, paths }: AlignInput, { seed, signal, onProgress }: TrainOptions) => {
      if (!paths.includes('remote')) return {};
      if (!pairs) throw new EraError('no-encoder', 'ERA aligns the remote model, and there is none.');
      const onEpoch = (epoch: EpochProgress): void => onProgress?.(progressOf('align', epoch));
      const trained = await onBackend(signal, (backend) =>
        alignEra({ ...recipe.align, backend, ...pairs, seed, signal, onEpoch }),
      );
      const { epochs = '', texts = '' } = trained.adapter.provenance;
      return { remote: { ...trained, note: `ERA stage 1: ${epochs} epochs over ${texts} passages.` } };
    },
    adapt: async (
      { start, training, validation, documents }: AdaptInput,
      { seed, signal, onProgress }: TrainOptions,
    ) => {
      if (documents.dims !== start.dOut)
        throw new EraError(
          'dimension-mismatch',
          `The start gives ${start.dOut} numbers, the documents have ${documents.dims}.`,
        );
      const queries = (part: LabelledQueries): EraQueries =>
        eraQueries(usableQueries(part, start.dIn, documents.scales.length));
      // Mined by the exact cosine, as in Node: near-ties of the scanner would give other negatives and, after a
      // thousand epochs, another map.
      const task = { documents, training: queries(training), validation: queries(validation) };
      const onEpoch = (epoch: EpochProgress): void => onProgress?.(progressOf('adapt', epoch));
      const trained = await onBackend(signal, (backend) =>
        adaptEra({ ...recipe.adapt, backend, tasks: [task], start, seed, signal, onEpoch }),
      );
      const { bestEpoch = '', epochsRun = '', trainingQueries = '' } = trained.adapter.provenance;
      return {
        ...trained,
        note: `ERA stage 2: ${trainingQueries} queries, best validation loss in epoch ${bestEpoch}, stopped after ${epochsRun}.`,
      };
    },
  };
}

function eraQueries({ x, relevant }: LabelledQueries): EraQueries {
  return { x, positives: relevant.map(positivesOf), judged: relevant.map((grades) => [...grades.keys()]) };
}

function progressOf(
  stage: TrainingProgress['stage'],
  { epoch, epochs, loss, validationLoss }: EpochProgress,
): TrainingProgress {
  return { stage, step: epoch, steps: epochs, loss, validationLoss };
}
