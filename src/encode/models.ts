// The models this room can run, and the vector space that each makes. Knows no device and reads no file.

import { EraError } from '../errors.ts';
import type { Space } from '../space.ts';

export type WeightsDtype = 'q8' | 'fp32';

export interface ModelSpec {
  readonly pooling: 'mean' | 'cls';
  /** Longest input in tokens, [CLS] and [SEP] included; longer texts are cut. */
  readonly maxTokens: number;
  readonly dims: number;
  /** Query template with `{text}`; empty for none. The encoder puts it around texts of the query role. */
  readonly queryPrompt: string;
  readonly revision: string;
  /** Files under `onnx/`: q8 runs on WASM and in Node, fp32 on WebGPU (int8 graphs have no WebGPU kernels). */
  readonly weights: { readonly q8: string; readonly fp32?: string };
}

export const DEFAULT_MODEL = 'Xenova/all-MiniLM-L6-v2';

export const MODELS: Readonly<Record<string, ModelSpec>> = {
  'Xenova/all-MiniLM-L6-v2': {
    pooling: 'mean',
    maxTokens: 256,
    dims: 384,
    queryPrompt: '',
    revision: 'main',
    weights: { q8: 'model_quantized.onnx', fp32: 'model.onnx' },
  },
  'Xenova/bge-small-en-v1.5': {
    pooling: 'cls',
    maxTokens: 512,
    dims: 384,
    queryPrompt: 'Represent this sentence for searching relevant passages: {text}',
    revision: 'main',
    weights: { q8: 'model_quantized.onnx' },
  },
};

/** @throws EraError `invalid-option` for a model that is not in the table */
export function modelSpec(model: string): ModelSpec {
  const spec = Object.hasOwn(MODELS, model) ? MODELS[model] : undefined;
  if (!spec) {
    throw new EraError('invalid-option', `Unknown model “${model}”: known are ${Object.keys(MODELS).join(', ')}.`, { details: { model } });
  }
  return spec;
}

/**
 * The space of a model's vectors.
 * @param prompt template put around the text by the caller; empty for documents
 * @throws EraError `invalid-option` for a model that is not in the table
 */
export function spaceOf(model: string, dtype: WeightsDtype, prompt = ''): Space {
  const { revision, pooling, dims } = modelSpec(model);
  return { model, revision, dtype, pooling, prompt, dims };
}
