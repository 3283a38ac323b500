// The limit on silence: it counts from the last answer, not from the start. Time is simulated.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isEraError } from '../errors.ts';
import { unlessSilent } from './silence.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('work that hears an answer now and then takes as long as it needs, and leaves no timer', async () => {
  const work = unlessSilent(1000, async (heard) => {
    for (let i = 0; i < 20; i++) {
      await after(900);
      heard();
    }
    return 'done';
  });
  await vi.advanceTimersByTimeAsync(20 * 900);
  expect(await work).toBe('done');
  expect(vi.getTimerCount()).toBe(0);
});

test('work that was heard once and then no more is given up', async () => {
  const outcome = unlessSilent(1000, async (heard) => {
    await after(900);
    heard();
    await new Promise<never>(() => undefined);
  }).catch((error: unknown) => isEraError(error, 'storage') && error.details['limitMs']);
  await vi.advanceTimersByTimeAsync(1899);
  expect(vi.getTimerCount()).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(await outcome).toBe(1000);
});
