// Safety of adaptation by labels: 10,000 generated label sets, most of them bad. Claims are checked against an
// independent cross-validation in this file, computed directly from the formula. fast-check prints seed and path of a
// failure and shrinks it.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isEraError } from '../../errors.ts';
import { ndcg } from '../../evaluate/metrics.ts';
import { mean } from '../../evaluate/statistics.ts';
import { cholesky, solveCholesky } from '../../math/cholesky.ts';
import { symmetricEigen } from '../../math/eigen.ts';
import { type DenseMatrix, fromRows, gram, multiply, takeRows, transpose } from '../../math/matrix.ts';
import { dequantizeRows, quantizeRows } from '../../math/quantize.ts';
import { Random } from '../../math/random.ts';
import { dot, norm, normalizeRows, row } from '../../math/vector.ts';
import { applyAdapter, type LinearAdapter } from '../adapter.ts';
import { documentWhitening, whitenDocuments, type Whitening } from '../align/whiten.ts';
import { plainRank } from '../plain-rank.fixture.ts';
import type { Rank } from '../rank.ts';
import { standardError } from '../selection.ts';
import { type Adaptation, adaptClosedForm, type AdaptClosedFormInput } from './closed-form.ts';
import type { Setting } from './cross-validate.ts';
import { type Fold, foldsByPassage, foldsByQuery } from './folds.ts';
import { labelTargets, type LabelTargets, unitRows } from './label-targets.ts';

const RUNS = 10_000;
const FOLDS = 5;

/** How the relevant passages of the labels are chosen; `any` takes what fast-check draws. */
const KINDS = [
  'any',
  'learnable',
  'right',
  'farthest',
  'permuted',
  'contradictory',
  'one-passage',
  'alike',
  'one-document',
] as const;

interface LabelSet {
  readonly kind: (typeof KINDS)[number];
  readonly dims: number;
  /** Input dimensions of the start; more than `dims` on the joint path. */
  readonly dIn: number;
  readonly passages: number;
  /** For each label the number of its query in the pool, and the grades that fast-check draws for `any`. */
  readonly labels: readonly {
    readonly query: number;
    readonly grades: readonly (readonly [passage: number, grade: number])[];
  }[];
  readonly noise: number;
  /** Length of the query vectors and of the start's rows. */
  readonly scale: number;
  /** Settings to choose from; `undefined` for the defaults, which take most of this file's time. */
  readonly grid: Pick<AdaptClosedFormInput, 'lambdas' | 'nus' | 'whitening' | 'centring'> | undefined;
  /** Power of whitening of the adapter in use; 0 where that is the start itself. */
  readonly inUse: number;
  readonly unlabelled: boolean;
  readonly seed: number;
}

const grade = fc.oneof(
  { weight: 2, arbitrary: fc.integer({ min: -1, max: 3 }) },
  fc.constantFrom(0, 1e-300, 0.5, 1e9, Number.MAX_VALUE, -Number.MAX_VALUE),
);
const labelSet: fc.Arbitrary<LabelSet> = fc.record({
  kind: fc.constantFrom(...KINDS),
  dims: fc.integer({ min: 8, max: 24 }),
  dIn: fc.integer({ min: 8, max: 40 }),
  passages: fc.integer({ min: 2, max: 30 }),
  labels: fc.array(
    fc.record({
      query: fc.nat(19),
      grades: fc.uniqueArray(fc.tuple(fc.nat(29), grade), { maxLength: 4, selector: ([passage]) => passage }),
    }),
    { minLength: 1, maxLength: 16 },
  ),
  noise: fc.constantFrom(0, 0.05, 0.3, 1),
  scale: fc.constantFrom(1, 1, 1e-4, 1e4),
  grid: fc.oneof(
    { weight: 1, arbitrary: fc.constant(undefined) },
    {
      weight: 39,
      arbitrary: fc.record({
        lambdas: fc.constantFrom([0.3, 10], [1e-6], [3]),
        nus: fc.constantFrom([0], [1], [0.75, 0]),
        whitening: fc.constantFrom([0], [0.5, 0], [1]),
        centring: fc.constantFrom([0], [0.4], [0, 0.9]),
      }),
    },
  ),
  inUse: fc.constantFrom(0, 0, 0.25, 1),
  unlabelled: fc.boolean(),
  seed: fc.nat(1_000_000),
});

