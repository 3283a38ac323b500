import { expect, test } from 'vitest';
import { Random } from '../../math/random.ts';
import { openJs } from '../js.ts';
import { openWasm } from '../wasm.ts';
import { allocateVectors, placeOf } from './place.ts';

test.each([
  [1, 32],
  [7, 64],
  [601, 96],
  [20, 48],
  [30, 8],
  [9, 33],
])('%i vectors of %i numbers are found as elsewhere, twice in one memory', async (count, dims) => {
  const random = new Random(count);
  const vectors = allocateVectors(count, dims);
  for (let i = 0; i < vectors.codes.length; i++) vectors.codes[i] = random.below(255) - 127;
  for (let i = 0; i < count; i++) vectors.scales[i] = 0.01 + random.float();
  expect(placeOf(vectors) !== undefined).toBe(dims % 32 === 0);
  const measure = await openJs(vectors);
  const backends = [await openWasm(vectors), await openWasm(vectors)];
  for (let n = 0; n < 5; n++) {
    const query = Int8Array.from({ length: dims }, () => random.below(127) - 63);
    for (const backend of backends) expect(await backend.topK(query, 5)).toEqual(await measure.topK(query, 5));
  }
  backends[0]!.dispose();
  expect(vectors.codes).toHaveLength(count * dims);
});

test('vectors in place are not copied', async () => {
  const vectors = allocateVectors(40, 32);
  vectors.scales.fill(1);
  const backend = await openWasm(vectors);
  vectors.codes.fill(1);
  const query = new Int8Array(32).fill(2);
  expect((await backend.topK(query, 1)).scores).toEqual(Float32Array.of(64));
});
