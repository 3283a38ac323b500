// Doc ids and scores from outside, such as a server's or an extension's: what the ranking relies on, each fault named.

import type { EraError } from '../errors.ts';

/** Makes the error of a fault, such as “the doc id 7 twice”. @param id that it is about */
export type Refuse = (fault: string, id?: string) => EraError;

/**
 * @param given null for what is no list
 * @returns whole numbers below `count`, none twice, at most `most` of them
 */
export function checkedIds(
  given: readonly unknown[] | null,
  { count, most }: { readonly count: number; readonly most: number },
  refuse: Refuse,
): Int32Array<ArrayBuffer> {
  if (!given || given.length > most) throw refuse(`no list of at most ${most} doc ids`);
  const seen = new Set<unknown>();
  for (const id of given) {
    if (!Number.isInteger(id) || (id as number) < 0 || (id as number) >= count)
      throw refuse(`the unknown doc id ${String(id)}`, String(id));
    if (seen.has(id)) throw refuse(`the doc id ${String(id)} twice`, String(id));
    seen.add(id);
  }
  return Int32Array.from(given as number[]);
}

/**
 * @param given null for what is no list
 * @param isScore what a score may be, and how a message calls it
 * @returns one score for each of `ids`
 */
export function checkedScores(
  given: readonly unknown[] | null,
  ids: Int32Array,
  [isScore, name]: readonly [(score: number) => boolean, string],
  refuse: Refuse,
): Float32Array<ArrayBuffer> {
  if (given?.length !== ids.length) throw refuse(`no list of ${ids.length} scores`);
  const at = given.findIndex((score) => typeof score !== 'number' || !isScore(score));
  if (at >= 0)
    throw refuse(`for the doc id ${ids[at]} the score ${String(given[at])}, which is no ${name}`, String(ids[at]));
  return Float32Array.from(given as number[]);
}
