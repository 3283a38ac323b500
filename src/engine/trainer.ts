// Training as the engine offers it: gathers texts and vectors, hands them to the trainer worker, keeps what comes back.
// The learning itself is in the trainer worker, behind the interface of adapter/trainer.ts.

import { queryInput, type LinearAdapter, type QueryPath } from '../adapter/adapter.ts';
import { identityAdapter } from '../adapter/initial.ts';
import { DEFAULT_TRAINER, TRAINER_NEEDS, TRAINERS, type TrainerName } from '../adapter/trainer.ts';
import { EraError } from '../errors.ts';
import { positiveIds } from '../evaluate/seen.ts';
import type { LabelledQuery } from '../evaluate/task.ts';
import { passageText } from '../format/index-file.ts';
import { Random } from '../math/random.ts';
import { MAX_ALIGNMENT_PASSAGES, refuseRenamed, type EngineOptions } from '../options.ts';
import type { QueryEncoder } from '../query/query-encoder.ts';
import type { IndexInfo, SearchApi, TrainerApi, TrainingOutcome, TrainingReport } from '../rpc/protocol.ts';
import { spaceId } from '../space.ts';
import { STAGES, type AdapterSlots, type UsedAdapter } from './adapters.ts';
import { BaseAdapter } from './base-adapter.ts';
import { Connection } from './connections.ts';
import { holdOutThird, isUsable, relevantRows } from './labels.ts';
import { partOf, type QueriesWithVectors } from './labelled-vectors.ts';
import type { QueryVectorizer, VectorProgress } from './query-vectors.ts';
import { seenScores } from './seen-scores.ts';
import type { TrainerStatus } from './status.ts';
import type { AdaptOptions, AlignOptions, EvaluateOptions, Evaluation, LearningCurve, LearningCurveOptions, PathScores, RunOptions } from './training-options.ts';

interface Start {
  readonly start: LinearAdapter;
  /** What is searched with before anything is learned. */
  readonly inUse: LinearAdapter;
}

interface Run extends UsedAdapter {
  readonly path: QueryPath;
  readonly adapter: LinearAdapter | null;
}

export interface TrainerParts {
  readonly options: EngineOptions;
  readonly search: Connection<SearchApi>;
  readonly vectors: QueryVectorizer;
  readonly slots: AdapterSlots;
  readonly remote: QueryEncoder | null;
  readonly paths: readonly QueryPath[];
  readonly index: () => IndexInfo;
  readonly onStatus: (status: TrainerStatus) => void;
}

export class EngineTrainer {
  readonly #parts: TrainerParts;
  readonly #worker: Connection<TrainerApi>;
  readonly #base: BaseAdapter;
  #status: TrainerStatus = { device: null, refused: [], running: null };

