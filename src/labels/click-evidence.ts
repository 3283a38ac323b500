// Which clicks become labels. People click what is ranked first, so a click counts fully only where its source passed
// over a better ranked result ("click > skip above", Joachims 2002), else half; and no single source makes a label,
// however often it clicks. This is no defence against one person with many sources: give each visitor a source that
// cannot be chosen.

import { EraError } from '../errors.ts';
import { queryKey } from './query-key.ts';

/** A click on a result. */
export interface Click {
  /** The query as it was asked. */
  readonly query: string;
  /** Id of the passage that the result showed. */
  readonly passageId: string;
  /** Rank in the list that was shown, from 1. */
  readonly rank: number;
  /** Id of the visitor or session that clicked. Not empty. */
  readonly source: string;
  /** Milliseconds since 1970. @default 0, before all clicks with a time */
  readonly atMs?: number | undefined;
}

/** Which clicks make a label. */
export interface ClickRules {
  /** Query-passage pairs of one source that count, its earliest. @default 20 */
  readonly maxPerSource?: number | undefined;
  /** Weight that makes a label, and so the minimum number of sources: each adds 1 or a half. @default 2 */
  readonly minSources?: number | undefined;
}

const HALF = 0.5;

interface Pair {
  readonly key: string;
  readonly passageId: string;
  atMs: number;
  readonly ranks: Set<number>;
}

/**
 * Query key → passages that are relevant by their clicks. The order of the clicks does not matter.
 * @throws EraError `invalid-option`
 */
export function acceptedClicks(
  clicks: readonly Click[],
  { maxPerSource = 20, minSources = 2 }: ClickRules = {},
): Map<string, Set<string>> {
  if (!(maxPerSource >= 1 && minSources >= 1))
    throw new EraError('invalid-option', 'Click rules are numbers from 1 up.');
  const weights = new Map<string, Map<string, number>>();
  for (const pairs of pairsBySource(clicks)) {
    const clickedRanks = new Map<string, Set<number>>();
    for (const { key, ranks } of pairs) clickedRanks.set(key, new Set([...(clickedRanks.get(key) ?? []), ...ranks]));
    for (const { key, passageId, ranks } of pairs.slice(0, maxPerSource)) {
      const ofQuery = weights.get(key) ?? new Map<string, number>();
      weights.set(key, ofQuery);
      const weight = passedOver(ranks, clickedRanks.get(key)!) ? 1 : HALF;
      ofQuery.set(passageId, (ofQuery.get(passageId) ?? 0) + weight);
    }
  }
  const accepted = new Map<string, Set<string>>();
  for (const [key, ofQuery] of weights)
    accepted.set(key, new Set([...ofQuery].filter(([, weight]) => weight >= minSources).map(([id]) => id)));
  return accepted;
}

/** For each source, each query and passage once, earliest first. */
function pairsBySource(clicks: readonly Click[]): Pair[][] {
  const sources = new Map<string, Map<string, Pair>>();
  for (const { query, passageId, rank, source, atMs = 0 } of clicks) {
    const pairs = sources.get(source) ?? new Map<string, Pair>();
    sources.set(source, pairs);
    const key = queryKey(query);
    const name = JSON.stringify([key, passageId]);
    const pair = pairs.get(name) ?? { key, passageId, atMs, ranks: new Set<number>() };
    pairs.set(name, pair);
    pair.atMs = Math.min(pair.atMs, atMs);
    pair.ranks.add(rank);
  }
  return [...sources.values()].map((pairs) =>
    [...pairs]
      .sort(([a, { atMs: first }], [b, { atMs: second }]) => first - second || (a < b ? -1 : 1))
      .map(([, pair]) => pair),
  );
}

/** True where this source never clicked some rank above one of `ranks` for this query. */
function passedOver(ranks: ReadonlySet<number>, clicked: ReadonlySet<number>): boolean {
  for (let above = 1; above < Math.max(...ranks); above++) if (!clicked.has(above)) return true;
  return false;
}
