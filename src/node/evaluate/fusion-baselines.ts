// The two fusions that most engines use, as baselines of the product's. Both return scores in the order of the
// candidates.

import type { Candidates } from '../../search/fusion.ts';

/**
 * Reciprocal rank fusion, Σ 1 / (k + rank) (Cormack, Clarke, Büttcher 2009); a retriever adds nothing for documents
 * that it did not find.
 */
export function fuseByRank({ ids, keyword, dense }: Candidates, k = 60): Float64Array {
  const fused = new Float64Array(ids.length);
  for (const scores of [keyword, dense]) {
    const found = [...ids.keys()].filter((i) => scores === dense || scores[i]! > 0);
    found
      .sort((a, b) => scores[b]! - scores[a]! || ids[a]! - ids[b]!)
      .forEach((i, place) => (fused[i]! += 1 / (k + place + 1)));
  }
  return fused;
}

/** Half of each retriever's scores, divided by its best score, as in Orama. */
export function fuseByHalves({ keyword, dense }: Candidates): Float64Array {
  const halves = [keyword, dense].map((scores) => {
    const most = scores.reduce((best, score) => Math.max(best, score), 0);
    return Float64Array.from(scores, (score) => (most > 0 ? (0.5 * score) / most : 0));
  });
  return halves[0]!.map((half, i) => half + halves[1]![i]!);
}
