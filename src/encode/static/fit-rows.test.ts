import { describe, expect, it } from 'vitest';
import { fromRows, multiply } from '../../math/matrix.ts';
import { Random } from '../../math/random.ts';
import { ridge } from '../../math/ridge.ts';
import { makeBags } from './bags.ts';
import { fitRows } from './fit-rows.ts';

const pause = (): Promise<void> => Promise.resolve();
/** More than a block of columns. */
const DIMS = 11;

function texts(seed: number, count: number, words: number): number[][] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => Array.from({ length: 1 + random.below(4) }, () => random.below(words)));
}

function normals(seed: number, count: number): Float32Array<ArrayBuffer> {
  const random = new Random(seed);
  return Float32Array.from({ length: count }, () => random.normal());
}

describe('rows of a table', () => {
  it('are the ridge regression that is pulled towards the prior', async () => {
    const words = 6;
    const lambda = 0.7;
    const bags = makeBags(texts(1, 40, words), new Float32Array(words).fill(1));
    const targets = normals(2, 40 * DIMS);
    const prior = normals(3, words * DIMS);
    const rows = await fitRows(bags, targets, prior, DIMS, { lambda, rounds: 30, pause });

    const x = fromRows(new Float64Array(40 * words), words);
    for (let text = 0; text < 40; text++)
      for (let i = bags.starts[text]!; i < bags.starts[text + 1]!; i++)
        x.values[text * words + bags.rows[i]!] = bags.weights[i]!;
    const t0 = fromRows(prior, DIMS);
    const missing = multiply(x, t0).values.map((value, i) => targets[i]! - value);
    const change = ridge(x).weights(fromRows(missing, DIMS), lambda);
    rows.forEach((value, i) => expect(value).toBeCloseTo(prior[i]! + change.values[i]!, 4));
  });

  it('recovers the rows that made the vectors, from enough texts', async () => {
    const words = 20;
    const weights = Float32Array.from({ length: words }, (_, i) => 1 / (1 + i / 10));
    const truth = normals(4, words * DIMS);
    const bags = makeBags(texts(5, 400, words), weights);
    const targets = new Float32Array(400 * DIMS);
    for (let text = 0; text < 400; text++)
      for (let i = bags.starts[text]!; i < bags.starts[text + 1]!; i++)
        for (let j = 0; j < DIMS; j++) targets[text * DIMS + j]! += bags.weights[i]! * truth[bags.rows[i]! * DIMS + j]!;
    const rows = await fitRows(bags, targets, new Float32Array(truth.length), DIMS, {
      lambda: 1e-6,
      rounds: 60,
      pause,
    });
    rows.forEach((value, i) => expect(value).toBeCloseTo(truth[i]!, 3));
  });

  it('keeps the row of a word that no text has, and changes nothing of its input', async () => {
    const prior = normals(6, 3 * DIMS);
    const copy = prior.slice();
    const bags = makeBags([[0], [0, 2]], new Float32Array(3).fill(1));
    const rows = await fitRows(bags, normals(7, 2 * DIMS), prior, DIMS, { lambda: 0.3, rounds: 10, pause });
    expect(rows.slice(DIMS, 2 * DIMS)).toEqual(prior.slice(DIMS, 2 * DIMS));
    expect(rows.slice(0, DIMS)).not.toEqual(prior.slice(0, DIMS));
    expect(prior).toEqual(copy);
  });

  it('ends when its pause rejects', async () => {
    const reason = new Error('enough');
    const bags = makeBags([[0]], Float32Array.of(1));
    await expect(
      fitRows(bags, normals(8, DIMS), normals(9, DIMS), DIMS, {
        lambda: 1,
        rounds: 1,
        pause: () => Promise.reject(reason),
      }),
    ).rejects.toBe(reason);
  });
});
