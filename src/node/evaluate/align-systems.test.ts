import { expect, test } from 'vitest';
import { quantizeRows } from '../../math/quantize.ts';
import { Random } from '../../math/random.ts';
import { dot, normalizeRows, row } from '../../math/vector.ts';
import { alignSystems, type AlignSetting } from './align-systems.ts';
import { METHOD_NAMES, methodInfo, type Method } from './systems.ts';
import { labelParts, type TaskSource, type VectorTask } from './vector-tasks.ts';

const [DIMS_LARGE, DIMS_SMALL, PASSAGES] = [12, 8, 80];
const OWN = METHOD_NAMES.filter((name) => name.startsWith('align-') || name.startsWith('drift-'));

/** Small vectors, and large ones that are a rotation of them with two numbers of noise: queries are passages. */
function task(name: string, seed: number): VectorTask {
  const random = new Random(seed);
  const small = Float32Array.from({ length: PASSAGES * DIMS_SMALL }, () => random.normal());
  normalizeRows(small, DIMS_SMALL);
  const large = new Float32Array(PASSAGES * DIMS_LARGE);
  for (let i = 0; i < PASSAGES; i++) {
    for (let j = 0; j < DIMS_LARGE; j++)
      large[i * DIMS_LARGE + j] =
        j < DIMS_SMALL ? small[i * DIMS_SMALL + ((j + 3) % DIMS_SMALL)]! : 0.05 * random.normal();
  }
  normalizeRows(large, DIMS_LARGE);
  const ids = Array.from({ length: PASSAGES }, (_, i) => i);
  const queries = ids.map((i) => ({ qid: `q${i}`, instruction: '', query: '', labels: [{ id: `p${i}`, score: 1 }] }));
  return {
    name,
    queries,
    order: queries,
    sample: ids.slice(0, 60),
    vectors: quantizeRows(small, DIMS_SMALL),
    remote: { queries: large, sample: large.slice(0, 60 * DIMS_LARGE) },
  } as unknown as VectorTask;
}

function setting(): AlignSetting & { readonly loads: string[] } {
  const loads: string[] = [];
  const all = [task('one', 1), task('two', 2)];
  const tasks: TaskSource = {
    names: ['one', 'two'],
    load: (name) => {
      loads.push(name);
      return Promise.resolve(all.find((each) => each.name === name)!);
    },
  };
  const space = (model: string, dims: number) =>
    ({ model, revision: '', dtype: 'api', pooling: 'api', prompt: '', dims }) as const;
  return {
    tasks,
    small: space('small', DIMS_SMALL),
    queryModel: space('large', DIMS_LARGE),
    seed: 42,
    io: { print: () => undefined, note: () => undefined },
    loads,
  };
}

test('makes the requested systems, on the remote path and without labels', () => {
  const made = alignSystems(setting(), METHOD_NAMES);
  expect(made.map(({ method }) => method)).toEqual(OWN);
  for (const { method, path, ratio } of made)
    expect([path, ratio, methodInfo(method).uses]).toEqual(['remote', 0, 'none']);
  expect(alignSystems(setting(), ['small', 'era', 'closed-form'])).toEqual([]);
});

test.each(OWN)('%s maps queries to their passages', async (method: Method) => {
  const own = setting();
  const [system] = alignSystems(own, [method]);
  const one = await own.tasks.load('one');
  const parts = labelParts(one, 0);
  const { queries, adapterBytes } = await system!.answer(one, parts);
  expect(queries.length).toBe(parts.evaluation.length * DIMS_SMALL);
  const cosines = parts.evaluation.map(({ qid }, i) => {
    const passage = Number(qid.slice(1));
    const vector = Float32Array.from(
      { length: DIMS_SMALL },
      (_, j) => one.vectors.codes[passage * DIMS_SMALL + j]! * one.vectors.scales[passage]!,
    );
    return dot(row(queries, i, DIMS_SMALL), vector) / Math.sqrt(dot(vector, vector));
  });
  expect(Math.min(...cosines)).toBeGreaterThan(0.9);
  expect(adapterBytes).toBe(method === 'drift-mlp' ? 4 * (12 * 256 + 256 + 256 * 8 + 8 + 12 * 8 + 8) : undefined);
});

test('all share the texts, which are read once, and learn once', async () => {
  const own = setting();
  const made = alignSystems(own, ['align-ridge', 'align-procrustes']);
  for (const system of made) expect(await system.learn!()).toBeGreaterThan(0);
  const two = task('two', 2);
  for (const system of made) await system.answer(two, labelParts(two, 0));
  expect(own.loads).toEqual(['one', 'two']);
});
