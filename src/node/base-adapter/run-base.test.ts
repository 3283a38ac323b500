import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readAdapter } from '../../adapter/file.ts';
import { writeTestTasks } from '../evaluate/tasks-for-test.ts';
import { runBase } from './run-base.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-base-'));
  await writeTestTasks(join(folder, 'tasks'));
});
afterAll(() => rm(folder, { recursive: true }));

const run = (...args: string[]): Promise<number> =>
  runBase(['--tasks', join(folder, 'tasks'), '--cache', join(folder, 'cache'), ...args], {
    print: () => undefined,
    note: () => undefined,
  });

test('trains an adapter between the default models, the same bytes each time, with its provenance', async () => {
  const paths = ['one', 'two'].map((name) => join(folder, 'new', `${name}.safetensors`));
  for (const path of paths) expect(await run('--out', path)).toBe(0);
  const [one, two] = await Promise.all(paths.map((path) => readFile(path)));
  expect(one!.equals(two!)).toBe(true);

  const adapter = readAdapter(new Uint8Array(one!));
  expect(adapter).toMatchObject({
    path: 'remote',
    dIn: 384,
    dOut: 384,
    to: 'Xenova/all-MiniLM-L6-v2@main;dtype=q8;pool=mean;norm=l2;prompt=;dims=384',
  });
  expect(adapter.from[0]).toMatch(/^bge-small-en-v1\.5@main;dtype=api;pool=api;norm=l2;prompt=Represent/);
  expect(adapter.provenance).toMatchObject({ method: 'ridge', seed: '42', texts: String(2 * (20 + 10)) });
  expect(adapter.provenance['task.Animals']).toMatch(
    /^20 passages, 10 queries, docs\.jsonl sha-256 [0-9a-f]{64}, queries\.jsonl sha-256 [0-9a-f]{64}$/,
  );
  expect(Number(adapter.provenance['heldOutCosine'])).toBeGreaterThan(0);
}, 240_000);

test('refuses an output that cannot be written, before any work', async () => {
  await expect(run('--out', join(folder, 'tasks/Animals/docs.jsonl/x.safetensors'))).rejects.toMatchObject({
    code: 'invalid-option',
  });
});

test.each([
  ['invalid-option', ['--seed', 'x', '--out', '/tmp/never']],
  ['invalid-option', ['--tasks', '/absent', '--out', '/tmp/never']],
  ['model-load', ['--models', '/absent', '--out', '/tmp/never']],
])('%s for %s', async (code, args) => {
  await expect(run(...args)).rejects.toMatchObject({ code });
});
