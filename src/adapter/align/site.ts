// Where a site starts from on each query path before any label, with the settings that a study of public tasks found to work.

import type { QuantizedVectors } from '../../math/quantize.ts';
import { spaceId, type Space } from '../../space.ts';
import type { LinearAdapter, QueryPath } from '../adapter.ts';
import { identityAdapter, joinAdapters, scaledToUnit } from '../start.ts';
import { alignRidge } from './ridge.ts';
import { documentWhitening, whitenDocuments } from './whiten.ts';

/** Pull towards the base: as much as one text. */
const SITE_LAMBDA = 1;
/** Weight of the small model's own vector in the joint map. */
const LOCAL_WEIGHT = 0.75;
/** Power of the partial whitening of the document space that each path's start is used with. */
export const START_WHITENING: Readonly<Record<QueryPath, number>> = { local: 0.25, remote: 0.5, both: 0.25 };

export interface SiteStart {
  /** What labels are learned on top of: not whitened, because learning would undo it. */
  readonly start: LinearAdapter;
  /** The start with its whitening: what ranks best without labels. */
  readonly adapter: LinearAdapter;
}

export interface AlignSiteInput extends Pick<LinearAdapter, 'from' | 'to'> {
  /** [n, dIn]: passages of the site by the remote model. */
  readonly x: Float32Array;
  /** [n, dOut]: the same passages by the document model. */
  readonly y: Float32Array;
  readonly dIn: number;
  readonly dOut: number;
  /** Fitted on other sites; without it the fit is pulled towards zero, which a site alone has too few texts for. */
  readonly base?: LinearAdapter | undefined;
}

/** The remote path's start: ridge towards the base, outputs of mean length 1. @throws EraError as `alignRidge` */
export function alignSite(input: AlignSiteInput): LinearAdapter {
  return scaledToUnit(alignRidge({ ...input, lambda: SITE_LAMBDA, path: 'remote' }), input.x);
}

/** @param remote of `alignSite`; null where only the local path is wanted @param to the documents' space */
export function siteStarts(remote: LinearAdapter | null, to: Space, vectors: QuantizedVectors, paths: readonly QueryPath[]): Map<QueryPath, SiteStart> {
  const whitening = documentWhitening(vectors);
  const starts = new Map<QueryPath, SiteStart>();
  for (const path of paths) {
    const start = startOf(path, remote && { ...remote, to: spaceId(to) }, to);
    if (start) starts.set(path, { start, adapter: whitenDocuments(start, vectors, START_WHITENING[path], whitening) });
  }
  return starts;
}

function startOf(path: QueryPath, remote: LinearAdapter | null, to: Space): LinearAdapter | null {
  if (path === 'local') return identityAdapter(to);
  if (path === 'remote' || remote === null) return remote;
  return joinAdapters(identityAdapter(to), remote, LOCAL_WEIGHT);
}
