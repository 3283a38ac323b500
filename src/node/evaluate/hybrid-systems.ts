// Keywords alone, our hybrid and its rivals, over the small model's vectors; and our hybrid over every path of the default trainer.

import { SCORED_DEPTH } from '../../evaluate/score-rankings.ts';
import { fuse, FUSION_ADAPTER } from '../../retrieve/fusion.ts';
import { rankFused, type Leg } from '../../retrieve/legs.ts';
import type { Answer, System } from './system.ts';
import { fuseByHalves, fuseByRank } from './fusion-rivals.ts';
import { keywordHits, queryLegs, type QueryLegs } from './legs-of-task.ts';
import type { Method } from './systems.ts';
import { SMALL } from './small-systems.ts';

const FUSIONS = {
  hybrid: ({ candidates, words }: QueryLegs) => fuse(candidates, words),
  'hybrid-rrf': ({ candidates }: QueryLegs) => fuseByRank(candidates),
  'hybrid-linear': ({ candidates }: QueryLegs) => fuseByHalves(candidates),
} as const satisfies Partial<Record<Method, (legs: QueryLegs) => ArrayLike<number>>>;

/** @param closedForm systems whose vectors `hybrid-closed-form` takes for its dense leg */
export function hybridSystems(methods: readonly Method[], closedForm: () => readonly System[]): System[] {
  const fusions = (Object.keys(FUSIONS) as (keyof typeof FUSIONS)[]).filter((method) => methods.includes(method));
  return [
    ...(methods.includes('keyword') ? [KEYWORD] : []),
    ...fusions.map((method) => fused(method, SMALL, FUSIONS[method])),
    ...(methods.includes('hybrid-closed-form') ? closedForm().map((system) => fused('hybrid-closed-form', system, ({ candidates, words }) => fuse(candidates, words, FUSION_ADAPTER))) : []),
  ];
}

const KEYWORD: System = {
  method: 'keyword',
  path: 'local',
  ratio: 0,
  answer: async (task, { evaluation }) => {
    const hits = await keywordHits(task, evaluation);
    return { queries: new Float32Array(), rows: rankings(hits), adapterBytes: 0 };
  },
};

function fused(method: Method, dense: System, fusion: (legs: QueryLegs) => ArrayLike<number>): System {
  const answer: System['answer'] = async (task, parts): Promise<Answer> => {
    const { queries, adapterBytes } = await dense.answer(task, parts);
    const legs = await queryLegs(task, parts.evaluation, queries);
    return { queries, rows: rankings(legs.map((each) => rankFused(each.candidates.rows, fusion(each)))), adapterBytes };
  };
  return { ...dense, method, answer };
}

/** [orders.length, SCORED_DEPTH] */
function rankings(orders: readonly Pick<Leg, 'rows'>[]): Int32Array<ArrayBuffer> {
  const all = new Int32Array(orders.length * SCORED_DEPTH).fill(-1);
  orders.forEach(({ rows }, i) => all.set(rows.subarray(0, SCORED_DEPTH), i * SCORED_DEPTH));
  return all;
}
