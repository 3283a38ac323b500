// The start of each query path for a site without labels, with the settings that worked best in a study of public
// tasks.

import type { QuantizedVectors } from '../../math/quantize.ts';
import { concatRows } from '../../math/vector.ts';
import { spaceId, type Space } from '../../space.ts';
import { isInPassageSpace, PATH_READERS, type LinearAdapter, type QueryPath, type QueryVectors } from '../adapter.ts';
import { identityAdapter, joinAdapters, scaledToUnit } from '../initial.ts';
import { alignRidge } from './ridge.ts';
import { meanRow, type View, viewed } from './output-transform.ts';
import { documentWhitening } from './whiten.ts';

/** Weight of the pull towards the base: that of half a text. */
const SITE_LAMBDA = 0.5;
/** Weight of the small model's own vector in the joint map. */
const LOCAL_WEIGHT = 0.75;
/** Weight of one unlabelled query in the fit, where a passage has 1. */
const QUERY_WEIGHT = 0.5;
/**
 * The view in which each path's start is used while there are no labels. Chosen on queries that no evaluation uses
 * (METHOD.md).
 */
export const START_VIEW: Readonly<Record<QueryPath, View>> = {
  static: { whitening: 0, centring: 0 },
  local: { whitening: 0.1, centring: 0.25 },
  remote: { whitening: 0.35, centring: 0.75 },
  both: { whitening: 0.15, centring: 0.25 },
};

export interface SiteStart {
  /** The map that labels are learned on top of: without its view, because learning would undo it. */
  readonly start: LinearAdapter;
  /** The start in its view: the best ranking without labels. */
  readonly adapter: LinearAdapter;
}

export interface AlignSiteInput extends Pick<LinearAdapter, 'from' | 'to'> {
  /** [n, dIn]: passages of the site by the remote model. */
  readonly x: Float32Array;
  /** [n, dOut]: the same passages by the document model. */
  readonly y: Float32Array;
  readonly dIn: number;
  readonly dOut: number;
  /** Queries of the site in both spaces, where some are known; no labels. */
  readonly queries?: KnownQueries | undefined;
  /** Fitted on other sites. Without it the fit is pulled towards zero, for which one site has too few texts. */
  readonly base?: LinearAdapter | undefined;
}

/** The same queries by each reader that is available: [n, dims] each. */
export type KnownQueries = QueryVectors;

/** The remote path's start: ridge towards the base, outputs of mean length 1. @throws EraError as `alignRidge` */
export function alignSite({ queries, ...input }: AlignSiteInput): LinearAdapter {
  const passages = input.x.length / input.dIn;
  const fit = { ...input, lambda: SITE_LAMBDA, path: 'remote' } as const;
  if (!queries?.local || !queries.remote) return scaledToUnit(alignRidge(fit), input.x);
  const x = concatRows(input.x, queries.remote);
  const y = concatRows(input.y, queries.local);
  const weights = Float64Array.from({ length: x.length / input.dIn }, (_, i) => (i < passages ? 1 : QUERY_WEIGHT));
  return scaledToUnit(alignRidge({ ...fit, x, y, weights }), input.x);
}

/**
 * @param remote of `alignSite`; null where only the local path is wanted
 * @param to the documents' space @param vectors the documents; null for a site that has none yet: nothing is whitened
 * @param queries of the site, unlabelled; without any nothing is centred
 */
export function siteStarts(
  remote: LinearAdapter | null,
  to: Space,
  vectors: QuantizedVectors | null,
  paths: readonly QueryPath[],
  queries?: KnownQueries,
): Map<QueryPath, SiteStart> {
  const whitening = vectors && documentWhitening(vectors);
  const starts = new Map<QueryPath, SiteStart>();
  for (const path of paths) {
    const start = startOf(path, remote && { ...remote, to: spaceId(to) }, to);
    if (start)
      starts.set(path, {
        start,
        adapter: viewed(
          start,
          START_VIEW[path],
          queries ? meanInput(queries, start, to.dims) : null,
          vectors,
          whitening,
        ),
      });
  }
  return starts;
}

function startOf(path: QueryPath, remote: LinearAdapter | null, to: Space): LinearAdapter | null {
  if (isInPassageSpace(path)) return identityAdapter(to, path);
  if (path === 'remote' || remote === null) return remote;
  return joinAdapters(identityAdapter(to), remote, LOCAL_WEIGHT);
}

/** In the input order of the start's path; null where a reader that it needs has not read the queries. */
function meanInput(queries: KnownQueries, { path, dIn }: LinearAdapter, localDims: number): number[] | null {
  const means = PATH_READERS[path].map((reader) => {
    const vectors = queries[reader];
    if (!vectors) return null;
    return meanRow(vectors, reader !== 'remote' ? localDims : path === 'both' ? dIn - localDims : dIn);
  });
  return means.every((mean) => mean !== null) ? means.flatMap((mean) => [...mean]) : null;
}
