import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mean } from '../../evaluate/statistics.ts';
import { dequantizeRows, quantizeRows } from '../../math/quantize.ts';
import { Random } from '../../math/random.ts';
import { dot, normalizeRows } from '../../math/vector.ts';
import type { Space } from '../../space.ts';
import { applyAdapter, type LinearAdapter } from '../adapter.ts';
import { whitenDocuments } from '../align/whiten.ts';
import { plainRank } from '../plain-rank.fixture.ts';
import { scoreQueries } from '../selection.ts';
import { identityAdapter } from '../initial.ts';
import { type Adaptation, adaptClosedForm, type AdaptClosedFormInput } from './closed-form.ts';

const spaceOf = (dims: number): Space => ({
  model: 'small',
  revision: 'main',
  dtype: 'q8',
  pooling: 'mean',
  prompt: '',
  dims,
});
const unitNormals = (random: Random, n: number, dims: number): Float32Array<ArrayBuffer> => {
  const rows = Float32Array.from({ length: n * dims }, () => random.normal());
  normalizeRows(rows, dims);
  return rows;
};

/**
 * Query i is about passage i, mapped by a fixed map that swaps pairs of dimensions, with noise: a linear map can learn
 * it.
 */
function swappedTask(dims: number, n: number, noise: number, seed = 3): AdaptClosedFormInput {
  const random = new Random(seed);
  const documents = unitNormals(random, n, dims);
  const x = documents.map((_, at) => documents[at ^ 1]! + noise * random.normal());
  normalizeRows(x, dims);
  const vectors = quantizeRows(documents, dims);
  return {
    start: identityAdapter(spaceOf(dims)),
    x,
    relevant: Array.from({ length: n }, (_, i) => new Map([[i, 1]])),
    vectors,
    rank: plainRank(vectors),
    seed: 42,
  };
}
const part = (input: AdaptClosedFormInput, from: number, to: number): AdaptClosedFormInput => ({
  ...input,
  x: input.x.slice(from * input.start.dIn, to * input.start.dIn),
  relevant: input.relevant.slice(from, to),
});
const ndcgOf = async ({ adapter }: Adaptation, { x, relevant, rank }: AdaptClosedFormInput): Promise<number> =>
  mean(await scoreQueries(applyAdapter(adapter, x), relevant, rank));

test('learns a map that carries over to queries about passages that no label names', async () => {
  const task = swappedTask(16, 120, 0.05);
  const result = await adaptClosedForm({ ...part(task, 0, 80), whitening: [0], centring: [0] });
  expect(result).toMatchObject({
    applied: true,
    decision: 'applied',
    labels: { queries: 80, groups: 80, largestGroup: 1, seenShare: 0 },
  });
  expect(result.candidates).toHaveLength(11);
  const unseen = part(task, 80, 120);
  expect(await ndcgOf(result, unseen)).toBeGreaterThan(0.9);
  expect(mean(await scoreQueries(applyAdapter(task.start, unseen.x), unseen.relevant, task.rank))).toBeLessThan(0.5);
  expect(result.gain!.low).toBeGreaterThan(0.3);
  expect(result.adapter.provenance).toMatchObject({
    method: 'closed-form',
    labelledQueries: '80',
    seed: '42',
    'start.method': 'identity',
  });
});

test('keeps the start when its outputs are already right', async () => {
  const task = swappedTask(16, 60, 0.05);
  const x = task.x.map((_, at) => task.x[at ^ 1]!);
  const result = await adaptClosedForm({ ...task, x });
  expect(result).toMatchObject({ applied: false, decision: 'no-clear-gain' });
  expect(result.adapter).toBe(task.start);
});

test('the same input and seed give the same adapter', async () => {
  const task = swappedTask(8, 30, 0.3);
  expect(await adaptClosedForm(task)).toEqual(await adaptClosedForm(task));
});

test('rescaled queries and a rescaled start give the same decision and ranking', async () => {
  const task = swappedTask(8, 40, 0.3);
  const start = { ...task.start, weight: task.start.weight.map((v) => 8 * v) };
  const plain = await adaptClosedForm(task);
  const x = task.x.map((v) => 4 * v);
  const scaled = await adaptClosedForm({ ...task, start, x });
  expect(scaled.chosen).toEqual(plain.chosen);
  expect(scaled.averaged).toBe(plain.averaged);
  applyAdapter(scaled.adapter, x).forEach((v, at) =>
    expect(v).toBeCloseTo(applyAdapter(plain.adapter, task.x)[at]!, 4),
  );
});

