// A task as a collection for the product's own search: its keyword index, its vectors, every passage a page without a
// title. An evaluation thus measures the ranking of a page.

import { analyzersFor } from '../../analysis/analyzers.ts';
import { buildKeywordIndex } from '../../lexical/build.ts';
import { KeywordIndex, sourceOf } from '../../lexical/keyword-index.ts';
import { DenseRetriever } from '../../search/dense-retriever.ts';
import { HybridRetriever, type HybridParts } from '../../search/hybrid-retriever.ts';
import { KeywordRetriever } from '../../search/keyword-retriever.ts';
import { readPassages } from './passage-file.ts';
import type { VectorTask } from './vector-tasks.ts';

export type CollectionTask = Pick<VectorTask, 'passagesFile' | 'vectors' | 'ranker'>;

/** Of all tasks. */
const LANGUAGE = 'en';

type KeywordParts = Omit<HybridParts, 'dense'>;

const known = new WeakMap<CollectionTask, Promise<KeywordParts>>();

/** The retriever of a task, by the small model's vectors. */
export async function openTask(task: CollectionTask): Promise<HybridRetriever> {
  return new HybridRetriever(await retrieversOfTask(task));
}

/** Both retrievers of a task. */
export async function retrieversOfTask(task: CollectionTask): Promise<HybridParts> {
  const { vectors, ranker } = task;
  return {
    ...(await partsOfTask(task)),
    dense: new DenseRetriever({ search: (query, k) => ranker.rank(query, k) }, vectors),
  };
}

/** What a hybrid retriever of the task needs besides a retriever by meaning; made once while the task is kept. */
export function partsOfTask(task: CollectionTask): Promise<KeywordParts> {
  let parts = known.get(task);
  if (!parts) known.set(task, (parts = keywordParts(task)));
  return parts;
}

async function keywordParts({ passagesFile }: CollectionTask): Promise<KeywordParts> {
  const texts: string[] = [];
  for await (const some of readPassages(passagesFile)) texts.push(...some);
  const analyzers = await analyzersFor([LANGUAGE]);
  const parts = buildKeywordIndex(
    texts.map((text, page) => ({ title: '', headings: [], text, language: LANGUAGE, page, weight: 1 })),
    { analyzers },
  );
  return {
    keyword: new KeywordRetriever(new KeywordIndex(sourceOf(parts), { analyzer: analyzers.ofQuery })),
    documents: {
      isComplete: true,
      pageOf: (id) => id,
      weightOf: () => 1,
      named: (id) => Promise.resolve({ title: '', headings: [], text: texts[id]! }),
    },
  };
}
