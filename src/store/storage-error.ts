// Converts errors of a browser's storage to EraError. They are recognised by name: messages are empty or differ, and
// the class of a quota error has changed.

import { EraError, isEraError, messageOf } from '../errors.ts';

/** The error to throw for `cause`, which occurred while `doing`. Typed errors are returned unchanged. */
export function storageError(cause: unknown, doing: string): EraError {
  if (isEraError(cause)) return cause;
  const name = nameOf(cause);
  const code = name === 'QuotaExceededError' ? 'quota' : 'storage';
  return new EraError(code, `The browser storage failed while ${doing}: ${messageOf(cause) || name}.`, {
    cause,
    details: { name },
  });
}

/** Whether a store could not keep a file, which is then used from memory. */
export function isNotStored(error: unknown): boolean {
  return isEraError(error, 'quota') || isEraError(error, 'storage') || isEraError(error, 'busy');
}

export function nameOf(error: unknown): string {
  return error instanceof Error || error instanceof DOMException ? error.name : '';
}

export function closedError(): EraError {
  return new EraError('closed', 'The store is closed.');
}
