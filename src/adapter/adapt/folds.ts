// Divisions of labelled queries for cross-validation. By query: held-out queries resemble later ones, some of whose
// passages have labels. By passage: no held-out query shares a relevant passage with the queries that are learned from.

import { groupBy } from '../../group-by.ts';
import { Random } from '../../math/random.ts';

export interface Fold {
  /** Query numbers to learn from; may be empty. */
  readonly train: readonly number[];
  /** Query numbers to score; never empty. Every query is held out in exactly one fold. */
  readonly held: readonly number[];
}

/** Random folds whose sizes differ by one at most; one query per fold when there are fewer queries than folds. */
export function foldsByQuery(n: number, count: number, seed: number): Fold[] {
  const parts = emptyParts(Math.min(count, n));
  shuffled(n, seed).forEach((query, at) => parts[at % parts.length]!.push(query));
  return parts.map((held) => ({ held, train: without(n, new Set(held)) }));
}

/**
 * Groups stay together, in folds of about equal size. A group too large for one fold is cut, and queries that share a
 * passage with the held-out part are left out of that fold's training.
 * @param positives per query its relevant passages
 */
export function foldsByPassage(positives: readonly (readonly number[])[], count: number, seed: number): Fold[] {
  const n = positives.length;
  const size = Math.ceil(n / count);
  const order = shuffled(n, seed);
  const place = new Map(order.map((query, at) => [query, at]));
  const pieces: number[][] = [];
  for (const group of groupsByPassage(positives)) {
    // Queries about the same passage are adjacent, so that a cut separates few of them.
    group.sort((a, b) => Math.min(...positives[a]!) - Math.min(...positives[b]!) || place.get(a)! - place.get(b)!);
    for (let start = 0; start < group.length; start += size) pieces.push(group.slice(start, start + size));
  }
  pieces.sort((a, b) => b.length - a.length || place.get(a[0]!)! - place.get(b[0]!)!);
  const parts = emptyParts(Math.min(count, pieces.length));
  for (const piece of pieces) parts.reduce((least, part) => (part.length < least.length ? part : least)).push(...piece);
  return parts.map((held) => {
    const shown = new Set(held.flatMap((query) => positives[query]!));
    return {
      held,
      train: without(n, new Set(held)).filter((query) => !positives[query]!.some((passage) => shown.has(passage))),
    };
  });
}

/** Queries that share a relevant passage, directly or through others, are in one group. */
export function groupsByPassage(positives: readonly (readonly number[])[]): number[][] {
  const parent = Array.from(positives.keys());
  const root = (query: number): number => {
    let at = query;
    while (parent[at] !== at) at = parent[at] = parent[parent[at]!]!;
    return at;
  };
  const firstOf = new Map<number, number>();
  positives.forEach((own, query) => {
    for (const passage of own) {
      const first = firstOf.get(passage);
      if (first === undefined) firstOf.set(passage, query);
      else parent[root(query)] = root(first);
    }
  });
  return [...groupBy(positives.keys(), root).values()];
}

function shuffled(n: number, seed: number): number[] {
  return new Random(seed).shuffle(Array.from({ length: n }, (_, i) => i));
}

function emptyParts(count: number): number[][] {
  return Array.from({ length: count }, () => []);
}

function without(n: number, held: ReadonlySet<number>): number[] {
  return Array.from({ length: n }, (_, i) => i).filter((i) => !held.has(i));
}
