// Decides which vectors of a query are used, through which adapter, and with which fallbacks: one pure function of the
// requested options and the available parts.

import { isInPassageSpace, QUERY_PATHS, reads, type QueryPath } from '../adapter/adapter.ts';
import { DEFAULT_TRAINER, type TrainerName } from '../adapter/trainer.ts';
import type { Stage } from '../answer.ts';
import { EraError } from '../errors.ts';
import type { SearchMode } from '../search/query.ts';
import { relateSpaces, spaceId, type Space } from '../space.ts';
import type { SearchSlotId } from './adapters.ts';
import type { EncoderStatus } from './status.ts';

export interface Wanted {
  readonly mode: SearchMode;
  /** Undefined for the best available path. */
  readonly path: QueryPath | undefined;
  readonly stage: Stage | 'best' | 'none';
  readonly trainer: TrainerName;
  readonly encoder: 'if-ready' | 'load';
}

export interface Available {
  /** Paths that the engine's options and the collection allow. */
  readonly paths: readonly QueryPath[];
  /** Space of the passages' vectors; null for a collection without. */
  readonly space: Space | null;
  /** Whether the passages' vectors are in the browser. */
  readonly hasVectors: boolean;
  readonly model: Pick<EncoderStatus, 'state' | 'space' | 'problem'>;
  /** The best adapter of a trainer for a path, or that of a stage; null for none. */
  readonly adapter: (path: QueryPath, trainer: TrainerName, stage: Stage | 'best') => SearchSlotId | null;
}

/** One way to read the query. */
export interface Way {
  readonly path: QueryPath;
  readonly adapter: SearchSlotId | null;
}

export interface QueryPlan {
  /** Tried in this order; with none, keywords alone rank. */
  readonly ways: readonly Way[];
  /** Whether the small model is to be loaded, now or in the background. */
  readonly loads: boolean;
  /** Why the first way is not what was asked for. */
  readonly problem: EraError | undefined;
}

/** Best first. */
const PATHS = [...QUERY_PATHS].reverse();
const NOTHING: QueryPlan = { ways: [], loads: false, problem: undefined };

export function planQuery(wanted: Wanted, available: Available): QueryPlan {
  const { mode, path: asked, encoder } = wanted;
  const { space, hasVectors, model, paths } = available;
  if (mode === 'keyword' || space === null || (mode === 'hybrid' && !hasVectors)) return NOTHING;
  const path = wanted.stage === 'none' && asked !== 'static' ? 'local' : asked;
  const fits = model.space === null || relateSpaces(model.space, space) !== 'different';
  const isReady = model.state === 'ready' && fits;
  const mayLoad = encoder === 'load' && (model.state === 'idle' || model.state === 'loading');
  const known = (path === undefined ? PATHS : [path, ...PATHS.filter((other) => other !== path)])
    .filter((candidate) => paths.includes(candidate))
    .flatMap((candidate) => wayOf(candidate, wanted, available));
  // Without an adapter the first answer has what whole vectors would tell, and is not replaced.
  const isTold = path === 'static' || mode === 'dense';
  const table = known.filter((way) => way.path === 'static' && (isTold || way.adapter !== null));
  const byModels = known.filter((way) => way.path !== 'static');
  const ready = byModels.filter((way) => isReady || !reads(way.path, 'local'));
  const later =
    mayLoad && !(path === 'static' && table.length > 0) ? byModels.filter((way) => !ready.includes(way)) : [];
  // An available answer does not wait for a model that has to be downloaded, unless that path was asked for by name.
  const named = later.filter((way) => way.path === path);
  const models = named.length > 0 ? [...named, ...ready] : [...ready, ...later.filter((way) => way.path === 'local')];
  // While a model is loaded, the first answer is by the table already.
  const ways = path === 'static' ? [...table, ...models] : [...models, ...table];
  const failed =
    encoder === 'load' && model.state === 'failed' ? (model.problem ?? 'The small model could not be loaded.') : null;
  return {
    ways,
    loads: later.length > 0,
    problem: problemOf(wanted, path, ways, {
      fits,
      failed,
      space,
      hasAdapter: (path !== undefined && isInPassageSpace(path)) || known.some((way) => way.path === path),
    }),
  };
}

function wayOf(path: QueryPath, { stage, trainer }: Wanted, { adapter }: Available): Way[] {
  if (stage === 'none') return isInPassageSpace(path) ? [{ path, adapter: null }] : [];
  const chosen =
    (stage === 'best' ? null : adapter(path, trainer, stage)) ??
    adapter(path, trainer, 'best') ??
    adapter(path, DEFAULT_TRAINER, 'best');
  return chosen === null && !isInPassageSpace(path) ? [] : [{ path, adapter: chosen }];
}

interface Reasons {
  readonly fits: boolean;
  readonly failed: string | null;
  readonly space: Space;
  readonly hasAdapter: boolean;
}

function problemOf(
  { stage, trainer }: Wanted,
  path: QueryPath | undefined,
  ways: readonly Way[],
  { fits, failed, space, hasAdapter }: Reasons,
): EraError | undefined {
  if (!fits)
    return new EraError(
      'space-mismatch',
      `The small model in this page is not the one that made the vectors (${spaceId(space)}).`,
    );
  if (failed !== null) return new EraError('model-load', failed);
  const [first] = ways;
  const isNamed = stage !== 'best' && stage !== 'none';
  const isOther = path !== undefined && first?.path !== path;
  if ((isNamed && first && first.adapter !== `${first.path}/${trainer}/${stage}`) || (isOther && !hasAdapter))
    return new EraError('no-adapter', `The path “${path ?? first!.path}” has no such adapter yet.`);
  if (!isOther) return undefined;
  return new EraError('no-encoder', `The path “${path}” needs an encoder that is not here.`);
}
