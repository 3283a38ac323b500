// Search-Adaptor (Yoon, Chen, Arık & Pfister, arXiv 2310.08750): one residual map of queries and documents, learned
// from labels by a ranking loss with two regularisers, whose weights validation chooses. The documents of an index have
// to be mapped too.

import { setBackend, tensor2d } from '@tensorflow/tfjs-core';
import { EraError } from '../../../errors.ts';
import { ndcg } from '../../../evaluate/metrics.ts';
import { mean } from '../../../evaluate/statistics.ts';
import type { QuantizedVectors } from '../../../math/quantize.ts';
import { Random } from '../../../math/random.ts';
import { TopK } from '../../../math/top-k.ts';
import { dot, row } from '../../../math/vector.ts';
import type { TrainingBackend } from '../../../era/backend.ts';
import { fitByGradient } from '../../gradient/fit.ts';
import { takeRows, unitPassages, usableQueries, type LabelledQueries } from '../../../adapter/labelled-queries.ts';
import { createPause } from '../../../pause.ts';
import { DECIDING_DEPTH } from '../../../adapter/selection.ts';
import { drawBatch, type DrawnBatch } from './batch.ts';
import { searchAdaptorLoss, type SearchAdaptorBatch } from './losses.ts';
import { mapToUnit, perceptronParameters, type Perceptron } from './residual-map.ts';

/** Weights of the recovery and the prediction loss. */
export interface LossWeights {
  readonly alpha: number;
  readonly beta: number;
}

/** The paper's grid. */
export const GRID: readonly LossWeights[] = [0, 0.1, 1].flatMap((alpha) =>
  [0, 0.01, 0.1].map((beta) => ({ alpha, beta })),
);

export interface SearchAdaptorOptions {
  readonly backend: TrainingBackend;
  readonly training: LabelledQueries;
  readonly validation: LabelledQueries;
  /** The documents, in the space of the queries. */
  readonly vectors: QuantizedVectors;
  /** Trained one after another; the best on validation is kept. @default GRID */
  readonly grid?: readonly LossWeights[] | undefined;
  /** @default 2000 */
  readonly steps?: number | undefined;
  /** Steps without a better validation score before the end, also before the first. @default 125 */
  readonly patience?: number | undefined;
  /** Steps between validations; with few labels the best step is among the first twenty. @default 5 */
  readonly checkEvery?: number | undefined;
  /** Queries in each step. @default 128 */
  readonly batchSize?: number | undefined;
  /** Negatives for each positive. @default 10 */
  readonly negatives?: number | undefined;
  /** Adam's. @default 1e-3 */
  readonly learningRate?: number | undefined;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { readonly step: number; readonly steps: number }) => void) | undefined;
}

export interface SearchAdaptor extends LossWeights {
  readonly dims: number;
  readonly f: Perceptron<Float32Array<ArrayBuffer>>;
  /** Steps that led to f; 0 is no change. */
  readonly steps: number;
  /** Steps of the whole grid. */
  readonly stepsRun: number;
  /** Mean nDCG@10 of the validation queries. */
  readonly validationNdcg: number;
}

/**
 * @throws EraError `no-labels` also without validation labels, `dimension-mismatch`, `missing-id`, `invalid-input`,
 * `invalid-option`, `not-finite`, `gpu-lost`; the signal's reason
 */
export async function trainSearchAdaptor(options: SearchAdaptorOptions): Promise<SearchAdaptor> {
  const { vectors, grid = GRID, steps = 2000 } = options;
  const training = usableQueries(options.training, vectors.dims, vectors.scales.length);
  const validation = usableQueries(options.validation, vectors.dims, vectors.scales.length);
  if (training.relevant.length === 0 || validation.relevant.length === 0)
    throw new EraError('no-labels', 'Queries to train on and queries to validate with need relevant passages.');
  const documents = unitPassages(vectors);
  let best: SearchAdaptor | null = null;
  let stepsRun = 0;
  for (const [place, weights] of grid.entries()) {
    const onStep = (step: number): void =>
      options.onProgress?.({ step: place * steps + step, steps: grid.length * steps });
    const trained = await trainOne({ ...options, training, validation }, documents, weights, onStep);
    stepsRun += trained.stepsRun;
    if (best === null || trained.validationNdcg > best.validationNdcg) best = trained;
  }
  if (best === null) throw new EraError('invalid-option', 'The grid is empty.');
  return { ...best, stepsRun };
}

/**
 * Maps queries or documents with the adaptor.
 * @param x [n, dims], row-major @returns [n, dims], unit rows
 * @throws EraError `dimension-mismatch`, `not-finite`, `gpu-lost`; the signal's reason
 */
