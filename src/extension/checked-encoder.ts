// An encoder from outside, held to what collections rely on: every matrix is checked, and a failure is told as an error
// of ours.

import type { Encoder } from '../encode/encoder.ts';
import { EraError } from '../errors.ts';
import { norm, row } from '../math/vector.ts';
import { outsideWork } from './outside-work.ts';

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
  const { model } = space;
  const guarded = <T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> =>
    outsideWork(`The encoder “${model}” failed`, work, { signal, details: { model } });
  return {
    space,
    device,
    async encode(texts, role, options = {}) {
      const vectors = await guarded(() => encoder.encode(texts, role, options), options.signal);
      checkRows(vectors, texts.length, space.dims, model);
      return vectors;
    },
    dispose: () => guarded(() => encoder.dispose()),
  };
}

function checkRows(vectors: Float32Array, rows: number, dims: number, model: string): void {
  if (!((vectors as unknown) instanceof Float32Array) || vectors.length !== rows * dims)
    throw new EraError('dimension-mismatch', `The encoder “${model}” gave no ${rows} vectors of ${dims} numbers.`, {
      details: { model, rows, dims },
    });
  for (let text = 0; text < rows; text++) {
    if (!(Math.abs(norm(row(vectors, text, dims)) - 1) <= TOLERANCE))
      throw new EraError(
        'not-finite',
        `The encoder “${model}” gave text ${text} a vector that is not of unit length.`,
        {
          details: { model, text },
        },
      );
  }
}
