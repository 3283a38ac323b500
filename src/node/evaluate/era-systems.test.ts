import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { applyAdapter } from '../../adapter/adapter.ts';
import { EraAdapters, type EraSetting, type EraTraining } from './era-adapters.ts';
import { eraSystems } from './era-systems.ts';
import { measure } from './measure.ts';
import { SavedRun } from './saved-run.ts';
import { openTinyTasks, QUIET, type TinyTasks } from './tiny-models-for-test.ts';
import { labelParts, queryRows, type VectorTask } from './vector-tasks.ts';

const DOMAINS = new Map([
  ['Animals', 'Nature'],
  ['Capitals', 'Geography'],
]);
const LABELS = { stages: 'both', ratio: 0.4 } as const;

let folder: string;
let tiny: TinyTasks;
let notes: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'era-systems-'));
  tiny = await openTinyTasks(folder);
  notes = [];
});
afterEach(async () => {
  await tiny.close();
  await rm(folder, { recursive: true });
});

const key = 'a'.repeat(64);
const setting = (change: Partial<EraSetting> = {}): EraSetting => ({
  tasks: tiny.tasks,
  small: tiny.small.space,
  queryModel: tiny.queryModel.space,
  seed: 42,
  saved: new SavedRun(join(folder, 'cache'), key),
  checkpointMs: 0,
  io: { ...QUIET, note: (line) => notes.push(line) },
  ...change,
});
const savedFile = (pattern: RegExp): string => {
  const run = join(folder, 'cache/runs', readdirSync(join(folder, 'cache/runs'))[0]!);
  return join(
    run,
    readdirSync(run).find((name) => pattern.test(name))!,
  );
};
const general = (change: Partial<EraTraining> = {}): EraTraining => ({
  group: 'all tasks',
  names: ['Animals', 'Capitals'],
  ...LABELS,
  ...change,
});

test('one row without labels where stage 1 is used, one for each ratio where labels are', () => {
  const systems = eraSystems(
    setting(),
    DOMAINS,
    ['era-align', 'era-labels', 'era', 'era-domain', 'era-lodo'],
    [0, 0.1, 0.4],
  );
  const rows = (method: string): number[] =>
    systems.filter((system) => system.method === method).map(({ ratio }) => ratio);
  expect(rows('era-align')).toEqual([0]);
  expect(rows('era-labels')).toEqual([0.1, 0.4]);
  for (const method of ['era', 'era-domain', 'era-lodo']) expect(rows(method)).toEqual([0, 0.1, 0.4]);
  expect(systems.every(({ path }) => path === 'remote')).toBe(true);
});

test("a task is answered by the adapter of its own domain, or by the other domains'", async () => {
  const [domain, lodo] = eraSystems(setting(), DOMAINS, ['era-domain', 'era-lodo'], [0.4]);
  expect(await domain!.learn!()).toBeGreaterThan(0);
  const animals = await tiny.tasks.load('Animals');
  const capitals = await tiny.tasks.load('Capitals');
  const answer = async (system: typeof domain, task: VectorTask): Promise<Float32Array> =>
    (await system!.answer(task, labelParts(task, 0.4))).queries;
  // Trained separately, on one task.
  const { adapter } = await new EraAdapters(setting({ saved: new SavedRun(join(folder, 'other'), key) })).get({
    group: '',
    names: ['Capitals'],
    ...LABELS,
  });
  expect(adapter.provenance['trainingQueries']).toBe('8');
  const mapped = (task: VectorTask): Float32Array =>
    applyAdapter(adapter, queryRows(task, task.remote!.queries, labelParts(task, 0.4).evaluation));
  expect(await answer(lodo, animals)).toEqual(mapped(animals));
  expect(await answer(domain, capitals)).toEqual(mapped(capitals));
  expect(await answer(domain, animals)).not.toEqual(mapped(animals));
});

test('no other domain to learn from is refused', () => {
  const one = new Map([
    ['Animals', 'x'],
    ['Capitals', 'x'],
  ]);
  expect(() => eraSystems(setting(), one, ['era-lodo'], [0])).toThrow(
    expect.objectContaining({ code: 'invalid-option' }) as Error,
  );
});

