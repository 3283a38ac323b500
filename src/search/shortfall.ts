// What an answer lacks.

import type { EraError } from '../errors.ts';

/** Why meaning did not rank although it was asked for: an EraError as it passes between threads. */
export type Shortfall = Pick<EraError, 'code' | 'message' | 'details'>;

export function shortfallOf({ code, message, details }: EraError): Shortfall {
  return { code, message, details };
}

/** Whether a file of the collection is not there, or another one is in its place: as after a site is published anew. */
export function isReplaced({ code, details }: Shortfall): boolean {
  return code === 'index-format' || (code === 'network' && [404, 410].includes(Number(details['status'])));
}
