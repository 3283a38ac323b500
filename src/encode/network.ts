// Interface of a runtime (onnxruntime in a browser or in Node): a network that turns token ids into hidden states.

import { EraError } from '../errors.ts';
import type { ModelFiles } from './model-files.ts';
import type { EncoderDevice, EncoderOptions, LoadPhase } from './encoder.ts';
import type { ModelDescription, Weights } from './models.ts';

export interface Batch {
  readonly rows: number;
  /** Tokens in each row, padding included. */
  readonly length: number;
  /** [rows, length] token ids, row-major. */
  readonly ids: BigInt64Array;
  /** [rows, length]: 1 for a token, 0 for padding. */
  readonly mask: BigInt64Array;
}

/** Inputs that encoder graphs can have; each graph gets those that it names. */
export function inputsOf(
  { ids, mask }: Pick<Batch, 'ids' | 'mask'>,
  names: readonly string[],
): Readonly<Record<string, BigInt64Array>> {
  const known: Readonly<Record<string, () => BigInt64Array>> = {
    input_ids: () => ids,
    attention_mask: () => mask,
    token_type_ids: () => new BigInt64Array(ids.length),
  };
  const strange = names.filter((name) => !Object.hasOwn(known, name));
  if (strange.length > 0)
    throw new EraError('model-load', `The graph needs ${strange.join(', ')}, which no sentence-embedding model has.`, {
      details: { inputs: strange.join(' ') },
    });
  return Object.fromEntries(names.map((name) => [name, known[name]!()]));
}

/** The inputs as tensors of a runtime. @param tensor of int64, [batch.rows, batch.length] */
export function tensorsOf<T>(
  batch: Batch,
  names: readonly string[],
  tensor: (data: BigInt64Array, dims: [number, number]) => T,
): Record<string, T> {
  return Object.fromEntries(
    Object.entries(inputsOf(batch, names)).map(([name, data]) => [name, tensor(data, [batch.rows, batch.length])]),
  );
}

/** Names of the output with hidden states; the first that a graph has is used. */
const HIDDEN = ['last_hidden_state', 'token_embeddings', 'hidden_states'];

/** @throws EraError `model-load` for a graph that has none */
export function hiddenOf<T>(outputs: Readonly<Record<string, T>>): T {
  const name = HIDDEN.find((candidate) => Object.hasOwn(outputs, candidate));
  if (name === undefined)
    throw new EraError(
      'model-load',
      `The graph gives ${Object.keys(outputs).join(', ')}, and none of ${HIDDEN.join(', ')}.`,
      { details: { outputs: Object.keys(outputs).join(' ') } },
    );
  return outputs[name]!;
}

export interface Network {
  /** Resolves with hidden states [rows, length, dims]. @throws EraError `gpu-lost` */
  run: (batch: Batch) => Promise<Float32Array>;
  release: () => Promise<void>;
}

export interface NetworkSource {
  readonly description: ModelDescription;
  readonly weights: Weights;
  readonly files: ModelFiles;
  readonly options: EncoderOptions;
}

/** Tells that a phase without bytes begins. @throws the signal's reason when aborted */
export function beginPhase(phase: Exclude<LoadPhase, 'fetch'>, { onLoad, signal }: EncoderOptions): void {
  onLoad?.({ phase, file: '', loadedBytes: 0, totalBytes: 0 });
  signal?.throwIfAborted();
}

/** @throws EraError `no-webgpu`, `model-load`; any other error also means that the device cannot be opened */
export type OpenNetwork = (device: EncoderDevice, source: NetworkSource) => Promise<Network>;
