// Operations on ranked lists: joins the documents of two, with both scores of each known exactly, and ranks by score.

import type { Candidates } from './fusion.ts';
import type { LegScore } from './hits.ts';
import type { RankedList } from './retriever.ts';

/** Documents of either list, ids ascending. */
export async function joinLists(keyword: RankedList, dense: RankedList): Promise<Candidates> {
  const all = new Int32Array(keyword.ids.length + dense.ids.length);
  all.set(keyword.ids);
  all.set(dense.ids, keyword.ids.length);
  const ids = all.sort().filter((id, i) => i === 0 || id !== all[i - 1]);
  const [byWords, byMeaning] = await Promise.all([keyword.scoresOf(ids), dense.scoresOf(ids)]);
  return { ids, keyword: byWords, dense: byMeaning };
}

/** Candidates best first; ties go to the smaller id. @param scores one for each of `ids` */
export function rankByScore(
  ids: Int32Array<ArrayBuffer>,
  scores: ArrayLike<number>,
): Pick<RankedList, 'ids' | 'scores'> {
  const order = Int32Array.from(ids.keys()).sort((a, b) => scores[b]! - scores[a]! || ids[a]! - ids[b]!);
  return { ids: order.map((i) => ids[i]!), scores: Float32Array.from(order, (i) => scores[i]!) };
}

/** Rank and score of every document of the list. */
export function placesIn({ ids, scores }: Pick<RankedList, 'ids' | 'scores'>): ReadonlyMap<number, LegScore> {
  return new Map(Array.from(ids, (id, i) => [id, { rank: i + 1, score: scores[i]! }]));
}
