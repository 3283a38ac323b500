import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { quantizeRows } from '../../math/quantize.ts';
import { loadTasks } from './load-tasks.ts';
import { passageVectors } from './passage-vectors.ts';
import { openTinyTasks, tinyEmbedder, type TinyTasks } from './tiny-models-for-test.ts';
import { taskHash, taskSource } from './vector-tasks.ts';

let folder: string;
let tiny: TinyTasks;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vector-tasks-'));
  tiny = await openTinyTasks(folder);
});
afterEach(async () => {
  await tiny.close();
  await rm(folder, { recursive: true });
});

test('holds passages as the index does, and queries as both models give them', async () => {
  const { vectors, local, instructed, remote, ranker, rowOf, sample } = await tiny.tasks.load('Animals');
  const { embed } = tinyEmbedder('small', 16);
  const passage = await embed(['When it is excited, the dog barks.'], undefined);
  const first = quantizeRows(passage, 16);
  expect(vectors.codes.slice(0, 16)).toEqual(first.codes);
  expect(vectors.scales[0]).toBe(first.scales[0]);
  expect(vectors.scales).toHaveLength(20);
  expect(local.slice(0, 16)).toEqual(await embed(['What noise does a dog make?'], undefined));
  expect(instructed!.slice(0, 16)).toEqual(
    await embed(['Instruct: Find the passage with the answer.\nQuery: What noise does a dog make?'], undefined),
  );
  expect(remote!.queries).toHaveLength(20 * 24);
  expect(remote!.sample).toHaveLength(sample.length * 24);
  expect((await ranker.rank(passage, 1)).rows[0]).toBe(rowOf.get('dog'));
});

test('a task is read again only where memory did not suffice, and is then the same', async () => {
  const first = await tiny.tasks.load('Animals');
  await tiny.tasks.load('Capitals');
  expect(await tiny.tasks.load('Animals')).toBe(first);
  const narrow = taskSource(
    tiny.splitTasks,
    { small: tiny.small, localPrompt: '', queryModel: tiny.queryModel, wantInstructed: false },
    join(folder, 'cache'),
    1,
  );
  const once = await narrow.load('Animals');
  expect(await narrow.load('Animals')).toBe(once); // the task in use is never dropped
  await narrow.load('Capitals');
  const twice = await narrow.load('Animals');
  expect(twice).not.toBe(once);
  expect(taskHash(twice)).toBe(taskHash(once));
  await expect(narrow.load('Plants')).rejects.toMatchObject({ code: 'internal' });
});

test('tasks over the same passages share their vectors', async () => {
  await cp(join(folder, 'tasks/Animals'), join(folder, 'tasks/Creatures'), { recursive: true });
  const splitTasks = await loadTasks(join(folder, 'tasks'), { seed: 42 });
  const { load } = taskSource(
    splitTasks,
    { small: tiny.small, localPrompt: '', queryModel: null, wantInstructed: false },
    join(folder, 'cache'),
    2 ** 30,
  );
  const [animals, creatures, capitals] = [await load('Animals'), await load('Creatures'), await load('Capitals')];
  expect(creatures.vectors).toBe(animals.vectors);
  expect(creatures.ranker).toBe(animals.ranker);
  expect(capitals.vectors).not.toBe(animals.vectors);
  expect(await readdir(join(folder, 'cache/passages'))).toHaveLength(2);
});

test('a released model returns earlier vectors and refuses new texts', async () => {
  await tiny.tasks.load('Animals');
  await tiny.small.release();
  expect(await tiny.small.encode(['What noise does a dog make?'], 'a query')).toHaveLength(16);
  await expect(tiny.small.encode(['something new'], 'a query')).rejects.toMatchObject({ code: 'internal' });
  await expect(tiny.tasks.load('Capitals')).rejects.toMatchObject({ code: 'internal' });
});

test('a damaged file of quantised passages is made again', async () => {
  const { vectors } = await tiny.tasks.load('Animals');
  const [name] = await readdir(join(folder, 'cache/passages'));
  await writeFile(join(folder, 'cache/passages', name!), new Uint8Array(20 * 16 + 20 * 4 + 32));
  const again = await passageVectors(tiny.splitTasks[0]!, tiny.small, join(folder, 'cache'));
  expect(again).toEqual(vectors);
});

test('the hash of a task changes with its labels, its split, its sample and its vectors', async () => {
  const task = await tiny.tasks.load('Animals');
  const [query, ...others] = task.queries;
  const changed = [
    { ...task, queries: [{ ...query!, labels: [{ id: 'cow', score: 2 }] }, ...others] },
    { ...task, order: task.order.toReversed() },
    { ...task, sample: task.sample.slice(1) },
    { ...task, domain: 'elsewhere' },
    { ...task, local: task.local.map((value) => -value) },
    { ...task, remote: { ...task.remote!, sample: task.remote!.queries } },
    { ...task, remote: null },
  ];
  expect(new Set([task, ...changed].map(taskHash)).size).toBe(1 + changed.length);
});
