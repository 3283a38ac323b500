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
  const [byWords, byMeaning] = await Promise.all([scoresIn(keyword, ids), scoresIn(dense, ids)]);
  return { ids, keyword: byWords, dense: byMeaning };
}

/** `scoresOf`, where most scores are those of the list. */
async function scoresIn(list: RankedList, ids: Int32Array): Promise<Float32Array<ArrayBuffer>> {
  const known = new Map(Array.from(list.ids, (id, i) => [id, list.scores[i]!]));
  const others = ids.filter((id) => !known.has(id));
  if (others.length > 0) (await list.scoresOf(others)).forEach((score, i) => known.set(others[i]!, score));
  return Float32Array.from(ids, (id) => known.get(id)!);
}

/** Candidates best first; ties go to the smaller id. @param scores one for each of `ids` */
export function rankByScore(
  ids: Int32Array<ArrayBuffer>,
  scores: ArrayLike<number>,
): Pick<RankedList, 'ids' | 'scores'> {
  if (scores instanceof Float32Array && ids.every((id) => id < PACKED_IDS)) return rankPacked(ids, scores);
  const order = Int32Array.from(ids.keys()).sort((a, b) => scores[b]! - scores[a]! || ids[a]! - ids[b]!);
  return { ids: order.map((i) => ids[i]!), scores: Float32Array.from(order, (i) => scores[i]!) };
}

/** Ids below this and a score in float32 are one whole number together. */
const PACKED_IDS = 2 ** 21;

/** The same, sorted as numbers: a sort that calls back takes several times as long. */
function rankPacked(ids: Int32Array, scores: Float32Array): Pick<RankedList, 'ids' | 'scores'> {
  // The bits of a float32, as a whole number that falls as the score rises. Adding 0 turns −0 into 0.
  const float = new Float32Array(1);
  const bits = new Uint32Array(float.buffer);
  const keys = new Float64Array(ids.length);
  for (let i = 0; i < ids.length; i++) {
    float[0] = scores[i]! + 0;
    const rising = bits[0]! < SIGN ? bits[0]! + SIGN : ~bits[0]! >>> 0;
    keys[i] = (LARGEST - rising) * PACKED_IDS + ids[i]!;
  }
  keys.sort();
  const ranked = { ids: new Int32Array(ids.length), scores: new Float32Array(ids.length) };
  for (let i = 0; i < keys.length; i++) {
    const id = keys[i]! % PACKED_IDS;
    const rising = LARGEST - (keys[i]! - id) / PACKED_IDS;
    bits[0] = rising >= SIGN ? rising - SIGN : ~rising >>> 0;
    ranked.ids[i] = id;
    ranked.scores[i] = float[0]!;
  }
  return ranked;
}

const SIGN = 2 ** 31;
const LARGEST = 2 ** 32 - 1;

/** Rank and score of every document of the list. */
export function placesIn({ ids, scores }: Pick<RankedList, 'ids' | 'scores'>): ReadonlyMap<number, LegScore> {
  return new Map(Array.from(ids, (id, i) => [id, { rank: i + 1, score: scores[i]! }]));
}
