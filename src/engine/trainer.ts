// Training in the engine: gathers texts and vectors, sends them to the trainer worker, and keeps the results. The
// learning itself is in the trainer worker, behind the interface of adapter/trainer.ts.

import {
  isInPassageSpace,
  PATH_READERS,
  queryInput,
  reads,
  type LinearAdapter,
  type QueryPath,
  type QueryVectors,
} from '../adapter/adapter.ts';
import { identityAdapter } from '../adapter/initial.ts';
import type { LearningPoint } from '../adapter/learning-curve.ts';
import { DEFAULT_TRAINER, TRAINER_NEEDS, TRAINERS, type TrainerName } from '../adapter/trainer.ts';
import type { Answer } from '../answer.ts';
import { unlessAborted } from '../abort.ts';
import { extensionOf } from './extension-of.ts';
import { EraError } from '../errors.ts';
import { positiveIds } from '../evaluate/seen.ts';
import { isUsable } from '../evaluate/split.ts';
import type { LabelledQuery } from '../evaluate/task.ts';
import { passageText } from '../format/passage.ts';
import type { Matrix } from '../math/vector.ts';
import { Random } from '../math/random.ts';
import { MAX_ALIGNMENT_PASSAGES, refuseRenamed, type EngineOptions } from '../options.ts';
import { ProgressMeter } from '../progress.ts';
import type { QueryEncoder } from '../query/query-encoder.ts';
import type { Client } from '../rpc/client.ts';
import type { CollectionInfo, ReadTexts } from '../rpc/collection-messages.ts';
import type { SearchApi, TrainerApi, TrainingOutcome, TrainingReport } from '../rpc/protocol.ts';
import type { SearchMode } from '../search/query.ts';
import { spaceId, type Space } from '../space.ts';
import { STAGES, type AdapterSlots } from './adapters.ts';
import { BaseAdapter } from './base-adapter.ts';
import { Connection } from './connections.ts';
import { withKeywordFactors } from './keyword-factor.ts';
import { holdOutThird, relevantRows } from './labels.ts';
import { partOf, type QueriesWithVectors } from './labelled-vectors.ts';
import type { QueryVectorizer } from './query-vectors.ts';
import type { SearchOptions } from './search-options.ts';
import { stepsOf, vectorOptions, type TrainingRun } from './training-progress.ts';
import { searchedRankings, type SearchedRun } from './searched-rankings.ts';
import { seenScores } from './seen-scores.ts';
import { UNTRAINED, type TrainerStatus } from './status.ts';
import type {
  AdaptOptions,
  AlignOptions,
  EvaluateOptions,
  Evaluation,
  LearningCurve,
  LearningCurveOptions,
  PathScores,
  RunOptions,
} from './training-options.ts';

interface Start {
  readonly start: LinearAdapter;
  /** The adapter that searches use before anything is learned. */
  readonly inUse: LinearAdapter;
}

interface Run extends SearchedRun {
  readonly path: QueryPath;
  readonly adapter: LinearAdapter | null;
}

export interface TrainerParts {
  readonly options: EngineOptions;
  /** The search worker with the collection open in it. */
  readonly search: Pick<Connection<SearchApi>, 'ready'>;
  readonly vectors: QueryVectorizer;
  readonly slots: AdapterSlots;
  readonly remote: QueryEncoder | null;
  readonly paths: () => readonly QueryPath[];
  /** Number by which the search worker knows the collection. */
  readonly collection: number;
  readonly info: () => CollectionInfo;
  /** The collection's best answer. */
  readonly ask: (text: string, options: SearchOptions) => Promise<Answer>;
  readonly onStatus: (status: TrainerStatus) => void;
}

export class EngineTrainer {
  readonly #parts: TrainerParts;
  readonly #worker: Connection<TrainerApi>;
  readonly #base: BaseAdapter;
  #status = UNTRAINED;