test('a change that only memorises passages is refused when it loses on others', async () => {
  // Thirty queries about three passages start near ten other queries that are already right.
  const random = new Random(5);
  const documents = unitNormals(random, 60, 12);
  const vectors = quantizeRows(documents, 12);
  const right = documents.slice(30 * 12, 40 * 12);
  const remembered = Float32Array.of(...right, ...right, ...right).map((v) => v + 0.1 * random.normal());
  const relevant = Array.from({ length: 40 }, (_, i) => new Map([[i < 30 ? i % 3 : i, 1]]));
  const input = {
    start: identityAdapter(spaceOf(12)),
    x: Float32Array.of(...remembered, ...right),
    relevant,
    vectors,
    rank: plainRank(vectors),
    seed: 42,
    lambdas: [0.3],
    nus: [1],
    whitening: [0],
    centring: [0],
  };
  const result = await adaptClosedForm(input);
  expect(result.candidates[1]!.ndcg).toBeGreaterThan(result.baselineNdcg);
  expect(result.candidates[1]!.ndcgUnseen).toBeLessThan(result.baselineNdcg);
  expect(result).toMatchObject({
    applied: false,
    decision: 'loses-on-unseen',
    labels: { groups: 13, largestGroup: 10, seenShare: 0.75 },
  });
});