test('labels only: starts at random, mines with the small model, and has no alignment behind it', async () => {
  const adapters = new EraAdapters(setting());
  const { adapter } = await adapters.get(general({ stages: 'labels' }));
  expect(adapter.provenance).toMatchObject({
    method: 'era-adapt',
    start: 'random',
    trainingQueries: '16',
    validationQueries: '4',
  });
  expect(existsSync(savedFile(/^era-labels-0\.4-\w+\.safetensors$/))).toBe(true);
  expect(readdirSync(join(savedFile(/labels/), '..')).some((name) => name.includes('aligned'))).toBe(false);
});

test('a trained adapter is read by the next process, with the seconds of both stages', async () => {
  const first = await new EraAdapters(setting()).get(general());
  const again = await new EraAdapters(setting()).get(general());
  expect(again.adapter.weight).toEqual(first.adapter.weight);
  expect(again.adapter.bias).toEqual(first.adapter.bias);
  expect(again.seconds).toBe(first.seconds);
  const aligned = await new EraAdapters(setting()).get(general({ stages: 'aligned', ratio: 0 }));
  expect(first.seconds).toBeGreaterThan(aligned.seconds);
});

test('a stopped training continues from its checkpoint; a damaged one is ignored', async () => {
  const whole = await new EraAdapters(setting({ saved: new SavedRun(join(folder, 'whole'), key) })).get(general());
  const stop = async (): Promise<void> => {
    const controller = new AbortController();
    const saved = new SavedRun(join(folder, 'cache'), key);
    const write = saved.writeFile.bind(saved);
    let checkpoints = 0;
    saved.writeFile = (name, bytes) => {
      write(name, bytes);
      if (name.includes('both') && ++checkpoints === 3) controller.abort();
    };
    await expect(
      new EraAdapters(setting({ saved, io: { ...QUIET, signal: controller.signal } })).get(general()),
    ).rejects.toMatchObject({ name: 'AbortError' });
  };
  await stop();
  const resumed = await new EraAdapters(setting()).get(general());
  expect(notes).toEqual([expect.stringContaining('continues after epoch 3')]);
  expect(resumed.adapter.weight).toEqual(whole.adapter.weight);

  await rm(savedFile(/^era-both/));
  await stop();
  writeFileSync(savedFile(/^era-both.*checkpoint/), 'x');
  const anew = await new EraAdapters(setting()).get(general());
  expect(notes.at(-1)).toContain('starts again');
  expect(anew.adapter.weight).toEqual(whole.adapter.weight);
});

test('learning is counted once, and a page without an encoder has no encoder bytes', async () => {
  const saved = new SavedRun(join(folder, 'cache'), key);
  const systems = eraSystems(setting({ saved }), DOMAINS, ['era'], [0.4]);
  const options = { tasks: tiny.tasks, saved, modelBytes: 1000, adapterBytes: () => 77, io: QUIET };
  const [measured] = await measure(systems, options);
  const learned = await systems[0]!.learn!();
  expect(measured!.cost.seconds).toBeGreaterThan(learned);
  expect(measured!.cost).toMatchObject({ labels: 2 * (8 + 2), pageBytes: 77 });
  expect(measured!.cost.peakBytes).toBeGreaterThan(1e7);
  expect(
    measured!.tasks.map(({ task, passages, queries, labelled, scores }) => [
      task,
      passages,
      queries,
      labelled,
      scores.length,
    ]),
  ).toEqual([
    ['Animals', 20, 20, 10, 10],
    ['Capitals', 20, 20, 10, 10],
  ]);
  // All results are saved: nothing is learned or answered again, and the figures are unchanged.
  const again = await measure(
    systems.map((system) => ({
      ...system,
      learn: () => Promise.reject(new Error('again')),
      answer: () => Promise.reject(new Error('again')),
    })),
    options,
  );
  expect(again).toEqual([measured]);
});
