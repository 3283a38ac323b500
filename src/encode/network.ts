// What a runtime (onnxruntime in a browser or in Node) is to this room: a network that turns token ids into hidden states.

import type { ModelFiles } from './model-files.ts';
import type { EncoderDevice, EncoderOptions } from './encoder.ts';
import type { ModelSpec } from './models.ts';

export interface Batch {
  readonly rows: number;
  /** Tokens a row, padding included. */
  readonly length: number;
  /** [rows, length] token ids, row-major. */
  readonly ids: BigInt64Array;
  /** [rows, length]: 1 for a token, 0 for padding. */
  readonly mask: BigInt64Array;
}

export interface Network {
  /** → hidden states [rows, length, dims]. @throws EraError `gpu-lost` */
  run: (batch: Batch) => Promise<Float32Array>;
  release: () => Promise<void>;
}

export interface NetworkSource {
  readonly model: string;
  readonly spec: ModelSpec;
  readonly files: ModelFiles;
  readonly options: EncoderOptions;
}

/** @throws EraError `no-webgpu`, `model-load`; anything else means that the device cannot be opened either */
export type OpenNetwork = (device: EncoderDevice, source: NetworkSource) => Promise<Network>;