export async function applySearchAdaptor(
  { dims, f }: SearchAdaptor,
  x: Float32Array,
  backend: TrainingBackend,
  signal?: AbortSignal,
): Promise<Float32Array<ArrayBuffer>> {
  await setBackend(backend.kind);
  try {
    return await backend.guard(() => mapToUnit(x, dims, f, createPause(signal)));
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  }
}

async function trainOne(
  options: SearchAdaptorOptions,
  documents: Float32Array,
  { alpha, beta }: LossWeights,
  onStep: (step: number) => void,
): Promise<SearchAdaptor> {
  const {
    backend,
    training,
    validation,
    vectors,
    steps = 2000,
    patience = 125,
    checkEvery = 5,
    batchSize = 128,
    negatives = 10,
    learningRate = 1e-3,
    seed,
    signal,
  } = options;
  const { dims } = vectors;
  const random = new Random(seed);
  const pause = createPause(signal);
  const f = perceptronParameters('f', dims, 'zero', random);
  const predictor = beta > 0 ? perceptronParameters('p', dims, 'random', random) : [];
  let queue: number[] = [];
  const nextBatch = (): DrawnBatch => {
    if (queue.length === 0) queue = random.shuffle(training.relevant.map((_, i) => i));
    return drawBatch(queue.splice(0, batchSize), training.relevant, documents.length / dims, negatives, random);
  };

  const fitted = await fitByGradient({
    backend,
    parameters: [...f, ...predictor],
    loss: (tensors) => {
      const [a, b, c, d, ...p] = tensors;
      const guess = p.length > 0 ? ([p[0]!, p[1]!, p[2]!, p[3]!] as const) : null;
      return searchAdaptorLoss(
        [a!, b!, c!, d!],
        guess,
        uploadBatch(nextBatch(), training.x, documents, dims),
        alpha,
        beta,
      );
    },
    steps,
    learningRate: () => learningRate,
    check: async (values) => {
      const map = perceptronOf(values);
      const queries = await mapToUnit(validation.x, dims, map, pause);
      return meanNdcg(queries, await mapToUnit(documents, dims, map, pause), validation, dims);
    },
    checkEvery,
    patience: Math.ceil(patience / checkEvery),
    signal,
    onStep: ({ step }) => onStep(step),
  });
  return {
    dims,
    alpha,
    beta,
    f: perceptronOf(fitted.values),
    steps: fitted.step,
    stepsRun: fitted.stepsRun,
    validationNdcg: fitted.best ?? 0,
  };
}

function perceptronOf([a, b, c, d]: readonly Float32Array<ArrayBuffer>[]): Perceptron<Float32Array<ArrayBuffer>> {
  return [a!, b!, c!, d!];
}

/** @param queries [n, dims], unit rows @param documents [count, dims], unit rows */
function meanNdcg(queries: Float32Array, documents: Float32Array, { relevant }: LabelledQueries, dims: number): number {
  const scores = relevant.map((grades, i) => {
    const query = row(queries, i, dims);
    const best = new TopK(DECIDING_DEPTH);
    for (let id = 0; id * dims < documents.length; id++) best.push(id, dot(query, row(documents, id, dims)));
    return ndcg(best.sorted().ids, grades, DECIDING_DEPTH);
  });
  return mean(scores);
}

function uploadBatch(
  { queries, documents, slots, pairs }: DrawnBatch,
  x: Float32Array,
  vectors: Float32Array,
  dims: number,
): SearchAdaptorBatch {
  const shape: [number, number] = [queries.length, documents.length];
  const places = (width: number, place: (pair: (typeof pairs)[number]) => number): Float32Array => {
    const out = new Float32Array(pairs.length * width);
    pairs.forEach((pair, i) => (out[i * width + place(pair)] = 1));
    return out;
  };
  return {
    queries: tensor2d(takeRows(x, queries, dims), [queries.length, dims]),
    documents: tensor2d(takeRows(vectors, documents, dims), [documents.length, dims]),
    slots: slots.map(({ positive, weight }) => ({
      positive: tensor2d(positive, shape),
      weight: tensor2d(weight, shape),
    })),
    pairQuery: tensor2d(
      places(queries.length, ({ query }) => query),
      [pairs.length, queries.length],
    ),
    pairDocument: tensor2d(
      places(documents.length, ({ document }) => document),
      [pairs.length, documents.length],
    ),
    pairShare: tensor2d(
      pairs.map(({ share }) => share),
      [pairs.length, 1],
    ),
  };
}