const unitNormals = (random: Random, n: number, dims: number): Float32Array<ArrayBuffer> => {
  const rows = Float32Array.from({ length: n * dims }, () => random.normal());
  normalizeRows(rows, dims);
  return rows;
};

/**
 * Queries of a pool are about passages (query q about q modulo their number), mapped by the transpose of the start,
 * with noise.
 */
function inputOf(set: LabelSet): AdaptClosedFormInput {
  const { kind, dims, dIn, labels, noise, scale, seed } = set;
  const random = new Random(seed);
  const count = kind === 'one-document' ? 1 : set.passages;
  const documents = unitNormals(random, count, dims);
  if (kind === 'alike') for (let i = 1; i < count; i++) documents.copyWithin(i * dims, 0, dims);
  const vectors = quantizeRows(documents, dims);
  const map = fromRows(
    Float32Array.from({ length: dims * dIn }, () => random.normal() / Math.sqrt(dIn)),
    dIn,
  );
  const start: LinearAdapter = {
    path: 'remote',
    from: ['large'],
    to: 'small',
    dIn,
    dOut: dims,
    weight: Float32Array.from(map.values, (v) => scale * v),
    bias: Float32Array.from({ length: dims }, () => 0.1 * scale * random.normal()),
    provenance: {},
  };
  // The passages that queries of `learnable` labels are about differ from what the start maps them to: dimensions are
  // swapped in pairs.
  const about = labels.map(({ query }) => (query % count) * dims);
  const wanted = Float64Array.from({ length: labels.length * dims }, (_, at) => {
    const j = at % dims;
    return (
      documents[about[Math.floor(at / dims)]! + (kind === 'learnable' && j < dims - 1 ? j ^ 1 : j)]! +
      noise * random.normal()
    );
  });
  const inputs = multiply({ rows: labels.length, cols: dims, values: wanted }, map);
  const x = Float32Array.from(inputs.values);
  normalizeRows(x, dIn);
  if (kind === 'contradictory') for (let i = 1; i < labels.length; i++) x.copyWithin(i * dIn, 0, dIn);
  const own = labels.map(({ query }) => query % count);
  const shuffled = random.shuffle([...own]);
  const answers = applyAdapter(start, x);
  const farthest = labels.map((_, i) => {
    const cosine = (passage: number): number => dot(row(answers, i, dims), row(documents, passage, dims));
    return Array.from({ length: count }, (__, passage) => passage).reduce((far, passage) =>
      cosine(passage) < cosine(far) ? passage : far,
    );
  });
  const positives = {
    learnable: own,
    right: own,
    farthest,
    permuted: shuffled,
    contradictory: own,
    'one-passage': own.map(() => 0),
    alike: own,
    'one-document': own,
  };
  const relevant = labels.map(
    ({ grades }, i) =>
      new Map(kind === 'any' ? grades.map(([passage, score]) => [passage % count, score]) : [[positives[kind][i]!, 1]]),
  );
  return {
    start,
    inUse: set.inUse > 0 ? whitenDocuments(start, vectors, set.inUse) : start,
    x: x.map((v) => scale * v),
    unlabelled: set.unlabelled ? unitNormals(random, 5, dIn).map((v) => scale * v) : undefined,
    relevant,
    vectors,
    rank: plainRank(vectors),
    ...set.grid,
    folds: FOLDS,
    seed,
  };
}

interface Seen extends LabelTargets {
  /** Whitening by the documents, for every power. */
  readonly whitening: Whitening | null;
}

/** R of the formula: Pᵢ − ν Nᵢ, or Pᵢ − (W0ᵀqᵢ + b) for ν = 0. */
function pullOf({ positive, negative, now }: LabelTargets, nu: number): DenseMatrix {
  return {
    ...positive,
    values: positive.values.map((v, at) => v - (nu === 0 ? now.values[at]! : nu * negative.values[at]!)),
  };
}

