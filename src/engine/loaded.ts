// Loads code on demand that most visitors never need.

import { EraError, messageOf } from '../errors.ts';

/**
 * @param what beginning of the message
 * @throws EraError `network` where the code cannot be fetched; the next call tries again
 */
export async function loaded<T>(code: Promise<T>, what: string): Promise<T> {
  try {
    return await code;
  } catch (cause) {
    throw new EraError('network', `${what} could not be loaded: ${messageOf(cause)}`, { cause });
  }
}
