// Keywords alone, the product's hybrid ranking and its baselines, over the small model's vectors; and the hybrid over
// every path of the default trainer. The ranking is that of the search room, with exact matches and the cut of
// documents that match no word and are far from the query.

import {
  chooseKeywordFactor,
  KEYWORD_FACTORS,
  type KeywordFactor,
  keywordFactors,
} from '../../adapter/adapt/keyword-factor.ts';
import { DECIDING_DEPTH } from '../../adapter/selection.ts';
import { gradesOf, SCORED_DEPTH } from '../../evaluate/score-rankings.ts';
import { row } from '../../math/vector.ts';
import type { Candidates } from '../../search/fusion.ts';
import type { HybridRetriever } from '../../search/hybrid-retriever.ts';
import { joinLists, rankByScore } from '../../search/ranked-list.ts';
import { rankingsByFactor } from '../../search/rankings-by-factor.ts';
import type { Query } from '../../search/retriever.ts';
import { fuseByHalves, fuseByRank } from './fusion-baselines.ts';
import { SMALL } from './small-systems.ts';
import type { Answer, System } from './system.ts';
import type { Method } from './systems.ts';
import { openTask, retrieversOfTask } from './task-collection.ts';
import type { VectorTask } from './vector-tasks.ts';

/** Doc ids best first, of which at most SCORED_DEPTH count. */
export type Rank = (retriever: HybridRetriever, query: Query) => Promise<Int32Array>;

const shipped: Rank = async (retriever, query) => (await retriever.retrieve(query, { k: SCORED_DEPTH })).ids;
/** Fusion alone, as in the engines that use these. */
export function fusedBy(fusion: (candidates: Candidates) => ArrayLike<number>): Rank {
  return async (retriever, query) => {
    const { keyword, dense } = await retriever.lists(query);
    const candidates = await joinLists(keyword, dense!);
    return rankByScore(candidates.ids, fusion(candidates)).ids;
  };
}

const OVER_SMALL = {
  hybrid: shipped,
  'hybrid-rrf': fusedBy(fuseByRank),
  'hybrid-linear': fusedBy(fuseByHalves),
} as const satisfies Partial<Record<Method, Rank>>;

/** @param closedForm systems that give `hybrid-closed-form` its vectors */
export function hybridSystems(methods: readonly Method[], closedForm: () => readonly System[]): System[] {
  const fusions = (Object.keys(OVER_SMALL) as (keyof typeof OVER_SMALL)[]).filter((method) => methods.includes(method));
  return [
    ...(methods.includes('keyword') ? [KEYWORD] : []),
    ...fusions.map((method) => hybrid(method, SMALL, OVER_SMALL[method], false)),
    ...(methods.includes('hybrid-closed-form')
      ? closedForm().map((system) => hybrid('hybrid-closed-form', system, shipped, true))
      : []),
  ];
}

/** Keywords as they rank before a visitor has vectors: exact matches first. */
const KEYWORD: System = {
  method: 'keyword',
  path: 'local',
  ratio: 0,
  answer: async (task, { evaluation }) => {
    const retriever = await openTask(task);
    const orders: Int32Array[] = [];
    for (const { query } of evaluation) orders.push(await shipped(retriever, { text: query, vector: null }));
    return { queries: new Float32Array(), rows: rankings(orders), adapterBytes: 0 };
  },
};

function hybrid(method: Method, dense: System, rank: Rank, isAdapted: boolean): System {
  const answer: System['answer'] = async (task, parts): Promise<Answer> => {
    const { queries, adapterBytes, heldOut } = await dense.answer(task, parts);
    const retriever = await openTask(task);
    const keywordFactor = heldOut ? await keywordFactorOf(task, heldOut) : 1;
    const orders: Int32Array[] = [];
    for (const [i, { query }] of parts.evaluation.entries())
      orders.push(
        await rank(retriever, {
          text: query,
          vector: row(queries, i, task.vectors.dims),
          isAdapted,
          isLabelled: isAdapted && dense.ratio > 0,
          keywordFactor,
        }),
      );
    return { queries, rows: rankings(orders), adapterBytes };
  };
  return { ...dense, method, answer };
}

/** As a page chooses it after `adapt`. */
async function keywordFactorOf(task: VectorTask, { labels, vectors }: NonNullable<Answer['heldOut']>): Promise<number> {
  const parts = await retrieversOfTask(task);
  const [{ factor }] = (await keywordFactors([vectors], {
    rank: async (queries, [mapped]) => {
      const rankings = new Int32Array(queries.length * KEYWORD_FACTORS.length * DECIDING_DEPTH);
      for (const [i, query] of queries.entries()) {
        const asked = { text: labels[query]!.query, isAdapted: true, isLabelled: true };
        const rank = rankingsByFactor(parts, asked, KEYWORD_FACTORS, { k: DECIDING_DEPTH });
        const own = await rank(row(mapped!, i, task.vectors.dims));
        rankings.set(own, i * KEYWORD_FACTORS.length * DECIDING_DEPTH);
      }
      return [rankings];
    },
    choose: (queries, byQuery, byPassage) => {
      const relevant = queries.map((query) => gradesOf(labels[query]!, task.rowOf));
      return chooseKeywordFactor(relevant, byQuery, byPassage);
    },
  })) as [KeywordFactor];
  return factor;
}

/** [orders.length, SCORED_DEPTH] */
export function rankings(orders: readonly Int32Array[]): Int32Array<ArrayBuffer> {
  const all = new Int32Array(orders.length * SCORED_DEPTH).fill(-1);
  orders.forEach((ids, i) => all.set(ids.subarray(0, SCORED_DEPTH), i * SCORED_DEPTH));
  return all;
}
