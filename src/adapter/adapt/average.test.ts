import { expect, test } from 'vitest';
import { type DenseMatrix, fromRows, gram, multiply, transpose } from '../../math/matrix.ts';
import { cholesky, solveCholesky } from '../../math/cholesky.ts';
import { quantizeRows } from '../../math/quantize.ts';
import { Random } from '../../math/random.ts';
import { normalizeRows } from '../../math/vector.ts';
import { applyAdapter } from '../adapter.ts';
import { meanRow } from '../align/output-transform.ts';
import { documentWhitening } from '../align/whiten.ts';
import { plainRank } from '../plain-rank.fixture.ts';
import { randomAdapter } from '../../era/random-adapter.ts';
import { averageAdapter, averageOutputs, weighted } from './average.ts';
import { CrossValidation, type Setting, viewTargets } from './cross-validate.ts';
import { foldsByQuery } from './folds.ts';
import { labelTargets } from './label-targets.ts';

const [n, dIn, dOut, documents] = [14, 9, 5, 40];
const random = new Random(7);
const normals = (rows: number, dims: number): Float32Array<ArrayBuffer> => {
  const out = Float32Array.from({ length: rows * dims }, () => random.normal());
  normalizeRows(out, dims);
  return out;
};
const vectors = quantizeRows(normals(documents, dOut), dOut);
const rank = plainRank(vectors);
const x = normals(n, dIn);
const start = randomAdapter({ path: 'remote', from: ['from'], to: 'to', dIn, dOut }, random);
const targets = await labelTargets({
  start,
  x,
  relevant: Array.from(
    { length: n },
    (_, i) =>
      new Map([
        [i, 1],
        [i + 20, 2],
      ]),
  ),
  vectors,
  rank,
});
const whitening = documentWhitening(vectors)!;
const views = viewTargets(targets, [0, 0.5], [0, 0.75], whitening);
const mean = meanRow(x, dIn)!;

/** C⁻ᵖ (W x + b − c·m) of every labelled query, computed directly from the formula. */
function direct({ lambda, nu, whitening: power, centring }: Setting): DenseMatrix {
  const { now, positive, negative, xScale } = targets;
  const pull = {
    ...now,
    values: positive.values.map((p, at) => p - (nu === 0 ? now.values[at]! : nu * negative.values[at]!)),
  };
  const inner = gram(transpose(targets.x));
  const change =
    lambda === Infinity ? null : solveCholesky(cholesky(inner, lambda * xScale), multiply(transpose(targets.x), pull));
  const z = now.values.map((v, at) => v + (change ? multiply(targets.x, change).values[at]! : 0));
  const centred = z.map(
    (v, at) =>
      v -
      (centring / n) *
        Array.from({ length: n }, (_, i) => z[i * dOut + (at % dOut)]!).reduce((sum, each) => sum + each, 0),
  );
  const out = fromRows(centred, dOut);
  return power > 0 ? multiply(out, whitening(power)) : out;
}

function unit({ values }: DenseMatrix): Float32Array {
  const out = Float32Array.from(values);
  normalizeRows(out, dOut);
  return out;
}

const settings: Setting[] = [
  { lambda: 0.3, nu: 0, whitening: 0, centring: 0 },
  { lambda: 3, nu: 0.75, whitening: 0.5, centring: 0.4 },
  { lambda: Infinity, nu: 0, whitening: 0.5, centring: 0.4 },
];

test.each(settings)('one setting alone is its own formula: %o', (setting) => {
  const adapter = averageAdapter([{ ...setting, share: 1 }], targets, views, mean, {});
  applyAdapter(adapter, x).forEach((v, at) => expect(v).toBeCloseTo(unit(direct(setting))[at]!, 5));
});

test('several settings are the weighted sum of theirs', () => {
  const shares = [0.5, 0.2, 0.3];
  const adapter = averageAdapter(
    settings.map((setting, i) => ({ ...setting, share: shares[i]! })),
    targets,
    views,
    mean,
    {},
  );
  const sum = settings.map(direct).reduce(
    (total, own, i) => ({
      ...own,
      values: own.values.map((v, at) => shares[i]! * v + (i > 0 ? total.values[at]! : 0)),
    }),
    fromRows([], dOut),
  );
  applyAdapter(adapter, x).forEach((v, at) => expect(v).toBeCloseTo(unit(sum)[at]!, 5));
});

const atOnce = (): Promise<void> => Promise.resolve();

