// The starts of a site for each query path, as if every other task were known and this one new: the base adapter is
// fitted on the other tasks alone, and the site's sampled passages and the queries outside the evaluation part refine
// it. No labels are used.

import { reads, type LinearAdapter, type QueryPath } from '../../adapter/adapter.ts';
import { combineSums, pairSums, ridgeOfSums, type PairSums } from '../../adapter/align/pooled-ridge.ts';
import type { KnownQueries } from '../../adapter/align/align-site.ts';
import { closedFormTrainer } from '../../adapter/closed-form-trainer.ts';
import type { Trained } from '../../adapter/trainer.ts';
import { EraError } from '../../errors.ts';
import { dequantizeRows } from '../../math/quantize.ts';
import { spaceId, type Space } from '../../space.ts';
import type { CommandIo } from '../command-io.ts';
import { outsideEvaluation, queryRows, remoteOf, type TaskSource, type VectorTask } from './vector-tasks.ts';

/** Weight of the base's pull towards zero: that of one text. */
const BASE_LAMBDA = 1;

export interface SiteSetting {
  readonly tasks: TaskSource;
  readonly small: Space;
  /** Null where only the local path is wanted. */
  readonly queryModel: Space | null;
  /** Base adapter of the remote path. @default fitted on the other tasks */
  readonly base?: LinearAdapter | undefined;
  readonly seed: number;
  readonly io: CommandIo;
}

type Starts = Partial<Record<QueryPath, Trained>>;

export class SiteStarts {
  readonly #setting: SiteSetting;
  readonly #paths: readonly QueryPath[];
  /** The starts of the last task, since tasks come one after the other. */
  #last: { readonly name: string; readonly starts: Promise<Starts> } | undefined;
  #total: PairSums | undefined;

  /** @param paths that will be used */
  constructor(setting: SiteSetting, paths: readonly QueryPath[]) {
    this.#setting = setting;
    this.#paths = paths;
  }

  /** The adapter that ranks best without labels. */
  async inUse(task: VectorTask, path: QueryPath): Promise<LinearAdapter> {
    return (await this.start(task, path)).adapter;
  }

  /**
   * The start by the default trainer. A single task has no others to fit a base on: its alignment is then pulled
   * towards zero.
   */
  async start(task: VectorTask, path: QueryPath): Promise<Trained> {
    if (this.#last?.name !== task.name) this.#last = { name: task.name, starts: this.#align(task) };
    const start = (await this.#last.starts)[path];
    if (!start) throw new EraError('internal', `The path ${path} of ${task.name} was not aligned.`);
    return start;
  }

  async #align(task: VectorTask): Promise<Starts> {
    const { small, base, seed, io } = this.#setting;
    const needsRemote = this.#paths.some((path) => reads(path, 'remote'));
    const pairs = needsRemote
      ? {
          ...this.#frame(),
          x: remoteOf(task).sample,
          y: dequantizeRows(task.vectors, task.sample),
          dIn: this.#remoteSpace().dims,
          dOut: small.dims,
        }
      : null;
    return closedFormTrainer.align(
      {
        pairs,
        to: small,
        documents: task.vectors,
        paths: this.#paths,
        queries: this.#knownQueries(task),
        base: needsRemote ? (base ?? (await this.#baseWithout(task))) : undefined,
      },
      { seed, signal: io.signal },
    );
  }

  /** Queries without labels, like a site's query log. */
  #knownQueries(task: VectorTask): KnownQueries {
    const known = outsideEvaluation(task);
    return {
      static: task.static && queryRows(task, task.static, known),
      local: queryRows(task, task.local, known),
      remote: task.remote && queryRows(task, task.remote.queries, known),
    };
  }

  async #baseWithout(task: VectorTask): Promise<LinearAdapter | undefined> {
    if (this.#setting.tasks.names.length === 1) return undefined;
    this.#total ??= await this.#sumAll();
    return ridgeOfSums(combineSums(this.#total, this.#sums(task), -1), BASE_LAMBDA, this.#frame());
  }

  async #sumAll(): Promise<PairSums> {
    let total: PairSums | undefined;
    for (const name of this.#setting.tasks.names) {
      const own = this.#sums(await this.#setting.tasks.load(name));
      total = total ? combineSums(total, own, 1) : own;
    }
    return total!;
  }

  /** Sums over a task's sampled passages and its queries that no evaluation uses, without labels. */
  #sums(task: VectorTask): PairSums {
    const { sample, queries } = remoteOf(task);
    const others = outsideEvaluation(task);
    const dIn = this.#remoteSpace().dims;
    const passages = pairSums(sample, dequantizeRows(task.vectors, task.sample), dIn, this.#setting.small.dims);
    return combineSums(
      passages,
      pairSums(queryRows(task, queries, others), queryRows(task, task.local, others), dIn, this.#setting.small.dims),
      1,
    );
  }

  #frame(): Pick<LinearAdapter, 'path' | 'from' | 'to'> {
    return { path: 'remote', from: [spaceId(this.#remoteSpace())], to: spaceId(this.#setting.small) };
  }

  #remoteSpace(): Space {
    if (!this.#setting.queryModel) throw new EraError('internal', 'The query model was not opened.');
    return this.#setting.queryModel;
  }
}