  constructor(parts: TrainerParts) {
    this.#parts = parts;
    this.#base = new BaseAdapter(parts.options.baseAdapter);
    this.#worker = new Connection<TrainerApi>('trainer', async (client) => {
      const search = await parts.search.ready();
      const vectors = await search.call('snapshot', { collection: parts.collection });
      const runtimeBase = parts.options.trainerRuntimeBase ?? null;
      const transfer = [vectors.codes.buffer, vectors.scales.buffer];
      const { trainerDevice: device = 'auto' } = parts.options;
      const extension = extensionOf(parts.options);
      await client.call('load', { vectors, device, runtimeBase, extension }, { transfer });
    });
  }

  close(): void {
    this.#worker.close();
  }

  align(options: AlignOptions): Promise<TrainingOutcome> {
    return this.#exclusively('align', async () => {
      const { trainer, context } = chosen(options);
      const { seed = 42, signal } = options;
      const { remote, slots } = this.#parts;
      const paths = this.#pathsOf(options);
      const to = this.#space();
      const search = await this.#search(signal);
      const pairs = remote && paths.some((path) => reads(path, 'remote')) ? await this.#pairs(remote, options) : null;
      const queries = context ? ((await this.#unlabelled('align', options))?.vectors ?? null) : null;
      const base = remote && pairs && context ? await this.#base.between(remote.space, pairs.from, to, signal) : null;
      const worker = await this.#trainer(signal);
      const outcome = await worker.call(
        'align',
        { trainer, pairs, to, paths, queries, base, seed },
        { signal, onProgress: stepsOf('align', 'remote', options) },
      );
      for (const [path, report] of reports(outcome)) {
        this.#note(report);
        // Adapters that were learned on top of the old alignment are removed with it.
        await slots.remove(search, [trainer], ['start', 'adapted'], [path]);
        if (report.start) await slots.set(search, trainer, 'start', report.start, new Set());
        await slots.set(search, trainer, 'aligned', report.adapter, new Set());
      }
      return outcome;
    });
  }

  adapt(labels: readonly LabelledQuery[], options: AdaptOptions): Promise<TrainingOutcome> {
    return this.#exclusively('adapt', async () => {
      const { trainer, context } = chosen(options);
      const { validation = [], force = false, seed = 42, signal } = options;
      const wanted = this.#pathsOf(options);
      const starts = this.#starts(trainer).filter(({ start }) => wanted.includes(start.path));
      if (starts.length === 0)
        throw new EraError('no-adapter', 'Adaptation of the remote path starts from an alignment.');
      const given = [...labels, ...validation];
      const labelledTexts = new Set(given.map(({ query }) => query));
      const unlabelled = context
        ? await this.#unlabelled('adapt', {
            ...options,
            queries: options.queries?.filter((text) => !labelledTexts.has(text)),
          })
        : null;
      const queries = await this.#withVectors(
        'adapt',
        given,
        starts.map(({ start }) => start.path),
        options,
      );
      const trained: TrainerApi['adapt']['result'][] = [];
      for (const { start, inUse } of starts) {
        const { path } = start;
        const train = partOf(queries, path, 0, labels.length);
        const worker = await this.#trainer(signal);
        trained.push(
          await worker.call(
            'adapt',
            {
              trainer,
              start,
              inUse,
              train,
              validation: partOf(queries, path, labels.length, given.length),
              unlabelled: unlabelled && queryInput(unlabelled.vectors, path, unlabelled.count),
              force,
              seed,
            },
            { signal, onProgress: stepsOf('adapt', path, options) },
          ),
        );
      }
      const search = await this.#search(signal);
      const parts = { search, trainer: await this.#trainer(signal), collection: this.#parts.collection };
      const outcome = await withKeywordFactors(parts, trained, given, queries.relevant, options);
      const positives = new Set(given.flatMap(positiveIds));
      for (const [, report] of reports(outcome)) {
        this.#note(report);
        await this.#parts.slots.set(search, trainer, 'adapted', report.adapter, positives);
      }
      return outcome;
    });
  }

  evaluate(labels: readonly LabelledQuery[], options: EvaluateOptions): Promise<Evaluation> {
    return this.#exclusively('evaluate', async () => {
      const runs = this.#runs();
      const { vectors, relevant } = await this.#withVectors(
        'evaluate',
        labels,
        runs.map(({ path }) => path),
        options,
      );
      const searched = searchedRuns(runs, options.modes ?? ['dense']);
      const rankings = await this.#searchedRankings(searched, labels, options);
      const worker = await this.#trainer(options.signal);
      const inputs = [
        ...runs.map(({ path, adapter }) => ({ adapter, x: queryInput(vectors, path, labels.length) })),
        ...rankings.map((ranked) => ({ ranked })),
      ];
      const scores = await worker.call('evaluate', { runs: inputs, relevant }, { signal: options.signal });
      const small = scores[0]!.perQuery;
      const rows = [...runs, ...searched].map(({ mode, path, trainer, stage }, i): PathScores => {
        const positives =
          path === null || trainer === null || stage === 'none'
            ? new Set<string>()
            : this.#parts.slots.positives(path, trainer, stage);
        return {
          mode,
          path,
          trainer,
          stage,
          ...scores[i]!,
          ...seenScores(labels, scores[i]!.perQuery, small, positives),
        };
      });
      return { rows, queries: labels.length };
    });
  }

  learningCurve(labels: readonly LabelledQuery[], options: LearningCurveOptions): Promise<LearningCurve> {
    return this.#exclusively('learning-curve', async () => {
      const { sizes = null, repeats = 5, seed = 42, signal, onPoint } = options;
      const { start, inUse } = this.#startFor(options.path);
      const usable = labels.filter(isUsable);
      const { pool, heldOut } = options.holdOut
        ? { pool: usable, heldOut: options.holdOut.filter(isUsable) }
        : holdOutThird(usable, seed);
      if (pool.length === 0 || heldOut.length === 0)
        throw new EraError(
          'too-few-labels',
          'A learning curve needs labelled queries to learn from and others to measure on.',
        );
      const queries = await this.#withVectors('learning-curve', [...pool, ...heldOut], [start.path], options);
      const parts = {
        pool: partOf(queries, start.path, 0, pool.length),
        heldOut: partOf(queries, start.path, pool.length, pool.length + heldOut.length),
      };
      const worker = await this.#trainer(signal);
      const meter = new ProgressMeter(options.onProgress, { phase: 'curve', unit: 'points', path: start.path });
      let drawn = 0;
      const told = (point: LearningPoint): void => {
        meter.at(++drawn, sizes?.length ?? null);
        onPoint?.(point);
      };
      const points = await worker.call(
        'learningCurve',
        { start, inUse, ...parts, sizes, repeats, seed },
        { signal, onProgress: told },
      );
      return { path: start.path, points, labels: pool.length, heldOut: heldOut.length };
    });
  }

  async #searchedRankings(
    runs: readonly SearchedRun[],
    labels: readonly LabelledQuery[],
    { signal, onProgress }: EvaluateOptions,
  ): Promise<number[][][]> {
    const meter = new ProgressMeter(onProgress, { phase: 'evaluate', unit: 'searches' });
    let done = 0;
    const onDone = (): void => meter.at(++done, runs.length * labels.length);
    return searchedRankings(runs, this.#parts.ask, labels, { signal, onDone });
  }

  /** @throws as `Connection.ready`; the signal's reason, at once */
  #search(signal: AbortSignal | undefined): Promise<Client<SearchApi>> {
    return unlessAborted(this.#parts.search.ready(), signal);
  }

  /** @throws as `#search` */
  #trainer(signal: AbortSignal | undefined): Promise<Client<TrainerApi>> {
    return unlessAborted(this.#worker.ready(), signal);
  }

  /** The same passages by both models. */
  async #pairs(
    remote: QueryEncoder,
    options: AlignOptions,
  ): Promise<{ x: Float32Array<ArrayBuffer>; y: Float32Array<ArrayBuffer>; from: string }> {
    const { info, collection } = this.#parts;
    const rows = sampleRows(info().passages, options);
    const search = await this.#search(options.signal);
    const passages = await search.call('passages', { collection, rows }, { signal: options.signal });
    const x = await this.#parts.vectors.remote(
      passages.map(passageText),
      vectorOptions('align', 'remote', options),
      'passage',
    );
    const y = await search.call('vectors', { collection, rows }, { signal: options.signal });
    return { x, y, from: spaceId({ ...remote.space, dims: x.length / rows.length }) };
  }

  async #unlabelled(
    run: 'align' | 'adapt',
    { queries = [], ...options }: RunOptions & Pick<AlignOptions, 'queries' | 'paths'>,
  ): Promise<{ count: number; vectors: ReadTexts } | null> {
    if (queries.length === 0) return null;
    return { count: queries.length, vectors: await this.#read(run, queries, this.#pathsOf(options), options) };
  }

  /** The starts of adaptation: the trainer's alignment where there is one, and the small model without an adapter. */
  #starts(trainer: TrainerName): Start[] {
    const { slots, paths } = this.#parts;
    return paths().flatMap((path) => {
      if (!TRAINER_NEEDS[trainer].paths.includes(path)) return [];
      const start = slots.get(path, trainer, 'start');
      const inUse =
        slots.get(path, trainer, 'aligned') ??
        (isInPassageSpace(path) ? identityAdapter(this.#space(), path) : undefined);
      return inUse ? [{ start: start ?? inUse, inUse }] : [];
    });
  }

  #pathsOf({ paths }: Pick<AlignOptions, 'paths'>): readonly QueryPath[] {
    const possible = this.#parts.paths();
    return paths ? possible.filter((path) => paths.includes(path)) : possible;
  }

  /** The start of `path`; where none is named, of the engine's own path, else of the path with the most models. */
  #startFor(path: QueryPath | undefined): Start {
    const starts = this.#starts(DEFAULT_TRAINER);
    const wanted = path ?? this.#parts.options.path;
    const found = starts.find(({ start }) => start.path === wanted) ?? (path === undefined ? starts.at(-1) : undefined);
    if (!found) throw new EraError('no-adapter', `The path “${path ?? 'remote'}” has no alignment to learn on top of.`);
    return found;
  }

  #runs(): Run[] {
    const { slots } = this.#parts;
    const paths = this.#parts.paths();
    const runs: Run[] = (['local', 'static'] as const)
      .filter((path) => paths.includes(path))
      .map((path) => ({ mode: 'dense', path, trainer: null, stage: 'none', adapter: null }));
    for (const path of paths) {
      for (const trainer of TRAINERS) {
        for (const stage of STAGES) {
          const adapter = slots.get(path, trainer, stage);
          if (adapter) runs.push({ mode: 'dense', path, trainer, stage, adapter });
        }
      }
    }
    if (runs.length === 0) throw new EraError('no-adapter', 'There is nothing to evaluate before an alignment.');
    return runs;
  }

  /** @throws EraError `missing-id`, `no-labels`, and those of the encoders */
  async #withVectors(
    run: TrainingRun,
    labels: readonly LabelledQuery[],
    paths: readonly QueryPath[],
    options: RunOptions,
  ): Promise<QueriesWithVectors> {
    const search = await this.#search(options.signal);
    const relevant = await relevantRows(search, this.#parts.collection, labels, options.signal);
    const texts = labels.map(({ query }) => query);
    return { vectors: await this.#read(run, texts, paths, options), relevant };
  }

  /** Queries by every reader of the paths. */
  async #read(
    run: TrainingRun,
    texts: readonly string[],
    paths: readonly QueryPath[],
    options: RunOptions,
  ): Promise<ReadTexts> {
    const { vectors } = this.#parts;
    const wanted = new Set(paths.flatMap((path) => PATH_READERS[path]));
    const read = async (reader: keyof QueryVectors): Promise<Matrix | null> =>
      wanted.has(reader) ? vectors[reader](texts, vectorOptions(run, reader, options)) : null;
    return { static: await read('static'), local: await read('local'), remote: await read('remote') };
  }

  #space(): Space {
    const { space } = this.#parts.info();
    if (!space) throw new EraError('no-vectors', 'The collection has no vectors, so there is nothing to train on.');
    return space;
  }

  #note({ device, refused }: TrainingReport): void {
    this.#status = { ...this.#status, device, refused };
  }

  async #exclusively<T>(run: NonNullable<TrainerStatus['running']>, work: () => Promise<T>): Promise<T> {
    if (this.#status.running) throw new EraError('busy', `“${this.#status.running}” is still running.`);
    this.#status = { ...this.#status, running: run };
    this.#parts.onStatus(this.#status);
    try {
      return await work();
    } finally {
      this.#status = { ...this.#status, running: null };
      this.#parts.onStatus(this.#status);
    }
  }
}