  constructor(parts: TrainerParts) {
    this.#parts = parts;
    this.#base = new BaseAdapter(parts.options.baseAdapter);
    this.#worker = new Connection<TrainerApi>('trainer', async (client) => {
      const search = await parts.search.ready();
      const vectors = await search.call('snapshot', null);
      const runtimeBase = parts.options.trainerRuntimeBase ?? null;
      const transfer = [vectors.codes.buffer, vectors.scales.buffer];
      await client.call('load', { vectors, device: parts.options.trainerDevice ?? 'auto', runtimeBase }, { transfer });
    });
  }

  /** The next run starts a fresh worker with the vectors of the index that is open then. */
  forgetIndex(): void {
    this.#worker.stop();
  }

  close(): void {
    this.#worker.close();
  }

  align(options: AlignOptions): Promise<TrainingOutcome> {
    return this.#exclusively('align', async () => {
      const { trainer, context } = chosen(options);
      const { seed = 42, signal } = options;
      const { remote, slots, paths } = this.#parts;
      const index = this.#parts.index();
      const search = await this.#parts.search.ready();
      const pairs = remote ? await this.#pairs(index, remote, options) : null;
      const queries = context ? ((await this.#unlabelled(options))?.vectors ?? null) : null;
      const base = remote && pairs && context ? await this.#base.between(remote.space, pairs.from, index.space, signal) : null;
      const worker = await this.#worker.ready();
      const outcome = await worker.call(
        'align',
        { trainer, pairs, to: index.space, paths, queries, base, seed },
        { signal, onProgress: (progress) => options.onProgress?.({ kind: 'training', path: 'remote', ...progress }) },
      );
      for (const [path, report] of reports(outcome)) {
        this.#note(report);
        this.#assertOpen(index);
        // What was learned on top of the old alignment goes with it.
        await slots.remove(search, index.name, [trainer], ['start', 'adapted'], [path]);
        if (report.start) await slots.set(search, index.name, trainer, 'start', report.start, new Set());
        await slots.set(search, index.name, trainer, 'aligned', report.adapter, new Set());
      }
      return outcome;
    });
  }

  adapt(labels: readonly LabelledQuery[], options: AdaptOptions): Promise<TrainingOutcome> {
    return this.#exclusively('adapt', async () => {
      const { trainer, context } = chosen(options);
      const { validation = [], force = false, seed = 42, signal } = options;
      const index = this.#parts.index();
      const starts = this.#starts(trainer);
      if (starts.length === 0) throw new EraError('no-adapter', 'Adaptation of the remote path starts from an alignment.');
      const given = [...labels, ...validation];
      const labelledTexts = new Set(given.map(({ query }) => query));
      const unlabelled = context ? await this.#unlabelled({ ...options, queries: options.queries?.filter((text) => !labelledTexts.has(text)) }) : null;
      const queries = await this.#withVectors(given, starts.some(({ start }) => start.path !== 'local'), options);
      const outcome: TrainingOutcome = {};
      for (const { start, inUse } of starts) {
        const { path } = start;
        const train = partOf(queries, path, 0, labels.length);
        const worker = await this.#worker.ready();
        outcome[path] = await worker.call(
          'adapt',
          { trainer, start, inUse, train, validation: partOf(queries, path, labels.length, given.length), unlabelled: unlabelled && queryInput(unlabelled.vectors, path, unlabelled.count), force, seed },
          { signal, onProgress: (progress) => options.onProgress?.({ kind: 'training', path, ...progress }) },
        );
      }
      const search = await this.#parts.search.ready();
      const positives = new Set(given.flatMap(positiveIds));
      for (const [, report] of reports(outcome)) {
        this.#note(report);
        this.#assertOpen(index);
        await this.#parts.slots.set(search, index.name, trainer, 'adapted', report.adapter, positives);
      }
      return outcome;
    });
  }

  evaluate(labels: readonly LabelledQuery[], options: EvaluateOptions): Promise<Evaluation> {
    return this.#exclusively('evaluate', async () => {
      const runs = this.#runs();
      const { vectors, relevant } = await this.#withVectors(labels, runs.some(({ path }) => path !== 'local'), options);
      const worker = await this.#worker.ready();
      const inputs = runs.map(({ path, adapter }) => ({ adapter, x: queryInput(vectors, path, labels.length) }));
      const scores = await worker.call('evaluate', { runs: inputs, relevant }, { signal: options.signal });
      const small = scores[0]!.perQuery;
      const rows = runs.map(({ path, trainer, stage }, i): PathScores => {
        const positives = trainer === null || stage === 'none' ? new Set<string>() : this.#parts.slots.positives(path, trainer, stage);
        return { path, trainer, stage, ...scores[i]!, ...seenScores(labels, scores[i]!.perQuery, small, positives) };
      });
      return { rows, queries: labels.length };
    });
  }

  learningCurve(labels: readonly LabelledQuery[], options: LearningCurveOptions): Promise<LearningCurve> {
    return this.#exclusively('learning-curve', async () => {
      const { sizes = null, repeats = 5, seed = 42, signal, onPoint } = options;
      const { start, inUse } = this.#startFor(options.path);
      const usable = labels.filter(isUsable);
      const { pool, heldOut } = options.holdOut ? { pool: usable, heldOut: options.holdOut.filter(isUsable) } : holdOutThird(usable, seed);
      if (pool.length === 0 || heldOut.length === 0) throw new EraError('too-few-labels', 'A learning curve needs labelled queries to learn from and others to measure on.');
      const queries = await this.#withVectors([...pool, ...heldOut], start.path !== 'local', options);
      const parts = { pool: partOf(queries, start.path, 0, pool.length), heldOut: partOf(queries, start.path, pool.length, pool.length + heldOut.length) };
      const worker = await this.#worker.ready();
      const points = await worker.call('learningCurve', { start, inUse, ...parts, sizes, repeats, seed }, { signal, onProgress: onPoint });
      return { path: start.path, points, labels: pool.length, heldOut: heldOut.length };
    });
  }

  /** The same passages by both models. */
  async #pairs(index: IndexInfo, remote: QueryEncoder, options: AlignOptions): Promise<{ x: Float32Array<ArrayBuffer>; y: Float32Array<ArrayBuffer>; from: string }> {
    const rows = sampleRows(index.passages, options);
    const search = await this.#parts.search.ready();
    const passages = await search.call('passages', { rows }, { signal: options.signal });
    const x = await this.#parts.vectors.remote(passages.map(passageText), vectorOptions(options), 'passage');
    const y = await search.call('vectors', { rows }, { signal: options.signal });
    return { x, y, from: spaceId({ ...remote.space, dims: x.length / rows.length }) };
  }

  async #unlabelled({ queries = [], ...options }: RunOptions & Pick<AlignOptions, 'queries'>): Promise<{ count: number; vectors: NonNullable<TrainerApi['align']['args']['queries']> } | null> {
    if (queries.length === 0) return null;
    const { paths, remote, vectors } = this.#parts;
    const local = paths.includes('local') ? await vectors.local(queries, vectorOptions(options)) : null;
    return { count: queries.length, vectors: { local, remote: remote ? await vectors.remote(queries, vectorOptions(options)) : null } };
  }

  /** What adaptation starts from: the trainer's alignment where there is one, and the small model as it is. */
  #starts(trainer: TrainerName): Start[] {
    const { slots, paths, index } = this.#parts;
    return paths.flatMap((path) => {
      if (!TRAINER_NEEDS[trainer].paths.includes(path)) return [];
      const start = slots.get(path, trainer, 'start');
      const inUse = slots.get(path, trainer, 'aligned') ?? (path === 'local' ? identityAdapter(index().space) : undefined);
      return inUse ? [{ start: start ?? inUse, inUse }] : [];
    });
  }

  /** The start of `path`; where none is named, of the engine's own path, else of the fullest that there is. */
  #startFor(path: QueryPath | undefined): Start {
    const starts = this.#starts(DEFAULT_TRAINER);
    const wanted = path ?? this.#parts.options.path;
    const found = starts.find(({ start }) => start.path === wanted) ?? (path === undefined ? starts.at(-1) : undefined);
    if (!found) throw new EraError('no-adapter', `The path “${path ?? 'remote'}” has no alignment to learn on top of.`);
    return found;
  }

  #runs(): Run[] {
    const { paths, slots } = this.#parts;
    const runs: Run[] = paths.includes('local') ? [{ path: 'local', trainer: null, stage: 'none', adapter: null }] : [];
    for (const path of paths) {
      for (const trainer of TRAINERS) {
        for (const stage of STAGES) {
          const adapter = slots.get(path, trainer, stage);
          if (adapter) runs.push({ path, trainer, stage, adapter });
        }
      }
    }
    if (runs.length === 0) throw new EraError('no-adapter', 'There is nothing to evaluate before an alignment.');
    return runs;
  }

  /** @throws EraError `missing-id`, `no-labels`, and those of the encoders */
  async #withVectors(labels: readonly LabelledQuery[], needsRemote: boolean, options: RunOptions): Promise<QueriesWithVectors> {
    const relevant = await relevantRows(await this.#parts.search.ready(), labels);
    const texts = labels.map(({ query }) => query);
    const local = this.#parts.paths.includes('local') ? await this.#parts.vectors.local(texts, vectorOptions(options)) : null;
    const remote = needsRemote ? await this.#parts.vectors.remote(texts, vectorOptions(options)) : null;
    return { vectors: { local, remote }, relevant };
  }

  /** What was learned on one index is not kept beside another that was opened meanwhile. */
  #assertOpen(index: IndexInfo): void {
    if (this.#parts.index() !== index) throw new EraError('no-index', `The index “${index.name}” was replaced while it was trained on.`);
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

/** @throws EraError `invalid-option` */
function chosen(options: { readonly trainer?: TrainerName | undefined }): { trainer: TrainerName; context: boolean } {
  refuseRenamed(options, 'method', 'trainer');
  const { trainer = DEFAULT_TRAINER } = options;
  if (!TRAINERS.includes(trainer)) throw new EraError('invalid-option', `“trainer” must be one of ${TRAINERS.join(', ')}, not ${JSON.stringify(trainer)}.`, { details: { option: 'trainer' } });
  return { trainer, context: TRAINER_NEEDS[trainer].context };
}

function reports(outcome: TrainingOutcome): [QueryPath, TrainingReport][] {
  return Object.entries(outcome) as [QueryPath, TrainingReport][];
}

function sampleRows(count: number, { passages = MAX_ALIGNMENT_PASSAGES, seed = 42 }: AlignOptions): number[] {
  if (!Number.isInteger(passages) || passages < 1 || passages > MAX_ALIGNMENT_PASSAGES) {
    throw new EraError('invalid-option', `“passages” must be a whole number from 1 to ${String(MAX_ALIGNMENT_PASSAGES)}.`);
  }
  return new Random(seed).sample(
    Array.from({ length: count }, (_, row) => row),
    passages,
  );
}

function vectorOptions({ signal, onProgress }: RunOptions): { signal: AbortSignal | undefined; onProgress: (progress: VectorProgress) => void } {
  return { signal, onProgress: (progress) => onProgress?.({ kind: 'vectors', ...progress }) };
}
