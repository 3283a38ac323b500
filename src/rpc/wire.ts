// Message types between page and worker. Errors keep their type. This file knows no methods.

import { EraError, isEraError, isErrorCode, messageOf, type ErrorDetails } from '../errors.ts';

/** Raised with every change of a message or method; page and worker must agree. */
export const PROTOCOL_VERSION = 11;

/** method name → arguments, result and progress; `input` is a second message that the page sends once it has it */
export type Api = Record<string, { args: unknown; result: unknown; progress?: unknown; input?: unknown }>;
export type Progress<M> = M extends { progress: infer P } ? P : never;
export type Input<M> = M extends { input: infer I } ? I : never;

export interface WireError {
  /** `AbortError`, `EraError`, or the name of an error that caused one of these. */
  readonly name: string;
  /** Of an EraError, else empty. */
  readonly code: string;
  readonly message: string;
  readonly details: ErrorDetails;
  readonly stack: string;
  readonly cause: WireError | null;
}

export type ToWorker =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly args: unknown }
  | { readonly kind: 'input'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'abort'; readonly id: number }
  /** Asks for a sign of life; `hold`: the lock is released, and the worker takes another one. */
  | { readonly kind: 'ping'; readonly hold: boolean };

export type FromWorker =
  /**
   * First message. `lock` is the Web Lock that the worker holds as long as it lives; empty where locks do not exist.
   */
  | { readonly kind: 'hello'; readonly version: number; readonly lock: string }
  /** Answer to a ping. `lock` is the new one where it was to be taken, else empty. */
  | { readonly kind: 'pong'; readonly lock: string }
  | { readonly kind: 'progress'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError };

/** Causes of causes that travel; a chain may be a circle. */
const MOST_CAUSES = 5;

export function toWire(error: unknown): WireError {
  const wire = wireOf(error, MOST_CAUSES);
  return wire.name === 'EraError' || wire.name === 'AbortError'
    ? wire
    : { ...wire, name: 'EraError', code: 'internal' };
}

function wireOf(error: unknown, causes: number): WireError {
  const isError = error instanceof Error;
  const cause = isError && error.cause !== undefined && causes > 0 ? wireOf(error.cause, causes - 1) : null;
  const from = { message: messageOf(error), stack: isError ? (error.stack ?? '') : '', cause };
  if (isEraError(error)) return { ...from, name: 'EraError', code: error.code, details: error.details };
  return { ...from, name: isError ? error.name : 'Error', code: '', details: {} };
}

export function fromWire(wire: WireError): Error {
  if (wire.name === 'AbortError') return new DOMException(wire.message, 'AbortError');
  const cause = wire.cause === null ? undefined : fromWire(wire.cause);
  const error =
    wire.name === 'EraError'
      ? new EraError(isErrorCode(wire.code) ? wire.code : 'internal', wire.message, { details: wire.details, cause })
      : Object.assign(new Error(wire.message, { cause }), { name: wire.name });
  if (wire.stack) error.stack = `${String(error.stack)}\n  in worker: ${wire.stack}`;
  return error;
}
