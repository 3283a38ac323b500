// Chroma's embedding adapter (Sanjeev & Troynikov, "Embedding Adapters", 2024; github.com/suvansh/ChromaAdaptEmbed),
// query side only: a linear map from a random start, by triplets or by squared error of the cosine. No validation, no
// early stopping: all labels train.

import { tensor2d, add, type Tensor2D } from '@tensorflow/tfjs-core';
import { EraError } from '../../../errors.ts';
import type { Grades } from '../../../evaluate/metrics.ts';
import type { QuantizedVectors } from '../../../math/quantize.ts';
import { Random } from '../../../math/random.ts';
import { checkAdapter, type LinearAdapter } from '../../../adapter/adapter.ts';
import type { TrainingBackend } from '../../../era/backend.ts';
import { randomAdapter } from '../../../era/random-adapter.ts';
import { fitByGradient, type FitStep } from '../../gradient/fit.ts';
import { product } from '../../gradient/product.ts';
import {
  positivesOf,
  takeRows,
  unitPassages,
  usableQueries,
  type LabelledQueries,
} from '../../../adapter/labelled-queries.ts';
import { cosineSquaredError, tripletLoss } from './losses.ts';

export interface ChromaOptions extends Pick<LinearAdapter, 'path' | 'from' | 'to' | 'dIn'> {
  readonly backend: TrainingBackend;
  readonly queries: LabelledQueries;
  /** The documents. */
  readonly vectors: QuantizedVectors;
  readonly loss: 'triplet' | 'mse';
  /** Margin of triplets. @default 0.3 */
  readonly margin?: number | undefined;
  /** Negatives of a query: passages labelled as not relevant, filled up to this number at random. @default 5 */
  readonly negatives?: number | undefined;
  /** @default 10 */
  readonly epochs?: number | undefined;
  /** Triplets or pairs in each step. @default 256 */
  readonly batchSize?: number | undefined;
  /** @default 3e-3 */
  readonly learningRate?: number | undefined;
  /** AdamW's default in PyTorch. @default 0.01 */
  readonly weightDecay?: number | undefined;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((progress: FitStep) => void) | undefined;
}

/** A triplet, or for the squared error a pair with its score. */
interface Example {
  readonly query: number;
  readonly passage: number;
  readonly other: number;
  readonly score: number;
}

/**
 * @throws EraError `no-labels`, `dimension-mismatch`, `missing-id`, `invalid-input`, `not-finite`, `gpu-lost`; the
 * signal's reason
 */
export async function trainChroma(options: ChromaOptions): Promise<LinearAdapter> {
  const {
    path,
    from,
    to,
    dIn,
    vectors,
    loss,
    margin = 0.3,
    negatives = 5,
    epochs = 10,
    batchSize = 256,
    learningRate = 3e-3,
    weightDecay = 0.01,
    seed,
  } = options;
  const dOut = vectors.dims;
  const queries = usableQueries(options.queries, dIn, vectors.scales.length);
  const random = new Random(seed);
  const examples = queries.relevant.flatMap((grades, query) =>
    examplesOf(query, grades, drawNegatives(grades, vectors.scales.length, negatives, random), loss),
  );
  if (examples.length === 0)
    throw new EraError('no-labels', 'No query has a relevant passage and another to tell it from.');
  const start = randomAdapter({ path, from, to, dIn, dOut }, random);
  const stepsPerEpoch = Math.ceil(examples.length / batchSize);
  const order = [...examples];

  const { values } = await fitByGradient({
    backend: options.backend,
    parameters: [
      { name: 'weight', value: transposed(start.weight, dOut, dIn), shape: [dIn, dOut] },
      { name: 'bias', value: start.bias, shape: [dOut] },
    ],
    loss: ([weight, bias], step) => {
      const place = step % stepsPerEpoch;
      if (place === 0) random.shuffle(order);
      const batch = order.slice(place * batchSize, (place + 1) * batchSize);
      const passages = (ids: readonly number[]): Tensor2D => tensor2d(unitPassages(vectors, ids), [batch.length, dOut]);
      const x = tensor2d(
        takeRows(
          queries.x,
          batch.map(({ query }) => query),
          dIn,
        ),
        [batch.length, dIn],
      );
      const z = add<Tensor2D>(product(x, weight as Tensor2D), bias!);
      const known = passages(batch.map(({ passage }) => passage));
      if (loss === 'mse')
        return cosineSquaredError(
          z,
          known,
          tensor2d(
            batch.map(({ score }) => score),
            [batch.length, 1],
          ),
        );
      return tripletLoss(z, known, passages(batch.map(({ other }) => other)), margin);
    },
    steps: epochs * stepsPerEpoch,
    learningRate: () => learningRate,
    weightDecay,
    signal: options.signal,
    onStep: options.onStep,
  });
  const provenance = {
    method: `chroma-${loss}`,
    trainingQueries: String(queries.relevant.length),
    epochs: String(epochs),
    learningRate: String(learningRate),
    seed: String(seed),
    device: options.backend.kind,
  };
  return checkAdapter({
    path,
    from,
    to,
    dIn,
    dOut,
    weight: transposed(values[0]!, dIn, dOut),
    bias: values[1]!,
    provenance,
  });
}

/** Passages labelled as not relevant; where they are fewer than `count`, random ones without a label are added. */
function drawNegatives(grades: Grades, passages: number, count: number, random: Random): number[] {
  const chosen = new Set([...grades].filter(([, grade]) => grade <= 0).map(([passage]) => passage));
  const wanted = Math.min(Math.max(count, chosen.size), passages - grades.size + chosen.size);
  while (chosen.size < wanted) {
    const passage = random.below(passages);
    if (!grades.has(passage)) chosen.add(passage);
  }
  return [...chosen];
}

function examplesOf(query: number, grades: Grades, others: readonly number[], loss: ChromaOptions['loss']): Example[] {
  const positives = positivesOf(grades);
  if (loss === 'triplet')
    return positives.flatMap((passage) => others.map((other) => ({ query, passage, other, score: 1 })));
  return [
    ...positives.map((passage) => ({ query, passage, other: passage, score: 1 })),
    ...others.map((passage) => ({ query, passage, other: passage, score: 0 })),
  ];
}

/** @param matrix [rows, cols] @returns [cols, rows] */
function transposed(matrix: Float32Array, rows: number, cols: number): Float32Array<ArrayBuffer> {
  return Float32Array.from(matrix, (_, at) => matrix[(at % rows) * cols + Math.floor(at / rows)]!);
}
