// An untrained adapter, initialised like PyTorch's `nn.Linear`.

import type { Random } from '../math/random.ts';
import type { LinearAdapter } from '../adapter/adapter.ts';

export type AdapterShape = Pick<LinearAdapter, 'path' | 'from' | 'to' | 'dIn' | 'dOut'>;

/** Weights and biases uniform in ±1/√dIn (PyTorch's default: Kaiming uniform with a = √5). */
export function randomAdapter(shape: AdapterShape, random: Random): LinearAdapter {
  const bound = 1 / Math.sqrt(shape.dIn);
  const draw = (length: number): Float32Array<ArrayBuffer> =>
    Float32Array.from({ length }, () => (2 * random.float() - 1) * bound);
  return { ...shape, weight: draw(shape.dOut * shape.dIn), bias: draw(shape.dOut), provenance: { method: 'random' } };
}