/** (XᵀX + λs)⁻¹ XᵀR of the rows `train`, directly from the formula. [dIn, dOut] */
function changeOf(
  { x, xScale, ...targets }: LabelTargets,
  { lambda, nu }: Setting,
  train: readonly number[],
): DenseMatrix {
  const columns = transpose(takeRows(x, train));
  const inner = gram(columns);
  for (let j = 0; j < x.cols; j++) inner.values[j * x.cols + j]! += lambda * xScale;
  return solveCholesky(cholesky(inner), multiply(columns, takeRows(pullOf({ x, xScale, ...targets }, nu), train)));
}

/** Of each query while it was held out: mapped fold by fold, then centred, then whitened. [n, dOut] */
function heldOutOutputs(targets: Seen, setting: Setting, folds: readonly Fold[]): DenseMatrix {
  const { now, x, whitening } = targets;
  const out = { ...now, values: now.values.slice() };
  for (const { train, held } of setting.lambda < Infinity ? folds.filter((fold) => fold.train.length > 0) : []) {
    const change = changeOf(targets, setting, train);
    for (const i of held)
      multiply(takeRows(x, [i]), change).values.forEach((v, o) => (out.values[i * out.cols + o]! += v));
  }
  const average = Float64Array.from({ length: out.cols }, (_, o) =>
    mean(Array.from({ length: out.rows }, (__, i) => out.values[i * out.cols + o]!)),
  );
  out.values.forEach((v, at) => (out.values[at] = v - setting.centring * average[at % out.cols]!));
  return seenThrough(out, now, setting.whitening, whitening);
}

/** A query that is mapped to zero keeps the start's output. */
function seenThrough(outputs: DenseMatrix, now: DenseMatrix, power: number, whitening: Whitening | null): DenseMatrix {
  const map = power > 0 ? whitening?.(power) : undefined;
  const [out, start] = [outputs, now].map((a) => (map ? multiply(a, map) : { ...a, values: a.values.slice() })) as [
    DenseMatrix,
    DenseMatrix,
  ];
  return orStart(out, start);
}

function orStart(out: DenseMatrix, start: DenseMatrix): DenseMatrix {
  for (let i = 0; i < out.rows; i++) {
    const own = out.values.subarray(i * out.cols, (i + 1) * out.cols);
    if (own.every((v) => Math.abs(v) < 1e-12)) own.set(start.values.subarray(i * out.cols, (i + 1) * out.cols));
  }
  return out;
}

function scoresOf(outputs: DenseMatrix, relevant: LabelTargets['relevant'], rank: Rank): Promise<number[]> {
  return Promise.all(
    relevant.map(async (grades, i) => ndcg((await rank(unitRows(takeRows(outputs, [i])), 10)).rows, grades, 10)),
  );
}

interface Audit {
  readonly before: number;
  /** Mean nDCG@10 of the averaged settings, by query and by passage. */
  readonly after: number;
  readonly afterUnseen: number;
  readonly members: readonly (Setting & { readonly share: number })[];
}

/**
 * Repeats the decision: which settings are averaged, and what the average scores on queries that it did not learn from.
 */
