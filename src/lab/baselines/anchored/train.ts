// Anchored InfoNCE: learns labels by gradient from a start that is already good, with a penalty on the distance from
// it. Validation chooses the epoch; the start is a candidate and is kept unless another is clearly better. The chosen
// number of epochs is then run on all labels.

import { tensor2d } from '@tensorflow/tfjs-core';
import { EraError } from '../../../errors.ts';
import { mean } from '../../../evaluate/statistics.ts';
import type { QuantizedVectors } from '../../../math/quantize.ts';
import { Random } from '../../../math/random.ts';
import { normalizeRows } from '../../../math/vector.ts';
import { hardNegatives, MINING } from '../../../adapter/adapt/hard-negatives.ts';
import { applyAdapter, checkAdapter, mapRows, type LinearAdapter } from '../../../adapter/adapter.ts';
import type { TrainingBackend } from '../../../era/backend.ts';
import { fitByGradient, type Fitted, type FitStep } from '../../gradient/fit.ts';
import {
  joinQueries,
  positivesOf,
  takeRows,
  unitPassages,
  usableQueries,
  type LabelledQueries,
} from '../../../adapter/labelled-queries.ts';
import type { Rank } from '../../../adapter/rank.ts';
import { isClearGain, scoreQueries } from '../../../adapter/selection.ts';
import { scaledToUnit } from '../../../adapter/initial.ts';
import { anchoredLoss, NOT_A_NEGATIVE, type AnchoredBatch } from './loss.ts';

export interface AnchoredOptions {
  readonly backend: TrainingBackend;
  /** W0; it is scaled so that its outputs have a mean length of 1. */
  readonly start: LinearAdapter;
  readonly training: LabelledQueries;
  readonly validation: LabelledQueries;
  /** The documents. */
  readonly vectors: QuantizedVectors;
  readonly rank: Rank;
  /** τ. @default 0.05 */
  readonly temperature?: number | undefined;
  /** λ for n queries is this over n, as with the shots of arXiv 2410.05270. @default 1 */
  readonly anchor?: number | undefined;
  /** @default 40 */
  readonly epochs?: number | undefined;
  /** Epochs without a better validation score before the end. @default 10 */
  readonly patience?: number | undefined;
  /** Queries in each step. @default 64 */
  readonly batchSize?: number | undefined;
  /** Adam's. @default 3e-4 */
  readonly learningRate?: number | undefined;
  /** @default true */
  readonly refit?: boolean | undefined;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((progress: FitStep) => void) | undefined;
}

export interface Anchored {
  /** The start unless `applied`. */
  readonly adapter: LinearAdapter;
  readonly applied: boolean;
  /** The best on validation; 0 is the start. */
  readonly epoch: number;
  /** Mean nDCG@10 of the validation queries with the start and with that epoch. */
  readonly before: number;
  readonly after: number;
}

/**
 * Without validation labels the start is kept.
 * @throws EraError `no-labels`, `dimension-mismatch`, `missing-id`, `invalid-input`, `not-finite`, `gpu-lost`; the
 * signal's reason
 */
export async function adaptAnchored(options: AnchoredOptions): Promise<Anchored> {
  const { vectors, rank, epochs = 40, patience = 10, batchSize = 64, refit = true } = options;
  const { dIn, dOut } = options.start;
  if (vectors.dims !== dOut)
    throw new EraError('dimension-mismatch', `The start gives ${dOut} numbers, the documents have ${vectors.dims}.`);
  const training = usableQueries(options.training, dIn, vectors.scales.length);
  const validation = usableQueries(options.validation, dIn, vectors.scales.length);
  if (training.relevant.length === 0) throw new EraError('no-labels', 'No query to train on has a relevant passage.');
  const unchanged = { adapter: options.start, applied: false, epoch: 0, before: 0, after: 0 };
  if (validation.relevant.length === 0) return unchanged;

  const start = scaledToUnit(options.start, training.x);
  const stepsPerEpoch = Math.ceil(training.relevant.length / batchSize);
  const score = (adapter: LinearAdapter): Promise<Float64Array> =>
    scoreQueries(applyAdapter(adapter, validation.x), validation.relevant, rank);
  const fitted = await descend({ ...options, start }, training, epochs * stepsPerEpoch, {
    check: async (values) => mean(await score(changed(start, values))),
    checkEvery: stepsPerEpoch,
    patience,
  });
  const scores = { before: await score(start), after: await score(changed(start, fitted.values)) };
  const report = {
    ...unchanged,
    epoch: Math.ceil(fitted.step / stepsPerEpoch),
    before: mean(scores.before),
    after: mean(scores.after),
  };
  if (!isClearGain(scores.after, scores.before)) return report;

  const all = joinQueries(training, validation);
  const last = refit
    ? await descend({ ...options, start }, all, report.epoch * Math.ceil(all.relevant.length / batchSize), {})
    : fitted;
  return {
    ...report,
    applied: true,
    adapter: checkAdapter({ ...changed(start, last.values), provenance: provenanceOf(options, report) }),
  };
}

