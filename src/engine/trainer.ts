// Training as the engine offers it: gathers texts and vectors, hands them to the trainer worker, keeps what comes back.
// The learning itself is in adapter/, behind the trainer worker.

import type { LinearAdapter, QueryPath } from '../adapter/adapter.ts';
import { START_WHITENING } from '../adapter/align/site.ts';
import { readAdapter } from '../adapter/file.ts';
import { identityAdapter } from '../adapter/start.ts';
import { EraError, messageOf } from '../errors.ts';
import type { RunScores } from '../evaluate/compare.ts';
import type { LabelledQuery } from '../evaluate/task.ts';
import { passageText } from '../format/index-file.ts';
import { Random } from '../math/random.ts';
import { MAX_ALIGNMENT_PASSAGES, type EngineOptions } from '../options.ts';
import type { QueryEncoder } from '../query/query-encoder.ts';
import { queryInput, type QueryVectors } from '../retrieve/query-input.ts';
import type { IndexInfo, LabelledVectors, Method, SearchApi, TrainerApi, TrainingOutcome, TrainingProgress, TrainingReport } from '../rpc/protocol.ts';
import { spaceId, type Space } from '../space.ts';
import { fitsSpaces, type AdapterSlots, type Stage } from './adapters.ts';
import { Connection } from './connections.ts';
import { relevantRows } from './labels.ts';
import type { QueryVectorizer, VectorProgress } from './query-vectors.ts';
import type { TrainerStatus } from './status.ts';

export type RunProgress = ({ readonly kind: 'vectors' } & VectorProgress) | ({ readonly kind: 'training'; readonly path: QueryPath } & TrainingProgress);

interface RunOptions {
  /** @default 'ours' */
  readonly method?: Method | undefined;
  /** @default 42 */
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
}

export interface AlignOptions extends RunOptions {
  /** Passages embedded by the remote model too, at most 1000. @default 1000 */
  readonly passages?: number | undefined;
}

export interface AdaptOptions extends RunOptions {
  /** Labelled queries for choosing and stopping; ERA's stage 2 needs them, the closed form pools them with the rest. @default none */
  readonly validation?: readonly LabelledQuery[] | undefined;
}

export interface EvaluateOptions {
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: RunProgress) => void) | undefined;
}

export interface PathScores extends RunScores {
  readonly path: QueryPath;
  readonly stage: Stage | 'none';
}

export interface Evaluation {
  /** The small model alone comes first, and the gains are against it; then every path and stage that there is. */
  readonly rows: readonly PathScores[];
  readonly queries: number;
}

export interface TrainerParts {
  readonly options: EngineOptions;
  readonly search: Connection<SearchApi>;
  readonly vectors: QueryVectorizer;
  readonly slots: AdapterSlots;
  readonly remote: QueryEncoder | null;
  readonly paths: readonly QueryPath[];
  readonly localSpace: () => Space | null;
  readonly index: () => IndexInfo;
  readonly onStatus: (status: TrainerStatus) => void;
}

export class Trainer {
  readonly #parts: TrainerParts;
  readonly #worker: Connection<TrainerApi>;
  #base: Promise<LinearAdapter> | undefined;
  #status: TrainerStatus = { device: null, refused: [], running: null };

