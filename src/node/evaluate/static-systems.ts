// Queries that are read without a model: alone, and fused with keywords as a page answers them on a first visit. Both by
// the retriever of the search room, from the same parts that a page fetches.

import type { WordNet } from '../../encode/static/word-weights.ts';
import { SCORED_DEPTH } from '../../evaluate/score-rankings.ts';
import { codesByCluster, START_CLUSTERS_BYTES, type StaticIndex } from '../../format/static-parts.ts';
import { HybridRetriever } from '../../search/hybrid-retriever.ts';
import type { Retriever } from '../../search/retriever.ts';
import { StaticRetriever } from '../../search/static-retriever.ts';
import { rankings } from './hybrid-systems.ts';
import type { Answer, System } from './system.ts';
import type { Method } from './systems.ts';
import { partsOfTask } from './task-collection.ts';
import { staticReader } from './task-static.ts';
import type { LabelParts, VectorTask } from './vector-tasks.ts';

/** Their queries are read by no model. */
export const STATIC_METHODS = ['static', 'hybrid-static'] as const satisfies readonly Method[];

export function staticSystems(methods: readonly Method[]): System[] {
  return [
    ...(methods.includes('static') ? [system('static', (task) => staticRetriever(task, 'all'))] : []),
    ...(methods.includes('hybrid-static') ? [system('hybrid-static', openStaticTask)] : []),
  ];
}

/** The retriever of a first visit's first answer. */
export async function openStaticTask(task: VectorTask): Promise<HybridRetriever> {
  return new HybridRetriever({ ...(await partsOfTask(task)), dense: await staticRetriever(task, 'start') });
}

function system(method: Method, open: (task: VectorTask) => Promise<Retriever>): System {
  const answer = async (task: VectorTask, { evaluation }: LabelParts): Promise<Answer> => {
    const retriever = await open(task);
    const orders: Int32Array[] = [];
    for (const { query } of evaluation)
      orders.push((await retriever.retrieve({ text: query, vector: null }, { k: SCORED_DEPTH })).ids);
    return { queries: new Float32Array(), rows: rankings(orders), adapterBytes: 0 };
  };
  return { method, path: 'local', ratio: 0, answer };
}

/** Which clusters are there before a query: those of the file that a first visit begins with, or all. */
type AtHand = 'start' | 'all';

async function staticRetriever(task: VectorTask, atHand: AtHand): Promise<StaticRetriever> {
  return retrieverOf(await task.openStatic!(), atHand);
}

/** The retriever over parts that are in memory. @param net see `staticReader` */
export function retrieverOf(index: StaticIndex, atHand: AtHand, net?: WordNet): StaticRetriever {
  const codes = codesByCluster(index);
  const areAtHand = atHand === 'all' || index.codes.length <= START_CLUSTERS_BYTES;
  return new StaticRetriever({
    ...index,
    encode: staticReader(index, net),
    codes: (cluster) => Promise.resolve(codes[cluster]!),
    isAtHand: () => areAtHand,
  });
}