test('settings that are scored together have the scores that each has alone', async () => {
  // Queries of several lengths, one of them held out alone, and more passages than one block has.
  const many = quantizeRows(normals(1500, dOut), dOut);
  const big = await labelTargets({
    start,
    x,
    relevant: Array.from({ length: n }, (_, i) => new Map([[i * 100, 1]])),
    vectors: many,
    rank: plainRank(many),
  });
  const bigViews = viewTargets(big, [0, 0.5], [0, 0.75], documentWhitening(many));
  const validation = new CrossValidation(big, bigViews, foldsByQuery(n, 5, 1), plainRank(many));
  for (const lambda of [Infinity, 0.3, 30])
    for (const whitening of [0, 0.5]) {
      const together = [0, 0.4, 0.9].map((centring): Setting => ({ lambda, nu: 0, whitening, centring }));
      expect(await validation.scoresTogether(together, atOnce)).toEqual(
        await Promise.all(together.map((setting) => validation.scores(setting))),
      );
    }
});

test('scoring stops between two blocks of passages', async () => {
  const many = quantizeRows(normals(2500, dOut), dOut);
  const validation = new CrossValidation({ ...targets, vectors: many }, views, foldsByQuery(n, 5, 1), plainRank(many));
  let pauses = 0;
  const pause = (): Promise<void> => (++pauses === 2 ? Promise.reject(new Error('enough')) : Promise.resolve());
  const setting = { lambda: 1, nu: 0, whitening: 0, centring: 0 };
  await expect(validation.scoresTogether([setting], pause)).rejects.toThrow('enough');
  expect(pauses).toBe(2);
});

test('a query that is mapped to zero is scored by the start, together and alone', async () => {
  // All queries are alike, and the only one that is learned from pulls to the opposite of the start.
  const alike = (a: DenseMatrix): DenseMatrix => ({ ...a, values: a.values.map((_, at) => a.values[at % a.cols]!) });
  const now = alike(targets.now);
  const opposite = { ...now, values: now.values.map((v) => -v) };
  const held = Array.from({ length: n - 1 }, (_, i) => i + 1);
  const validation = new CrossValidation(
    { ...targets, x: alike(targets.x), now },
    new Map([[0, { map: null, now, pull: new Map([[0, opposite]]) }]]),
    [{ train: [0], held }],
    rank,
  );
  const setting = { lambda: 1e-14, nu: 0, whitening: 0, centring: 0 };
  expect(validation.outputs(setting).values).toEqual(now.values);
  expect(await validation.scoresTogether([setting], atOnce)).toEqual([
    await validation.scores({ ...setting, lambda: Infinity }),
  ]);
});

test('held-out outputs come from the other folds alone, and settings weigh by the inverse of their length', () => {
  const folds = foldsByQuery(n, 5, 1);
  const validation = new CrossValidation(targets, views, folds, rank);
  const setting = settings[0]!;
  const { train, held } = folds[0]!;
  const rows = fromRows(
    train.flatMap((i) => [...x.subarray(i * dIn, (i + 1) * dIn)]),
    dIn,
  );
  const pull = fromRows(
    train.flatMap((i) => [
      ...views
        .get(0)!
        .pull.get(0)!
        .values.subarray(i * dOut, (i + 1) * dOut),
    ]),
    dOut,
  );
  const change = solveCholesky(
    cholesky(gram(transpose(rows)), setting.lambda * targets.xScale),
    multiply(transpose(rows), pull),
  );
  const outputs = validation.outputs(setting);
  for (const query of held) {
    const moved = multiply(fromRows(x.subarray(query * dIn, (query + 1) * dIn), dIn), change);
    for (let o = 0; o < dOut; o++)
      expect(outputs.values[query * dOut + o]).toBeCloseTo(
        targets.now.values[query * dOut + o]! + moved.values[o]!,
        10,
      );
  }
  const [first, second] = weighted(settings.slice(0, 2), validation);
  const average = averageOutputs([first!, second!], validation, targets.now);
  const other = validation.outputs(settings[1]!);
  average.values.forEach((v, at) =>
    expect(v).toBeCloseTo(first!.share * outputs.values[at]! + second!.share * other.values[at]!, 12),
  );
  const length = Array.from(
    { length: n },
    (_, i) => Math.hypot(...outputs.values.subarray(i * dOut, (i + 1) * dOut)) / n,
  ).reduce((sum, v) => sum + v, 0);
  expect(first!.share).toBeCloseTo(1 / 2 / length, 12);
});
