import { describe, expect, it } from 'vitest';
import { kMeans } from './k-means.ts';
import { Random } from './random.ts';

const pause = (): Promise<void> => Promise.resolve();

/** Points around the corners of a square. */
function corners(each: number): Float32Array<ArrayBuffer> {
  const random = new Random(3);
  return Float32Array.from(
    Array.from({ length: 4 * each }, (_, i) => [
      (i % 2 === 0 ? -5 : 5) + random.normal() / 10,
      (i % 4 < 2 ? -5 : 5) + random.normal() / 10,
    ]).flat(),
  );
}

describe('k-means', () => {
  it('finds clusters that are far apart, with their means as centres', async () => {
    const points = corners(40);
    const { centres, clusterOf } = await kMeans(points, 2, { count: 4, pause });
    const groups = [0, 1, 2, 3].map((corner) => new Set(clusterOf.filter((_, i) => i % 4 === corner)));
    expect(groups.map((group) => group.size)).toEqual([1, 1, 1, 1]);
    expect(new Set(clusterOf).size).toBe(4);
    const first = points.filter((_, at) => Math.floor(at / 2) % 4 === 0);
    const mean = first.filter((_, at) => at % 2 === 0).reduce((sum, x) => sum + x, 0) / 40;
    expect(centres[clusterOf[0]! * 2]).toBeCloseTo(mean, 5);
  });

  it('gives the same clusters each time, from a sample too', async () => {
    const points = corners(50);
    for (const sample of [undefined, 60]) {
      const [one, two] = await Promise.all([1, 2].map(() => kMeans(points, 2, { count: 6, sample, pause })));
      expect(two).toEqual(one);
      expect(one!.clusterOf).toHaveLength(200);
    }
  });

  it('has no more clusters than distinct vectors, and none that is empty', async () => {
    for (const [points, distinct] of [
      [Float32Array.of(1, 2), 1],
      [Float32Array.of(1, 1, 1, 1, 1, 1), 1],
      [Float32Array.of(1, 1, 2, 2, 1, 1, 2, 2), 2],
    ] as const) {
      const { centres, clusterOf } = await kMeans(points, 2, { count: 5, pause });
      expect(centres).toHaveLength(2 * distinct);
      expect(new Set(clusterOf).size).toBe(distinct);
    }
  });

  it('ends when its pause rejects', async () => {
    const reason = new Error('enough');
    await expect(kMeans(corners(9), 2, { count: 3, pause: () => Promise.reject(reason) })).rejects.toBe(reason);
  });
});
