// The contract of training by tape: one list of tests that CPU, WASM and WebGPU run, compared with float64.

import {
  abs,
  add,
  div,
  erf,
  exp,
  log,
  max,
  maximum,
  mean,
  memory,
  mul,
  neg,
  relu,
  reshape,
  sigmoid,
  sin,
  softplus,
  sqrt,
  square,
  squaredDifference,
  sub,
  sum,
  tanh,
  tensor,
  tensor2d,
  transpose,
  type Tensor,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { describe, expect, test } from 'vitest';
import { Random } from '../../math/random.ts';
import type { TrainingBackend } from '../../era/backend.ts';
import { expectGradients, relativeError, valueAndSlopes } from './finite-differences.fixture.ts';
import { fitByGradient, type FitOptions, type FitStep } from './fit.ts';
import { product } from './product.ts';
import { unitRows } from './unit-rows.ts';

type Numbers = Float64Array;
interface Case {
  readonly shapes: readonly (readonly number[])[];
  readonly tensors: (...inputs: Tensor[]) => Tensor;
  readonly numbers: (...inputs: Numbers[]) => ArrayLike<number>;
  /** Draws only numbers above 0. */
  readonly positive?: boolean;
}

const each =
  (f: (x: number) => number) =>
  (x: Numbers): Numbers =>
    x.map(f);
const pairs = (f: (a: number, b: number) => number) => ({
  /** [3, 4] with [3, 4], [4], [3, 1] and one number. */
  cases: ([[3, 4], [4], [3, 1], []] as const).map((shape) => ({
    shape,
    numbers: (a: Numbers, b: Numbers) =>
      a.map((v, i) =>
        f(v, b[shape.length === 0 ? 0 : shape.length === 1 ? i % 4 : shape[1] === 1 ? Math.floor(i / 4) : i]!),
      ),
  })),
});
const unary = (tensors: (x: Tensor) => Tensor, f: (x: number) => number, positive = false): Case[] => [
  { shapes: [[3, 4]], tensors, numbers: each(f), positive },
];
const binary = (
  tensors: (a: Tensor, b: Tensor) => Tensor,
  f: (a: number, b: number) => number,
  positive = false,
): Case[] => pairs(f).cases.map(({ shape, numbers }) => ({ shapes: [[3, 4], shape], tensors, numbers, positive }));
const rows = (x: Numbers): Numbers[] => [0, 1, 2].map((i) => x.subarray(4 * i, 4 * i + 4));
const total = (x: Numbers): number => x.reduce((a, b) => a + b, 0);

/** Abramowitz & Stegun 7.1.5: Σ (−1)ⁿ x²ⁿ⁺¹ / (n! (2n + 1)) · 2/√π. */
function erfSeries(x: number): number {
  let [sum, term] = [0, x];
  for (let n = 0; n < 60; n++, term *= (-x * x) / n) sum += term / (2 * n + 1);
  return (2 / Math.sqrt(Math.PI)) * sum;
}

const CASES: Readonly<Record<string, readonly Case[]>> = {
  add: binary(add, (a, b) => a + b),
  sub: binary(sub, (a, b) => a - b),
  mul: binary(mul, (a, b) => a * b),
  div: binary(div, (a, b) => a / b, true),
  squaredDifference: binary(squaredDifference, (a, b) => (a - b) ** 2),
  maximum: binary(maximum, Math.max),
  neg: unary(neg, (x) => -x),
  square: unary(square, (x) => x * x),
  abs: unary(abs, Math.abs),
  relu: unary(relu, (x) => Math.max(x, 0)),
  log: unary(log, Math.log, true),
  exp: unary(exp, Math.exp),
  sqrt: unary(sqrt, Math.sqrt, true),
  softplus: unary(softplus, (x) => Math.log1p(Math.exp(x))),
  sigmoid: unary(sigmoid, (x) => 1 / (1 + Math.exp(-x))),
  tanh: unary(tanh, Math.tanh),
  erf: unary(erf, erfSeries),
  'a reuse of the same tensor': unary(
    (x) => add(mul(x, x), x),
    (x) => x * x + x,
  ),
  reshape: [{ shapes: [[3, 4]], tensors: (x) => reshape(x, [2, 6]), numbers: (x) => x }],
  transpose: [
    {
      shapes: [[3, 4]],
      tensors: (x) => transpose(x),
      numbers: (x) => x.map((_, i) => x[(i % 3) * 4 + Math.floor(i / 3)]!),
    },
  ],
  'transpose of three axes': [
    {
      shapes: [[2, 3, 4]],
      tensors: (x) => transpose(x, [2, 0, 1]),
      numbers: (x) => x.map((_, i) => x[(i % 6) * 4 + Math.floor(i / 6)]!),
    },
  ],
  sum: [
    { shapes: [[3, 4]], tensors: (x) => sum(x), numbers: (x) => [total(x)] },
    { shapes: [[3, 4]], tensors: (x) => sum(x, 1), numbers: (x) => rows(x).map(total) },
    { shapes: [[3, 4]], tensors: (x) => sum(x, -1, true), numbers: (x) => rows(x).map(total) },
    { shapes: [[3, 4]], tensors: (x) => sum(x, [0, 1]), numbers: (x) => [total(x)] },
  ],
  mean: [
    { shapes: [[3, 4]], tensors: (x) => mean(x), numbers: (x) => [total(x) / 12] },
    { shapes: [[3, 4]], tensors: (x) => mean(x, 1, true), numbers: (x) => rows(x).map((r) => total(r) / 4) },
  ],
  max: [
    { shapes: [[3, 4]], tensors: (x) => max(x), numbers: (x) => [Math.max(...x)] },
    { shapes: [[3, 4]], tensors: (x) => max(x, 1), numbers: (x) => rows(x).map((r) => Math.max(...r)) },
  ],
  product: [
    {
      shapes: [
        [3, 4],
        [4, 2],
      ],
      tensors: (a, b) => product(a as Tensor2D, b as Tensor2D),
      numbers: (a, b) =>
        [0, 1, 2].flatMap((i) =>
          [0, 1].map((j) => [0, 1, 2, 3].reduce((s, k) => s + a[4 * i + k]! * b[2 * k + j]!, 0)),
        ),
    },
  ],
  unitRows: [
    {
      shapes: [[3, 4]],
      tensors: (x) => unitRows(x as Tensor2D),
      numbers: (x) => rows(x).flatMap((r) => [...r.map((v) => v / Math.hypot(...r))]),
    },
  ],
};

export function gradientContract(open: () => Promise<TrainingBackend>): void {
  describe('derivatives equal finite differences in float64', () => {
    for (const [name, cases] of Object.entries(CASES)) {
      test(name, async () => {
        await open();
        for (const { shapes, tensors, numbers, positive = false } of cases) {
          const random = new Random(11);
          const inputs = shapes.map((shape) =>
            Float64Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () =>
              Math.fround(positive ? 0.5 + random.float() : random.normal()),
            ),
          );
          const share = Float64Array.from(numbers(...inputs), () => Math.fround(random.normal()));
          const value = (): number => Array.from(numbers(...inputs)).reduce((s, v, i) => s + v * share[i]!, 0);
          const loss = (...x: Tensor[]): Tensor => {
            const y = tensors(...x);
            return sum(mul(y, tensor(Float32Array.from(share), y.shape)));
          };
          await expectGradients(
            inputs.map((x, i) => ({ x, shape: shapes[i]! })),
            loss,
            value,
          );
        }
      });
    }

    test('a product with a fixed matrix, a shared bias and unit rows together', async () => {
      await open();
      const random = new Random(5);
      const draw = (length: number): Float64Array => Float64Array.from({ length }, () => Math.fround(random.normal()));
      const [x, weights, bias, target] = [draw(5 * 6), draw(6 * 3), draw(3), draw(5 * 3)];
      const value = (): number => {
        let loss = 0;
        for (let i = 0; i < 5; i++) {
          const z = [0, 1, 2].map((o) =>
            [0, 1, 2, 3, 4, 5].reduce((s, j) => s + x[6 * i + j]! * weights[3 * j + o]!, bias[o]!),
          );
          loss += z.reduce((s, v, o) => s + (v / Math.hypot(...z) - target[3 * i + o]!) ** 2, 0);
        }
        return loss;
      };
      await expectGradients(
        [
          { x: weights, shape: [6, 3] },
          { x: bias, shape: [3] },
        ],
        (w, b) =>
          sum(
            square(
              sub(
                unitRows(add(product(tensor2d(Float32Array.from(x), [5, 6]), w as Tensor2D), b)),
                tensor2d(Float32Array.from(target), [5, 3]),
              ),
            ),
          ),
        value,
      );
    });

    test('a zero row has a finite slope, equal maxima share theirs', async () => {
      await open();
      const [, [atZero]] = await valueAndSlopes(
        (x) => sum(unitRows(x as Tensor2D)),
        [{ x: new Float64Array(3), shape: [1, 3] }],
      );
      expect(atZero!.every(Number.isFinite)).toBe(true);
      const [, [shared]] = await valueAndSlopes((x) => max(x), [{ x: Float64Array.of(2, 1, 2), shape: [3] }]);
      expect([...shared!]).toEqual([0.5, 0, 0.5]);
    });
  });

  describe('fitByGradient', () => {
    const target = [3, -2, 0.5];
    const bowl = (overrides: Partial<FitOptions>) => async (): Promise<FitOptions> => ({
      backend: await open(),
      parameters: [{ name: 'p', value: new Float32Array(3), shape: [3] }],
      loss: ([p]) => sum(squaredDifference(p!, tensor(target))),
      steps: 300,
      learningRate: () => 0.1,
      ...overrides,
    });
    const fit = async (overrides: Partial<FitOptions>) => fitByGradient(await bowl(overrides)());

    test('finds the lowest point of a bowl, of two parameters of other shapes, and leaves no tensor behind', async () => {
      const backend = await open();
      const start = Float32Array.of(1, 1, 1, 1);
      const seen: FitStep[] = [];
      const before = memory().numTensors;
      const { values, stepsRun, best } = await fitByGradient({
        backend,
        parameters: [
          { name: 'm', value: start, shape: [2, 2] },
          { name: 's', value: Float32Array.of(0), shape: [] },
        ],
        // The minimum is at s = 2 and m = 2 s.
        loss: ([m, s]) => add(sum(square(sub(m!, mul(s!, 2)))), square(sub(s!, 2))),
        steps: 400,
        learningRate: (step) => (step < 200 ? 0.1 : 0.01),
        onStep: (progress) => seen.push(progress),
      });
      expect(memory().numTensors).toBe(before);
      expect(values[0]!.every((v) => Math.abs(v - 4) < 0.05)).toBe(true);
      expect(values[1]![0]).toBeCloseTo(2, 1);
      expect({ stepsRun, best }).toEqual({ stepsRun: 400, best: null });
      expect(seen.map(({ step }) => step)).toEqual(Array.from({ length: 400 }, (_, i) => i + 1));
      expect(seen[0]!.loss).toBeCloseTo(4 + 4, 5);
      expect([...start]).toEqual([1, 1, 1, 1]);
    });

    test('steps are AdamW’s in float64', async () => {
      const [p, m, v] = [new Float64Array(3), new Float64Array(3), new Float64Array(3)];
      const rate = (step: number): number => 0.1 / (step + 1);
      for (let t = 1; t <= 20; t++) {
        for (let i = 0; i < 3; i++) {
          const g = 2 * (p[i]! - target[i]!);
          m[i] = 0.9 * m[i]! + 0.1 * g;
          v[i] = 0.999 * v[i]! + 0.001 * g * g;
          p[i] =
            p[i]! * (1 - rate(t - 1) * 0.3) -
            (rate(t - 1) * (m[i]! / (1 - 0.9 ** t))) / (Math.sqrt(v[i]! / (1 - 0.999 ** t)) + 1e-8);
        }
      }
      const { values } = await fit({ steps: 20, learningRate: rate, weightDecay: 0.3 });
      expect(relativeError(values[0]!, p)).toBeLessThan(1e-5);
    });

    test('keeps the best checked values, the start included, and ends when the patience is used up', async () => {
      const seen: number[] = [];
      // Best where p[0] passes 1, worse afterwards.
      const { values, stepsRun, step, best } = await fit({
        check: ([p]) => {
          seen.push(p![0]!);
          return -Math.abs(p![0]! - 1);
        },
        checkEvery: 2,
        patience: 3,
      });
      const scores = seen.map((v) => -Math.abs(v - 1));
      const at = scores.indexOf(Math.max(...scores));
      expect({ step, stepsRun, best }).toEqual({ step: 2 * at, stepsRun: 2 * (at + 3), best: scores[at] });
      expect(values[0]![0]).toBe(seen[at]);
      expect(seen.length).toBe(at + 4);
      const worse = await fit({ steps: 5, check: ([p]) => -Math.abs(p![0]!) });
      expect(worse).toMatchObject({ step: 0, stepsRun: 5, best: -0 });
      expect([...worse.values[0]!]).toEqual([0, 0, 0]);
    });

    test('checks the last step too, and waits for a check that takes time', async () => {
      const steps: number[] = [];
      const { step } = await fit({
        steps: 5,
        checkEvery: 3,
        check: async ([p]) => (await Promise.resolve(), steps.push(p![0]!), p![0]!),
      });
      expect(steps).toHaveLength(3);
      expect(step).toBe(5);
    });

    test('cancelling rejects with the reason of the signal and leaves no tensor behind', async () => {
      const controller = new AbortController();
      const reason = new Error('enough');
      const abortAtThird = ({ step }: FitStep): void => {
        if (step === 3) controller.abort(reason);
      };
      const options = await bowl({ steps: 1000, signal: controller.signal, onStep: abortAtThird })();
      const before = memory().numTensors;
      await expect(fitByGradient(options)).rejects.toBe(reason);
      expect(memory().numTensors).toBe(before);
      await expect(fitByGradient(options)).rejects.toBe(reason);
    });

    test('a timer can cancel it', async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 100);
      await expect(fit({ steps: 10_000_000, signal: controller.signal })).rejects.toMatchObject({ name: 'AbortError' });
    });

    for (const [what, code, overrides] of [
      ['a loss that is not a number', 'not-finite', { loss: ([p]) => sum(log(sub(p!, 1))) }],
      ['values that are not numbers', 'not-finite', { steps: 1, learningRate: () => Infinity }],
      ['an operation without a derivative', undefined, { loss: ([p]) => sum(sin(p!)) }],
      [
        'a loss that throws half-way',
        undefined,
        { loss: ([p]) => sum(product(square(p!) as Tensor2D, tensor2d([1], [1, 1]))) },
      ],
      ['a check that throws', undefined, { check: () => Promise.reject(new Error('no')) }],
    ] as [string, string | undefined, Partial<FitOptions>][]) {
      test(`${what} is an error and leaves no tensor behind`, async () => {
        const options = await bowl(overrides)();
        const before = memory().numTensors;
        await expect(fitByGradient(options)).rejects.toMatchObject(
          code === undefined ? { message: expect.any(String) as string } : { code },
        );
        expect(memory().numTensors).toBe(before);
        expect((await fit({ steps: 1 })).stepsRun).toBe(1);
      });
    }
  });
}