async function audit(
  input: AdaptClosedFormInput,
  targets: Seen,
  { candidates, chosen }: Adaptation,
  firstPower: number,
): Promise<Audit> {
  const { relevant, positives } = targets;
  const current = applyAdapter(input.inUse!, Float32Array.from(targets.x.values));
  const before = mean(await scoresOf(fromRows(current, input.start.dOut), relevant, input.rank));
  const byQuery = foldsByQuery(relevant.length, FOLDS, input.seed);
  const byPassage = foldsByPassage(positives, FOLDS, input.seed);
  const shared = new Set(positives.flat()).size < positives.flat().length;
  const unseenFolds = shared ? byPassage : byQuery;
  const score = (setting: Setting, folds: readonly Fold[]): Promise<number[]> =>
    scoresOf(heldOutOutputs(targets, setting, folds), relevant, input.rank);
  const best = candidates.find((other) =>
    (['lambda', 'nu', 'whitening', 'centring'] as const).every((key) => other[key] === chosen![key]),
  )!;
  const bestScores = await score(best, byQuery);
  expect(mean(bestScores)).toBeCloseTo(best.ndcg, 9);
  expect(best.ndcg).toBeGreaterThan(before);
  const close: Setting[] = [];
  for (const other of candidates.filter((each) => each.ndcg > before)) {
    const own = await score(other, byQuery);
    expect(mean(own)).toBeCloseTo(other.ndcg, 9);
    if (other.ndcg < best.ndcg - standardError(bestScores, own)) continue;
    if (mean(await score(other, unseenFolds)) >= before) close.push(other);
  }
  const lengths = close.map((setting) => {
    const out = heldOutOutputs(targets, setting, byQuery);
    return mean(relevant.map((_, i) => Math.hypot(...takeRows(out, [i]).values)));
  });
  const members = close.map((setting, m) => ({ ...setting, share: 1 / close.length / lengths[m]! }));
  const averaged = async (folds: readonly Fold[]): Promise<number> => {
    const total = { ...targets.now, values: new Float64Array(targets.now.values.length) };
    for (const member of members)
      heldOutOutputs(targets, member, folds).values.forEach((v, at) => (total.values[at]! += member.share * v));
    const start = seenThrough(targets.now, targets.now, firstPower, targets.whitening);
    return mean(await scoresOf(orStart(total, start), relevant, input.rank));
  };
  return { before, after: await averaged(byQuery), afterUnseen: await averaged(unseenFolds), members };
}

function spectralNorm(a: DenseMatrix): number {
  return Math.sqrt(Math.max(0, symmetricEigen(gram(a)).values.at(-1)!));
}

/**
 * The adapter is s·Σ aₖ Mₖ (W0 + ΔWₖ), with ΔW = (XᵀX + λs)⁻¹ XᵀR. Singular values of (XᵀX + λs)⁻¹Xᵀ are σ / (σ² + λs)
 * ≤ 1 / (2√(λs)), so ‖ΔW‖₂ ≤ ‖R‖F / (2√(λs)), and ‖Mₖ‖₂ ≤ 0.05⁻ᵖ. R is bounded independently of the computed result: a
 * row of it is the difference of means of passages and, for ν = 0, of outputs of the start, whose mean length is 1. aₖ
 * gives each setting's held-out outputs a mean length of 1, and s the adapter's outputs for all labelled queries.
 */
function assertBounded(
  input: AdaptClosedFormInput,
  targets: Seen,
  adapter: LinearAdapter,
  members: Audit['members'],
): void {
  const { start, x, xScale, positives, whitening } = targets;
  const n = positives.length;
  const longest = Math.max(...Array.from(input.vectors.scales, (_, i) => norm(dequantizeRows(input.vectors, [i]))));
  const base = fromRows(start.weight, start.dIn);
  const unchanged = new Float64Array(base.values.length);
  const map = new Float64Array(base.values.length);
  let bound = 0;
  for (const member of members) {
    const { lambda, nu, share, whitening: power } = member;
    const seen = (a: DenseMatrix): DenseMatrix => (power > 0 && whitening ? multiply(whitening(power), a) : a);
    seen(base).values.forEach((v, at) => ((unchanged[at]! += share * v), (map[at]! += share * v)));
    if (lambda === Infinity) continue;
    seen(transpose(changeOf(targets, member, [...positives.keys()]))).values.forEach(
      (v, at) => (map[at]! += share * v),
    );
    bound +=
      (share * 0.05 ** -power * (Math.sqrt(n) * (1 + nu) * longest + (nu === 0 ? n : 0))) /
      (2 * Math.sqrt(lambda * xScale));
  }
  const outputs = multiply(x, transpose(fromRows(adapter.weight, start.dIn)));
  expect(
    mean(positives.map((_, i) => Math.hypot(...takeRows(outputs, [i]).values.map((v, o) => v + adapter.bias[o]!)))),
  ).toBeCloseTo(1, 4);
  const length = Math.hypot(...map) / Math.hypot(...adapter.weight);
  const rounding = 1e-5 * spectralNorm(fromRows(map, start.dIn));
  expect(
    spectralNorm(
      fromRows(
        map.map((v, at) => length * adapter.weight[at]! - v),
        start.dIn,
      ),
    ),
  ).toBeLessThanOrEqual(rounding);
  expect(
    spectralNorm(
      fromRows(
        unchanged.map((v, at) => length * adapter.weight[at]! - v),
        start.dIn,
      ),
    ),
  ).toBeLessThanOrEqual(bound + rounding);
}

