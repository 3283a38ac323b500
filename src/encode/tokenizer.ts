// Text to token ids, cut to the model's limit with the closing [SEP] kept. One tokenizer an address, shared by all encoders of a realm.

import { PreTrainedTokenizer } from '@huggingface/transformers';
import { EraError, messageOf } from '../errors.ts';
import type { ModelFiles } from './model-files.ts';

/** [CLS] and [SEP]. */
export const SPECIAL_TOKENS = 2;

export interface Tokenizer {
  /** Token ids with [CLS] and [SEP], at most `maxTokens` (≥ 2) of them. */
  encode: (text: string, maxTokens: number) => Int32Array<ArrayBuffer>;
  readonly padId: number;
}

/** Weak, so that a tokenizer goes when its last encoder does. */
const shared = new Map<string, WeakRef<Tokenizer>>();

/** @throws EraError `model-load` */
export async function loadTokenizer(files: ModelFiles): Promise<Tokenizer> {
  const known = shared.get(files.folder)?.deref();
  if (known) return known;
  const [json, config] = await Promise.all([files.json('tokenizer.json'), files.json('tokenizer_config.json')]);
  const tokenizer = makeTokenizer(json as object, config as object, files.folder);
  shared.set(files.folder, new WeakRef(tokenizer));
  return tokenizer;
}

function makeTokenizer(json: object, config: object, folder: string): Tokenizer {
  try {
    const tokenizer = new PreTrainedTokenizer(json, config);
    return {
      padId: tokenizer.pad_token_id,
      encode(text, maxTokens) {
        // transformers.js cuts after it has added the special tokens and so loses the [SEP] that the model was trained with.
        const { input_ids: ids } = tokenizer(text, { return_tensor: false });
        const cut = Int32Array.from(ids.length > maxTokens ? ids.slice(0, maxTokens) : ids);
        cut[cut.length - 1] = ids[ids.length - 1]!;
        return cut;
      },
    };
  } catch (cause) {
    throw new EraError('model-load', `${folder} holds no usable tokenizer: ${messageOf(cause)}`, { details: { address: folder }, cause });
  }
}
