// Adapters without learning: the identity, and two maps side by side. Learning starts from these.

import { EraError } from '../errors.ts';
import { fromRows, multiplyTransposed } from '../math/matrix.ts';
import { spaceId, type Space } from '../space.ts';
import { checkAdapter, type LinearAdapter } from './adapter.ts';

/** The identity: a query vector that is in the documents' space already, unchanged. */
export function identityAdapter(space: Space, path: 'local' | 'static' = 'local'): LinearAdapter {
  const { dims } = space;
  const weight = new Float32Array(dims * dims);
  for (let i = 0; i < dims; i++) weight[i * dims + i] = 1;
  const id = spaceId(space);
  return {
    path,
    from: [id],
    to: id,
    dIn: dims,
    dOut: dims,
    weight,
    bias: new Float32Array(dims),
    provenance: { method: 'identity' },
  };
}

/**
 * a·(W_l q_l + b_l) + (1 − a)·(W_r q_r + b_r) as one map of [q_l; q_r]. The parts keep their lengths: bring a map of
 * another scale to unit length first (`scaledToUnit`).
 * @param localWeight a in [0, 1]
 * @throws EraError `invalid-option`, `space-mismatch`, `dimension-mismatch`
 */
export function joinAdapters(local: LinearAdapter, remote: LinearAdapter, localWeight: number): LinearAdapter {
  if (!(localWeight >= 0 && localWeight <= 1))
    throw new EraError('invalid-option', `The weight of the local part is ${localWeight}, not in [0, 1].`);
  if (local.path !== 'local' || remote.path !== 'remote') {
    throw new EraError(
      'invalid-option',
      `Joins a local and a remote adapter, not a ${local.path} and a ${remote.path} one.`,
    );
  }
  if (local.to !== remote.to) {
    throw new EraError('space-mismatch', `The two adapters lead to different spaces: ${local.to} and ${remote.to}.`, {
      details: { left: local.to, right: remote.to },
    });
  }
  if (local.dOut !== remote.dOut)
    throw new EraError('dimension-mismatch', `The two adapters give ${local.dOut} and ${remote.dOut} numbers.`);
  const { dOut } = local;
  const dIn = local.dIn + remote.dIn;
  const weight = new Float32Array(dOut * dIn);
  const bias = new Float32Array(dOut);
  for (let o = 0; o < dOut; o++) {
    for (let j = 0; j < local.dIn; j++) weight[o * dIn + j] = localWeight * local.weight[o * local.dIn + j]!;
    for (let j = 0; j < remote.dIn; j++)
      weight[o * dIn + local.dIn + j] = (1 - localWeight) * remote.weight[o * remote.dIn + j]!;
    bias[o] = localWeight * local.bias[o]! + (1 - localWeight) * remote.bias[o]!;
  }
  const provenance: Record<string, string> = { method: 'join', localWeight: String(localWeight) };
  for (const part of [local, remote])
    for (const [key, value] of Object.entries(part.provenance)) provenance[`${part.path}.${key}`] = value;
  return checkAdapter({
    path: 'both',
    from: [...local.from, ...remote.from],
    to: local.to,
    dIn,
    dOut,
    weight,
    bias,
    provenance,
  });
}

/**
 * The same map times a constant, so that W x + b of the rows of `x` has a mean length of 1. Its rankings are the same.
 * @param x [n, dIn], row-major; with no rows, or when all go to zero, the adapter is returned as it is
 */
export function scaledToUnit(adapter: LinearAdapter, x: Float32Array): LinearAdapter {
  const length = meanLength(adapter, x);
  if (!(length > 0)) return adapter;
  return { ...adapter, weight: adapter.weight.map((v) => v / length), bias: adapter.bias.map((v) => v / length) };
}

function meanLength({ dIn, dOut, weight, bias }: LinearAdapter, x: Float32Array): number {
  const { rows, values } = multiplyTransposed(fromRows(x, dIn), fromRows(weight, dIn));
  let total = 0;
  for (let i = 0; i < rows; i++) {
    let squares = 0;
    for (let o = 0; o < dOut; o++) squares += (values[i * dOut + o]! + bias[o]!) ** 2;
    total += Math.sqrt(squares);
  }
  return total / rows;
}
