// Drift-Adapter's OP (arXiv 2509.23471): a rotation about the origin, as published. Rotating about the means is
// alignProcrustes' default.

import type { LinearAdapter } from '../../../adapter/adapter.ts';
import { alignProcrustes } from '../procrustes.ts';
import type { TextPairs } from '../../../adapter/align/text-pairs.ts';

/** @throws EraError `invalid-input`, `dimension-mismatch`, `not-finite` */
export function driftOrthogonal(pairs: TextPairs): LinearAdapter {
  const adapter = alignProcrustes({ ...pairs, centred: false });
  return { ...adapter, provenance: { ...adapter.provenance, method: 'drift-procrustes' } };
}
