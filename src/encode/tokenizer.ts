// Text to token ids, cut to the model's limit with the closing special tokens kept. All encoders of a realm share one
// tokenizer for each address.

import { PreTrainedTokenizer } from '@huggingface/transformers';
import { EraError, messageOf } from '../errors.ts';
import type { ModelFiles } from './model-files.ts';

export interface Tokenizer {
  /** Token ids with the model's special tokens, such as [CLS] and [SEP]; at most `maxTokens`. */
  encode: (text: string, maxTokens: number) => Int32Array<ArrayBuffer>;
  /** Number of special tokens that the model adds to every text. */
  readonly specialTokens: number;
  readonly padId: number;
}

/** Weak references, so that a tokenizer is collected with its last encoder. */
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
      // some tokenizers have no padding token; any id does, since the mask excludes it
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
 * Number of tokens that the model adds before a text and after it: the common prefix and suffix of two texts' ids, as
 * far as the empty text has them.
 */
function around(idsOf: (text: string) => readonly number[]): { readonly before: number; readonly after: number } {
  const [none, some] = [idsOf(''), idsOf('a')];
  let before = 0;
  while (before < none.length && none[before] === some[before]) before++;
  return { before, after: none.length - before };
}
