import { expect, test } from 'vitest';
import { passageRows } from '../../evaluate/score-rankings.ts';
import type { Label } from '../../evaluate/task.ts';
import { quantizeRows } from '../../math/quantize.ts';
import { Random } from '../../math/random.ts';
import { normalizeRows, norm, row } from '../../math/vector.ts';
import { createRanker } from '../../scan/rank-many.ts';
import type { Answer } from './system.ts';
import { labelSystems, type LabelSetting } from './label-systems.ts';
import { METHOD_NAMES, METHODS, type Method } from './systems.ts';
import { defaultSystems } from './default-systems.ts';
import { labelParts, queryRows, type TaskSource, type VectorTask } from './vector-tasks.ts';

const [DIMS_LARGE, DIMS_SMALL, PASSAGES] = [24, 16, 120];
const OWN: readonly Method[] = ['search-adaptor', 'chroma-triplet', 'chroma-mse', 'anchored-infonce'];
const RATIO = 0.4;

/** Queries are passages in another basis, for both models. @param labelOf of query i */
function task(labelOf: (i: number, evaluation: boolean) => Label): VectorTask {
  const random = new Random(5);
  const draw = (length: number): Float32Array<ArrayBuffer> => Float32Array.from({ length }, () => random.normal());
  const mapped = (x: Float32Array, from: number, to: number, basis: Float32Array): Float32Array<ArrayBuffer> => {
    const out = Float32Array.from({ length: PASSAGES * to }, (_, at) => {
      let sum = 0;
      for (let j = 0; j < from; j++) sum += basis[(at % to) * from + j]! * x[Math.floor(at / to) * from + j]!;
      return sum;
    });
    normalizeRows(out, to);
    return out;
  };
  const passages = draw(PASSAGES * DIMS_SMALL);
  normalizeRows(passages, DIMS_SMALL);
  const near = draw(DIMS_SMALL * DIMS_SMALL).map((v, at) => 0.35 * v + (at % (DIMS_SMALL + 1) === 0 ? 1 : 0));
  const wide = draw(DIMS_LARGE * DIMS_SMALL);
  const docs = Array.from({ length: PASSAGES }, (_, i) => ({ id: `p${i}`, doc: '' }));
  const vectors = quantizeRows(passages, DIMS_SMALL);
  const queriesOf = (evaluation: ReadonlySet<string>) =>
    docs.map((_, i) => ({ qid: `q${i}`, instruction: '', query: '', labels: [labelOf(i, evaluation.has(`q${i}`))] }));
  const unlabelled = queriesOf(new Set());
  const evaluation = new Set(
    labelParts({ order: unlabelled } as unknown as VectorTask, RATIO).evaluation.map(({ qid }) => qid),
  );
  const queries = queriesOf(evaluation);
  return {
    name: 'one',
    docs,
    queries,
    order: queries,
    sample: docs.map((_, i) => i),
    rowOf: passageRows(docs),
    vectors,
    ranker: createRanker(vectors),
    local: mapped(passages, DIMS_SMALL, DIMS_SMALL, near),
    instructed: null,
    remote: {
      queries: mapped(passages, DIMS_SMALL, DIMS_LARGE, wide),
      sample: mapped(passages, DIMS_SMALL, DIMS_LARGE, wide),
    },
  } as unknown as VectorTask;
}

const right = (i: number): Label => ({ id: `p${i}`, score: 1 });

function setting(one: VectorTask): LabelSetting {
  const tasks: TaskSource = { names: ['one'], load: () => Promise.resolve(one) };
  const space = (model: string, dims: number) =>
    ({ model, revision: '', dtype: 'api', pooling: 'api', prompt: '', dims }) as const;
  return {
    tasks,
    small: space('small', DIMS_SMALL),
    queryModel: space('large', DIMS_LARGE),
    seed: 42,
    io: { print: () => undefined, note: () => undefined },
    grid: [{ alpha: 0.1, beta: 0.01 }],
  };
}

async function answers(one: VectorTask, method: Method): Promise<Answer[]> {
  const made = labelSystems(setting(one), [method], ['remote', 'local', 'both'], [RATIO]);
  const out: Answer[] = [];
  for (const { answer } of made) out.push(await answer(one, labelParts(one, RATIO)));
  return out;
}

test('makes the requested systems, and none without labels', () => {
  const own = setting(task(right));
  const made = labelSystems(own, METHOD_NAMES, ['remote', 'both'], [0, 0.1, 0.4]);
  const expected = OWN.flatMap((method) =>
    (METHODS[method].paths === 'any' ? ['remote', 'both'] : ['local']).flatMap((path) =>
      [0.1, 0.4].map((ratio) => [method, path, ratio]),
    ),
  );
  expect(made.map(({ method, path, ratio }) => [method, path, ratio])).toEqual(expected);
});

for (const method of OWN) {
  test(`${method} answers with unit vectors, and sees no label of an evaluation query`, async () => {
    const [plain, other] = [
      await answers(task(right), method),
      await answers(
        task((i, evaluation) => (evaluation ? { id: `p${(i + 7) % PASSAGES}`, score: 3 } : right(i))),
        method,
      ),
    ];
    expect(plain).toHaveLength(METHODS[method].paths === 'any' ? 3 : 1);
    for (const { queries, documents } of plain) {
      expect(queries.length).toBe((PASSAGES / 2) * DIMS_SMALL);
      for (let i = 0; i < PASSAGES / 2; i++) expect(norm(row(queries, i, DIMS_SMALL))).toBeCloseTo(1, 5);
      expect(documents?.scales.length).toBe(method === 'search-adaptor' ? PASSAGES : undefined);
    }
    expect(other).toEqual(plain);
  });

  test(`${method}: the start answers where no passage is relevant`, async () => {
    const one = task((i) => ({ id: `p${i}`, score: 0 }));
    const start = defaultSystems(setting(one), METHODS[method].paths === 'any' ? ['remote', 'local', 'both'] : [], [0]);
    const parts = labelParts(one, RATIO);
    const expected =
      start.length > 0
        ? await Promise.all(start.map(({ answer }) => answer(one, { ...parts, train: [], validation: [] })))
        : [{ queries: queryRows(one, one.local, parts.evaluation) }];
    expect(await answers(one, method)).toEqual(expected);
  });
}
