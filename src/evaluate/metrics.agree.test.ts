// The metrics equal pytrec_eval's, on rankings with ties, graded and missing labels.
// e2e/python/agree_with_pytrec_eval.py writes the fixture, into this folder or, for a new one, into the file that
// PYTREC_EVAL_FIXTURE names.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { TopK } from '../math/top-k.ts';
import { ndcg, recall, reciprocalRank } from './metrics.ts';
import { scoreRanking } from './score-rankings.ts';

interface ScoredQuery {
  /** [row, score] of the retrieved passages. */
  readonly run: readonly (readonly [number, number])[];
  /** [row, grade]. */
  readonly labels: readonly (readonly [number, number])[];
  readonly scores: Readonly<Record<string, number>>;
}

const PATH = process.env['PYTREC_EVAL_FIXTURE'] ?? fileURLToPath(new URL('fixtures/pytrec-eval.json', import.meta.url));
const QUERIES = JSON.parse(readFileSync(PATH, 'utf8')) as readonly ScoredQuery[];

test('the rankings are of every kind: ties, grades, nothing relevant, fewer than ten, more than a hundred', () => {
  const ofKind = [
    ({ run }: ScoredQuery) => new Set(run.map(([, score]) => score)).size < run.length,
    ({ labels }: ScoredQuery) => labels.some(([, grade]) => grade > 1),
    ({ labels }: ScoredQuery) => labels.every(([, grade]) => grade === 0),
    ({ run, labels }: ScoredQuery) =>
      labels.some(([row, grade]) => grade > 0 && !run.some(([retrieved]) => retrieved === row)),
    ({ run }: ScoredQuery) => run.length < 10,
    ({ run }: ScoredQuery) => run.length > 100,
    ({ scores }: ScoredQuery) => scores['ndcg_cut_10']! > 0 && scores['ndcg_cut_10']! < 1,
  ];
  for (const [i, is] of ofKind.entries()) expect(QUERIES.filter(is).length, `kind ${i}`).toBeGreaterThan(2);
});

test('nDCG at five depths, recall@100 and reciprocal rank agree with pytrec_eval to 1e-9', () => {
  for (const [i, { run, labels, scores }] of QUERIES.entries()) {
    const top = new TopK(run.length);
    for (const [row, score] of run) top.push(row, score);
    const ranked = top.sorted().ids;
    const grades = new Map(labels);
    const ours: Record<string, number> = {
      recall_100: recall(ranked, grades, 100),
      recip_rank: reciprocalRank(ranked, grades),
    };
    for (const k of [1, 5, 10, 20, 100]) ours[`ndcg_cut_${k}`] = ndcg(ranked, grades, k);
    expect(Object.keys(ours).sort()).toEqual(Object.keys(scores).sort());
    for (const [name, value] of Object.entries(ours))
      expect(Math.abs(value - scores[name]!), `query ${i}, ${name}`).toBeLessThan(1e-9);
    expect(scoreRanking(ranked, grades)).toEqual({
      ndcg10: ours['ndcg_cut_10'],
      recall100: ours['recall_100'],
      reciprocalRank: ours['recip_rank'],
    });
  }
});
