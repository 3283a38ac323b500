// The contract of a trainer: one list of tests that the default trainer, ERA and every baseline run. It checks what any
// page or report relies on: finite and bounded numbers, reproducible bits, a prompt end after an abort, a result that
// says when nothing changed, typed errors. How well each trainer learns is tested elsewhere; the contract checks only
// that it learned from its input.

import { describe, expect, test } from 'vitest';
import { isEraError, type ErrorCode } from '../errors.ts';
import { quantizeRows, type QuantizedVectors } from '../math/quantize.ts';
import { Random } from '../math/random.ts';
import { dot, normalizeRows, row } from '../math/vector.ts';
import { spaceId, type Space } from '../space.ts';
import { applyAdapter, type LinearAdapter, type QueryPath } from './adapter.ts';
import type { TextPairs } from './align/text-pairs.ts';
import { identityAdapter } from './initial.ts';
import type { LabelledQueries } from './labelled-queries.ts';
import { plainRank } from './plain-rank.fixture.ts';
import type { AdaptInput, AlignInput, Trained, Trainer, TrainingProgress } from './trainer.ts';

/**
 * A trainer with what the tests need to know of it. `Learned` is a linear adapter but for the baselines whose maps are
 * not linear.
 */
export interface TrainerCase<Learned> {
  /** The trainer that is tested. */
  readonly trainer: () => Promise<Trainer<Learned>>;
  /** Every number that was learned. @default weight and bias */
  readonly numbersOf?: ((learned: Learned) => readonly Float32Array[]) | undefined;
  /** Queries as the documents see them, unit rows. @default the linear adapter's */
  readonly map?: ((learned: Learned, x: Float32Array) => Promise<Float32Array>) | undefined;
  /**
   * Upper bound of the learned numbers, far below the limit of float32. It is derived from the method, not from a run.
   * @param largest absolute value among the numbers of the start, and of the inputs
   */
  readonly bound: {
    readonly align?: number | undefined;
    /** Of the numbers after `adapt`. */
    readonly adapt?: ((largest: number) => number) | undefined;
    readonly because: string;
  };
  /** The path that it adapts. @default 'remote' */
  readonly path?: 'local' | 'remote' | undefined;
  /**
   * Whether it validates what it learned on other labels before it takes it: labels that are noise then change nothing.
   */
  readonly chooses: boolean;
}

const [D_LARGE, D_SMALL, DOCUMENTS, TEXTS] = [12, 8, 120, 60];
/** Labels to train on, and to validate by. */
const [TRAINING, VALIDATION] = [40, 20];
/** Rankings that may follow an abort: one setting of a cross-validation, in five folds, by query and by passage. */
const RANKS_A_STEP = 10;

const space = (model: string, dims: number): Space => ({
  model,
  revision: 'main',
  dtype: 'q8',
  pooling: 'mean',
  prompt: '',
  dims,
});
const SMALL = space('small', D_SMALL);
const LARGE = space('large', D_LARGE);

interface Site {
  readonly documents: QuantizedVectors;
  readonly pairs: TextPairs;
  /** The true map, from the large space to the small one. */
  readonly truth: LinearAdapter;
  /** A map of each path that is right but for a rotation, which labels can correct. */
  readonly starts: Readonly<Record<'local' | 'remote', LinearAdapter>>;
  /** Queries about these documents, by the model of the path. */
  readonly queries: (path: 'local' | 'remote', about: readonly number[]) => Float32Array<ArrayBuffer>;
}

function unitRows(rows: Float32Array<ArrayBuffer>, dims: number): Float32Array<ArrayBuffer> {
  normalizeRows(rows, dims);
  return rows;
}

