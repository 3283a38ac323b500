// The default alignment of one site: what the study of public tasks found to work, with its settings. No labels.

import type { QuantizedVectors } from '../../math/quantize.ts';
import type { LinearAdapter } from '../adapter.ts';
import { scaledToUnit } from '../start.ts';
import { alignRidge } from './ridge.ts';
import { whitenDocuments } from './whiten.ts';

/** Pull towards the base: as much as one text. */
const SITE_LAMBDA = 1;
const WHITENING_POWER = 0.5;
/** Weight of the small model's own vector in the joint map before labels. */
export const LOCAL_WEIGHT = 0.75;

export interface AlignSiteInput extends Pick<LinearAdapter, 'from' | 'to'> {
  /** [n, dIn]: passages of the site by the remote model. */
  readonly x: Float32Array;
  /** [n, dOut]: the same passages by the document model. */
  readonly y: Float32Array;
  /** All passages of the site. */
  readonly vectors: QuantizedVectors;
  /** Fitted on other sites; without it the fit is pulled towards zero, which a site alone has too few texts for. */
  readonly base?: LinearAdapter | undefined;
}

/** Ridge towards the base, then partial whitening of the document space; outputs of mean length 1. @throws EraError as `alignRidge` */
export function alignSite({ x, y, vectors, base, from, to }: AlignSiteInput): LinearAdapter {
  const dOut = vectors.dims;
  const dIn = (x.length / y.length) * dOut;
  const aligned = alignRidge({ x, y, dIn, dOut, base, lambda: SITE_LAMBDA, path: 'remote', from, to });
  return scaledToUnit(whitenDocuments(aligned, vectors, WHITENING_POWER), x);
}
