// Text to token ids, cut to the model's limit with the tokens that close it kept. One tokenizer an address, shared by
// all encoders of a realm.

import { PreTrainedTokenizer } from '@huggingface/transformers';
import { EraError, messageOf } from '../errors.ts';
import type { ModelFiles } from './model-files.ts';

export interface Tokenizer {
  /** Token ids with those that the model puts around a text, such as [CLS] and [SEP]; at most `maxTokens` of them. */
  encode: (text: string, maxTokens: number) => Int32Array<ArrayBuffer>;
  /** Tokens that the model puts around every text. */
  readonly specialTokens: number;
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
    const idsOf = (text: string): number[] => tokenizer(text, { return_tensor: false }).input_ids;
    const { before, after } = around(idsOf);
    return {
      // some have none; of no weight: the mask leaves it out
      padId: Number.isInteger(tokenizer.pad_token_id) ? tokenizer.pad_token_id : 0,
      specialTokens: before + after,
      encode(text, maxTokens) {
        // transformers.js cuts after it has added the special tokens and so loses the [SEP] that the model was trained
        // with.
        const ids = idsOf(text);
        return Int32Array.from(
          ids.length > maxTokens ? [...ids.slice(0, maxTokens - after), ...ids.slice(ids.length - after)] : ids,
        );
      },
    };
  } catch (cause) {
    throw new EraError('model-load', `${folder} holds no usable tokenizer: ${messageOf(cause)}`, {
      details: { address: folder },
      cause,
    });
  }
}

/**
 * How many tokens the model puts before a text and after it: what two texts have in common, as far as the empty one has
 * it.
 */
function around(idsOf: (text: string) => readonly number[]): { readonly before: number; readonly after: number } {
  const [none, some] = [idsOf(''), idsOf('a')];
  let before = 0;
  while (before < none.length && none[before] === some[before]) before++;
  return { before, after: none.length - before };
}