function siteOf(): Site {
  const random = new Random(11);
  const unit = (n: number, dims: number): Float32Array<ArrayBuffer> =>
    unitRows(
      Float32Array.from({ length: n * dims }, () => random.normal()),
      dims,
    );
  // The large space: the small one mapped to more dimensions by columns that are nearly orthonormal, with a little
  // noise of its own.
  const basis = unit(D_LARGE, D_SMALL);
  const small = unit(DOCUMENTS, D_SMALL);
  const toLarge = (rows: Float32Array): Float32Array<ArrayBuffer> => {
    const n = rows.length / D_SMALL;
    const out = Float32Array.from(
      { length: n * D_LARGE },
      (_, at) =>
        dot(row(rows, Math.floor(at / D_LARGE), D_SMALL), row(basis, at % D_LARGE, D_SMALL)) + 0.02 * random.normal(),
    );
    return unitRows(out, D_LARGE);
  };
  const documents = quantizeRows(small, D_SMALL);
  const frame = { path: 'remote', from: [spaceId(LARGE)], to: spaceId(SMALL), dIn: D_LARGE, dOut: D_SMALL } as const;
  const texts = small.slice(0, TEXTS * D_SMALL);
  const weight = Float32Array.from(
    { length: D_SMALL * D_LARGE },
    (_, at) => basis[(at % D_LARGE) * D_SMALL + Math.floor(at / D_LARGE)]!,
  );
  const truth = { ...frame, weight, bias: new Float32Array(D_SMALL), provenance: {} };
  const turn = (adapter: LinearAdapter): LinearAdapter => ({
    ...adapter,
    weight: adapter.weight.map((v, at) => v + (at % (adapter.dIn + 1) === 1 ? 0.4 : 0)),
  });
  const skew = (rows: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> =>
    unitRows(
      rows.map(
        (v, at) => v * (at % D_SMALL < D_SMALL / 2 ? 0.4 : 1) + (at % D_SMALL === 0 ? 0.6 : 0) + 0.05 * random.normal(),
      ),
      D_SMALL,
    );
  const about = (ids: readonly number[]): Float32Array<ArrayBuffer> => {
    const out = new Float32Array(ids.length * D_SMALL);
    ids.forEach((id, i) => out.set(row(small, id, D_SMALL), i * D_SMALL));
    return out;
  };
  return {
    documents,
    pairs: { ...frame, x: toLarge(texts), y: texts },
    truth,
    starts: { local: identityAdapter(SMALL), remote: turn(truth) },
    queries: (path, ids) => (path === 'local' ? skew(about(ids)) : toLarge(skew(about(ids)))),
  };
}

function alignInput(site: Site): AlignInput {
  return { pairs: site.pairs, to: SMALL, documents: site.documents, paths: ['static', 'local', 'remote', 'both'] };
}

/** @param relevant of a query about document i */
function labelsAbout(
  site: Site,
  path: 'local' | 'remote',
  about: readonly number[],
  relevant: (i: number) => ReadonlyMap<number, number>,
): LabelledQueries {
  return { x: site.queries(path, about), relevant: about.map(relevant) };
}

/** The same at every call: the noise comes from one seed. */
function adaptInput(
  path: 'local' | 'remote',
  relevant: (i: number) => ReadonlyMap<number, number> = (i) => new Map([[i, 1]]),
): AdaptInput {
  const site = siteOf();
  const ids = Array.from({ length: TRAINING + VALIDATION }, (_, i) => i);
  const start = site.starts[path];
  return {
    start,
    inUse: start,
    training: labelsAbout(site, path, ids.slice(0, TRAINING), relevant),
    validation: labelsAbout(site, path, ids.slice(TRAINING), relevant),
    documents: site.documents,
    rank: plainRank(site.documents),
  };
}

const largestOf = (parts: readonly Float32Array[]): number =>
  parts.reduce((most, part) => part.reduce((a, v) => Math.max(a, Math.abs(v)), most), 0);

async function codeOf(run: Promise<unknown>): Promise<ErrorCode | 'none'> {
  try {
    await run;
    return 'none';
  } catch (error) {
    if (isEraError(error)) return error.code;
    throw error;
  }
}

/** Aborts at the first progress and tells how much came after it. */
async function progressAfterAbort(
  run: (options: {
    signal: AbortSignal;
    onProgress: (progress: TrainingProgress) => void;
    seed: number;
  }) => Promise<unknown>,
): Promise<{ ended: unknown; reason: Error; after: number }> {
  const controller = new AbortController();
  const reason = new Error('enough');
  let reports = 0;
  const onProgress = (): void => {
    reports++;
    controller.abort(reason);
  };
  const ended = await run({ signal: controller.signal, onProgress, seed: 1 }).then(
    () => 'finished',
    (error: unknown) => error,
  );
  expect(reports).toBeGreaterThan(0);
  return { ended, reason, after: reports - 1 };
}

/** Describes the tests that every trainer passes. */
export function describeTrainer<Learned>(subject: TrainerCase<Learned>): void {
  const isLinear = (learned: Learned | LinearAdapter): learned is LinearAdapter =>
    typeof learned === 'object' && learned !== null && 'weight' in learned;
  const numbersOf = (learned: Learned | LinearAdapter): readonly Float32Array[] =>
    isLinear(learned) ? [learned.weight, learned.bias] : (subject.numbersOf?.(learned) ?? []);
  const mapped = async (learned: Learned | LinearAdapter, x: Float32Array): Promise<Float32Array> =>
    isLinear(learned) ? applyAdapter(learned, x) : ((await subject.map?.(learned, x)) ?? new Float32Array());
  const expectSound = (learned: Learned | LinearAdapter, bound: number): void => {
    const numbers = numbersOf(learned);
    expect(numbers.length).toBeGreaterThan(0);
    for (const part of numbers) expect(part.every(Number.isFinite)).toBe(true);
    expect(largestOf(numbers), subject.bound.because).toBeLessThanOrEqual(bound);
  };
  const trained = (outcome: Partial<Record<QueryPath, Trained<Learned>>>): [QueryPath, Trained<Learned>][] =>
    Object.entries(outcome) as [QueryPath, Trained<Learned>][];

  test('has a name, and learns from texts, from labels, or from both', async () => {
    const { name, align, adapt } = await subject.trainer();
    expect(name).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(align ?? adapt).toBeDefined();
    expect(subject.bound.align === undefined).toBe(align === undefined);
    expect(subject.bound.adapt === undefined).toBe(adapt === undefined);
  });

  if (subject.bound.align !== undefined)
    describe('alignment', () => {
      const align = async (): Promise<NonNullable<Trainer<Learned>['align']>> => (await subject.trainer()).align!;

      test('gives finite, bounded maps of the wanted paths, in their frame', async () => {
        const site = siteOf();
        const outcome = await (await align())(alignInput(site), { seed: 1 });
        expect(outcome.remote).toBeDefined();
        for (const [path, { adapter, start, applied, note, device }] of trained(outcome)) {
          expect([applied, typeof note, typeof device]).toEqual([true, 'string', 'string']);
          expectSound(adapter, subject.bound.align!);
          if (!isLinear(adapter)) continue;
          for (const each of start ? [adapter, start] : [adapter]) {
            expect([each.path, each.to, each.dIn, each.dOut]).toEqual([
              path,
              spaceId(SMALL),
              { static: D_SMALL, local: D_SMALL, remote: D_LARGE, both: D_SMALL + D_LARGE }[path],
              D_SMALL,
            ]);
          }
        }
        const onlyLocal = await (await align())({ ...alignInput(site), paths: ['local'] }, { seed: 1 });
        expect(trained(onlyLocal).every(([path]) => path === 'local')).toBe(true);
      });

      test('maps unseen texts nearer to their own vectors than to others', async () => {
        const site = siteOf();
        const { remote } = await (await align())(alignInput(site), { seed: 1 });
        const ids = Array.from({ length: DOCUMENTS - TEXTS }, (_, i) => TEXTS + i);
        const x = site.queries('remote', ids);
        const out = await mapped(remote!.adapter, x);
        const expected = applyAdapter(site.truth, x);
        const cosine = (i: number, j: number): number => dot(row(out, i, D_SMALL), row(expected, j, D_SMALL));
        const right = ids.filter((_, i) => cosine(i, i) > cosine(i, (i + 1) % ids.length)).length;
        // Chance gives half of them. Even a map with hardly any training gives nine in ten of sixty.
        expect(right / ids.length).toBeGreaterThan(0.9);
      });

      test('gives the same bits for the same seed', async () => {
        const [first, again] = [
          await (await align())(alignInput(siteOf()), { seed: 3 }),
          await (await align())(alignInput(siteOf()), { seed: 3 }),
        ];
        expect(trained(again).map(([, { adapter }]) => numbersOf(adapter))).toEqual(
          trained(first).map(([, { adapter }]) => numbersOf(adapter)),
        );
      });

      test('ends with the reason of an abort, before and while it works', async () => {
        const run = await align();
        const reason = new Error('never mind');
        let reports = 0;
        await expect(
          run(alignInput(siteOf()), { seed: 1, signal: AbortSignal.abort(reason), onProgress: () => reports++ }),
        ).rejects.toBe(reason);
        expect(reports).toBe(0);
        const {
          ended,
          reason: second,
          after,
        } = await progressAfterAbort((options) => run(alignInput(siteOf()), options));
        expect(ended).toBe(second);
        expect(after).toBe(0);
      });

      test('refuses bad input by type', async () => {
        const run = async (pairs: TextPairs): Promise<ErrorCode | 'none'> =>
          codeOf((await align())({ ...alignInput(siteOf()), pairs }, { seed: 1 }));
        const { pairs } = siteOf();
        for (const bad of [NaN, Infinity]) {
          expect(await run({ ...pairs, x: pairs.x.map((v, at) => (at === 5 ? bad : v)) })).toBe('not-finite');
          expect(await run({ ...pairs, y: pairs.y.map((v, at) => (at === 5 ? bad : v)) })).toBe('not-finite');
        }
        expect(await run({ ...pairs, x: pairs.x.slice(1) })).toBe('dimension-mismatch');
        expect(['dimension-mismatch', 'invalid-input']).toContain(await run({ ...pairs, x: pairs.x.slice(D_LARGE) }));
        expect(await run({ ...pairs, x: new Float32Array(), y: new Float32Array() })).toBe('invalid-input');
      });
    });

  if (subject.bound.adapt !== undefined)
    describe('adaptation', () => {
      const path = subject.path ?? 'remote';
      const adapt = async (): Promise<NonNullable<Trainer<Learned>['adapt']>> => (await subject.trainer()).adapt!;

      test('gives finite, bounded numbers, and says whether anything changed', async () => {
        const input = adaptInput(path);
        const { adapter, applied, note, device } = await (await adapt())(input, { seed: 1 });
        const { x } = input.training;
        expectSound(adapter, subject.bound.adapt!(Math.max(1, largestOf([input.start.weight, input.start.bias, x]))));
        expect([typeof note, typeof device]).toEqual(['string', 'string']);
        expect(adapter === input.inUse).toBe(!applied);
        const out = await mapped(adapter, x);
        expect(out.length).toBe(TRAINING * D_SMALL);
        for (let i = 0; i < TRAINING; i++) expect(dot(row(out, i, D_SMALL), row(out, i, D_SMALL))).toBeCloseTo(1, 4);
      });

      test('learns something from labels that are right', async () => {
        const input = adaptInput(path);
        const { adapter, applied } = await (await adapt())(input, { seed: 1 });
        expect(applied).toBe(true);
        expect(numbersOf(adapter)).not.toEqual(numbersOf(input.inUse));
      });

      test('gives the same bits for the same seed', async () => {
        const [first, again] = [
          await (await adapt())(adaptInput(path), { seed: 3 }),
          await (await adapt())(adaptInput(path), { seed: 3 }),
        ];
        expect(again.applied).toBe(first.applied);
        expect(numbersOf(again.adapter)).toEqual(numbersOf(first.adapter));
      });

      test(`labels that are noise ${subject.chooses ? 'change nothing, and it says so' : 'leave sound numbers'}`, async () => {
        const random = new Random(5);
        const input = adaptInput(path, () => new Map([[random.below(DOCUMENTS), 1]]));
        const { adapter, applied } = await (await adapt())(input, { seed: 1 });
        expect(adapter === input.inUse).toBe(!applied);
        if (subject.chooses) expect(applied).toBe(false);
        expectSound(
          adapter,
          subject.bound.adapt!(Math.max(1, largestOf([input.start.weight, input.start.bias, input.training.x]))),
        );
      });

      test('does not learn from nothing: no labels, or none that is relevant', async () => {
        const run = async (change: Partial<AdaptInput>): Promise<ErrorCode | 'none'> =>
          codeOf((await adapt())({ ...adaptInput(path), ...change }, { seed: 1 }));
        const none = { x: new Float32Array(), relevant: [] };
        const wrong = adaptInput(path, (i) => new Map([[i, 0]]));
        for (const change of [
          { training: none, validation: none },
          { training: wrong.training, validation: wrong.validation },
        ]) {
          expect(['no-labels', 'too-few-labels']).toContain(await run(change));
        }
      });

      test('ends with the reason of an abort, before and while it works, with no step more', async () => {
        const run = await adapt();
        const reason = new Error('never mind');
        let work = 0;
        const counting = (input: AdaptInput): AdaptInput => ({
          ...input,
          rank: (queries, k) => {
            work++;
            return input.rank(queries, k);
          },
        });
        await expect(
          run(counting(adaptInput(path)), { seed: 1, signal: AbortSignal.abort(reason), onProgress: () => work++ }),
        ).rejects.toBe(reason);
        expect(work).toBe(0);
        const { ended, reason: second, after } = await progressAfterAbort((options) => run(adaptInput(path), options));
        expect(ended).toBe(second);
        expect(after).toBe(0);
      });

      test('ends soon after an abort that comes between two reports', async () => {
        const run = await adapt();
        const ranksOf = async (abortAt: number): Promise<{ ranks: number; ended: unknown; reason: Error }> => {
          const input = adaptInput(path);
          const controller = new AbortController();
          const reason = new Error('enough');
          let ranks = 0;
          const rank: AdaptInput['rank'] = (queries, k) => {
            if (++ranks === abortAt) controller.abort(reason);
            return input.rank(queries, k);
          };
          const ended = await run({ ...input, rank }, { seed: 1, signal: controller.signal }).then(
            () => 'finished',
            (error: unknown) => error,
          );
          return { ranks, ended, reason };
        };
        const whole = await ranksOf(Infinity);
        expect(whole.ended).toBe('finished');
        if (whole.ranks === 0) return; // it ranks with a map of its own
        const { ranks, ended, reason } = await ranksOf(1);
        expect(ended).toBe(reason);
        expect(ranks).toBeLessThanOrEqual(1 + RANKS_A_STEP);
      });

      test('refuses bad input by type', async () => {
        const run = async (change: (input: AdaptInput) => Partial<AdaptInput>): Promise<ErrorCode | 'none'> => {
          const input = adaptInput(path);
          return codeOf((await adapt())({ ...input, ...change(input) }, { seed: 1 }));
        };
        const inPart = (
          part: 'training' | 'validation',
          change: (labels: LabelledQueries) => Partial<LabelledQueries>,
        ): Promise<ErrorCode | 'none'> => run((input) => ({ [part]: { ...input[part], ...change(input[part]) } }));
        for (const part of ['training', 'validation'] as const) {
          for (const bad of [NaN, -Infinity])
            expect(await inPart(part, ({ x }) => ({ x: x.map((v, at) => (at === 3 ? bad : v)) }))).toBe('not-finite');
          expect(await inPart(part, ({ x }) => ({ x: x.slice(1) }))).toBe('dimension-mismatch');
          expect(await inPart(part, ({ relevant }) => ({ relevant: relevant.slice(1) }))).toBe('invalid-input');
          for (const missing of [-1, 0.5, DOCUMENTS])
            expect(
              await inPart(part, ({ relevant }) => ({ relevant: [new Map([[missing, 1]]), ...relevant.slice(1)] })),
            ).toBe('missing-id');
          expect(
            await inPart(part, ({ relevant }) => ({ relevant: [new Map([[0, NaN]]), ...relevant.slice(1)] })),
          ).toBe('invalid-input');
        }
        expect(await run(() => ({ documents: quantizeRows(new Float32Array(DOCUMENTS * 3).fill(1), 3) }))).toBe(
          'dimension-mismatch',
        );
      });
    });
}
