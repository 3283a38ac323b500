import { expect, test } from 'vitest';
import { streamOf } from './stream.ts';

async function read<T>(stream: AsyncIterable<T>): Promise<{ values: T[]; error: unknown }> {
  const values: T[] = [];
  try {
    for await (const value of stream) values.push(value);
    return { values, error: null };
  } catch (error) {
    return { values, error };
  }
}

test('values are read in order, at once or over time, up to the end of the work', async () => {
  const atOnce = streamOf<number>((tell) => {
    for (const n of [1, 2, 3]) tell(n);
    return Promise.resolve();
  });
  expect(await read(atOnce)).toEqual({ values: [1, 2, 3], error: null });
  const overTime = streamOf<number>(async (tell) => {
    for (const n of [1, 2, 3]) {
      await Promise.resolve();
      tell(n);
      tell(-n);
    }
  });
  expect(await read(overTime)).toEqual({ values: [1, -1, 2, -2, 3, -3], error: null });
  expect(await read(streamOf<number>(() => Promise.resolve()))).toEqual({ values: [], error: null });
});

test('a failure comes after the values before it', async () => {
  const reason = new Error('away');
  const stream = streamOf<number>((tell) => {
    tell(1);
    return Promise.reject(reason);
  });
  expect(await read(stream)).toEqual({ values: [1], error: reason });
});
