import { describe, expect, test, vi } from 'vitest';
import { closedFormTrainer } from './closed-form-trainer.ts';
import { spaceId, type Space } from '../space.ts';
import { describeTrainer } from './trainer.contract.ts';

describe('closed-form', () =>
  describeTrainer({
    trainer: () => Promise.resolve(closedFormTrainer),
    bound: {
      // Ridge with λ = ½ shrinks every direction of 60 unit texts: ‖A‖ ≤ ‖Y‖ / (2√λ) ≤ √60 / √2. Scaling to outputs of
      // mean length 1 and whitening by 0.35 of at most 0.05 (20^0.35 ≤ 3) follow it.
      align: (3 * Math.sqrt(60)) / Math.SQRT2 / 0.1,
      // ‖ΔW‖ ≤ ‖R‖ / (2√(λ·scale)) with 60 rows of length at most 2.75, λ ≥ 0.3 and rows of x of length 1; whitening by
      // at most ½: 20^0.5.
      adapt: (largest) => Math.sqrt(20) * (largest + (2.75 * Math.sqrt(60)) / (2 * Math.sqrt(0.3))),
      because: 'ridge: a solution is at most what is asked for over twice the root of λ, in every direction',
    },
    chooses: true,
  }));

test('says where it computes, and why not in WebAssembly', async () => {
  const to: Space = { model: 'small', revision: '', dtype: 'q8', pooling: 'mean', prompt: '', dims: 4 };
  const input = { pairs: null, to, documents: null, paths: ['local'] } as const;
  const { local } = await closedFormTrainer.align(input, { seed: 1 });
  expect(local).toMatchObject({ device: 'wasm', refused: [], adapter: { to: spaceId(to) } });

  vi.resetModules();
  vi.spyOn(WebAssembly, 'Module').mockImplementation(function forbid() {
    throw new WebAssembly.CompileError('not allowed by the policy');
  });
  const { closedFormTrainer: without } = await import('./closed-form-trainer.ts');
  const plain = await without.align(input, { seed: 1 });
  vi.restoreAllMocks();
  expect(plain.local).toMatchObject({
    device: 'js',
    refused: [{ device: 'wasm', reason: 'not allowed by the policy' }],
  });
  expect(plain.local!.adapter).toEqual(local!.adapter);
});
