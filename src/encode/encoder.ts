// The small document encoder: text to unit vectors. It runs in a worker and in Node, and knows no index and no query
// API.

import type { Refusal } from '../device.ts';
import type { Role } from '../role.ts';
import type { ModelChoice } from './model-choice.ts';
import type { Space } from '../space.ts';

/** What the small model runs on; `cpu` in Node. */
export type EncoderDevice = 'webgpu' | 'wasm' | 'cpu';

/** How many of the texts are read. */
export interface EncodeProgress {
  readonly doneTexts: number;
  readonly totalTexts: number;
  /** Tokens of the texts that are read, those of the prompt and the special ones included. @default not counted */
  readonly doneTokens?: number | undefined;
}

/** What loading does: `fetch` files, `compile` the runtime with the weights, `check` the result by known answers. */
export type LoadPhase = 'fetch' | 'compile' | 'check';

export interface LoadProgress {
  readonly phase: LoadPhase;
  /** The file that is fetched; empty in the other phases, of which nothing but the start is known. */
  readonly file: string;
  readonly loadedBytes: number;
  /** 0 where the size is unknown. */
  readonly totalBytes: number;
}

/** How texts are read into vectors. */
export interface EncodeOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called as texts are read. */
  readonly onProgress?: ((progress: EncodeProgress) => void) | undefined;
  /**
   * One text per batch: slower, but a vector then depends on its own text alone (q8 activations share a scale within a
   * batch). @default false
   */
  readonly reproducible?: boolean | undefined;
  /** The texts already include the prompt of their role. @default false */
  readonly isPrompted?: boolean | undefined;
}

/** The small model on a device: texts in, vectors out. */
export interface Encoder {
  /** What its vectors are. */
  readonly space: Space;
  /** The device that runs it. */
  readonly device: EncoderDevice;
  /**
   * [texts.length, space.dims] unit vectors, row-major, in the order of the texts; queries get the model's own prompt.
   * @throws EraError `invalid-input` for an empty text, `gpu-lost`, `not-finite`
   */
  encode: (texts: readonly string[], role: Role, options?: EncodeOptions) => Promise<Float32Array<ArrayBuffer>>;
  /** Frees its memory; it cannot be used after. */
  dispose: () => Promise<void>;
}

export interface EncoderOptions {
  /** @default 'Xenova/all-MiniLM-L6-v2' */
  readonly model?: ModelChoice | undefined;
  /**
   * Folder address (browser) or path (Node) that holds `<model>/config.json` and the rest. @default './models/' beside
   * the page
   */
  readonly modelBase?: string | undefined;
  /** Load from the Hugging Face hub instead of `modelBase`. @default false */
  readonly fromHub?: boolean | undefined;
  /**
   * `auto`: WebGPU where a hardware adapter is present and passes the self-test, else WASM; in Node the CPU.
   * `webgpu`: tries WebGPU first even on a software adapter, then WASM. `wasm`: WASM only, in Node too. @default 'auto'
   */
  readonly device?: 'auto' | 'webgpu' | 'wasm' | 'cpu' | undefined;
  /** Address of the folder with the files of onnxruntime-web; the bundled files if absent. Browser only. */
  readonly runtimeBase?: string | undefined;
  /** Threads of the runtime on the CPU, in Node only. @default one for each core */
  readonly threads?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onLoad?: ((progress: LoadProgress) => void) | undefined;
}

export interface OpenedEncoder {
  readonly encoder: Encoder;
  /** Devices that were tried first, and the reasons why they were not used. */
  readonly refused: readonly Refusal[];
  /** Tokens of a text and of the longest that is read whole, without the model's special tokens. */
  readonly countTokens: (text: string) => number;
  readonly maxTokens: number;
}
