import { expect, test } from 'vitest';
import { backoffMs, retryAfterMs } from './retry.ts';

const NOW_MS = Date.parse('Fri, 21 Nov 2025 10:00:00 GMT');

test.each([
  [{ 'retry-after': '7' }, 7000],
  [{ 'retry-after': ' 0 ' }, 0],
  [{ 'retry-after': '1.5' }, 1500],
  [{ 'retry-after': '7', 'retry-after-ms': '120' }, 120],
  [{ 'retry-after': '7', 'retry-after-ms': 'soon' }, 7000],
  [{ 'retry-after': 'Fri, 21 Nov 2025 10:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Friday, 21-Nov-25 10:00:30 GMT' }, 30_000],
  [{ 'retry-after': 'Fri, 21 Nov 2025 09:59:30 GMT' }, undefined],
  [{ 'retry-after': 'Friday whenever' }, undefined],
  [{ 'retry-after': '-3' }, undefined],
  [{ 'retry-after': 'Infinity' }, undefined],
  [{ 'retry-after': '1e9' }, undefined],
  [{ 'retry-after': '0x10' }, undefined],
  [{ 'retry-after': 'in 3 minutes' }, undefined],
  [{ 'retry-after': '' }, undefined],
  [{}, undefined],
])('reads the wait out of %o', (headers, expected) => {
  expect(retryAfterMs(new Headers(headers as Record<string, string>), NOW_MS)).toBe(expected);
});

test('waits twice as long each time, half of it random, up to eight seconds', () => {
  for (const [retryCount, fullMs] of [
    [1, 500],
    [2, 1000],
    [3, 2000],
    [5, 8000],
    [10, 8000],
  ] as const) {
    const delays = Array.from({ length: 200 }, () => backoffMs(retryCount));
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(fullMs / 2);
    expect(Math.max(...delays)).toBeLessThanOrEqual(fullMs);
    expect(Math.max(...delays) - Math.min(...delays)).toBeGreaterThan(fullMs / 4);
  }
});
