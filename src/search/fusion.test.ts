import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fuse, FUSION, type Candidates, type WeighedWord } from './fusion.ts';
import { rankByScore } from './ranked-list.ts';

interface Row {
  readonly keyword: number;
  readonly dense: number;
}

const candidatesOf = (rows: readonly Row[]): Candidates => ({
  ids: Int32Array.from(rows.keys(), (i) => 3 * i),
  keyword: Float32Array.from(rows, ({ keyword }) => keyword),
  dense: Float32Array.from(rows, ({ dense }) => dense),
});
const order = (rows: readonly Row[], words: readonly WeighedWord[]): number[] => {
  const candidates = candidatesOf(rows);
  return Array.from(rankByScore(candidates.ids, fuse(candidates, words)).ids, (id) => id / 3);
};

// Few values, so that equal scores are common.
const score = fc.oneof(fc.constantFrom(0, 0, 1, 2.5), fc.float({ min: 0, max: 60, noNaN: true }));
const cosine = fc.oneof(fc.constantFrom(0, 0.25, -0.5, 1), fc.float({ min: -1, max: 1, noNaN: true }));
const rows = fc.array(fc.record({ keyword: score, dense: cosine }), { maxLength: 30 });
const words = fc.array(
  fc.record({
    how: fc.constantFrom('exact', 'prefix', 'fuzzy', 'none'),
    upperBound: fc.float({ min: Math.fround(0.01), max: 40, noNaN: true }),
  }),
  { maxLength: 6 },
);

describe('the fusion of two ranked lists', () => {
  test('is finite, whatever is missing', () => {
    fc.assert(
      fc.property(rows, words, (all, query) => {
        const fused = fuse(candidatesOf(all), query);
        expect(fused.length).toBe(all.length);
        expect(fused.every(Number.isFinite)).toBe(true);
      }),
    );
    expect([...fuse(candidatesOf([{ keyword: 0, dense: 0 }]), [])]).toEqual([0]);
    expect(fuse(candidatesOf([]), [])).toHaveLength(0);
  });

  test('never ranks a row below one that is no better in either list', () => {
    fc.assert(
      fc.property(rows, words, (all, query) => {
        const fused = fuse(candidatesOf(all), query);
        all.forEach((a, i) =>
          all.forEach((b, j) =>
            expect(a.keyword < b.keyword || a.dense < b.dense || fused[i]! >= fused[j]!).toBe(true),
          ),
        );
      }),
    );
  });

  test('does not depend on the order of candidates or words', () => {
    fc.assert(
      fc.property(rows, words, (all, query) => {
        const there = fuse(candidatesOf(all), query);
        const back = fuse(candidatesOf([...all].reverse()), [...query].reverse());
        [...back].reverse().forEach((value, i) => expect(value).toBeCloseTo(there[i]!, 5));
      }),
    );
  });

  test('without one list has the order of the other, ties to the smaller row', () => {
    const byRetriever = (all: readonly Row[], retriever: keyof Row): number[] =>
      [...all.keys()].sort((a, b) => all[b]![retriever] - all[a]![retriever] || a - b);
    const steps = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 30 });
    fc.assert(
      fc.property(steps, words, (all, query) => {
        const keywordOnly = all.map((step) => ({ keyword: step / 2, dense: 0 }));
        expect(order(keywordOnly, [...query, { how: 'exact', upperBound: 25 }])).toEqual(
          byRetriever(keywordOnly, 'keyword'),
        );
        const denseOnly = all.map((step) => ({ keyword: 0, dense: Math.fround(step / 25 - 1) }));
        expect(order(denseOnly, query)).toEqual(byRetriever(denseOnly, 'dense'));
      }),
    );
  });

  const exact = (upperBound: number): WeighedWord => ({ how: 'exact', upperBound });
  /** What a passage gains by a keyword score. */
  const gain = (keyword: number, query: readonly WeighedWord[], others: readonly Row[] = []): number => {
    const fused = fuse(candidatesOf([{ keyword, dense: 0.5 }, { keyword: 0, dense: 0.5 }, ...others]), query);
    return fused[0]! - fused[1]!;
  };

  test('weighs keywords more with a larger upper bound of the query', () => {
    // Every word matches as well as possible: a long query is more certain than a short one, and four times the upper
    // bound gives twice the weight.
    expect(gain(40, [exact(20), exact(20)]) / gain(10, [exact(10)])).toBeCloseTo(2, 5);
  });

  test('weighs keywords less where the index does not have the words', () => {
    const known = gain(10, [exact(10)]);
    expect(gain(10, [exact(10), { how: 'none', upperBound: 10 }])).toBeCloseTo(known / 2, 5);
    expect(gain(10, [{ how: 'none', upperBound: 10 }])).toBe(0);
  });

  test('weighs keywords less where the best keyword hit is far from the nearest passage', () => {
    const near = gain(10, [exact(10)], [{ keyword: 0, dense: 0.5 }]);
    expect(gain(10, [exact(10)], [{ keyword: 0, dense: 0.9 }])).toBeCloseTo(
      near * Math.exp(-FUSION.disagreement * 0.4),
      5,
    );
  });

  test('weighs the keywords of a passage that is itself far from the nearest one less, and never lowers a better one', () => {
    const constants = { ...FUSION, disagreement: 0, distance: 2 };
    const candidates = candidatesOf([
      { keyword: 10, dense: 0.5 },
      { keyword: 10, dense: 0.1 },
      { keyword: 0, dense: 0.1 },
      { keyword: 5, dense: 0.5 },
    ]);
    const [near, far, none, half] = fuse(candidates, [exact(10)], constants);
    expect((far! - none!) / (near! - 0.25)).toBeCloseTo(Math.exp(-2 * 0.4), 5);
    expect(near!).toBeGreaterThan(half!);
  });
});