test('whitening is chosen where it is better', async () => {
  // One uninformative direction outweighs all others, in documents and queries alike.
  const random = new Random(9);
  const loud = (rows: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> =>
    rows.map((v, at) => (at % 12 === 0 ? 6 * random.normal() : v));
  const quiet = unitNormals(random, 80, 12);
  const documents = loud(quiet);
  const x = loud(quiet.map((v) => v + 0.05 * random.normal()));
  [documents, x].forEach((rows) => normalizeRows(rows, 12));
  const vectors = quantizeRows(documents, 12);
  const input = {
    start: identityAdapter(spaceOf(12)),
    x,
    relevant: Array.from({ length: 80 }, (_, i) => new Map([[i, 1]])),
    vectors,
    rank: plainRank(vectors),
    seed: 42,
  };
  const result = await adaptClosedForm(input);
  expect(result).toMatchObject({ applied: true, chosen: { whitening: 0.5 } });
  expect(result.candidates[0]).toMatchObject({
    lambda: Infinity,
    whitening: 0,
    centring: 0,
    ndcg: result.baselineNdcg,
  });
  expect(result.adapter.provenance).toMatchObject({ whitening: '0.5' });
  expect(await ndcgOf(result, input)).toBeGreaterThan(result.baselineNdcg + 0.1);
});

test('the adapter in use is kept when nothing is learned, and a change has to improve on it', async () => {
  const task = part(swappedTask(12, 40, 0.3), 0, 2);
  const whitened = whitenDocuments(task.start, task.vectors, 0.5);
  const result = await adaptClosedForm({ ...task, inUse: whitened });
  expect(result.applied).toBe(false);
  expect(result.adapter).toBe(whitened);
  expect(result.baselineNdcg).toBeCloseTo(
    mean(await scoreQueries(applyAdapter(whitened, task.x), task.relevant, task.rank)),
    12,
  );
});

test('labels that all name one passage change nothing, since they carry no information about others', async () => {
  const task = swappedTask(8, 12, 0.1);
  const result = await adaptClosedForm({ ...task, relevant: task.relevant.map(() => new Map([[4, 1]])) });
  expect(result).toMatchObject({
    applied: false,
    decision: 'one-topic',
    labels: { groups: 1, largestGroup: 12, seenShare: 1 },
  });
});

test('one or two labels change nothing', async () => {
  const task = swappedTask(8, 12, 0);
  for (const n of [1, 2])
    expect(await adaptClosedForm(part(task, 0, n))).toMatchObject({
      applied: false,
      decision: 'too-few-labels',
      adapter: task.start,
    });
});

test('forced, the best setting is applied although it is not good enough, and the decision still says so', async () => {
  const task = swappedTask(16, 60, 0.05);
  const asTheyShould = { ...task, x: task.x.map((_, at) => task.x[at ^ 1]!) };
  const kept = await adaptClosedForm(asTheyShould);
  const forced = await adaptClosedForm({ ...asTheyShould, force: true });
  expect(forced).toMatchObject({ applied: true, decision: kept.decision });
  expect(forced.chosen).not.toBeNull();
  expect(forced.candidates).toEqual(kept.candidates);
  expect(forced.adapter.weight).not.toEqual(task.start.weight);
  const best = Math.max(...forced.candidates.filter(({ lambda }) => lambda < Infinity).map(({ ndcg }) => ndcg));
  const { lambda, nu, whitening, centring } = forced.chosen!;
  expect(
    forced.candidates.find(
      (one) => one.lambda === lambda && one.nu === nu && one.whitening === whitening && one.centring === centring,
    )!.ndcg,
  ).toBe(best);
});

test('forced, one label alone moves its query to its passage, and labels on one passage are learned from', async () => {
  const task = swappedTask(8, 12, 0.1);
  const cosine = (adapter: LinearAdapter): number =>
    dot(applyAdapter(adapter, task.x.subarray(0, 8)), dequantizeRows(task.vectors, [0]));
  const single = await adaptClosedForm({ ...part(task, 0, 1), force: true });
  expect(single).toMatchObject({ applied: true, decision: 'too-few-labels' });
  expect(cosine(single.adapter)).toBeGreaterThan(cosine(task.start) + 0.05);
  const oneTopic = await adaptClosedForm({
    ...task,
    relevant: task.relevant.map(() => new Map([[4, 1]])),
    force: true,
  });
  expect(oneTopic).toMatchObject({ applied: true, decision: 'one-topic' });
  expect(oneTopic.adapter.weight).not.toEqual(task.start.weight);
});

test('a change that is applied without forcing is the same with forcing', async () => {
  const task = part(swappedTask(16, 120, 0.05), 0, 80);
  expect(await adaptClosedForm({ ...task, force: true })).toEqual(await adaptClosedForm(task));
});

test('the queries held out score what it says it gains, by query and by passage', async () => {
  const task = swappedTask(16, 60, 0.05);
  // Every passage is two queries' own, one query has no relevant passage.
  const relevant = task.relevant.map((_, i) => new Map(i === 7 ? [[3, 0]] : [[i >> 1, 1]]));
  const x = Float32Array.from(task.x, (_, at) => {
    const i = Math.floor(at / 16);
    return task.x[(i >> 1) * 16 + (at % 16)]! + (i % 2) * 0.02;
  });
  const input = { ...task, x, relevant };
  const { heldOut, gain, gainUnseen, baselineNdcg, adapter } = await adaptClosedForm(input);
  const { queries, byQuery, byPassage } = heldOut!;
  expect(queries).toEqual([...relevant.keys()].filter((i) => i !== 7));
  const kept = queries.map((i) => relevant[i]!);
  expect(mean(await scoreQueries(byQuery, kept, task.rank)) - baselineNdcg).toBeCloseTo(gain!.mean, 12);
  expect(mean(await scoreQueries(byPassage, kept, task.rank)) - baselineNdcg).toBeCloseTo(gainUnseen!.mean, 12);
  expect(gainUnseen!.mean).toBeLessThan(gain!.mean);
  const learned = applyAdapter(adapter, x);
  expect(byQuery.some((v, at) => Math.abs(v - learned[queries[Math.floor(at / 16)]! * 16 + (at % 16)]!) > 0.01)).toBe(
    true,
  );
});

test('where nothing is learned they are as the adapter in use maps them', async () => {
  const right = swappedTask(16, 40, 0.05);
  const start = {
    ...right.start,
    weight: right.start.weight.map((_, at) => Number(((at % 16) ^ 1) === Math.floor(at / 16))),
  };
  const { heldOut, applied } = await adaptClosedForm({ ...right, start });
  expect(applied).toBe(false);
  expect(heldOut!.byQuery).toEqual(applyAdapter(start, right.x));
  expect(heldOut!.byPassage).toBe(heldOut!.byQuery);
});

test('an abort is honoured between two settings, with its reason', async () => {
  const control = new AbortController();
  let steps = 0;
  const onProgress = (): void => {
    if (++steps === 4) control.abort('enough');
  };
  await expect(adaptClosedForm({ ...swappedTask(8, 40, 0.3), signal: control.signal, onProgress })).rejects.toBe(
    'enough',
  );
  expect(steps).toBe(4);
  await expect(adaptClosedForm({ ...swappedTask(8, 40, 0.3), signal: AbortSignal.abort('before') })).rejects.toBe(
    'before',
  );
});

test('counts its steps to the end', async () => {
  const seen: number[] = [];
  let total = 0;
  const task = swappedTask(8, 20, 0.3);
  const shared = [new Map([[1, 1]]), ...task.relevant.slice(1)];
  await adaptClosedForm({
    ...task,
    relevant: shared,
    onProgress: ({ step, steps }) => void (seen.push(step), (total = steps)),
  });
  expect(seen).toEqual(Array.from({ length: 66 }, (_, i) => i + 1));
  expect(total).toBe(66);
});

const task = swappedTask(8, 6, 0.1);
const nanRow = task.x.slice();
nanRow[8] = Number.NaN;
test.each<[string, Partial<AdaptClosedFormInput>]>([
  ['no-labels', { relevant: task.relevant.map(() => new Map()) }],
  ['no-labels', { relevant: task.relevant.map(() => new Map([[1, 0]])) }],
  ['no-labels', { x: new Float32Array(0), relevant: [] }],
  ['missing-id', { relevant: task.relevant.map(() => new Map([[6, 1]])) }],
  ['missing-id', { relevant: task.relevant.map(() => new Map([[-1, 1]])) }],
  ['invalid-input', { relevant: task.relevant.map(() => new Map([[1, Number.NaN]])) }],
  ['invalid-input', { relevant: task.relevant.slice(1) }],
  ['dimension-mismatch', { x: task.x.slice(1) }],
  ['dimension-mismatch', { start: identityAdapter(spaceOf(4)) }],
  ['not-finite', { x: nanRow }],
  ['not-finite', { x: new Float32Array(task.x.length) }],
  ['invalid-option', { lambdas: [0] }],
  ['invalid-option', { lambdas: [] }],
  ['invalid-option', { nus: [-1] }],
  ['invalid-option', { folds: 1 }],
  ['invalid-option', { whitening: [2] }],
  ['invalid-option', { centring: [1] }],
  ['invalid-option', { whitening: [] }],
])('refuses with %s', async (code, extra) => {
  await expect(adaptClosedForm({ ...task, ...extra })).rejects.toMatchObject({ code });
});

test(
  'any small set of labels: finite, bounded, and never applied when cross-validation puts it below the start',
  { timeout: 300_000 },
  async () => {
    // Noisy, contradictory, duplicated labels, all on one passage, or without relevant ones. Queries repeat out of a
    // pool of six.
    const label = fc.tuple(
      fc.nat(5),
      fc.uniqueArray(fc.tuple(fc.nat(9), fc.integer({ min: 0, max: 3 })), {
        maxLength: 4,
        selector: ([passage]) => passage,
      }),
    );
    let applied = 0;
    const property = fc.asyncProperty(
      fc.integer({ min: 8, max: 16 }),
      fc.array(label, { minLength: 1, maxLength: 12 }),
      fc.nat(1_000_000),
      async (dims, labels, seed) => {
        const random = new Random(seed);
        const documents = unitNormals(random, 10, dims);
        documents.copyWithin(dims, 0, dims); // two passages are equal
        const vectors = quantizeRows(documents, dims);
        const pool = unitNormals(random, 6, dims);
        const x = new Float32Array(labels.length * dims);
        labels.forEach(([query], i) => x.set(pool.subarray(query * dims, (query + 1) * dims), i * dims));
        const relevant = labels.map(([, grades]) => new Map(grades));
        const usable = relevant.filter((grades) => [...grades.values()].some((grade) => grade > 0)).length;
        const start = identityAdapter(spaceOf(dims));
        const run = adaptClosedForm({
          start,
          x,
          relevant,
          vectors,
          rank: plainRank(vectors),
          seed,
          ...(seed % 2 ? {} : { whitening: [0], centring: [0] }),
        });
        if (usable === 0) {
          await expect(run).rejects.toMatchObject({ code: 'no-labels' });
          return;
        }
        const result = await run;
        expect(result.adapter.weight.every(Number.isFinite) && result.adapter.bias.every(Number.isFinite)).toBe(true);
        if (!result.applied) {
          expect(result.adapter).toBe(start);
          return;
        }
        applied++;
        expect(result.gain!.mean).toBeGreaterThan(0);
        expect(result.gainUnseen!.mean).toBeGreaterThanOrEqual(0);
        expect(applyAdapter(result.adapter, pool).every(Number.isFinite)).toBe(true);
      },
    );
    await fc.assert(property, { seed: 42, numRuns: 2000 });
    expect(applied).toBeGreaterThan(25);
  },
);
