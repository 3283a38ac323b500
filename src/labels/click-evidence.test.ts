import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acceptedClicks, type Click, type ClickRules } from './click-evidence.ts';

const click = (source: string, passageId: string, rank: number, query = 'q', atMs = 0): Click => ({
  source,
  passageId,
  rank,
  query,
  atMs,
});
const accepted = (clicks: readonly Click[], rules?: ClickRules): string[] => [
  ...(acceptedClicks(clicks, rules).get('q') ?? []),
];

test('two sources that passed over something better ranked make a label, one does not, however often it clicks', () => {
  expect(accepted([click('s', 'a', 3), click('t', 'a', 2)])).toEqual(['a']);
  expect(accepted(Array.from({ length: 100 }, (_, i) => click('s', 'a', 3, 'q', i)))).toEqual([]);
});

test('clicks on the first result count half: twice as many are needed', () => {
  const sources = ['s', 't', 'u', 'v'];
  expect(accepted(sources.slice(1).map((source) => click(source, 'a', 1)))).toEqual([]);
  expect(accepted(sources.map((source) => click(source, 'a', 1)))).toEqual(['a']);
});

test('a source that clicks everything from the top down passes over nothing', () => {
  const all = (source: string): Click[] => ['a', 'b', 'c'].map((id, i) => click(source, id, i + 1));
  expect(accepted([...all('s'), ...all('t')])).toEqual([]);
  expect(accepted([...all('s'), ...all('t'), click('s', 'd', 5), click('t', 'd', 5)])).toEqual(['d']);
});

test('one source counts for its earliest pairs only', () => {
  const flood = Array.from({ length: 50 }, (_, i) => click('bot', `p${i}`, 9, 'q', 100 + i));
  const others = Array.from({ length: 50 }, (_, i) => click(`visitor ${i}`, `p${i}`, 9));
  expect(accepted([...flood, ...others])).toHaveLength(20);
  expect(accepted([...flood, ...others], { maxPerSource: 3 })).toEqual(['p0', 'p1', 'p2']);
});

test('the rules can be changed, within reason', () => {
  expect(accepted([click('s', 'a', 2)], { minSources: 1 })).toEqual(['a']);
  expect(accepted([click('s', 'a', 2), click('t', 'a', 2)], { minSources: 3 })).toEqual([]);
  for (const rules of [{ minSources: 0 }, { maxPerSource: 0 }, { minSources: Number.NaN }]) {
    expect(() => acceptedClicks([], rules)).toThrow(expect.objectContaining({ code: 'invalid-option' }) as Error);
  }
});

test('caps hold for any log: no label without enough sources, none from beyond a source’s share', () => {
  const log = fc.array(
    fc.record<Click>({
      source: fc.constantFrom('s', 't', 'u', 'v'),
      passageId: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      query: fc.constantFrom('q', 'r'),
      rank: fc.integer({ min: 1, max: 6 }),
      atMs: fc.nat(5),
    }),
    { maxLength: 80 },
  );
  let labels = 0;
  fc.assert(
    fc.property(
      log,
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
      (clicks, maxPerSource, minSources) => {
        const found = [...acceptedClicks(clicks, { maxPerSource, minSources })].flatMap(([query, ids]) =>
          [...ids].map((id) => ({ query, id })),
        );
        labels += found.length;
        for (const { query, id } of found) {
          const sources = new Set(
            clicks.filter((one) => one.query === query && one.passageId === id).map(({ source }) => source),
          );
          expect(sources.size).toBeGreaterThanOrEqual(minSources);
        }
        const sources = new Set(clicks.map(({ source }) => source)).size;
        expect(found.length * minSources).toBeLessThanOrEqual(sources * maxPerSource);
      },
    ),
    { seed: 42, numRuns: 1000 },
  );
  expect(labels).toBeGreaterThan(300);
});