/** The runs that are measured by whole searches, beside those by vectors alone. */
function searchedRuns(runs: readonly Run[], modes: readonly SearchMode[]): SearchedRun[] {
  const keyword: SearchedRun = { mode: 'keyword', path: null, stage: 'none', trainer: null };
  return [
    ...(modes.includes('keyword') ? [keyword] : []),
    ...(modes.includes('hybrid')
      ? runs.map(({ path, stage, trainer }) => ({ mode: 'hybrid' as const, path, stage, trainer }))
      : []),
  ];
}

/** @throws EraError `invalid-option` */
function chosen(options: { readonly trainer?: TrainerName | undefined }): { trainer: TrainerName; context: boolean } {
  refuseRenamed(options, 'method', 'trainer');
  const { trainer = DEFAULT_TRAINER } = options;
  if (!TRAINERS.includes(trainer))
    throw new EraError(
      'invalid-option',
      `“trainer” must be one of ${TRAINERS.join(', ')}, not ${JSON.stringify(trainer)}.`,
      { details: { option: 'trainer' } },
    );
  return { trainer, context: TRAINER_NEEDS[trainer].context };
}

function reports(outcome: TrainingOutcome): [QueryPath, TrainingReport][] {
  return Object.entries(outcome) as [QueryPath, TrainingReport][];
}

function sampleRows(count: number, { passages = MAX_ALIGNMENT_PASSAGES, seed = 42 }: AlignOptions): number[] {
  if (!Number.isInteger(passages) || passages < 1 || passages > MAX_ALIGNMENT_PASSAGES) {
    throw new EraError(
      'invalid-option',
      `“passages” must be a whole number from 1 to ${String(MAX_ALIGNMENT_PASSAGES)}.`,
    );
  }
  const rows = Array.from({ length: count }, (_, row) => row);
  return new Random(seed).sample(rows, passages);
}
