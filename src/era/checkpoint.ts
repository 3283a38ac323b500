// The state of an interrupted training as a safetensors file: `weights`, `first` and `second` moment, and `best` where
// it exists.

import { EraError } from '../errors.ts';
import { readSafetensors, writeSafetensors, type Tensor } from '../format/safetensors.ts';
import type { TrainingState } from './train.ts';

export interface Checkpoint {
  readonly state: TrainingState;
  readonly metadata: Readonly<Record<string, string>>;
}

/** @param metadata of the caller; the keys `epoch`, `bestEpoch` and `bestLoss` are reserved */
export function writeCheckpoint(
  { epoch, weights, first, second, best }: TrainingState,
  metadata: Checkpoint['metadata'] = {},
): Uint8Array<ArrayBuffer> {
  const numbers = { weights, first, second, ...(best && { best: best.weights }) };
  const tensors = new Map(
    Object.entries(numbers).map(([name, data]): [string, Tensor] => [name, { shape: [data.length], data }]),
  );
  const bestFacts = best ? { bestEpoch: String(best.epoch), bestLoss: String(best.loss) } : {};
  return writeSafetensors(tensors, { ...metadata, epoch: String(epoch), ...bestFacts });
}

/** @throws EraError `adapter-format` */
export function readCheckpoint(bytes: Uint8Array<ArrayBuffer>): Checkpoint {
  const { tensors, metadata } = readSafetensors(bytes);
  const numbers = (name: string): Float32Array => {
    const tensor = tensors.get(name);
    if (!tensor) throw new EraError('adapter-format', `The checkpoint has no ${name}.`);
    return tensor.data;
  };
  const fact = (name: string): number => {
    const value = Number(metadata[name] ?? NaN);
    if (!Number.isFinite(value)) throw new EraError('adapter-format', `The checkpoint does not say its ${name}.`);
    return value;
  };
  const best = tensors.has('best')
    ? { weights: numbers('best'), loss: fact('bestLoss'), epoch: fact('bestEpoch') }
    : null;
  return {
    state: {
      epoch: fact('epoch'),
      weights: numbers('weights'),
      first: numbers('first'),
      second: numbers('second'),
      best,
    },
    metadata,
  };
}
