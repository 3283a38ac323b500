// The trainer worker's state between calls: the passages' vectors, a ranker over them, and the loaded trainers. It runs
// alignment, adaptation, learning curves and evaluation by calling the rooms that implement them.

import type { QueryPath } from '../src/adapter/adapter.ts';
import { chooseKeywordFactor, type KeywordFactor } from '../src/adapter/adapt/keyword-factor.ts';
import { applyToMany } from '../src/adapter/apply-to-many.ts';
import { closedFormTrainer } from '../src/adapter/closed-form-trainer.ts';
import type { LabelledQueries } from '../src/adapter/labelled-queries.ts';
import { learningCurve, type LearningPoint } from '../src/adapter/learning-curve.ts';
import type { Trained, Trainer, TrainerName, TrainingProgress } from '../src/adapter/trainer.ts';
import { EraError } from '../src/errors.ts';
import { compareRuns } from '../src/evaluate/compare.ts';
import { SCORED_DEPTH, scoreRanking } from '../src/evaluate/score-rankings.ts';
import type { QuantizedVectors } from '../src/math/quantize.ts';
import type { LabelledVectors, TrainerApi, TrainingOutcome, TrainingReport } from '../src/rpc/protocol.ts';
import { type OpenedRanker, openRanker } from '../src/scan/open-ranker.ts';
import type { GpuUse } from '../src/scan/webgpu/open-row-dots.ts';
import { spaceId } from '../src/space.ts';

type LoadArgs = TrainerApi['load']['args'];
type Report = (progress: TrainingProgress) => void;

interface Loaded {
  readonly vectors: QuantizedVectors;
  readonly ranker: OpenedRanker;
  readonly trainers: Map<TrainerName, Promise<Required<Trainer>>>;
  readonly device: LoadArgs['device'];
  readonly runtimeBase: LoadArgs['runtimeBase'];
  readonly extension: LoadArgs['extension'];
}

/** Trainers with gradients include tfjs and are loaded on demand. */
const OPEN: Readonly<Record<TrainerName, (loaded: Loaded) => Promise<Required<Trainer>>>> = {
  'closed-form': () => Promise.resolve(closedFormTrainer),
  era: async ({ device, runtimeBase }) => (await import('../src/era/page-trainer.ts')).pageTrainer(device, runtimeBase),
  own: async ({ extension }) => {
    const { loadExtension } = await import('../src/extension/load-extension.ts');
    const { openOwnTrainer } = await import('../src/extension/open-own-trainer.ts');
    return openOwnTrainer(await loadExtension(extension ?? undefined));
  },
};

/** Whether queries are ranked on a GPU, by the device that is asked for. */
const GPU_USE: Readonly<Record<LoadArgs['device'], GpuUse>> = {
  auto: 'auto',
  webgpu: 'always',
  wasm: 'never',
  cpu: 'never',
};

export class TrainingSession {
  #loaded: Loaded | undefined;

  async load({ vectors, ...settings }: LoadArgs): Promise<void> {
    this.#loaded?.ranker.dispose();
    this.#loaded = undefined;
    const ranker = await openRanker(vectors, GPU_USE[settings.device]);
    this.#loaded = { vectors, ranker, trainers: new Map(), ...settings };
  }

  async align(
    { trainer: name, pairs, to, paths, queries, base, seed }: TrainerApi['align']['args'],
    signal: AbortSignal,
    onProgress: Report,
  ): Promise<TrainingOutcome> {
    const { vectors } = this.#open();
    const trainer = await this.#trainer(name);
    const begin = performance.now();
    const texts = pairs ? pairs.y.length / vectors.dims : 0;
    const outcome = await trainer.align(
      {
        pairs: pairs && {
          x: pairs.x,
          y: pairs.y,
          dIn: pairs.x.length / texts,
          dOut: vectors.dims,
          path: 'remote',
          from: [pairs.from],
          to: spaceId(to),
        },
        to,
        documents: vectors,
        paths,
        queries: queries ?? undefined,
        base: base ?? undefined,
      },
      { seed, signal, onProgress },
    );
    const reports = (Object.entries(outcome) as [QueryPath, Trained][]).map(([path, trained]) => [
      path,
      reportOf(trained, begin),
    ]);
    return Object.fromEntries(reports) as TrainingOutcome;
  }

  async adapt(
    { trainer: name, train, validation, unlabelled, seed, ...input }: TrainerApi['adapt']['args'],
    signal: AbortSignal,
    onProgress: Report,
  ): Promise<TrainerApi['adapt']['result']> {
    const { vectors, ranker } = this.#open();
    const trainer = await this.#trainer(name);
    const begin = performance.now();
    const { heldOut = null, ...trained } = await trainer.adapt(
      {
        ...input,
        training: graded(train),
        validation: graded(validation),
        unlabelled: unlabelled ?? undefined,
        documents: vectors,
        rank: (queries, k) => ranker.rank(queries, k),
        dots: ranker.dots,
      },
      { seed, signal, onProgress },
    );
    return { report: reportOf(trained, begin), heldOut };
  }

  chooseKeywordFactor({
    relevant,
    byQuery,
    byPassage,
    seed,
  }: TrainerApi['chooseKeywordFactor']['args']): KeywordFactor {
    return chooseKeywordFactor(
      relevant.map((rows) => new Map(rows)),
      byQuery,
      byPassage,
      seed,
    );
  }

  learningCurve(
    { start, inUse, pool, heldOut, sizes, repeats, seed }: TrainerApi['learningCurve']['args'],
    signal: AbortSignal,
    onPoint: (point: LearningPoint) => void,
  ): Promise<LearningPoint[]> {
    const { vectors, ranker } = this.#open();
    return learningCurve({
      start,
      inUse,
      vectors,
      rank: (queries, k) => ranker.rank(queries, k),
      dots: ranker.dots,
      pool: graded(pool),
      heldOut: graded(heldOut),
      sizes: sizes ?? undefined,
      repeats,
      seed,
      signal,
      onPoint,
    });
  }

  async evaluate({ runs, relevant }: TrainerApi['evaluate']['args']): Promise<TrainerApi['evaluate']['result']> {
    const { ranker } = this.#open();
    const grades = relevant.map((rows) => new Map(rows));
    return compareRuns(
      await Promise.all(
        runs.map(async (run) => {
          if ('ranked' in run) return grades.map((each, i) => scoreRanking(run.ranked[i]!, each));
          const { adapter, x } = run;
          const { rows } = await ranker.rank(adapter ? applyToMany(adapter, x) : x, SCORED_DEPTH);
          const depth = rows.length / grades.length;
          return grades.map((each, i) => scoreRanking(rows.subarray(i * depth, (i + 1) * depth), each));
        }),
      ),
    );
  }

  #open(): Loaded {
    if (!this.#loaded) throw new EraError('no-index', 'The trainer has no vectors.');
    return this.#loaded;
  }

  /** A trainer that could not be loaded is requested again the next time. */
  #trainer(name: TrainerName): Promise<Required<Trainer>> {
    const loaded = this.#open();
    const { trainers } = loaded;
    const trainer = trainers.get(name) ?? OPEN[name](loaded);
    trainers.set(name, trainer);
    trainer.catch(() => trainers.delete(name));
    return trainer;
  }
}

function graded({ x, relevant }: LabelledVectors): LabelledQueries & Pick<LabelledVectors, 'x'> {
  return { x, relevant: relevant.map((rows) => new Map(rows)) };
}

function reportOf(trained: Omit<Trained, 'heldOut'>, begin: number): TrainingReport {
  return { ...trained, seconds: (performance.now() - begin) / 1000 };
}
