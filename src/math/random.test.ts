import { expect, test } from 'vitest';
import { Random } from './random.ts';

// Expected values printed by CPython 3.11: random.Random(42).
test('shuffles as CPython does', () => {
  const items = Array.from({ length: 20 }, (_, i) => i);
  expect(new Random(42).shuffle(items)).toEqual([19, 5, 14, 4, 9, 13, 15, 18, 6, 12, 17, 10, 1, 11, 2, 16, 7, 8, 0, 3]);
});

test('draws floats and 32-bit numbers as CPython does', () => {
  const random = new Random(42);
  expect(random.float()).toBe(0.6394267984578837);
  expect(random.uint32()).toBe(107420369);
});

test('samples as CPython does, in the order of the items', () => {
  // sorted(random.Random(42).sample(range(6000), 200))[:6] and sorted(random.Random(42).sample(range(30), 4))
  const large = new Random(42).sample(
    Array.from({ length: 6000 }, (_, i) => i),
    200,
  );
  expect(large).toHaveLength(200);
  expect(large.slice(0, 6)).toEqual([4, 26, 53, 94, 159, 204]);
  expect(new Random(42).sample(['a', 'b'], 5)).toEqual(['a', 'b']);
});
