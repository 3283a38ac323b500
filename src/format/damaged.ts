// The one error of everything that reads an index file.

import { EraError } from '../errors.ts';

/** @param offset of the byte or section that is wrong */
export function damaged(offset: number, what: string, cause?: unknown): EraError {
  return new EraError('index-format', `Not a sound index file: ${what} (at byte ${offset}).`, { details: { offset }, cause });
}
