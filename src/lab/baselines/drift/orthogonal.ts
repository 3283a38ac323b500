// Drift-Adapter's OP (arXiv 2509.23471): a rotation about the origin, as published. The default of alignProcrustes
// rotates about the means.

import type { LinearAdapter } from '../../../adapter/adapter.ts';
import { alignProcrustes } from '../procrustes.ts';
import type { TextPairs } from '../../../adapter/align/text-pairs.ts';

/** @throws EraError `invalid-input`, `dimension-mismatch`, `not-finite` */
export function driftOrthogonal(pairs: TextPairs): LinearAdapter {
  const adapter = alignProcrustes({ ...pairs, centred: false });
  return { ...adapter, provenance: { ...adapter.provenance, method: 'drift-procrustes' } };
}