  constructor(parts: TrainerParts) {
    this.#parts = parts;
    this.#worker = new Connection<TrainerApi>('trainer', async (client) => {
      const search = await parts.search.ready();
      const vectors = await search.call('snapshot', null);
      const runtimeBase = parts.options.trainerRuntimeBase ?? null;
      const transfer = [vectors.codes.buffer, vectors.scales.buffer];
      await client.call('load', { vectors, device: parts.options.trainer ?? 'auto', runtimeBase }, { transfer });
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
      const index = this.#parts.index();
      const search = await this.#parts.search.ready();
      const pairs = this.#parts.remote ? await this.#pairs(index, this.#parts.remote, options) : null;
      const method = options.method ?? 'ours';
      const base = pairs && method === 'ours' ? await this.#baseAdapter(index.space, pairs.from) : null;
      const trainer = await this.#worker.ready();
      const outcome = await trainer.call(
        'align',
        { method, pairs, to: index.space, paths: this.#parts.paths, base, seed: options.seed ?? 42 },
        { signal: options.signal, onProgress: (progress) => options.onProgress?.({ kind: 'training', path: 'remote', ...progress }) },
      );
      for (const [path, report] of Object.entries(outcome) as [QueryPath, TrainingReport][]) {
        this.#note(report);
        await this.#parts.slots.remove(search, index.name, ['start', 'adapted'], [path]); // what was learned on top of the old alignment
        if (report.start) await this.#parts.slots.set(search, index.name, 'start', report.start);
        await this.#parts.slots.set(search, index.name, 'aligned', report.adapter);
      }
      return outcome;
    });
  }

  adapt(labels: readonly LabelledQuery[], options: AdaptOptions): Promise<TrainingOutcome> {
    return this.#exclusively('adapt', async () => {
      const method = options.method ?? 'ours';
      const starts = this.#starts().filter(({ start }) => method === 'ours' || start.path === 'remote');
      if (starts.length === 0) throw new EraError('no-adapter', 'Adaptation of the remote path starts from an alignment.');
      const validation = options.validation ?? [];
      const all = [...labels, ...validation];
      const relevant = await relevantRows(await this.#parts.search.ready(), all);
      const needsRemote = starts.some(({ start }) => start.path !== 'local');
      const vectors = await this.#queryVectors(all, needsRemote, options);
      const outcome: TrainingOutcome = {};
      for (const { start, startWhitening } of starts) {
        const part = (from: number, to: number): LabelledVectors => ({
          x: queryInput(sliceVectors(vectors, from, to, all.length), start.path, to - from),
          local: vectors.local ? sliceRows(vectors.local, from, to, all.length) : null,
          relevant: relevant.slice(from, to),
        });
        const trainer = await this.#worker.ready();
        const report = await trainer.call(
          'adapt',
          {
            method,
            start,
            startWhitening,
            train: part(0, labels.length),
            validation: part(labels.length, all.length),
            seed: options.seed ?? 42,
          },
          { signal: options.signal, onProgress: (progress) => options.onProgress?.({ kind: 'training', path: start.path, ...progress }) },
        );
        this.#note(report);
        outcome[start.path] = report;
        await this.#parts.slots.set(await this.#parts.search.ready(), this.#parts.index().name, 'adapted', report.adapter);
      }
      return outcome;
    });
  }

  evaluate(labels: readonly LabelledQuery[], options: EvaluateOptions): Promise<Evaluation> {
    return this.#exclusively('evaluate', async () => {
      const relevant = await relevantRows(await this.#parts.search.ready(), labels);
      const runs = this.#runs();
      const vectors = await this.#queryVectors(labels, runs.some(({ path }) => path !== 'local'), options);
      const trainer = await this.#worker.ready();
      const inputs = runs.map(({ path, adapter }) => ({ adapter, x: queryInput(vectors, path, labels.length) }));
      const scores = await trainer.call('evaluate', { runs: inputs, relevant }, { signal: options.signal });
      return { rows: runs.map(({ path, stage }, i) => ({ path, stage, ...scores[i]! })), queries: labels.length };
    });
  }

  /** The same passages by both models. */
  async #pairs(index: IndexInfo, remote: QueryEncoder, options: AlignOptions): Promise<{ x: Float32Array<ArrayBuffer>; y: Float32Array<ArrayBuffer>; from: string }> {
    const rows = sampleRows(index.passages, options);
    const search = await this.#parts.search.ready();
    const passages = await search.call('passages', { rows }, { signal: options.signal });
    const x = await this.#parts.vectors.remote(passages.map(passageText), vectorOptions(options), 'document');
    const y = await search.call('vectors', { rows }, { signal: options.signal });
    return { x, y, from: spaceId({ ...remote.space, dims: x.length / rows.length }) };
  }

  /** What adaptation starts from: the alignment where there is one, and the small model as it is. */
  #starts(): { start: LinearAdapter; startWhitening: number }[] {
    const { slots, paths, index } = this.#parts;
    return paths.flatMap((path) => {
      const start = slots.get(path, 'start');
      if (start) return [{ start, startWhitening: START_WHITENING[path] }];
      const used = slots.get(path, 'aligned') ?? (path === 'local' ? identityAdapter(index().space) : undefined);
      return used ? [{ start: used, startWhitening: 0 }] : [];
    });
  }

  #runs(): { path: QueryPath; stage: Stage | 'none'; adapter: LinearAdapter | null }[] {
    const runs: { path: QueryPath; stage: Stage | 'none'; adapter: LinearAdapter | null }[] = [];
    if (this.#parts.paths.includes('local')) runs.push({ path: 'local', stage: 'none', adapter: null });
    for (const path of this.#parts.paths) {
      for (const stage of ['aligned', 'adapted'] as const) {
        const adapter = this.#parts.slots.get(path, stage);
        if (adapter) runs.push({ path, stage, adapter });
      }
    }
    if (runs.length === 0) throw new EraError('no-adapter', 'There is nothing to evaluate before an alignment.');
    return runs;
  }

  async #queryVectors(labels: readonly LabelledQuery[], needsRemote: boolean, options: RunOptions): Promise<QueryVectors> {
    const texts = labels.map(({ query }) => query);
    const local = this.#parts.paths.includes('local') ? await this.#parts.vectors.local(texts, vectorOptions(options)) : null;
    const remote = needsRemote ? await this.#parts.vectors.remote(texts, vectorOptions(options)) : null;
    return { local, remote };
  }

  /** @throws EraError `network`, `adapter-format`, `space-mismatch` */
  async #baseAdapter(to: Space, from: string): Promise<LinearAdapter | null> {
    const url = this.#parts.options.baseAdapter;
    if (url === undefined) return null;
    this.#base ??= fetchAdapter(new URL(url, document.baseURI).href);
    const base = await this.#base.catch((error: unknown) => {
      this.#base = undefined;
      throw error;
    });
    if (!fitsSpaces(base, to, { local: null, remote: this.#parts.remote?.space ?? null }) || base.from[0] !== from) {
      throw new EraError('space-mismatch', `The base adapter at ${url} leads from ${base.from.join(', ')} to ${base.to}; this pair needs ${from} to ${spaceId(to)}.`);
    }
    return base;
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

/** Rows [from, to) of a matrix of `n` rows. */
function sliceRows(matrix: Float32Array, from: number, to: number, n: number): Float32Array<ArrayBuffer> {
  const dims = matrix.length / n;
  return new Float32Array(matrix.subarray(from * dims, to * dims));
}

function sliceVectors({ local, remote }: QueryVectors, from: number, to: number, n: number): QueryVectors {
  return { local: local && sliceRows(local, from, to, n), remote: remote && sliceRows(remote, from, to, n) };
}

async function fetchAdapter(url: string): Promise<LinearAdapter> {
  let response: Response;
  try {
    response = await fetch(url);
  } catch (cause) {
    throw new EraError('network', `The base adapter at ${url} could not be fetched: ${messageOf(cause)}`, { cause });
  }
  if (!response.ok) throw new EraError('network', `${url} answered ${String(response.status)}.`, { details: { status: response.status } });
  return readAdapter(new Uint8Array(await response.arrayBuffer()));
}
