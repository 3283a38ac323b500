import { expect, test } from 'vitest';
import { applyAdapter } from '../../adapter/adapter.ts';
import { Random } from '../../math/random.ts';
import { normalizeRows } from '../../math/vector.ts';
import { fitBase, LAMBDAS, type TextGroup } from './fit-base.ts';

const FRAME = { path: 'remote', from: ['large'], to: 'small' } as const;
const [D_IN, D_OUT] = [6, 4];

/** Texts of a task whose large vectors are a fixed map of the small ones, plus noise. */
function group(n: number, noise: number, seed: number): TextGroup {
  const random = new Random(seed);
  const y = normalizeRows(
    Float32Array.from({ length: n * D_OUT }, () => random.normal()),
    D_OUT,
  );
  const x = new Float32Array(n * D_IN);
  for (let i = 0; i < n; i++)
    for (let j = 0; j < D_IN; j++)
      x[i * D_IN + j] = y[i * D_OUT + (j % D_OUT)]! * (1 + j / 10) + noise * random.normal();
  return { x: normalizeRows(x, D_IN), y };
}

test('recovers a map that is common to all tasks, also for an unseen task', () => {
  const { adapter, lambda, heldOutCosines } = fitBase(
    [group(80, 0, 1), group(60, 0, 2), group(90, 0, 3)],
    FRAME,
    D_IN,
    D_OUT,
  );
  expect(lambda).toBe(LAMBDAS[0]);
  expect(heldOutCosines.get(lambda)!).toBeGreaterThan(0.99);
  const { x, y } = group(20, 0, 9);
  const mapped = applyAdapter(adapter, x);
  expect(Math.max(...mapped.map((value, i) => Math.abs(value - y[i]!)))).toBeLessThan(0.1);
  expect(adapter).toMatchObject({ ...FRAME, dIn: D_IN, dOut: D_OUT });
});

test('chooses more shrinkage where texts are few and noisy', () => {
  const { lambda } = fitBase([group(4, 1, 1), group(4, 1, 2)], FRAME, D_IN, D_OUT);
  expect(lambda).toBeGreaterThan(LAMBDAS[0]!);
});

test('a single task is refused: nothing could be left out', () => {
  expect(() => fitBase([group(10, 0, 1)], FRAME, D_IN, D_OUT)).toThrow(
    expect.objectContaining({ code: 'invalid-input' }) as Error,
  );
});
