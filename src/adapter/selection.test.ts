import { expect, test } from 'vitest';
import { quantizeRows } from '../math/quantize.ts';
import type { Space } from '../space.ts';
import type { LinearAdapter } from './adapter.ts';
import { plainRank } from './plain-rank.fixture.ts';
import { isClearGain, selectAdapter } from './selection.ts';
import { identityAdapter } from './start.ts';

test('a clear gain is above one standard error, by hand', () => {
  // Differences 0.3, 0.3, 0.3, −0.3: mean 0.15, deviation 0.3, standard error 0.15.
  expect(isClearGain([0.8, 0.8, 0.8, 0.2], [0.5, 0.5, 0.5, 0.5])).toBe(false);
  expect(isClearGain([0.8, 0.8, 0.8, 0.3], [0.5, 0.5, 0.5, 0.5])).toBe(true);
});

test('two improved queries are no clear gain, whatever their size, nor is a loss or nothing', () => {
  expect(isClearGain([1, 1], [0, 0])).toBe(false);
  expect(isClearGain([1, 1, 0, 0], [0, 0, 0, 0])).toBe(false);
  expect(isClearGain([1, 1, 1], [0, 0, 0])).toBe(true);
  expect(isClearGain([0, 0, 0], [1, 1, 1])).toBe(false);
  expect(isClearGain([], [])).toBe(false);
});

const space: Space = { model: 'small', revision: 'main', dtype: 'q8', pooling: 'mean', prompt: '', dims: 4 };
const identity = identityAdapter(space);
const shift: LinearAdapter = { ...identity, weight: identity.weight.map((_, at) => (at % 4 === (Math.floor(at / 4) + 1) % 4 ? 1 : 0)) };
const vectors = quantizeRows(identity.weight, 4); // passage i is the unit vector i
const queries = Float32Array.from(identity.weight);
const labelled = (shiftBy: number) => Array.from({ length: 4 }, (_, i) => new Map([[(i + shiftBy) % 4, 1]]));

test('selects the candidate that ranks the labels best, and the first where it is as good', () => {
  const rank = plainRank(vectors);
  expect(selectAdapter([identity, shift], queries, labelled(3), rank)).toMatchObject({ adapter: shift, index: 1 });
  expect(selectAdapter([identity, shift], queries, labelled(0), rank)).toMatchObject({ adapter: identity, index: 0 });
  expect(selectAdapter([identity, { ...identity }], queries, labelled(0), rank).ndcg).toEqual([1, 1]);
});
