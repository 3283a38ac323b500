// Quality of one ranking against its labels. Rows are row numbers of the corpus, best first; −1 is padding and matches
// nothing. nDCG is ERA's and trec_eval's: linear gain, log2 discount, the ideal taken over every judged passage
// (Järvelin & Kekäläinen 2002).

/** Grades above this are divided by the largest, so that their sum stays finite. */
const LARGE = 1e300;

/** Row number → grade of one query; relevant when above 0. */
export type Grades = ReadonlyMap<number, number>;

/**
 * Σ grade / log2(rank + 1) over the first `k`, divided by the same sum of the best possible ranking, in [0, 1].
 * 0 where nothing is relevant.
 */
export function ndcg(ranked: ArrayLike<number>, grades: Grades, k: number): number {
  const best = [...grades.values()].sort((a, b) => b - a).slice(0, k);
  const unit = (best[0] ?? 0) > LARGE ? best[0]! : 1;
  let gain = 0;
  for (let i = 0; i < Math.min(k, ranked.length); i++) gain += discounted((grades.get(ranked[i]!) ?? 0) / unit, i);
  const ideal = best.reduce((sum, grade, i) => sum + discounted(grade / unit, i), 0);
  return ideal === 0 ? 0 : gain / ideal;
}

/** Share of the relevant rows that are among the first `k`; 0 where nothing is relevant. */
export function recall(ranked: ArrayLike<number>, grades: Grades, k: number): number {
  let found = 0;
  for (let i = 0; i < Math.min(k, ranked.length); i++) if (isRelevant(ranked[i]!, grades)) found++;
  const relevant = [...grades.values()].filter((grade) => grade > 0).length;
  return relevant === 0 ? 0 : found / relevant;
}

/** 1 / rank of the first relevant row of the ranking, or 0. */
export function reciprocalRank(ranked: ArrayLike<number>, grades: Grades): number {
  for (let i = 0; i < ranked.length; i++) if (isRelevant(ranked[i]!, grades)) return 1 / (i + 1);
  return 0;
}

function isRelevant(row: number, grades: Grades): boolean {
  return (grades.get(row) ?? 0) > 0;
}

/** @param place 0 for the best rank */
function discounted(grade: number, place: number): number {
  return Math.max(0, grade) / Math.log2(place + 2);
}
