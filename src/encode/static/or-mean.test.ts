import { expect, it } from 'vitest';
import { orMean } from './or-mean.ts';

const FIRST = Float32Array.of(1, 0);
const SECOND = Float32Array.of(0, 1);

it('takes a text of which nothing is known for the mean of the others', () => {
  const half = Math.fround(Math.SQRT1_2);
  expect(orMean([FIRST, null, SECOND])).toEqual(Float32Array.of(1, 0, half, half, 0, 1));
});

it('gives no zero vector where the known ones cancel out', () => {
  expect(orMean([FIRST, Float32Array.of(-1, 0), null])).toEqual(Float32Array.of(1, 0, -1, 0, 1, 0));
});

it('says where nothing is known of any, and is empty for no text', () => {
  expect(orMean([null, null])).toBeNull();
  expect(orMean([])).toEqual(new Float32Array());
});
