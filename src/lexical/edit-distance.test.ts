import fc from 'fast-check';
import { expect, test } from 'vitest';
import { editDistance } from './edit-distance.ts';

/** The recursive definition: the cheapest way to continue from the ends of both. */
function plain(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const [x, y] = [a.slice(0, -1), b.slice(0, -1)];
  const distances = [plain(x, b) + 1, plain(a, y) + 1, plain(x, y) + (a.at(-1) === b.at(-1) ? 0 : 1)];
  if (a.length > 1 && b.length > 1 && a.at(-1) === b.at(-2) && a.at(-2) === b.at(-1))
    distances.push(plain(a.slice(0, -2), b.slice(0, -2)) + 1);
  return Math.min(...distances);
}

const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });

test('equals the definition up to its limit', () => {
  const property = fc.property(word, word, fc.integer({ min: 0, max: 4 }), (a, b, most) => {
    expect(editDistance(a, b, most)).toBe(Math.min(plain(a, b), most + 1));
    const beginnings = Array.from({ length: b.length + 1 }, (_, end) => plain(a, b.slice(0, end)));
    expect(editDistance(a, b, most, true)).toBe(Math.min(...beginnings, most + 1));
  });
  fc.assert(property, { numRuns: 500 });
});

test.each([
  ['python', 'pyhton', 1],
  ['rebase', 'rebse', 1],
  ['kitten', 'sitting', 3],
  ['', 'ab', 2],
])('%s and %s', (a, b, distance) => {
  expect(editDistance(a, b, 5)).toBe(distance);
});
