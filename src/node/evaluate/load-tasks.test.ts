import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Random } from '../../math/random.ts';
import { loadTasks } from './load-tasks.ts';
import { TEST_TASKS, writeTestTasks } from './tasks-for-test.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'load-tasks-'));
  await writeTestTasks(folder);
});
afterEach(() => rm(folder, { recursive: true }));

const ids = (n: number): string[] => Array.from({ length: n }, (_, i) => `q${String(i)}`);

test("reads every task by name, with ERA's shuffled order", async () => {
  await writeFile(join(folder, 'list.json'), '[]');
  const tasks = await loadTasks(folder, { seed: 42 });
  expect(tasks.map(({ name }) => name)).toEqual(['Animals', 'Capitals']);
  // CPython 3.11: random.Random(42).shuffle(list(range(20)))
  const order = [19, 5, 14, 4, 9, 13, 15, 18, 6, 12, 17, 10, 1, 11, 2, 16, 7, 8, 0, 3];
  expect(tasks[0]!.order.map(({ qid }) => qid)).toEqual(order.map((i) => `q${String(i)}`));
  expect(tasks[0]!.sample).toEqual(Array.from({ length: 20 }, (_, i) => i));
  expect((await loadTasks(folder, { seed: 42, samplePassages: 3 }))[1]!.sample).toHaveLength(3);
});

test('takes order and sample from a file of splits', async () => {
  const splits = join(folder, 'splits.json');
  await writeFile(
    splits,
    JSON.stringify({
      Animals: { queries: ids(20), sample: ['cow', 'dog'] },
      Capitals: { queries: ids(4), sample: [] },
      Other: { queries: [], sample: [] },
    }),
  );
  const [animals, capitals] = await loadTasks(folder, { splitsPath: splits, seed: 1 });
  expect(animals!.order.map(({ qid }) => qid)).toEqual(ids(20));
  expect(animals!.sample).toEqual([2, 0]);
  expect(capitals!.order).toHaveLength(4);
});

test('takes domains from a file, else from MAIR', async () => {
  await rename(join(folder, 'Capitals'), join(folder, 'FiQA'));
  expect((await loadTasks(folder, { seed: 42 })).map(({ domain }) => domain)).toEqual(['other', 'Finance']);
  const domainsPath = join(folder, 'domains.json');
  await writeFile(domainsPath, '{"Animals":"Nature"}');
  expect((await loadTasks(folder, { seed: 42, domainsPath })).map(({ domain }) => domain)).toEqual(['Nature', 'other']);
  for (const text of ['[]', '{"Animals":1}', '{"Animals":" "}', '{', 'null']) {
    await writeFile(domainsPath, text);
    await expect(loadTasks(folder, { seed: 42, domainsPath })).rejects.toMatchObject({ code: 'invalid-input' });
  }
});

test('keeps the texts of the sample and the rows that labels name', async () => {
  const [animals] = await loadTasks(folder, { seed: 42, samplePassages: 3 });
  const rows = new Random(42).sample(
    Array.from({ length: 20 }, (_, i) => i),
    3,
  );
  expect(animals!.sample).toEqual(rows);
  expect(animals!.sampleTexts).toEqual(rows.map((row) => TEST_TASKS['Animals']![row]!.passage));
  expect(animals!.rowOf.get('cat')).toBe(1);
  expect(animals!.passages).toBe(20);
});

test('a query without a relevant passage is in no part', async () => {
  const extra = '{"qid":"x","query":"nothing","labels":[{"id":"cow","score":0}]}\n{"qid":"y","query":"nothing"}\n';
  await writeFile(join(folder, 'Animals', 'queries.jsonl'), extra, { flag: 'a' });
  const [animals] = await loadTasks(folder, { seed: 42 });
  expect(animals!.queries).toHaveLength(22);
  expect(animals!.order).toHaveLength(20);
});

test.each<[string, string, (task: string) => Promise<unknown>]>([
  ['a missing file', 'invalid-input', (task) => rm(join(task, 'docs.jsonl'))],
  ['a malformed line', 'malformed-jsonl', (task) => writeFile(join(task, 'docs.jsonl'), 'x', { flag: 'a' })],
  [
    'an id twice',
    'duplicate-id',
    (task) => writeFile(join(task, 'docs.jsonl'), '{"id":"cow","doc":"x"}', { flag: 'a' }),
  ],
  [
    'a label to a missing passage',
    'missing-id',
    (task) =>
      writeFile(join(task, 'queries.jsonl'), '{"qid":"x","query":"x","labels":[{"id":"?","score":1}]}', { flag: 'a' }),
  ],
  ['an empty corpus', 'empty-corpus', (task) => writeFile(join(task, 'docs.jsonl'), '')],
  [
    'a single labelled query',
    'too-few-labels',
    (task) => writeFile(join(task, 'queries.jsonl'), '{"qid":"x","query":"x","labels":[{"id":"cow","score":1}]}'),
  ],
])('refuses %s', async (_, code, damage) => {
  await damage(join(folder, 'Animals'));
  await expect(loadTasks(folder, { seed: 42 })).rejects.toMatchObject({ code });
});

test.each<[string, string, string]>([
  ['no JSON', 'invalid-input', '{'],
  ['a task missing', 'invalid-input', '{}'],
  ['null', 'invalid-input', 'null'],
  ['no sample', 'invalid-input', '{"Animals":{"queries":[]}}'],
  ['ids that are numbers', 'invalid-input', '{"Animals":{"queries":[1],"sample":[]}}'],
  ['an unknown query', 'missing-id', '{"Animals":{"queries":["z"],"sample":[]}}'],
  ['an unknown passage', 'missing-id', '{"Animals":{"queries":["q1"],"sample":["z"]}}'],
  ['a query twice', 'duplicate-id', '{"Animals":{"queries":["q1","q1"],"sample":[]}}'],
])('refuses splits with %s', async (_, code, text) => {
  await writeFile(join(folder, 'splits.json'), text);
  await expect(loadTasks(folder, { splitsPath: join(folder, 'splits.json'), seed: 42 })).rejects.toMatchObject({
    code,
  });
});

test('refuses a folder that is missing or has no task', async () => {
  await expect(loadTasks(join(folder, 'absent'), { seed: 42 })).rejects.toMatchObject({ code: 'invalid-option' });
  await mkdir(join(folder, 'empty'));
  await expect(loadTasks(join(folder, 'empty'), { seed: 42 })).rejects.toMatchObject({ code: 'invalid-option' });
  await expect(loadTasks(folder, { splitsPath: join(folder, 'absent.json'), seed: 42 })).rejects.toMatchObject({
    code: 'invalid-input',
  });
});
