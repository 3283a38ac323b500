// What the trainer worker holds between calls: the passages' vectors, a ranker over them, and a gradient backend once one is needed.
// Composes rooms, computes nothing.

import { applyAdapter } from '../src/adapter/adapter.ts';
import { adaptClosedForm, type AdaptDecision, type Adaptation } from '../src/adapter/adapt/closed-form.ts';
import { alignSite } from '../src/adapter/align/site.ts';
import { adaptEra, type EraQueries } from '../src/adapter/era/adapt.ts';
import { alignEra } from '../src/adapter/era/align.ts';
import { openTrainingBackend, type TrainingBackend } from '../src/adapter/era/backend.ts';
import type { EpochProgress } from '../src/adapter/era/train.ts';
import { bundledWasmFile, WASM_FILE_NAME } from '../src/adapter/era/wasm-file.ts';
import { EraError, isEraError } from '../src/errors.ts';
import { compareRuns } from '../src/evaluate/compare.ts';
import { SCORED_DEPTH, scoreRanking } from '../src/evaluate/score-rankings.ts';
import type { QuantizedVectors } from '../src/math/quantize.ts';
import type { LabelledVectors, RelevantRows, TrainerApi, TrainingProgress, TrainingReport } from '../src/rpc/protocol.ts';
import { createRanker, type Ranker } from '../src/scan/rank-many.ts';

type Report = (progress: TrainingProgress) => void;

interface Loaded {
  readonly vectors: QuantizedVectors;
  readonly ranker: Ranker;
}

export class TrainingSession {
  #loaded: Loaded | undefined;
  #backend: Promise<TrainingBackend> | undefined;
  #device: TrainerApi['load']['args']['device'] = 'auto';
  #wasmFile: string = bundledWasmFile;

  async load({ vectors, device, runtimeBase }: TrainerApi['load']['args']): Promise<void> {
    this.#loaded = { vectors, ranker: await createRanker(vectors) };
    this.#device = device;
    if (runtimeBase !== null) this.#wasmFile = new URL(WASM_FILE_NAME, runtimeBase).href;
  }

  async align(args: TrainerApi['align']['args'], signal: AbortSignal, report: Report): Promise<TrainingReport> {
    const { vectors } = this.#open();
    const { method, x, y, from, to, base, seed } = args;
    const start = performance.now();
    if (method === 'ridge') {
      const adapter = alignSite({ x, y, vectors, from, to, ...(base ? { base } : {}) });
      const note = `Ridge over ${adapter.provenance['texts'] ?? ''} passages${base ? ', pulled towards the base adapter' : ', without a base adapter'}.`;
      return { adapter, applied: true, validation: null, note, device: 'cpu', refused: [], seconds: secondsSince(start) };
    }
    const backend = await this.#openBackend();
    const dOut = vectors.dims;
    const dIn = (x.length / y.length) * dOut;
    const onEpoch = (epoch: EpochProgress): void => report(epochProgress('align', epoch));
    const adapter = await this.#training(alignEra({ backend, x, y, dIn, dOut, from, to, seed, signal, onEpoch }));
    const note = `ERA stage 1: ${adapter.provenance['epochs'] ?? ''} epochs over ${adapter.provenance['texts'] ?? ''} passages.`;
    return { adapter, applied: true, validation: null, note, device: backend.kind, refused: backend.refused, seconds: secondsSince(start) };
  }

