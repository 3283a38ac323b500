// ERA's stage 2: labelled queries and mined negatives train the map by InfoNCE. Recipe: label_training.py of
// github.com/megagonlabs/ERA, with the values of its train_era_adapter.sh.

import { EraError } from '../errors.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import { Random } from '../math/random.ts';
import { assertVectors, row } from '../math/vector.ts';
import { applyAdapter, checkAdapter, type LinearAdapter } from '../adapter/adapter.ts';
import type { Rank } from '../adapter/rank.ts';
import type { TrainingBackend } from './backend.ts';
import { contrastiveLoss } from './losses.ts';
import { codeLength, cosineWithRow, drawNegatives, NEGATIVES, plainRank, ranksNeeded } from './mine.ts';
import { createPause } from '../pause.ts';
import { warmUpThenDecay } from './schedule.ts';
import { train, type EpochProgress, type Examples, type TrainingState } from './train.ts';

/** Labelled queries of one task. */
export interface EraQueries {
  /** [n, dIn], row-major, in the input order of the adapter's path. */
  readonly x: Float32Array;
  /** The document model's own query vectors [n, dOut]; needed for `mineWith: 'local'`. */
  readonly local?: Float32Array<ArrayBuffer> | null | undefined;
  /** For each query, rows with a grade above 0. */
  readonly positives: readonly (readonly number[])[];
  /** For each query, every judged row, where grades of 0 exist. @default the positives */
  readonly judged?: readonly (readonly number[])[] | undefined;
}

export interface EraTask {
  /** All passages of the task's corpus. */
  readonly documents: QuantizedVectors;
  readonly training: EraQueries;
  readonly validation: EraQueries;
  /** Ranks `documents` by cosine. @default exact, in plain JavaScript */
  readonly rank?: Rank | undefined;
}

export interface AdaptEraOptions {
  readonly backend: TrainingBackend;
  /**
   * One adapter is trained on all tasks together. The iterable is read once; of each task only the passages of its
   * queries are kept.
   */
  readonly tasks: Iterable<EraTask> | AsyncIterable<EraTask>;
  /** Stage 1's adapter ("both"), or a random one ("label only"). */
  readonly start: LinearAdapter;
  /**
   * Which query vectors find the negatives: `start` maps x, `local` takes the document model's own. @default 'start'
   */
  readonly mineWith?: 'start' | 'local' | undefined;
  /** @default 0.05 */
  readonly temperature?: number | undefined;
  /** @default 1000 */
  readonly epochs?: number | undefined;
  /** Peak learning rate. @default 1e-5 */
  readonly learningRate?: number | undefined;
  /** @default 1e-4 */
  readonly weightDecay?: number | undefined;
  /** Queries in each step. @default 256 */
  readonly batchSize?: number | undefined;
  /** Share of all planned steps. @default 0.1 */
  readonly warmUpShare?: number | undefined;
  /** Epochs without a better validation loss before the end. @default 5 */
  readonly patience?: number | undefined;
  /** @default 42 */
  readonly seed?: number | undefined;
  /** State to continue from, of a run with the same options. */
  readonly resume?: TrainingState | undefined;
  readonly onCheckpoint?: ((state: TrainingState) => void) | undefined;
  /** Milliseconds between two checkpoints. @default 10000 */
  readonly checkpointMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEpoch?: ((progress: EpochProgress) => void) | undefined;
}

interface ContrastiveExample {
  readonly x: Float32Array;
  /** [1 + NEGATIVES, dOut] codes: the positive, then the negatives. */
  readonly candidates: QuantizedVectors;
}

/**
 * Returns the weights of the epoch with the best validation loss; without validation queries, of the last. Same seed
 * and device, same map.
 * @throws EraError `too-few-labels` where no query can be trained on, `missing-id`, `dimension-mismatch`, `not-finite`,
 * `gpu-lost`; the signal's reason
 */
