// What travels between page and worker. Errors keep their type; nothing here knows any method.

import { EraError, isEraError, isErrorCode, messageOf, type ErrorDetails } from '../errors.ts';

/** Raised with every change of a message or method; page and worker must agree. */
export const PROTOCOL_VERSION = 6;

/**
 * method name → what it takes, gives and reports on the way; `input` is what the page sends after it, once it has it
 */
export type Api = Record<string, { args: unknown; result: unknown; progress?: unknown; input?: unknown }>;
export type Progress<M> = M extends { progress: infer P } ? P : never;
export type Input<M> = M extends { input: infer I } ? I : never;

export interface WireError {
  readonly name: 'EraError' | 'AbortError';
  readonly code: string;
  readonly message: string;
  readonly details: ErrorDetails;
  readonly stack: string;
}

export type ToWorker =
  | { readonly kind: 'call'; readonly id: number; readonly method: string; readonly args: unknown }
  | { readonly kind: 'input'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'abort'; readonly id: number };

export type FromWorker =
  /**
   * First message. `lock` is the Web Lock that the worker holds as long as it lives; empty where locks do not exist.
   */
  | { readonly kind: 'hello'; readonly version: number; readonly lock: string }
  | { readonly kind: 'progress'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'result'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'error'; readonly id: number; readonly error: WireError };

export function toWire(error: unknown): WireError {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  if (isEraError(error))
    return { name: 'EraError', code: error.code, message: error.message, details: error.details, stack };
  if (error instanceof DOMException && error.name === 'AbortError') {
    return { name: 'AbortError', code: '', message: error.message, details: {}, stack };
  }
  return { name: 'EraError', code: 'internal', message: messageOf(error), details: {}, stack };
}

export function fromWire(wire: WireError): Error {
  if (wire.name === 'AbortError') return new DOMException(wire.message, 'AbortError');
  const error = new EraError(isErrorCode(wire.code) ? wire.code : 'internal', wire.message, { details: wire.details });
  if (wire.stack) error.stack = `${String(error.stack)}\n  in worker: ${wire.stack}`;
  return error;
}
