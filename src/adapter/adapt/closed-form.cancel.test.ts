// Cancelling at the size of a real site: 1000 passages, 200 labels, both query vectors.

import { expect, test, vi } from 'vitest';
import { quantizeRows } from '../../math/quantize.ts';
import { Random } from '../../math/random.ts';
import { normalizeRows } from '../../math/vector.ts';
import { createRanker } from '../../scan/rank-many.ts';
import type { LinearAdapter } from '../adapter.ts';
import { adaptClosedForm, type AdaptClosedFormInput } from './closed-form.ts';

function realSize(): AdaptClosedFormInput {
  const random = new Random(42);
  const [dIn, dOut, passages, labels] = [1152, 384, 1000, 200];
  const normals = (length: number): Float32Array<ArrayBuffer> => Float32Array.from({ length }, () => random.normal());
  const unitRows = (n: number, dims: number): Float32Array<ArrayBuffer> => {
    const rows = normals(n * dims);
    normalizeRows(rows, dims);
    return rows;
  };
  const vectors = quantizeRows(unitRows(passages, dOut), dOut);
  const ranker = createRanker(vectors);
  const start: LinearAdapter = {
    path: 'both',
    from: ['small', 'large'],
    to: 'small',
    dIn,
    dOut,
    weight: normals(dIn * dOut),
    bias: new Float32Array(dOut),
    provenance: {},
  };
  // Every passage is relevant to two queries, so that both cross-validations run.
  const relevant = Array.from({ length: labels }, (_, i) => new Map([[i >> 1, 1]]));
  return {
    start,
    x: unitRows(labels, dIn),
    relevant,
    vectors,
    rank: (queries, k) => ranker.rank(queries, k),
    seed: 42,
  };
}

test(
  'a cancel that arrives during one piece of work stops the next one, with its reason, and the next run knows nothing of it',
  { timeout: 600_000 },
  async () => {
    const input = realSize();
    const short = { ...input, lambdas: [3], nus: [0], whitening: [0, 0.5], centring: [0] };
    const before = await adaptClosedForm({ ...short, force: true });
    // Every piece of work ends a turn of the event loop, as on a slow machine. Rankings and steps identify the pieces:
    // the rankings for hard negatives and for the adapter in use, a step for each setting.
    let nowMs = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => (nowMs += 1000));
    for (const [rankingsUntil, stepsUntil] of [
      [1, 0],
      [2, 0],
      [2, 1],
      [2, 3],
    ]) {
      const control = new AbortController();
      const reason = new Error(`after ranking ${rankingsUntil} and step ${stepsUntil}`);
      const seen = { rankings: 0, steps: 0 };
      const tell = (): void => {
        if (seen.rankings === rankingsUntil && seen.steps === stepsUntil) setTimeout(() => control.abort(reason));
      };
      const rank: AdaptClosedFormInput['rank'] = (queries, k) => {
        seen.rankings++;
        tell();
        return input.rank(queries, k);
      };
      const onProgress = ({ step }: { readonly step: number }): void => {
        seen.steps = step;
        tell();
      };
      await expect(adaptClosedForm({ ...short, force: true, rank, signal: control.signal, onProgress })).rejects.toBe(
        reason,
      );
      expect(seen).toEqual({ rankings: rankingsUntil, steps: stepsUntil });
    }
    vi.restoreAllMocks();
    expect(await adaptClosedForm({ ...short, force: true })).toEqual(before);
  },
);
