import { expect, test } from 'vitest';
import { Random } from '../../math/random.ts';
import { identityAdapter } from '../initial.ts';
import type { HeldOutQueries } from './closed-form.ts';
import {
  chooseKeywordFactor,
  KEYWORD_FACTORS,
  keywordFactors,
  type FactorCalls,
  type RankingsByFactor,
  withKeywords,
} from './keyword-factor.ts';

const DEPTH = 10;
const N = 40;
/** Passage 0 is every query's own. */
const relevant = Array.from({ length: N }, () => new Map([[0, 1]]));

/** @param placeOf place of the relevant passage for a query and a factor; −1 for none */
function rankings(placeOf: (query: number, factor: number) => number): RankingsByFactor {
  const all = new Int32Array(N * KEYWORD_FACTORS.length * DEPTH);
  for (let at = 0; at < all.length; at++) {
    const query = Math.floor(at / DEPTH / KEYWORD_FACTORS.length);
    const factor = KEYWORD_FACTORS[Math.floor(at / DEPTH) % KEYWORD_FACTORS.length]!;
    all[at] = at % DEPTH === placeOf(query, factor) ? 0 : 1 + (at % DEPTH);
  }
  return all;
}

test('the factor that ranks the labelled queries best is chosen, with its gain on seen and on unseen passages', () => {
  const best = rankings((query, factor) => (factor === 0.25 ? 0 : query % 3));
  const fair = rankings((query, factor) => (factor === 0.25 && query % 2 === 0 ? 0 : query % 3));
  const { factor, gain, gainUnseen } = chooseKeywordFactor(relevant, best, fair);
  expect(factor).toBe(0.25);
  expect(gain!.mean).toBeGreaterThan(gainUnseen!.mean);
  expect(gainUnseen!.mean).toBeGreaterThan(0);
  expect(gain!.low).toBeGreaterThan(0);
  expect(gain!.high).toBeGreaterThan(gain!.mean);
});

test('of factors that are as good as the best, the one nearest to 1 is chosen', () => {
  // 0 is best by a little: better for one query, worse for another; 0.5 is clearly better than 1.
  const ranked = rankings((query, factor) => (factor === 0 && query < 2 ? 2 * query : factor <= 0.5 ? 1 : 4));
  expect(chooseKeywordFactor(relevant, ranked, ranked).factor).toBe(0.5);
});

test('fewer than 20 labelled queries choose nothing, however much they gain', () => {
  const best = rankings((_, factor) => (factor === 0.25 ? 0 : 5));
  const most = best.subarray(0, 20 * KEYWORD_FACTORS.length * DEPTH);
  expect(chooseKeywordFactor(relevant.slice(0, 20), most, most).factor).toBe(0.25);
  const few = best.subarray(0, 19 * KEYWORD_FACTORS.length * DEPTH);
  expect(chooseKeywordFactor(relevant.slice(0, 19), few, few).factor).toBe(1);
});

test('all keywords may be left out', () => {
  const all = rankings((_, factor) => (factor === 0 ? 0 : 4));
  expect(chooseKeywordFactor(relevant, all, all).factor).toBe(0);
});

test('a gain on seen passages that loses on others is not taken', () => {
  const seen = rankings((_, factor) => (factor === 2 ? 0 : 3));
  const unseen = rankings((_, factor) => (factor === 2 ? 3 : 2));
  expect(chooseKeywordFactor(relevant, seen, unseen)).toEqual({ factor: 1, gain: null, gainUnseen: null });
});

test('a gain on two queries is not taken, nor are rankings that are all alike', () => {
  const two = rankings((query, factor) => (query < 2 && factor === 2.8 ? 0 : 5));
  const same = rankings((query) => query % 4);
  for (const ranked of [two, same]) expect(chooseKeywordFactor(relevant, ranked, ranked).factor).toBe(1);
});

test('chance does not choose: of 200 sites whose factors differ by noise alone, few change', () => {
  const random = new Random(5);
  let changed = 0;
  for (let site = 0; site < 200; site++) {
    const places = Array.from({ length: N * KEYWORD_FACTORS.length }, () => random.below(6));
    const noise = rankings(
      (query, factor) => places[query * KEYWORD_FACTORS.length + KEYWORD_FACTORS.indexOf(factor)]!,
    );
    if (chooseKeywordFactor(relevant, noise, noise).factor !== 1) changed++;
  }
  // Nine independent factors at two standard errors; those of a site hardly differ, and change far less often.
  expect(changed).toBeLessThan(40);
});

/** Vectors that stand for a ranking: the fake ranker gives the one that was made for them. */
function adapterOf(seen: RankingsByFactor, unseen: RankingsByFactor, queries = N): HeldOutQueries {
  const [byQuery, byPassage] = [new Float32Array(1), new Float32Array(1)];
  made.set(byQuery, seen).set(byPassage, unseen);
  return { queries: Array.from({ length: queries }, (_, i) => i), byQuery, byPassage };
}
const made = new Map<Float32Array, RankingsByFactor>();

test('each adapter has its own factor; the second rankings are made only where the first speak for a change', async () => {
  const same = rankings((query) => query % 4);
  const best = rankings((_, factor) => (factor === 0.25 ? 0 : 5));
  const harmful = rankings((_, factor) => (factor === 0.25 ? 5 : 0));
  const asked: number[] = [];
  const calls: FactorCalls = {
    rank: (_, sets) => {
      asked.push(sets.length);
      return Promise.resolve(sets.map((vectors) => made.get(vectors)!));
    },
    choose: (queries, seen, unseen) => chooseKeywordFactor(relevant.slice(0, queries.length), seen, unseen),
  };
  const factorsOf = async (...all: HeldOutQueries[]): Promise<number[]> =>
    (await keywordFactors(all, calls)).map(({ factor }) => factor);
  expect(await factorsOf(adapterOf(same, same), adapterOf(best, best), adapterOf(best, harmful))).toEqual([1, 0.25, 1]);
  expect(asked).toEqual([3, 2]);
  expect(await factorsOf(adapterOf(same, best))).toEqual([1]);
  expect(asked).toEqual([3, 2, 1]);
  expect(await factorsOf(adapterOf(best, best, 19))).toEqual([1]);
  expect(await factorsOf()).toEqual([]);
  expect(asked).toEqual([3, 2, 1]); // too few labels, or none: nothing is ranked
});

test('the adapter has the factor, and is else as it was', () => {
  const adapter = identityAdapter({
    model: 'small',
    revision: 'main',
    dtype: 'q8',
    pooling: 'mean',
    prompt: '',
    dims: 4,
  });
  expect(withKeywords(adapter, { factor: 0.5, gain: null, gainUnseen: null })).toEqual({
    ...adapter,
    keywordFactor: 0.5,
  });
});