export async function adaptEra(options: AdaptEraOptions): Promise<LinearAdapter> {
  const {
    backend,
    tasks,
    start,
    mineWith = 'start',
    temperature = 0.05,
    resume,
    onCheckpoint,
    checkpointMs,
    signal,
    onEpoch,
  } = options;
  const {
    epochs = 1000,
    learningRate = 1e-5,
    weightDecay = 1e-4,
    batchSize = 256,
    warmUpShare = 0.1,
    patience = 5,
    seed = 42,
  } = options;
  checkAdapter(start);
  const pause = createPause(signal);
  const training: ContrastiveExample[] = [];
  const validation: ContrastiveExample[] = [];
  for await (const task of tasks) {
    training.push(...(await mineTask(task, task.training, start, mineWith, new Random(seed), pause)));
    validation.push(...(await mineTask(task, task.validation, start, mineWith, new Random(seed + 1), pause)));
  }
  if (training.length === 0)
    throw new EraError('too-few-labels', 'No labelled query has a passage and enough others to tell it from.');

  const trained = await train({
    backend,
    start,
    training: unitVectorsOf(training),
    validation: unitVectorsOf(validation),
    targetShape: [1 + NEGATIVES, start.dOut],
    loss: contrastiveLoss(temperature),
    epochs,
    batchSize,
    weightDecay,
    learningRate: (step, totalSteps) =>
      learningRate * warmUpThenDecay(step, totalSteps, Math.trunc(totalSteps * warmUpShare)),
    patience,
    random: new Random(seed),
    resume,
    onCheckpoint,
    checkpointMs,
    signal,
    onEpoch,
  });
  const provenance = {
    method: 'era-adapt',
    start: start.provenance['method'] ?? '',
    trainingQueries: String(training.length),
    validationQueries: String(validation.length),
    epochs: String(epochs),
    epochsRun: String(trained.epochsRun),
    bestEpoch: String(trained.epoch),
    learningRate: String(learningRate),
    weightDecay: String(weightDecay),
    batchSize: String(batchSize),
    temperature: String(temperature),
    seed: String(seed),
    device: backend.kind,
  };
  return checkAdapter({ ...start, weight: trained.weight, bias: trained.bias, provenance });
}

/** One example for each query that has a positive and enough other passages; mined once, before training. */
async function mineTask(
  { documents, rank = plainRank(documents) }: EraTask,
  { x, local, positives, judged = positives }: EraQueries,
  start: LinearAdapter,
  mineWith: 'start' | 'local',
  random: Random,
  pause: () => Promise<void>,
): Promise<ContrastiveExample[]> {
  const { dIn, dOut } = start;
  if (documents.dims !== dOut || x.length !== positives.length * dIn) {
    throw new EraError(
      'dimension-mismatch',
      `The adapter maps ${dIn} to ${dOut} dimensions; the task has ${positives.length} queries of ${x.length} numbers and passages of ${documents.dims}.`,
    );
  }
  assertVectors(x, dIn, 'query vectors');
  if (mineWith === 'local' && local?.length !== positives.length * dOut) {
    throw new EraError(
      'dimension-mismatch',
      `Mining without stage 1 needs the document model’s own vector of ${dOut} numbers for each of the ${positives.length} queries.`,
    );
  }
  const count = documents.scales.length;
  const examples: ContrastiveExample[] = [];
  for (const [i, relevant] of positives.entries()) {
    await pause();
    if (relevant.length === 0) continue;
    const excluded = new Set([...relevant, ...(judged[i] ?? [])]);
    for (const id of excluded) {
      if (!(id >= 0 && id < count))
        throw new EraError('missing-id', `Query ${i} is labelled with row ${id} of ${count}.`, {
          details: { query: i, row: id },
        });
    }
    const positive = relevant[random.below(relevant.length)]!;
    const query =
      mineWith === 'local' && local ? local.slice(i * dOut, (i + 1) * dOut) : applyAdapter(start, row(x, i, dIn));
    const negatives = drawNegatives({
      ranked: (await rank(query, ranksNeeded(excluded))).rows,
      cosine: (id) => cosineWithRow(documents, id, query),
      positive,
      judged: excluded,
      count,
      random,
    });
    if (negatives)
      examples.push({ x: row(x, i, dIn).slice(), candidates: pickRows(documents, [positive, ...negatives]) });
  }
  return examples;
}

function pickRows({ codes, scales, dims }: QuantizedVectors, ids: readonly number[]): QuantizedVectors {
  const picked = new Int8Array(ids.length * dims);
  ids.forEach((id, i) => picked.set(codes.subarray(id * dims, (id + 1) * dims), i * dims));
  return { codes: picked, scales: Float32Array.from(ids, (id) => scales[id]!), dims };
}

function unitVectorsOf(examples: readonly ContrastiveExample[]): Examples {
  return {
    count: examples.length,
    write: (i, x, target) => {
      const { candidates, x: query } = examples[i]!;
      const { codes, dims } = candidates;
      x.set(query);
      // Codes scaled to unit length; their stored scale cancels.
      for (let c = 0; c <= NEGATIVES; c++) {
        const length = codeLength(candidates, c);
        if (length === 0) continue;
        for (let at = c * dims; at < (c + 1) * dims; at++) target[at] = codes[at]! / length;
      }
    },
  };
}
