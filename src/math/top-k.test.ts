import fc from 'fast-check';
import { expect, test } from 'vitest';
import { TopK } from './top-k.ts';

/** Scores from few values, so that ties are common. */
const stream = fc.array(fc.constantFrom(-1, -0.5, 0, 0.25, 0.5, 1), { maxLength: 60 });

test('keeps what sorting would put first, whatever the order of arrival', () => {
  fc.assert(
    fc.property(stream, fc.nat(20), fc.nat(), (scores, k, rotation) => {
      const top = new TopK(k);
      scores.forEach((_, i) => {
        const id = (i + rotation) % scores.length;
        top.push(id, scores[id]!);
      });
      const expected = scores.map((score, id) => ({ id, score })).sort((a, b) => b.score - a.score || a.id - b.id);
      const { ids, scores: kept } = top.sorted();
      expect([...ids]).toEqual(expected.slice(0, k).map(({ id }) => id));
      expect([...kept]).toEqual(expected.slice(0, k).map(({ score }) => score));
    }),
  );
});

test('the threshold is the worst kept score once k are kept', () => {
  const top = new TopK(2);
  top.push(0, 1);
  expect(top.threshold).toBe(-Infinity);
  top.push(1, 3);
  top.push(2, 2);
  expect(top.threshold).toBe(2);
});
