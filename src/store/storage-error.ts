// What a browser's storage throws, as errors of the family. By name: messages are empty or differ, and the class of a
// quota error changed.

import { EraError, isEraError, messageOf } from '../errors.ts';

/** The error to throw for `cause`, met while `doing`. Typed errors stay what they are. */
export function storageError(cause: unknown, doing: string): EraError {
  if (isEraError(cause)) return cause;
  const name = nameOf(cause);
  const code = name === 'QuotaExceededError' ? 'quota' : 'storage';
  return new EraError(code, `The browser storage failed while ${doing}: ${messageOf(cause) || name}.`, {
    cause,
    details: { name },
  });
}

export function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : '';
}

export function closedError(): EraError {
  return new EraError('closed', 'The store is closed.');
}
