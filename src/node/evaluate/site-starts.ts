// Where a site's own labels start from, for each query path, as if every other task were known and this one new: the base adapter is fitted
// on the other tasks alone, and the site's sampled passages and the queries outside the evaluation part refine it. No labels.

import type { LinearAdapter, QueryPath } from '../../adapter/adapter.ts';
import { combineSums, pairSums, ridgeOfSums, type PairSums } from '../../adapter/align/pooled-ridge.ts';
import { alignSite, type KnownQueries, siteStarts, type SiteStart } from '../../adapter/align/align-site.ts';
import { EraError } from '../../errors.ts';
import { dequantizeRows } from '../../math/quantize.ts';
import { spaceId, type Space } from '../../space.ts';
import { outsideEvaluation, queryRows, remoteOf, type TaskSource, type VectorTask } from './vector-tasks.ts';

/** Pull of the base towards zero: as much as one text. */
const BASE_LAMBDA = 1;

export class SiteStarts {
  readonly #tasks: TaskSource;
  readonly #small: Space;
  readonly #queryModel: Space | null;
  readonly #base: LinearAdapter | undefined;
  readonly #remote = new Map<string, LinearAdapter>();
  #total: PairSums | undefined;

  /** @param queryModel null where only the local path is asked for @param base @default fitted on the other tasks */
  constructor(tasks: TaskSource, small: Space, queryModel: Space | null, base?: LinearAdapter) {
    this.#base = base;
    this.#tasks = tasks;
    this.#small = small;
    this.#queryModel = queryModel;
  }

  /** A single task has no others to fit a base on: its alignment is then pulled towards zero. */
  async start(task: VectorTask, path: QueryPath): Promise<SiteStart> {
    const remote = path === 'local' ? null : await this.#remoteStart(task);
    return siteStarts(remote, this.#small, task.vectors, [path], this.#knownQueries(task)).get(path)!;
  }

  async #remoteStart(task: VectorTask): Promise<LinearAdapter> {
    const known = this.#remote.get(task.name);
    if (known) return known;
    const { from, to } = this.#frame();
    const adapter = alignSite({
      x: remoteOf(task).sample,
      y: dequantizeRows(task.vectors, task.sample),
      dIn: this.#remoteSpace().dims,
      dOut: this.#small.dims,
      queries: this.#knownQueries(task),
      base: this.#base ?? (await this.#baseWithout(task)),
      from,
      to,
    });
    this.#remote.set(task.name, adapter);
    return adapter;
  }

  /** As a site's log of queries would have them, without labels. */
  #knownQueries(task: VectorTask): KnownQueries {
    const known = outsideEvaluation(task);
    return { local: queryRows(task, task.local, known), remote: task.remote && queryRows(task, task.remote.queries, known) };
  }

  async #baseWithout(task: VectorTask): Promise<LinearAdapter | undefined> {
    if (this.#tasks.names.length === 1) return undefined;
    this.#total ??= await this.#sumAll();
    return ridgeOfSums(combineSums(this.#total, this.#sums(task), -1), BASE_LAMBDA, this.#frame());
  }

  async #sumAll(): Promise<PairSums> {
    let total: PairSums | undefined;
    for (const name of this.#tasks.names) {
      const own = this.#sums(await this.#tasks.load(name));
      total = total ? combineSums(total, own, 1) : own;
    }
    return total!;
  }

  /** Of a task's sampled passages and of its queries that no evaluation uses, unlabelled. */
  #sums(task: VectorTask): PairSums {
    const { sample, queries } = remoteOf(task);
    const others = outsideEvaluation(task);
    const dIn = this.#remoteSpace().dims;
    const passages = pairSums(sample, dequantizeRows(task.vectors, task.sample), dIn, this.#small.dims);
    return combineSums(passages, pairSums(queryRows(task, queries, others), queryRows(task, task.local, others), dIn, this.#small.dims), 1);
  }

  #frame(): Pick<LinearAdapter, 'path' | 'from' | 'to'> {
    return { path: 'remote', from: [spaceId(this.#remoteSpace())], to: spaceId(this.#small) };
  }

  #remoteSpace(): Space {
    if (!this.#queryModel) throw new EraError('internal', 'The query model was not opened.');
    return this.#queryModel;
  }
}
