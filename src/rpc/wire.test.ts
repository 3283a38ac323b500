// Errors as they pass between page and worker: type, code, details and causes arrive.

import { expect, test } from 'vitest';
import { EraError, isEraError } from '../errors.ts';
import { fromWire, toWire } from './wire.ts';

/** As a message carries it. */
const sent = (error: unknown): Error => fromWire(structuredClone(toWire(error)));

test('an error of ours arrives with its code, details, hint and causes', () => {
  const root = new RangeError('out of range');
  const middle = new EraError('bad-response', 'no vectors', { details: { index: 3 }, cause: root });
  const arrived = sent(new EraError('model-load', 'x.onnx', { details: { address: 'x' }, cause: middle }));
  expect(arrived).toMatchObject({ name: 'EraError', code: 'model-load', message: 'x.onnx', details: { address: 'x' } });
  expect(arrived.cause).toMatchObject({ name: 'EraError', code: 'bad-response', details: { index: 3 } });
  expect(isEraError(arrived.cause, 'bad-response')).toBe(true);
  expect((arrived.cause as Error).cause).toMatchObject({ name: 'RangeError', message: 'out of range' });
  expect(((arrived.cause as Error).cause as Error).cause).toBe(undefined);
});

test('any other error is a bug of ours, and its causes arrive', () => {
  const arrived = sent(new TypeError('x is undefined', { cause: new Error('because') }));
  expect(arrived).toMatchObject({ code: 'internal', message: 'x is undefined' });
  expect(arrived.cause).toMatchObject({ name: 'Error', message: 'because' });
  expect(sent('a text')).toMatchObject({ code: 'internal', message: 'a text' });
});

test('an abort stays an abort, as itself and as a cause', () => {
  const abort = new DOMException('enough', 'AbortError');
  expect(sent(abort)).toMatchObject({ name: 'AbortError', message: 'enough' });
  const arrived = sent(new EraError('network', 'cut off', { cause: abort }));
  expect(arrived.cause).toMatchObject({ name: 'AbortError' });
});

test('a circle of causes ends', () => {
  const error: Error = new Error('round');
  error.cause = error;
  let depth = 0;
  for (let at: unknown = sent(error); at instanceof Error; at = at.cause) depth++;
  expect(depth).toBeGreaterThan(1);
  expect(depth).toBeLessThan(10);
});
