// Rankings of labelled queries by the whole search, keywords included, as a visitor gets them; the trainer worker ranks
// by vectors alone.

import type { QueryPath } from '../adapter/adapter.ts';
import type { Answer, UsedAdapter } from '../answer.ts';
import { EraError } from '../errors.ts';
import { SCORED_DEPTH } from '../evaluate/score-rankings.ts';
import type { LabelledQuery } from '../evaluate/task.ts';
import type { SearchMode } from '../search/query.ts';
import type { SearchOptions } from './search-options.ts';

/** One way to search. */
export interface SearchedRun extends UsedAdapter {
  /** What ranks: words, meaning or both. */
  readonly mode: SearchMode;
  /** Null for keywords alone. */
  readonly path: QueryPath | null;
}

/** Sections of one page that are ranked; a result never shows more. */
const SECTIONS = 10;

/**
 * Every query by all runs before the next one, since they share its list by keywords.
 * @param ask the collection's best answer
 * @returns for each run, for each query the rows of its hits, best first
 * @throws EraError of a degraded answer, since its ranking would be that of another run
 */
export async function searchedRankings(
  runs: readonly SearchedRun[],
  ask: (text: string, options: SearchOptions) => Promise<Answer>,
  labels: readonly LabelledQuery[],
  { signal, onDone }: { readonly signal?: AbortSignal | undefined; readonly onDone: () => void },
): Promise<number[][][]> {
  const rankings: number[][][] = runs.map(() => []);
  for (const { query } of labels) {
    for (const [i, { mode, path, stage, trainer }] of runs.entries()) {
      const answer = await ask(query, {
        mode,
        path: path ?? undefined,
        stage,
        trainer: trainer ?? undefined,
        limit: SCORED_DEPTH,
        sections: SECTIONS,
        snippetLength: 0,
        signal,
      });
      if (answer.degraded) throw answer.degraded;
      if (answer.source.ranking !== mode)
        throw new EraError('no-vectors', 'The passages’ vectors are not here yet: call “download” first.');
      rankings[i]!.push(rankedRows(answer));
      onDone();
    }
  }
  return rankings;
}

/** Sections by their own scores, on any page. */
function rankedRows({ pages }: Answer): number[] {
  const sections = pages.flatMap((page) => page.sections);
  return sections.sort((a, b) => b.score - a.score).map(({ row }) => row);
}
