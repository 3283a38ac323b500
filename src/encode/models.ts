// The description of a model that an encoder needs, and the vector space that follows from it. It knows no device and
// reads no file.

import { EraError } from '../errors.ts';
import type { Space } from '../space.ts';

export type WeightsDtype = 'q8' | 'fp32';

/** What has to be known of a small model to embed texts with it. */
export interface ModelDescription {
  /** Name of its folder below the model base, or on the hub. */
  readonly name: string;
  /** Revision of the weights; part of the space id. */
  readonly revision: string;
  /** Numbers in a vector. */
  readonly dims: number;
  /** How the vectors of the tokens become one: their mean, the first one (`cls`) or the last one. */
  readonly pooling: 'mean' | 'cls' | 'last';
  /** Longest input in tokens, special tokens included; longer texts are cut. */
  readonly maxTokens: number;
  /** Templates with `{text}`; empty for none. The encoder applies them to texts of the role. */
  readonly queryPrompt: string;
  /** As `queryPrompt`, for passages. */
  readonly passagePrompt: string;
  /**
   * Files under `onnx/`, at least one. q8 runs on WASM and in Node, fp32 everywhere (int8 graphs have no WebGPU
   * kernels).
   */
  readonly weights: { readonly q8?: string; readonly fp32?: string };
  /** Primary subtags (BCP 47) of the languages whose texts it knows. @default unknown */
  readonly languages?: readonly string[] | undefined;
}

export const DEFAULT_MODEL = 'Xenova/all-MiniLM-L6-v2';

/** A weights file under `onnx/`. */
export interface Weights {
  readonly dtype: WeightsDtype;
  readonly file: string;
}

/** The weights for a device; null where the model has none for it. */
export function weightsFor(
  { weights }: Pick<ModelDescription, 'weights'>,
  device: 'webgpu' | 'wasm' | 'cpu',
): Weights | null {
  if (weights.q8 !== undefined && device !== 'webgpu') return { dtype: 'q8', file: weights.q8 };
  return weights.fp32 === undefined ? null : { dtype: 'fp32', file: weights.fp32 };
}

/** The weights for WASM and Node: every model has some. */
export function portableWeights(description: Pick<ModelDescription, 'name' | 'weights'>): Weights {
  const weights = weightsFor(description, 'wasm');
  if (!weights)
    throw new EraError('model-load', `The model ${description.name} has no weights.`, {
      details: { model: description.name },
    });
  return weights;
}

/** The space of the model's vectors of passages. */
export function spaceOf(
  { name, revision, pooling, dims, passagePrompt }: ModelDescription,
  dtype: WeightsDtype,
): Space {
  return {
    model: name,
    revision,
    dtype,
    pooling,
    prompt: '',
    dims,
    ...(passagePrompt === '' ? {} : { passagePrompt }),
  };
}
