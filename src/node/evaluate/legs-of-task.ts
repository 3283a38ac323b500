// Both legs of the product's hybrid search over a task: its keyword index over the passages, and cosines. A task's keyword hits are computed once.

import { buildKeywordIndex } from '../../lexical/build.ts';
import type { KeywordHits } from '../../lexical/keyword-document.ts';
import { KeywordIndex } from '../../lexical/keyword-index.ts';
import { row } from '../../math/vector.ts';
import type { LabelledQuery } from '../../evaluate/task.ts';
import type { Candidates } from '../../retrieve/fusion.ts';
import { joinLegs } from '../../retrieve/legs.ts';
import { dotsWithRows } from '../../scan/rescore.ts';
import { readPassages } from './passage-file.ts';
import type { VectorTask } from './vector-tasks.ts';

/** Rows that each leg gives to the fusion. */
const LEG_DEPTH = 1000;

export interface QueryLegs {
  readonly candidates: Candidates;
  readonly words: KeywordHits['words'];
}

type KeywordTask = Pick<VectorTask, 'passagesFile' | 'passagesHash'>;
/** Text of a query → its hits. */
type HitsOf = (query: string) => Promise<KeywordHits>;

const indexes = new WeakMap<KeywordTask, Promise<HitsOf>>();

/** Best first, in the order of `queries`; whole words, as a query that was typed to its end. */
export async function keywordHits(task: KeywordTask, queries: readonly LabelledQuery[]): Promise<KeywordHits[]> {
  let index = indexes.get(task);
  if (!index) indexes.set(task, (index = openIndex(task)));
  const hitsOf = await index;
  const hits: KeywordHits[] = [];
  for (const { query } of queries) hits.push(await hitsOf(query));
  return hits;
}

/** @param vectors [queries.length, dims] of the dense leg */
export async function queryLegs(task: VectorTask, queries: readonly LabelledQuery[], vectors: Float32Array): Promise<QueryLegs[]> {
  const hits = await keywordHits(task, queries);
  const { rows, scores } = task.ranker.rank(vectors, LEG_DEPTH);
  return hits.map((keyword, i) => {
    const found = rows.subarray(i * LEG_DEPTH, (i + 1) * LEG_DEPTH).filter((id) => id >= 0);
    const nearest = { rows: found, scores: scores.slice(i * LEG_DEPTH, i * LEG_DEPTH + found.length) };
    const vector = row(vectors, i, task.vectors.dims);
    return { candidates: joinLegs(keyword, nearest, (ids) => dotsWithRows(vector, task.vectors, ids)), words: keyword.words };
  });
}

async function openIndex({ passagesFile }: KeywordTask): Promise<HitsOf> {
  const documents = [];
  for await (const texts of readPassages(passagesFile)) for (const text of texts) documents.push({ title: '', headings: [], text, page: documents.length, weight: 1 });
  const { base, dictionary, terms } = buildKeywordIndex(documents);
  const index = new KeywordIndex({ base, firsts: terms.map(({ first }) => first), dictionary: () => Promise.resolve(dictionary), terms: (n) => Promise.resolve(terms[n]!.bytes) });
  const known = new Map<string, Promise<KeywordHits>>();
  return (query) => {
    let hits = known.get(query);
    if (!hits) known.set(query, (hits = index.search(query, { prefix: false, limit: LEG_DEPTH })));
    return hits;
  };
}