type Check = Pick<Parameters<typeof fitByGradient>[0], 'check' | 'checkEvery' | 'patience'>;

async function descend(
  options: AnchoredOptions,
  queries: LabelledQueries,
  steps: number,
  check: Check,
): Promise<Fitted> {
  const {
    backend,
    start,
    temperature = 0.05,
    anchor = 1,
    batchSize = 64,
    learningRate = 3e-4,
    seed,
    signal,
    onStep,
  } = options;
  const { dIn, dOut } = start;
  const batchOf = await batches(options, queries, batchSize, new Random(seed));
  return fitByGradient({
    backend,
    parameters: [
      { name: 'change', value: new Float32Array(dIn * dOut), shape: [dIn, dOut] },
      { name: 'shift', value: new Float32Array(dOut), shape: [dOut] },
    ],
    loss: ([change, shift], step) =>
      anchoredLoss(change!, shift!, batchOf(step), temperature, anchor / queries.relevant.length),
    steps,
    learningRate: () => learningRate,
    signal,
    onStep,
    ...check,
  });
}

/**
 * Shuffled for each epoch. A query's negatives are its hard ones and all others in the batch that are not labelled for
 * it.
 */
async function batches(
  { start, vectors, rank }: AnchoredOptions,
  { x, relevant }: LabelledQueries,
  batchSize: number,
  random: Random,
): Promise<(step: number) => AnchoredBatch> {
  const { dIn, dOut } = start;
  const now = mapRows(start, x);
  const unit = now.slice();
  normalizeRows(unit, dOut);
  const positives = relevant.map(positivesOf);
  const negatives = await hardNegatives({ queries: unit, positives, judged: relevant, vectors, rank, ...MINING });
  const stepsPerEpoch = Math.ceil(relevant.length / batchSize);
  const order = relevant.map((_, i) => i);
  return (step) => {
    const place = step % stepsPerEpoch;
    if (place === 0) random.shuffle(order);
    const batch = order.slice(place * batchSize, (place + 1) * batchSize);
    const passages = [...new Set(batch.flatMap((query) => [...positives[query]!, ...negatives[query]!]))];
    const shape: [number, number] = [batch.length, passages.length];
    const share = new Float32Array(batch.length * passages.length);
    const offset = new Float32Array(share.length);
    batch.forEach((query, i) => {
      const grades = relevant[query]!;
      const total = positives[query]!.reduce((sum, passage) => sum + grades.get(passage)!, 0);
      passages.forEach((passage, j) => {
        const at = i * passages.length + j;
        if (!grades.has(passage)) return;
        offset[at] = NOT_A_NEGATIVE;
        share[at] = Math.max(0, grades.get(passage)!) / total / batch.length;
      });
    });
    return {
      x: tensor2d(takeRows(x, batch, dIn), [batch.length, dIn]),
      now: tensor2d(takeRows(now, batch, dOut), [batch.length, dOut]),
      passages: tensor2d(unitPassages(vectors, passages), [passages.length, dOut]),
      share: tensor2d(share, shape),
      offset: tensor2d(offset, shape),
    };
  };
}

function changed(start: LinearAdapter, [change, shift]: readonly Float32Array[]): LinearAdapter {
  const { dIn, dOut } = start;
  return {
    ...start,
    weight: start.weight.map((w, at) => w + change![(at % dIn) * dOut + Math.floor(at / dIn)]!),
    bias: start.bias.map((b, o) => b + shift![o]!),
  };
}

function provenanceOf(
  { start, temperature = 0.05, anchor = 1, learningRate = 3e-4, seed, backend, training, validation }: AnchoredOptions,
  { epoch }: Pick<Anchored, 'epoch'>,
): Record<string, string> {
  const provenance: Record<string, string> = {
    method: 'anchored-infonce',
    trainingQueries: String(training.relevant.length),
    validationQueries: String(validation.relevant.length),
    epoch: String(epoch),
    temperature: String(temperature),
    anchor: String(anchor),
    learningRate: String(learningRate),
    seed: String(seed),
    device: backend.kind,
  };
  for (const [key, value] of Object.entries(start.provenance)) provenance[`start.${key}`] = value;
  return provenance;
}
