import { expect, test } from 'vitest';
import { mean } from '../evaluate/statistics.ts';
import { quantizeRows } from '../math/quantize.ts';
import { Random } from '../math/random.ts';
import { normalizeRows } from '../math/vector.ts';
import { applyAdapter } from './adapter.ts';
import { adaptClosedForm } from './adapt/closed-form.ts';
import { whitenDocuments } from './align/whiten.ts';
import { defaultSizes, learningCurve, type LearningCurveInput, type LearningPoint } from './learning-curve.ts';
import { plainRank } from './plain-rank.fixture.ts';
import { scoreQueries } from './selection.ts';
import { identityAdapter } from './initial.ts';

const DIMS = 16;
const POOL = 60;

/**
 * Query i is about passage i, mapped by a fixed map that swaps pairs of dimensions, with noise: more labels learn it
 * better.
 */
function swappedTask(n = 90): LearningCurveInput {
  const random = new Random(3);
  const documents = Float32Array.from({ length: n * DIMS }, () => random.normal());
  normalizeRows(documents, DIMS);
  const x = documents.map((_, at) => documents[at ^ 1]! + 0.2 * random.normal());
  normalizeRows(x, DIMS);
  const vectors = quantizeRows(documents, DIMS);
  const part = (from: number, to: number): LearningCurveInput['pool'] => ({
    x: x.slice(from * DIMS, to * DIMS),
    relevant: Array.from({ length: to - from }, (_, i) => new Map([[from + i, 1]])),
  });
  const start = identityAdapter({
    model: 'small',
    revision: 'main',
    dtype: 'q8',
    pooling: 'mean',
    prompt: '',
    dims: DIMS,
  });
  return { start, pool: part(0, POOL), heldOut: part(POOL, n), vectors, rank: plainRank(vectors), seed: 42 };
}

test('the curve rises with the labels, its band contains the mean, and points are reported as they are computed', async () => {
  const told: LearningPoint[] = [];
  const points = await learningCurve({ ...swappedTask(), onPoint: (point) => void told.push(point) });
  expect(points).toEqual(told);
  expect(points.map(({ labels }) => labels)).toEqual([0, 5, 10, 20, 40, 60]);
  expect(points.at(-1)!.mean).toBeGreaterThan(points[0]!.mean + 0.4);
  expect(points.at(-1)!.mean).toBeGreaterThan(points[2]!.mean + 0.1);
  for (const { mean: centre, low, high } of points) {
    expect(low).toBeLessThan(centre);
    expect(centre).toBeLessThan(high);
    expect(high - low).toBeLessThan(0.4);
  }
  expect(points[0]!.applied).toBe(0);
  expect(points.at(-1)!.applied).toBe(1);
});

test('without labels it is the start in its view', async () => {
  const task = swappedTask();
  const [point] = await learningCurve({ ...task, inUse: whitenDocuments(task.start, task.vectors, 0.5), sizes: [0] });
  const used = whitenDocuments(task.start, task.vectors, 0.5);
  expect(point!.mean).toBeCloseTo(
    mean(await scoreQueries(applyAdapter(used, task.heldOut.x), task.heldOut.relevant, task.rank)),
    12,
  );
});

test('with all labels it equals adaptation to all labels', async () => {
  const task = swappedTask();
  const [point] = await learningCurve({ ...task, sizes: [POOL] });
  const { adapter, applied } = await adaptClosedForm({ ...task, ...task.pool });
  expect(applied).toBe(true);
  expect(point!.mean).toBeCloseTo(
    mean(await scoreQueries(applyAdapter(adapter, task.heldOut.x), task.heldOut.relevant, task.rank)),
    12,
  );
});

test('the same seed gives the same curve, and another draw of labels another', async () => {
  const task = { ...swappedTask(), sizes: [20], repeats: 2 };
  expect(await learningCurve(task)).toEqual(await learningCurve(task));
  expect(await learningCurve({ ...task, seed: 7 })).not.toEqual(await learningCurve(task));
});

test('the band covers queries and draws: it is narrower with more held-out queries', async () => {
  const few = swappedTask(70);
  const many = swappedTask(260);
  const width = ([point]: LearningPoint[]): number => point!.high - point!.low;
  expect(width(await learningCurve({ ...many, sizes: [0] }))).toBeLessThan(
    0.6 * width(await learningCurve({ ...few, sizes: [0] })),
  );
});

test('sizes are sorted and unique, and those above the number of labels count as all', async () => {
  const points = await learningCurve({ ...swappedTask(), sizes: [100, 3, 0, 80, 3], repeats: 1 });
  expect(points.map(({ labels }) => labels)).toEqual([0, 3, POOL]);
  expect(defaultSizes(40)).toEqual([0, 5, 10, 20, 40]);
  expect(defaultSizes(4)).toEqual([0, 4]);
});

test('an abort between two adaptations ends it with its reason', async () => {
  const control = new AbortController();
  const told: number[] = [];
  const onPoint = ({ labels }: LearningPoint): void => {
    told.push(labels);
    if (labels === 5) control.abort('enough');
  };
  await expect(learningCurve({ ...swappedTask(), signal: control.signal, onPoint })).rejects.toBe('enough');
  expect(told).toEqual([0, 5]);
  await expect(learningCurve({ ...swappedTask(), signal: AbortSignal.abort('before') })).rejects.toBe('before');
});

const task = swappedTask();
test.each<[string, Partial<LearningCurveInput>]>([
  ['invalid-option', { repeats: 0 }],
  ['invalid-option', { repeats: 1.5 }],
  ['invalid-option', { sizes: [] }],
  ['invalid-option', { sizes: [-1] }],
  ['invalid-option', { sizes: [2.5] }],
  ['no-labels', { pool: { x: new Float32Array(0), relevant: [] } }],
  ['no-labels', { heldOut: { x: new Float32Array(0), relevant: [] } }],
  ['missing-id', { pool: { ...task.pool, relevant: task.pool.relevant.map(() => new Map([[999, 1]])) } }],
])('refuses with %s', async (code, extra) => {
  await expect(learningCurve({ ...task, ...extra })).rejects.toMatchObject({ code });
});
