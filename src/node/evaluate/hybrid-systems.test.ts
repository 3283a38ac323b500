import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { SCORED_DEPTH, scoreRankings } from '../../evaluate/score-rankings.ts';
import { mean } from '../../evaluate/statistics.ts';
import { fuseByHalves, fuseByRank } from './fusion-baselines.ts';
import { hybridSystems } from './hybrid-systems.ts';
import { STATIC_METHODS, staticSystems } from './static-systems.ts';
import { openTask } from './task-collection.ts';
import { METHOD_NAMES, METHODS } from './systems.ts';
import { SMALL } from './small-systems.ts';
import { openTinyTasks, type TinyTasks } from './tiny-models-for-test.ts';
import { labelParts } from './vector-tasks.ts';

let folder: string;
let tiny: TinyTasks;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'era-hybrid-'));
  tiny = await openTinyTasks(folder);
});
afterAll(async () => {
  await tiny.close();
  await rm(folder, { recursive: true });
});

const OWN = METHOD_NAMES.filter(
  (name) => (name === 'keyword' || name.startsWith('hybrid')) && name !== 'hybrid-static',
);

describe('systems', () => {
  test('are made for the requested methods, the closed form over every one of its systems', () => {
    const closedForm = { ...SMALL, method: 'closed-form', path: 'both', ratio: 0.4 } as const;
    expect(
      hybridSystems(METHOD_NAMES, () => [SMALL, closedForm]).map(({ method, path, ratio }) => [method, path, ratio]),
    ).toEqual([
      ['keyword', 'local', 0],
      ['hybrid', 'local', 0],
      ['hybrid-rrf', 'local', 0],
      ['hybrid-linear', 'local', 0],
      ['hybrid-closed-form', 'local', 0],
      ['hybrid-closed-form', 'both', 0.4],
    ]);
    expect(hybridSystems(['small', 'closed-form'], () => [SMALL])).toEqual([]);
    expect(staticSystems(METHOD_NAMES).map(({ method }) => method)).toEqual(STATIC_METHODS);
    expect(staticSystems(['small', 'hybrid'])).toEqual([]);
    expect(OWN.map((name) => METHODS[name].uses)).toEqual(['none', 'none', 'none', 'none', 'both']);
  });

  test.each([...OWN, ...STATIC_METHODS])('%s ranks passages for every query, no passage twice', async (method) => {
    const task = await tiny.tasks.load('Capitals');
    const parts = labelParts(task, 0);
    const [system] = [...hybridSystems([method], () => [SMALL]), ...staticSystems([method])];
    const { rows } = await system!.answer(task, parts);
    expect(rows).toHaveLength(parts.evaluation.length * SCORED_DEPTH);
    for (let q = 0; q < parts.evaluation.length; q++) {
      const found = [...rows!.subarray(q * SCORED_DEPTH, (q + 1) * SCORED_DEPTH)].filter((row) => row >= 0);
      expect(new Set(found).size).toBe(found.length);
      // Each question names its country or animal, as does one passage.
      expect(found.length).toBeGreaterThan(0);
    }
    const scores = scoreRankings(parts.evaluation, task.rowOf, rows!);
    expect(mean(scores.map(({ ndcg10 }) => ndcg10))).toBeGreaterThan(0.85);
  });

  test('keywords find what has a word of the query and nothing else', async () => {
    const task = await tiny.tasks.load('Animals');
    const retriever = await openTask(task);
    const found = async (text: string): Promise<number[]> => [
      ...(await retriever.retrieve({ text, vector: null }, { k: 10 })).ids,
    ];
    expect(await found('owl hoots')).toEqual([task.rowOf.get('owl')]);
    expect(await found('zebra')).toEqual([]);
  });
});

describe('baseline fusions', () => {
  const candidates = {
    ids: Int32Array.of(2, 5, 9),
    keyword: Float32Array.of(0, 8, 4),
    dense: Float32Array.of(0.5, 0.25, 0.25),
  };

  test('by reciprocal ranks; a retriever adds nothing for documents that it did not find', () => {
    expect([...fuseByRank(candidates)]).toEqual([1 / 61, 1 / 61 + 1 / 62, 1 / 62 + 1 / 63]);
    expect([...fuseByRank(candidates, 1)]).toEqual([1 / 2, 1 / 2 + 1 / 3, 1 / 3 + 1 / 4]);
  });

  test('by halves of the best score', () => {
    expect([...fuseByHalves(candidates)]).toEqual([0.5, 0.75, 0.5]);
    expect([...fuseByHalves({ ...candidates, keyword: new Float32Array(3) })]).toEqual([0.5, 0.25, 0.25]);
  });
});
