// The encoder of an extension, opened and checked.

import { checkedEncoder } from '../encode/checked-encoder.ts';
import type { OpenedEncoder } from '../encode/encoder.ts';
import { EraError, isEraError, messageOf } from '../errors.ts';
import type { Extension, OpenEncoderOptions } from './extension.ts';

/**
 * @returns null where the extension has none
 * @throws EraError `bad-extension` where it cannot be opened or is not an encoder; the signal's reason
 */
export async function openOwnEncoder(
  { openEncoder }: Extension,
  options: OpenEncoderOptions = {},
): Promise<OpenedEncoder | null> {
  if (!openEncoder) return null;
  try {
    const { encoder, countTokens, maxTokens } = await openEncoder(options);
    if (typeof countTokens !== 'function' || !(Number.isInteger(maxTokens) && maxTokens > 0))
      throw new EraError('bad-extension', 'The encoder of the extension comes without countTokens and maxTokens.');
    return { encoder: checkedEncoder(encoder), refused: [], countTokens, maxTokens };
  } catch (cause) {
    options.signal?.throwIfAborted();
    if (isEraError(cause)) throw cause;
    throw new EraError('bad-extension', `The encoder of the extension could not be opened: ${messageOf(cause)}`, {
      cause,
    });
  }
}
