// What the trainer worker holds between calls: the passages' vectors, a ranker over them, and a gradient backend once one is needed.
// Composes rooms, computes nothing.

import { applyAdapter } from '../src/adapter/adapter.ts';
import { adaptClosedForm, type AdaptDecision, type Adaptation } from '../src/adapter/adapt/closed-form.ts';
import { alignSite, siteStarts } from '../src/adapter/align/align-site.ts';
import { learningCurve, type LearningCurveInput, type LearningPoint } from '../src/adapter/learning-curve.ts';
import { adaptEra, type EraQueries } from '../src/era/adapt.ts';
import { alignEra } from '../src/era/align.ts';
import { openTrainingBackend, type TrainingBackend } from '../src/era/backend.ts';
import type { EpochProgress } from '../src/era/train.ts';
import { bundledWasmFile, WASM_FILE_NAME } from '../src/era/wasm-file.ts';
import { EraError, isEraError } from '../src/errors.ts';
import { compareRuns } from '../src/evaluate/compare.ts';
import { SCORED_DEPTH, scoreRanking } from '../src/evaluate/score-rankings.ts';
import { concatRows } from '../src/math/vector.ts';
import type { QuantizedVectors } from '../src/math/quantize.ts';
import type { LabelledVectors, RelevantRows, TrainerApi, TrainingOutcome, TrainingProgress, TrainingReport } from '../src/rpc/protocol.ts';
import { createRanker, type Ranker } from '../src/scan/rank-many.ts';
import { spaceId } from '../src/space.ts';

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

  async align(args: TrainerApi['align']['args'], signal: AbortSignal, report: Report): Promise<TrainingOutcome> {
    return args.method === 'era' ? { remote: await this.#alignEra(args, signal, report) } : this.#alignOurs(args);
  }

  #alignOurs({ pairs, to, paths, queries, base }: TrainerApi['align']['args']): TrainingOutcome {
    const { vectors } = this.#open();
    const begin = performance.now();
    const texts = pairs ? pairs.y.length / vectors.dims : 0;
    const shape = { dIn: pairs ? pairs.x.length / texts : 0, dOut: vectors.dims };
    const remote = pairs && alignSite({ x: pairs.x, y: pairs.y, ...shape, from: [pairs.from], to: spaceId(to), queries: queries ?? undefined, base: base ?? undefined });
    const asked = queries?.remote ?? queries?.local;
    const fit = `Ridge over ${texts} passages${asked ? ' and the queries given' : ''}${base ? ', pulled towards the base adapter' : ', without a base adapter'}`;
    const outcome: TrainingOutcome = {};
    for (const [path, { start, adapter }] of siteStarts(remote, to, vectors, paths, queries ?? undefined)) {
      const note = `${path === 'local' ? 'The small model as it is' : path === 'remote' ? fit : `${fit}, joined with the small model’s own vector`}; documents whitened a little${asked ? ', queries centred' : ''}.`;
      outcome[path] = { ...UNJUDGED, adapter, start, note, device: 'cpu', refused: [], seconds: secondsSince(begin) };
    }
    return outcome;
  }

  async #alignEra({ pairs, to, seed }: TrainerApi['align']['args'], signal: AbortSignal, report: Report): Promise<TrainingReport> {
    if (!pairs) throw new EraError('no-encoder', 'ERA aligns the remote model, and there is none.');
    const begin = performance.now();
    const backend = await this.#openBackend();
    const dOut = this.#open().vectors.dims;
    const dIn = (pairs.x.length / pairs.y.length) * dOut;
    const onEpoch = (epoch: EpochProgress): void => report(epochProgress('align', epoch));
    const adapter = await this.#training(
      alignEra({ backend, x: pairs.x, y: pairs.y, dIn, dOut, from: [pairs.from], to: spaceId(to), seed, signal, onEpoch }),
    );
    const note = `ERA stage 1: ${adapter.provenance['epochs'] ?? ''} epochs over ${adapter.provenance['texts'] ?? ''} passages.`;
    return { ...UNJUDGED, adapter, start: null, note, device: backend.kind, refused: backend.refused, seconds: secondsSince(begin) };
  }

  async adapt(args: TrainerApi['adapt']['args'], signal: AbortSignal, report: Report): Promise<TrainingReport> {
    const { vectors, ranker } = this.#open();
    const { method, start, inUse, train, validation, unlabelled, force, seed } = args;
    const begin = performance.now();
    if (method === 'ours') {
      const labels = pooled(train, validation);
      const result = await adaptClosedForm({
        start,
        inUse,
        x: labels.x,
        relevant: labels.relevant.map((rows) => new Map(rows)),
        unlabelled: unlabelled ?? undefined,
        vectors,
        rank: (queries, k) => ranker.rank(queries, k),
        force,
        seed,
        signal,
        onProgress: ({ step, steps }) => report({ stage: 'adapt', step, steps, loss: null, validationLoss: null }),
      });
      return { ...closedFormReport(result), device: 'cpu', refused: [], seconds: secondsSince(begin) };
    }
    const backend = await this.#openBackend();
    const task = { documents: vectors, training: eraQueries(train), validation: eraQueries(validation), rank: ranker.rank.bind(ranker) };
    const onEpoch = (epoch: EpochProgress): void => report(epochProgress('adapt', epoch));
    const adapter = await this.#training(adaptEra({ backend, tasks: [task], start, seed, signal, onEpoch }));
    const { bestEpoch = '', epochsRun = '', trainingQueries = '' } = adapter.provenance;
    const note = `ERA stage 2: ${trainingQueries} queries, best validation loss in epoch ${bestEpoch}, stopped after ${epochsRun}.`;
    return { ...UNJUDGED, adapter, start: null, note, device: backend.kind, refused: backend.refused, seconds: secondsSince(begin) };
  }

  learningCurve({ start, inUse, pool, heldOut, sizes, repeats, seed }: TrainerApi['learningCurve']['args'], signal: AbortSignal, onPoint: (point: LearningPoint) => void): Promise<LearningPoint[]> {
    const { vectors, ranker } = this.#open();
    const graded = ({ x, relevant }: LabelledVectors): Pick<LearningCurveInput, 'pool'>['pool'] => ({ x, relevant: relevant.map((rows) => new Map(rows)) });
    return learningCurve({
      start,
      inUse,
      vectors,
      rank: (queries, k) => ranker.rank(queries, k),
      pool: graded(pool),
      heldOut: graded(heldOut),
      sizes: sizes ?? undefined,
      repeats,
      seed,
      signal,
      onPoint,
    });
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

/** Of methods that take what they are given. */
const UNJUDGED = { applied: true, decision: null, validation: null, gain: null, gainUnseen: null, labels: null } as const;

const REASONS = {
  applied: '',
  'no-clear-gain': 'no setting was clearly better in cross-validation',
  'loses-on-unseen': 'what helped on known passages would have harmed queries about others',
  'too-few-labels': 'too few labelled queries to decide by',
  'one-topic': 'all labels share one passage',
} as const satisfies Record<AdaptDecision, string>;

function closedFormReport({ adapter, applied, decision, baselineNdcg, gain, gainUnseen, labels, ...result }: Adaptation): Omit<TrainingReport, 'device' | 'refused' | 'seconds'> {
  const forced = applied && decision !== 'applied';
  const setting = applied ? settingNote(result) : '';
  const validation = gain && { before: baselineNdcg, after: baselineNdcg + gain.mean };
  const note = !applied ? `Nothing changed: ${REASONS[decision]}.` : forced ? `Forced, although ${REASONS[decision]}. ${setting}` : setting;
  return { adapter, start: null, applied, decision: forced ? 'forced' : decision, validation, gain, gainUnseen, labels, note };
}

function settingNote({ chosen, averaged }: Pick<Adaptation, 'chosen' | 'averaged'>): string {
  if (!chosen) return '';
  const { lambda, nu, whitening, centring } = chosen;
  const learned = lambda === Infinity ? 'only the view changed' : `λ = ${lambda}, ν = ${nu}`;
  return `Closed form by cross-validation: ${learned}, documents whitened with power ${whitening}, queries centred by ${centring}${averaged > 1 ? `; mean of the ${averaged} best settings` : ''}.`;
}

/** Training and validation labels as one set: the closed form chooses by cross-validation over both. */
function pooled(train: LabelledVectors, validation: LabelledVectors): Pick<LabelledVectors, 'x' | 'relevant'> {
  return { x: concatRows(train.x, validation.x), relevant: [...train.relevant, ...validation.relevant] };
}

function eraQueries({ x, local, relevant }: LabelledVectors): EraQueries {
  const rowsWith = (rows: RelevantRows, least: number): number[] => rows.filter(([, grade]) => grade >= least).map(([row]) => row);
  return { x, local, positives: relevant.map((rows) => rowsWith(rows, 1)), judged: relevant.map((rows) => rowsWith(rows, 0)) };
}

function epochProgress(stage: TrainingProgress['stage'], { epoch, epochs, loss, validationLoss }: EpochProgress): TrainingProgress {
  return { stage, step: epoch, steps: epochs, loss, validationLoss };
}

function secondsSince(begin: number): number {
  return (performance.now() - begin) / 1000;
}
