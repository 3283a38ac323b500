// Wrong labels do not harm a site, and right ones are still learned from: many sites with topics and new queries.

import { expect, test } from 'vitest';
import { mean } from '../../evaluate/statistics.ts';
import { quantizeRows, type QuantizedVectors } from '../../math/quantize.ts';
import { Random } from '../../math/random.ts';
import { normalizeRows, row, stackRows } from '../../math/vector.ts';
import { applyAdapter, type LinearAdapter } from '../adapter.ts';
import { whitenDocuments } from '../align/whiten.ts';
import { plainRank } from '../plain-rank.fixture.ts';
import type { Rank } from '../rank.ts';
import { scoreQueries } from '../selection.ts';
import { identityAdapter } from '../initial.ts';
import { adaptClosedForm } from './closed-form.ts';

const unitNormals = (random: Random, n: number, dims: number): Float32Array<ArrayBuffer> => {
  const rows = Float32Array.from({ length: n * dims }, () => random.normal());
  normalizeRows(rows, dims);
  return rows;
};

/** A site: 300 passages in 15 topics with a common component, and queries at some distance from their passage. */
function siteOf(random: Random): {
  start: LinearAdapter;
  vectors: QuantizedVectors;
  rank: Rank;
  queries: (about: readonly number[]) => Float32Array<ArrayBuffer>;
} {
  const [dims, count, topics] = [24, 300, 15];
  const centres = unitNormals(random, topics + 1, dims);
  const around = (centre: Float32Array, noise: number): Float32Array =>
    centre.map((v) => v + (noise / Math.sqrt(dims)) * random.normal());
  const common = row(centres, topics, dims);
  const documents = stackRows(
    Array.from({ length: count }, (_, i) =>
      around(row(centres, i % topics, dims), 0.7).map((v, j) => v + 0.7 * common[j]!),
    ),
    dims,
  );
  normalizeRows(documents, dims);
  const queries = (about: readonly number[]): Float32Array<ArrayBuffer> => {
    const rows = stackRows(
      about.map((passage) => around(row(documents, passage, dims), 0.9)),
      dims,
    );
    normalizeRows(rows, dims);
    return rows;
  };
  const vectors = quantizeRows(documents, dims);
  const start = identityAdapter({ model: 'small', revision: 'main', dtype: 'q8', pooling: 'mean', prompt: '', dims });
  return { start, vectors, rank: plainRank(vectors), queries };
}

/**
 * On 50 sites: the share on which labels changed the adapter, and the mean effect on 100 new queries in points of
 * nDCG@10.
 */
async function effectOf(labels: number, trueShare: number): Promise<{ applied: number; points: number }> {
  const random = new Random(42);
  const sites = 50;
  let [applied, points] = [0, 0];
  for (let seed = 0; seed < sites; seed++) {
    const { start, vectors, rank, queries } = siteOf(random);
    const draw = (n: number): number[] => Array.from({ length: n }, () => random.below(vectors.scales.length));
    const about = draw(labels);
    const relevant = about.map((passage) => new Map([[random.float() < trueShare ? passage : draw(1)[0]!, 1]]));
    const inUse = whitenDocuments(start, vectors, 0.25);
    const result = await adaptClosedForm({ start, inUse, x: queries(about), relevant, vectors, rank, seed });
    const fresh = draw(100);
    const x = queries(fresh);
    const truth = fresh.map((passage) => new Map([[passage, 1]]));
    const score = async (adapter: LinearAdapter): Promise<number> =>
      100 * mean(await scoreQueries(applyAdapter(adapter, x), truth, rank));
    if (result.applied) applied++;
    points += ((await score(result.adapter)) - (await score(inUse))) / sites;
  }
  return { applied: applied / sites, points };
}

/**
 * Measured: nothing applied on 100 sites. Without the guard of label-noise.ts: 2 % and 26 %, at −0.4 and −10.3 points
 * on the mean.
 */
test.each([12, 60])(
  '%i labels that are pure noise are not believed, and do no harm to fresh queries',
  { timeout: 600_000 },
  async (labels) => {
    const { applied, points } = await effectOf(labels, 0);
    expect(applied).toBeLessThanOrEqual(0.05);
    expect(points).toBeGreaterThanOrEqual(-0.5);
  },
);

/** Measured: 3 of 10 right: 26 % applied, ±0.0 points; all right: 46 %, +0.4. The sites start at 75 to 90 points. */
test.each([
  [0.3, 0.1],
  [1, 0.3],
])(
  '40 labels of which a share of %d is right are learned from, without harm',
  { timeout: 600_000 },
  async (trueShare, least) => {
    const { applied, points } = await effectOf(40, trueShare);
    expect(applied).toBeGreaterThan(least);
    expect(points).toBeGreaterThan(-0.5);
  },
);
