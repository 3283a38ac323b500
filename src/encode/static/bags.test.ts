import { describe, expect, it } from 'vitest';
import { standardAnalyzer } from '../../analysis/standard-analyzer.ts';
import { knownTerms, makeBags, weightOf } from './bags.ts';

const known = new Map([
  ['open', 1],
  ['open_file', 2],
  ['file', 3],
]);
const find = (term: string): number | undefined => known.get(term);

describe('known terms', () => {
  it('takes a name whole where it is known, else its known parts', () => {
    expect(knownTerms(standardAnalyzer.tokens('open_file'), find)).toEqual([2]);
    expect(knownTerms(standardAnalyzer.tokens('open_other_file'), find)).toEqual([1, 3]);
    expect(knownTerms(standardAnalyzer.tokens('openFile'), find)).toEqual([1, 3]);
  });

  it('leaves out words of which nothing is known, and keeps repeated ones', () => {
    expect(knownTerms(standardAnalyzer.tokens('Please open, open the thing'), find)).toEqual([1, 1]);
    expect(knownTerms(standardAnalyzer.tokens('—'), find)).toEqual([]);
  });
});

describe('bags of words', () => {
  it('weighs each word by its number and its weight, at unit length', () => {
    const { starts, rows, weights } = makeBags([[0, 1, 0], [], [2]], Float32Array.of(1, 2, 0.5));
    expect([...starts]).toEqual([0, 2, 2, 3]);
    expect([...rows]).toEqual([0, 1, 2]);
    expect(weights[0]).toBeCloseTo(Math.SQRT1_2);
    expect(weights[1]).toBeCloseTo(Math.SQRT1_2);
    expect(weights[2]).toBe(1);
  });

  it('gives common words less weight', () => {
    expect(weightOf(0)).toBe(1);
    expect(weightOf(0.05)).toBeLessThan(0.01);
    expect(weightOf(1e-5)).toBeGreaterThan(0.95);
  });
});
