import fc from 'fast-check';
import { expect, test } from 'vitest';
import { confidenceOf, DOUBTFUL, evidenceOf, readerOf, type Evidence, type Reader } from './answerable.ts';
import type { WeighedWord } from './fusion.ts';
import type { RankedList } from './retriever.ts';

const listOf = (...scores: number[]): RankedList => ({
  ids: Int32Array.from(scores.keys()),
  scores: Float32Array.from(scores),
  scoresOf: () => Promise.reject(new Error('not asked for')),
});
const words: WeighedWord[] = [
  { how: 'exact', upperBound: 6 },
  { how: 'form', upperBound: 2 },
  { how: 'fuzzy', upperBound: 1 },
  { how: 'none', upperBound: 1 },
];
const evidence = (scores: readonly number[], cosines: readonly number[]): Evidence | null =>
  evidenceOf({ ...listOf(...scores), words }, listOf(...cosines), 1000);

test('evidence is of both lists: shares of the score upper bound, and cosines', () => {
  const found = evidence([5, 4, 4, 4, 4, 4, 4, 4, 4, 2, 1], [0.75, 0.5, 0.25])!;
  expect(found.match).toBeCloseTo(0.5);
  expect(found.lead).toBeCloseTo(0.3);
  expect(found.nearest).toBeCloseTo(0.75);
  expect(found.standing).toBeCloseTo(0.5);
  expect(found.size).toBeCloseTo(3);
});

test('the two-hundredth document stands for those that are not meant, and short lists end before', () => {
  const cosines = Array.from({ length: 300 }, (_, i) => 1 - i / 1000);
  expect(evidence([1], cosines)!.standing).toBeCloseTo(0.199);
  expect(evidence([1], [0.5])!.standing).toBe(0);
  expect(evidence([], [0.5])).toMatchObject({ match: 0, lead: 0 });
  expect(evidenceOf({ ...listOf(), words: [] }, listOf(0.5), 1)).toMatchObject({ match: 0, lead: 0, size: 0 });
});

test('words alone are no evidence', () => {
  expect(evidenceOf({ ...listOf(1), words }, null, 9)).toBeNull();
  expect(evidence([1], [])).toBeNull();
});

test('cosines are on the scale of who read the query', () => {
  const small = { encoder: { model: 'Xenova/all-MiniLM-L6-v2', models: null } };
  expect(readerOf(small, false, false)).toBe('small');
  expect(readerOf(small, true, undefined)).toBe('static');
  expect(readerOf(small, false, true)).toBe('other');
  expect(readerOf({ encoder: { model: 'other/model', models: null } }, true, false)).toBe('other');
  expect(readerOf({ encoder: null }, false, false)).toBe('other');
});

test.each(['static', 'small', 'other'] as const)('%s: more evidence never gives less confidence', (reader: Reader) => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  fc.assert(
    fc.property(
      fc.record({ match: share, lead: share, nearest: share, standing: share, size: fc.constantFrom(1, 3, 6) }),
      fc.constantFrom<keyof Evidence>('match', 'lead', 'nearest', 'standing'),
      share,
      (some, name, more) => {
        const less = confidenceOf(some, reader);
        expect(less).toBeGreaterThanOrEqual(0);
        expect(less).toBeLessThanOrEqual(1);
        expect(confidenceOf({ ...some, [name]: some[name] + more }, reader)).toBeGreaterThanOrEqual(less);
      },
    ),
  );
});

test.each(['static', 'small', 'other'] as const)(
  '%s: a query that the index knows well is not doubtful',
  (reader: Reader) => {
    const known = { match: 0.7, lead: 0.3, nearest: 0.7, standing: 0.5, size: 4 };
    const foreign = { match: 0.05, lead: 0.01, nearest: 0.1, standing: 0.05, size: 4 };
    expect(confidenceOf(known, reader)).toBeGreaterThan(0.5);
    expect(confidenceOf(foreign, reader)).toBeLessThan(DOUBTFUL);
  },
);
