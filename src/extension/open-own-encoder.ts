// The encoder of an extension, opened and checked.

import type { OpenedEncoder } from '../encode/encoder.ts';
import { EraError } from '../errors.ts';
import { checkedEncoder } from './checked-encoder.ts';
import type { Extension, OpenEncoderOptions } from './extension.ts';
import { outsideWork } from './outside-work.ts';

/**
 * @returns null where the extension has none
 * @throws EraError `bad-extension` where it cannot be opened or is not an encoder; the signal's reason
 */
export async function openOwnEncoder(
  { openEncoder }: Extension,
  options: OpenEncoderOptions = {},
): Promise<OpenedEncoder | null> {
  if (!openEncoder) return null;
  return outsideWork(
    'The encoder of the extension could not be opened',
    async () => {
      const { encoder, countTokens, maxTokens } = await openEncoder(options);
      if (typeof countTokens !== 'function' || !(Number.isInteger(maxTokens) && maxTokens > 0))
        throw new EraError('bad-extension', 'The encoder of the extension comes without countTokens and maxTokens.');
      return { encoder: checkedEncoder(encoder), refused: [], countTokens, maxTokens };
    },
    options,
  );
}
