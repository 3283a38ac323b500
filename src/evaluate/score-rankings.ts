// Scores of a task's rankings. It knows nothing of vectors: any ranking of row numbers can be scored.

import { EraError } from '../errors.ts';
import { ndcg, recall, reciprocalRank, type Grades } from './metrics.ts';
import type { LabelledQuery, TaskDoc } from './task.ts';

/** All in [0, 1]. */
export interface RankingScore {
  readonly ndcg10: number;
  readonly recall100: number;
  readonly reciprocalRank: number;
}

export interface QueryScore extends RankingScore {
  readonly qid: string;
}

/** Depth of the rankings that all figures of a score need. */
export const SCORED_DEPTH = 100;

/** Passage id → row number. */
export function passageRows(docs: readonly TaskDoc[]): Map<string, number> {
  return new Map(docs.map((doc, row) => [doc.id, row]));
}

/** @param rowOf see `passageRows` @throws EraError `missing-id` */
export function gradesOf(query: LabelledQuery, rowOf: ReadonlyMap<string, number>): Grades {
  return new Map(
    query.labels.map(({ id, score }) => {
      const row = rowOf.get(id);
      if (row === undefined)
        throw new EraError('missing-id', `A label of query “${query.qid}” names the unknown passage “${id}”.`, {
          details: { qid: query.qid, id },
        });
      return [row, score];
    }),
  );
}

/**
 * @param rankings [queries.length, depth] row numbers, row-major, best first, −1 as padding; `SCORED_DEPTH` deep for
 * true recall@100 and MRR
 * @throws EraError `invalid-input`, `missing-id`
 */
export function scoreRankings(
  queries: readonly LabelledQuery[],
  rowOf: ReadonlyMap<string, number>,
  rankings: Int32Array,
): QueryScore[] {
  const depth = queries.length === 0 ? 0 : rankings.length / queries.length;
  if (!Number.isInteger(depth))
    throw new EraError(
      'invalid-input',
      `${rankings.length} ranks are not whole rankings of ${queries.length} queries.`,
    );
  return queries.map((query, i) => ({
    qid: query.qid,
    ...scoreRanking(rankings.subarray(i * depth, (i + 1) * depth), gradesOf(query, rowOf)),
  }));
}

/** @param ranked row numbers, best first, −1 as padding */
export function scoreRanking(ranked: ArrayLike<number>, grades: Grades): RankingScore {
  return {
    ndcg10: ndcg(ranked, grades, 10),
    recall100: recall(ranked, grades, SCORED_DEPTH),
    reciprocalRank: reciprocalRank(ranked, grades),
  };
}
