import { expect, it } from 'vitest';
import { FEATURES, featuresOf, logitOf, weightsOfWords, type WordOfQuery } from './word-weights.ts';
import { WORD_NET } from './word-net.ts';

const word = (term: string, changes: Partial<WordOfQuery> = {}): WordOfQuery => ({
  term,
  vector: Float32Array.of(0.5, 0.5),
  rarity: 0.5,
  share: 0.01,
  isAbsent: false,
  isGeneral: true,
  peak: 0.6,
  count: 1,
  asked: 0,
  ...changes,
});

it('has as many features as the net reads, all finite, for any word', () => {
  const words = [word('a'), word('v2', { isAbsent: true, share: 1e-6, count: 9, asked: 1 })];
  for (const list of [words, [words[0]!], [word('x', { vector: new Float32Array(2) })]])
    for (const x of featuresOf(list)) {
      expect(x).toHaveLength(FEATURES);
      expect(x.every(Number.isFinite)).toBe(true);
    }
  expect(featuresOf([])).toEqual([]);
});

it('is a linear part and a layer of tanh', () => {
  const net = {
    linear: [1, 2],
    bias: 0.5,
    hidden: [
      [1, 0],
      [0, 1],
    ],
    hiddenBias: [0, 1],
    out: [3, -1],
  };
  expect(logitOf([0.5, 0.25], net)).toBeCloseTo(0.5 + 0.5 + 0.5 + 3 * Math.tanh(0.5) - Math.tanh(1.25), 10);
});

it('bounds what a net says, and counts occurrences', () => {
  const net = { linear: [], hidden: [], hiddenBias: [], out: [] };
  expect(weightsOfWords([word('a', { count: 2 })], { ...net, bias: 99 })).toEqual([2 * Math.exp(4)]);
  expect(weightsOfWords([word('a')], { ...net, bias: -99 })).toEqual([Math.exp(-4)]);
});

it('gives a rare word that the passages know more than a common one, by the net of the page', () => {
  const [rare, common] = weightsOfWords([
    word('derailleur', { rarity: 1, share: 0.001, peak: 0.8 }),
    word('thing', { vector: Float32Array.of(0.05, -0.05), rarity: 0.1, share: 0.3, peak: 0.3 }),
  ]);
  expect(rare! * 1).toBeGreaterThan(common! * 0.1);
  expect(WORD_NET.linear).toHaveLength(FEATURES);
});
