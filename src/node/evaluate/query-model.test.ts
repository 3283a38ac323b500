import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { loadTasks, type SplitTask } from './load-tasks.ts';
import { float32Bytes, npyBytes } from './npy-for-test.ts';
import { openQueryModel, type QueryModel } from './query-model.ts';
import { writeTestTasks } from './tasks-for-test.ts';

const IO = { print: () => undefined, note: () => undefined };
let folder: string;
let tasks: SplitTask[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'query-model-'));
  await writeTestTasks(join(folder, 'tasks'));
  tasks = await loadTasks(join(folder, 'tasks'), { seed: 42, samplePassages: 3 });
});
afterEach(() => rm(folder, { recursive: true }));

const write = (file: string, rows: number, values = Array.from({ length: rows * 2 }, (_, i) => i + 1)): Promise<void> =>
  writeFile(join(folder, file), npyBytes({ shape: `(${rows}, 2)`, data: float32Bytes(values) }));
const open = (): Promise<QueryModel> =>
  openQueryModel({ vectors: folder, endpoint: undefined, models: '', cache: '' }, tasks, IO);

test('reads recorded vectors and brings them to unit length', async () => {
  await write('Animals.queries.npy', 20);
  await write('Animals.docs200.npy', 3, [3, 4, 0, -2, 1, 0]);
  const model = await open();
  expect(model.space.dims).toBe(2);
  const { queries, sample } = await model.vectorsOf(tasks[0]!);
  expect(queries).toHaveLength(40);
  [0.6, 0.8, 0, -1, 1, 0].forEach((expected, i) => expect(sample[i]).toBeCloseTo(expected, 6));
});

test('refuses vectors that do not fit the task', async () => {
  await expect(open()).rejects.toMatchObject({ code: 'invalid-input' });
  await write('Animals.queries.npy', 19);
  await write('Animals.docs200.npy', 3);
  const model = await open();
  await expect(model.vectorsOf(tasks[0]!)).rejects.toMatchObject({ code: 'dimension-mismatch' });
  await write('Animals.queries.npy', 20, new Array<number>(40).fill(NaN));
  await expect(model.vectorsOf(tasks[0]!)).rejects.toMatchObject({ code: 'not-finite' });
  await expect(model.vectorsOf(tasks[1]!)).rejects.toMatchObject({ code: 'invalid-input' });
});