  async adapt(args: TrainerApi['adapt']['args'], signal: AbortSignal, report: Report): Promise<TrainingReport> {
    const { vectors, ranker } = this.#open();
    const { method, start: from, train, validation, seed } = args;
    const start = performance.now();
    if (method === 'closed-form') {
      const labels = pooled(train, validation);
      const result = await adaptClosedForm({
        start: from,
        x: labels.x,
        relevant: labels.relevant.map((rows) => new Map(rows)),
        vectors,
        rank: (queries, k) => ranker.rank(queries, k),
        seed,
        signal,
        onProgress: ({ step, steps }) => report({ stage: 'adapt', step, steps, loss: null, validationLoss: null }),
      });
      return { ...closedFormReport(result), device: 'cpu', refused: [], seconds: secondsSince(start) };
    }
    const backend = await this.#openBackend();
    const task = { documents: vectors, training: eraQueries(train), validation: eraQueries(validation), rank: ranker.rank.bind(ranker) };
    const onEpoch = (epoch: EpochProgress): void => report(epochProgress('adapt', epoch));
    const adapter = await this.#training(adaptEra({ backend, tasks: [task], start: from, seed, signal, onEpoch }));
    const { bestEpoch = '', epochsRun = '', trainingQueries = '' } = adapter.provenance;
    const note = `ERA stage 2: ${trainingQueries} queries, best validation loss in epoch ${bestEpoch}, stopped after ${epochsRun}.`;
    return { adapter, applied: true, validation: null, note, device: backend.kind, refused: backend.refused, seconds: secondsSince(start) };
  }

  evaluate({ runs, relevant }: TrainerApi['evaluate']['args']): TrainerApi['evaluate']['result'] {
    const { ranker } = this.#open();
    const grades = relevant.map((rows) => new Map(rows));
    return compareRuns(
      runs.map(({ adapter, x }) => {
        const { rows } = ranker.rank(adapter ? applyAdapter(adapter, x) : x, SCORED_DEPTH);
        const depth = rows.length / grades.length;
        return grades.map((graded, i) => scoreRanking(rows.subarray(i * depth, (i + 1) * depth), graded));
      }),
    );
  }

  #open(): Loaded {
    if (!this.#loaded) throw new EraError('no-index', 'The trainer has no vectors.');
    return this.#loaded;
  }

  #openBackend(): Promise<TrainingBackend> {
    this.#backend ??= openTrainingBackend({ device: this.#device, wasmFile: this.#wasmFile }).catch((error: unknown) => {
      this.#backend = undefined;
      throw error;
    });
    return this.#backend;
  }

  /** A lost GPU is forgotten, so that the next run opens another device. */
  async #training<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      if (isEraError(error, 'gpu-lost')) this.#backend = undefined;
      throw error;
    }
  }
}

const KEPT = {
  applied: '',
  'no-clear-gain': 'Nothing changed: no setting was clearly better in cross-validation.',
  'loses-on-unseen': 'Nothing changed: what helped on known passages would have harmed queries about others.',
  'too-few-labels': 'Nothing changed: too few labelled queries to decide by.',
  'one-topic': 'Nothing changed: all labels share one passage.',
} as const satisfies Record<AdaptDecision, string>;

function closedFormReport({ adapter, applied, decision, chosen, baselineNdcg, gain }: Adaptation): Pick<TrainingReport, 'adapter' | 'applied' | 'validation' | 'note'> {
  const validation = gain && { before: baselineNdcg, after: baselineNdcg + gain.mean, low: gain.low, high: gain.high };
  const note = applied && chosen ? `Closed form with λ = ${chosen.lambda} and ν = ${chosen.nu}, by cross-validation.` : KEPT[decision];
  return { adapter, applied, validation, note };
}

/** Training and validation labels as one set: the closed form chooses by cross-validation over both. */
function pooled(train: LabelledVectors, validation: LabelledVectors): Pick<LabelledVectors, 'x' | 'relevant'> {
  const x = new Float32Array(train.x.length + validation.x.length);
  x.set(train.x);
  x.set(validation.x, train.x.length);
  return { x, relevant: [...train.relevant, ...validation.relevant] };
}

function eraQueries({ x, local, relevant }: LabelledVectors): EraQueries {
  return { x, local, positives: relevant.map((rows: RelevantRows) => rows.map(([row]) => row)) };
}

function epochProgress(stage: TrainingProgress['stage'], { epoch, epochs, loss, validationLoss }: EpochProgress): TrainingProgress {
  return { stage, step: epoch, steps: epochs, loss, validationLoss };
}

function secondsSince(start: number): number {
  return (performance.now() - start) / 1000;
}
