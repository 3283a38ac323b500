// An encoder from outside, held to what collections rely on: every matrix is checked, and a failure is told as an error
// of ours.

import { EraError, isEraError, messageOf } from '../errors.ts';
import type { Encoder } from './encoder.ts';

/** A unit vector's length may differ from 1 by so much: float16 models round. */
const TOLERANCE = 1e-2;

/**
 * @returns the same, checked
 * @throws EraError `bad-extension` where its space is none. Its calls: `dimension-mismatch` for vectors of another
 * number or length than the space says, `not-finite` for one that is not of unit length, `bad-extension` for any other
 * failure, an EraError of the encoder's own, and the signal's reason
 */
export function checkedEncoder(encoder: Encoder): Encoder {
  const { space, device } = encoder;
  if (typeof space.model !== 'string' || !(Number.isInteger(space.dims) && space.dims > 0))
    throw new EraError('bad-extension', 'The encoder names no space with a model and dimensions.');
  return {
    space,
    device,
    async encode(texts, role, options = {}) {
      const vectors = await ours(options.signal, space.model, () => encoder.encode(texts, role, options));
      checkRows(vectors, texts.length, space.dims, space.model);
      return vectors;
    },
    dispose: () => ours(undefined, space.model, () => encoder.dispose()),
  };
}

async function ours<T>(signal: AbortSignal | undefined, model: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    signal?.throwIfAborted();
    if (isEraError(cause)) throw cause;
    throw new EraError('bad-extension', `The encoder “${model}” failed: ${messageOf(cause)}`, {
      details: { model },
      cause,
    });
  }
}

function checkRows(vectors: Float32Array, rows: number, dims: number, model: string): void {
  if (!((vectors as unknown) instanceof Float32Array) || vectors.length !== rows * dims)
    throw new EraError('dimension-mismatch', `The encoder “${model}” gave no ${rows} vectors of ${dims} numbers.`, {
      details: { model, rows, dims },
    });
  for (let row = 0; row < rows; row++) {
    let square = 0;
    for (let i = row * dims; i < (row + 1) * dims; i++) square += vectors[i]! * vectors[i]!;
    if (!(Math.abs(Math.sqrt(square) - 1) <= TOLERANCE))
      throw new EraError('not-finite', `The encoder “${model}” gave text ${row} a vector that is not of unit length.`, {
        details: { model, text: row },
      });
  }
}
