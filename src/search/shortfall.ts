import type { EraError } from '../errors.ts';

/** Why meaning did not rank although it was asked for: an EraError as it passes between threads. */
export type Shortfall = Pick<EraError, 'code' | 'message' | 'details'>;

export function shortfallOf({ code, message, details }: EraError): Shortfall {
  return { code, message, details };
}