/** The bytes as text: equal for arrays that are equal bit for bit, and quick to compare. */
const textOf = ({ buffer, byteOffset, byteLength }: Float32Array | Int8Array): string =>
  new TextDecoder('latin1').decode(new Uint8Array(buffer, byteOffset, byteLength));
const CODES = ['no-labels', 'not-finite'];

test(
  `${RUNS} label sets: finite, bounded, deterministic, never applied when worse on the held-out part`,
  { timeout: 600_000 },
  async () => {
    const applied = new Map<string, number>();
    const property = fc.asyncProperty(labelSet, async (set) => {
      const input = inputOf(set);
      const given = [input.x, input.start.weight, input.start.bias, input.vectors.codes, input.vectors.scales].map(
        textOf,
      );
      const usable = input.relevant.some((grades) => [...grades.values()].some((score) => score > 0));
      const result = await adaptClosedForm(input).catch((error: unknown) => error);
      expect(
        [input.x, input.start.weight, input.start.bias, input.vectors.codes, input.vectors.scales].map(textOf),
      ).toEqual(given);
      if (result instanceof Error) {
        expect(isEraError(result) && CODES.includes(result.code) ? result.code : result).toBe('no-labels');
        expect(usable).toBe(false);
        return;
      }
      const adaptation = result as Adaptation;
      const { adapter, gain, gainUnseen, baselineNdcg } = adaptation;
      expect(usable).toBe(true);
      expect(
        adapter.weight.every(Number.isFinite) && adapter.bias.every(Number.isFinite) && Number.isFinite(baselineNdcg),
      ).toBe(true);
      if (set.seed % 4 === 0) {
        const again = await adaptClosedForm(input);
        expect(textOf(again.adapter.weight)).toBe(textOf(adapter.weight));
        expect(again).toEqual(adaptation);
      }
      if (!adaptation.applied) {
        expect(textOf(adapter.weight)).toBe(textOf(input.inUse!.weight));
        expect(textOf(adapter.bias)).toBe(textOf(input.inUse!.bias));
        return;
      }
      applied.set(set.kind, (applied.get(set.kind) ?? 0) + 1);
      const targets = { ...(await labelTargets(input)), whitening: documentWhitening(input.vectors) };
      const { before, after, afterUnseen, members } = await audit(
        input,
        targets,
        adaptation,
        set.grid?.whitening?.[0] ?? 0,
      );
      expect(before).toBeCloseTo(baselineNdcg, 9);
      expect(members.length).toBe(adaptation.averaged);
      expect(after).toBeGreaterThan(before);
      expect(gain!.mean).toBeCloseTo(after - before, 9);
      expect(gain!.low).toBeLessThanOrEqual(gain!.mean);
      expect(gain!.high).toBeGreaterThanOrEqual(gain!.mean);
      expect(afterUnseen).toBeGreaterThanOrEqual(before - 1e-12);
      expect(gainUnseen!.mean).toBeCloseTo(afterUnseen - before, 9);
      assertBounded(input, targets, adapter, members);
    });
    await fc.assert(property, { seed: 42, numRuns: RUNS });
    expect(applied.get('learnable')).toBeGreaterThan(20);
    // Without passages to rank or to distinguish, nothing may be learned.
    expect([applied.get('alike'), applied.get('one-document'), applied.get('one-passage')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  },
);
