import { existsSync, readdirSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openEncoder } from '../../encode/open-encoder.ts';
import { readAdapter, writeAdapter } from '../../adapter/file.ts';
import { runBase } from '../base-adapter/run-base.ts';
import { packageRoot } from '../package-root.ts';
import { startServer } from '../serve/server.ts';
import type { Report, ReportRow } from './report.ts';
import { runEvaluate } from './run-evaluate.ts';
import { writeTestTasks } from './tasks-for-test.ts';

/** Real models and 1000 epochs: seconds on an idle machine, more on a busy one. */
const REAL_TIMEOUT_MS = 240_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-evaluate-'));
  await writeTestTasks(join(folder, 'tasks'));
});
afterAll(() => rm(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; out: string; notes: string[] }> {
  let out = '';
  const notes: string[] = [];
  const code = await runEvaluate(['--tasks', join(folder, 'tasks'), '--cache', join(folder, 'cache'), ...args], {
    print: (line) => (out += `${line}\n`),
    note: (line) => notes.push(line),
  });
  return { code, out, notes };
}

async function readReport(name: string): Promise<Report> {
  return JSON.parse(await readFile(join(folder, name), 'utf8')) as Report;
}

const row = (report: Report, method: string, path: string, ratio: number): ReportRow =>
  report.rows.find((each) => each.method === method && each.path === path && each.ratio === ratio)!;

// The command as a user types it: both real models, every method, through the cache and to the files.
test(
  'measures every method on real models',
  async () => {
    const json = join(folder, 'new', 'report.json');
    const markdown = join(folder, 'report.md');
    const { code, out } = await run('--ratios', '0,0.4', '--json', json, '--markdown', markdown);
    expect(code).toBe(0);
    expect(await readFile(markdown, 'utf8')).toBe(out);

    const report = await readReport('new/report.json');
    expect(report.rows.map(({ method, path, ratio }) => `${method} ${path} ${String(ratio)}`)).toEqual([
      'small local 0',
      'small-instruct local 0',
      'era-align remote 0',
      ...['era remote', 'closed-form remote', 'closed-form local', 'closed-form both'].flatMap((name) => [
        `${name} 0`,
        `${name} 0.4`,
      ]),
    ]);
    for (const { macro, perTask, recall100, mrr } of report.rows) {
      for (const value of [macro, recall100, mrr, ...Object.values(perTask)])
        expect(value >= 0 && value <= 100).toBe(true);
      expect(macro).toBeCloseTo((perTask['Animals']! + perTask['Capitals']!) / 2, 8);
    }
    const small = row(report, 'small', 'local', 0);
    expect(small.macro).toBeGreaterThan(90); // the relevant passage is first or nearly so
    expect(small.cost).toMatchObject({ labels: 0, pageBytes: 22972370 + 466081 + 299 + 50322 });
    expect(row(report, 'era', 'remote', 0.4).cost.pageBytes).toBe(4 * 385 * 384);
    expect(row(report, 'closed-form', 'both', 0.4).cost.pageBytes).toBe(small.cost.pageBytes + 4 * 769 * 384);
    expect(row(report, 'closed-form', 'local', 0).macro).toBeGreaterThan(90);
    expect(row(report, 'closed-form', 'both', 0.4).cost.labels).toBe(2 * (8 + 2));
    expect(row(report, 'closed-form', 'both', 0.4).macro).toBeGreaterThan(90);
    expect(row(report, 'era', 'remote', 0).perTask).toEqual(row(report, 'era-align', 'remote', 0).perTask);
    expect(row(report, 'closed-form', 'remote', 0).macro).toBeGreaterThan(30); // expected at random: 4.5 / 20
    // Every passage answers one question, so no evaluation query is seen.
    expect(row(report, 'closed-form', 'remote', 0.4).unseen.perTask['Animals']).toMatchObject({
      queries: 10,
      small: small.perTask['Animals'],
    });
  },
  REAL_TIMEOUT_MS,
);

test(
  'a second run embeds and measures nothing and gives the same figures; the endpoint the same as the model in this process',
  async () => {
    const flags = ['--methods', 'small,closed-form', '--paths', 'both', '--ratios', '0'];
    await run(...flags, '--json', join(folder, 'first.json'));
    expect((await run(...flags, '--json', join(folder, 'second.json'))).notes.join()).toContain(
      'results of an earlier run are there.',
    );
    expect((await run(...flags, '--fresh', '--json', join(folder, 'fresh.json'))).notes.join()).not.toContain(
      'earlier run',
    );
    const [first, second, fresh] = [
      await readReport('first.json'),
      await readReport('second.json'),
      await readReport('fresh.json'),
    ];
    const figures = ({ rows }: Report): object[] =>
      rows.map(({ cost, ...rest }) => ({ ...rest, timed: cost.seconds > 0 }));
    expect(second.rows).toEqual(first.rows);
    expect(figures(fresh)).toEqual(figures(first));
    expect(readdirSync(join(folder, 'cache')).some((space) => existsSync(join(folder, 'cache', space, 'lock')))).toBe(
      false,
    );

    const { encoder } = await openEncoder({
      model: 'Xenova/bge-small-en-v1.5',
      modelBase: join(packageRoot(), 'public/models'),
      device: 'cpu',
    });
    const server = await startServer({ port: 0, encoder, modelNames: ['bge'] });
    try {
      const prompt = 'Represent this sentence for searching relevant passages: {text}';
      await run(
        ...flags,
        '--endpoint',
        new URL('v1', server.url).href,
        '--model',
        'bge',
        '--query-prompt',
        prompt,
        '--json',
        join(folder, 'endpoint.json'),
      );
    } finally {
      await server.close();
      await encoder.dispose();
    }
    const endpoint = await readReport('endpoint.json');
    expect(endpoint.queries).toContain('bge@main;dtype=api');
    // The server embeds in batches, whose q8 vectors differ a little.
    expect(
      Math.abs(row(endpoint, 'closed-form', 'both', 0).macro - row(first, 'closed-form', 'both', 0).macro),
    ).toBeLessThan(5);
  },
  REAL_TIMEOUT_MS,
);

test(
  'another small model for the passages',
  async () => {
    await run(
      '--document-model',
      'Xenova/bge-small-en-v1.5',
      '--methods',
      'small,closed-form',
      '--paths',
      'local',
      '--ratios',
      '0',
      '--json',
      join(folder, 'bge.json'),
    );
    const report = await readReport('bge.json');
    expect(report.documents).toContain('Xenova/bge-small-en-v1.5');
    expect(row(report, 'small', 'local', 0).macro).toBeGreaterThan(90);
  },
  REAL_TIMEOUT_MS,
);

test(
  'the closed form starts from the base adapter that a file holds, as a page does',
  async () => {
    const base = join(folder, 'base.safetensors');
    await runBase(['--tasks', join(folder, 'tasks'), '--cache', join(folder, 'cache'), '--out', base], {
      print: () => undefined,
      note: () => undefined,
    });
    const adapter = readAdapter(Uint8Array.from(await readFile(base)));
    await writeFile(
      join(folder, 'away.safetensors'),
      writeAdapter({ ...adapter, weight: adapter.weight.map((value) => -value) }),
    );
    // With only two passages to align on, the base dominates.
    const flags = ['--methods', 'closed-form', '--paths', 'remote', '--ratios', '0', '--sample', '2'];
    await run(...flags, '--base', base, '--json', join(folder, 'base.json'));
    await run(...flags, '--base', join(folder, 'away.safetensors'), '--json', join(folder, 'away.json'));
    const macro = async (name: string): Promise<number> => (await readReport(name)).rows[0]!.macro;
    expect(await macro('base.json')).toBeGreaterThan(20 + (await macro('away.json')));

    await writeFile(join(folder, 'damaged.safetensors'), 'x');
    await expect(run(...flags, '--base', join(folder, 'damaged.safetensors'))).rejects.toMatchObject({
      code: 'adapter-format',
    });
    const other = { ...adapter, from: ['another@main;dtype=api;pool=api;norm=l2;prompt=;dims=384'] };
    await writeFile(join(folder, 'other.safetensors'), writeAdapter(other));
    await expect(run(...flags, '--base', join(folder, 'other.safetensors'))).rejects.toMatchObject({
      code: 'space-mismatch',
    });
  },
  REAL_TIMEOUT_MS,
);

test.each([
  ['invalid-option', ['--methods', 'none']],
  ['invalid-option', ['--tasks', '/absent']],
  ['invalid-input', ['--splits', '/absent.json']],
  ['invalid-input', ['--vectors', '/absent']],
  ['invalid-input', ['--domains', '/absent.json']],
  ['invalid-option', ['--base', '/absent.safetensors']],
  ['invalid-option', ['--document-model', 'Xenova/bge-small-en-v1.5']],
  ['invalid-option', ['--document-model', 'tiny']],
  ['invalid-option', ['--methods', 'era-lodo']],
  ['model-load', ['--models', '/absent']],
  ['network', ['--endpoint', 'http://127.0.0.1:9/v1', '--model', 'm']],
])('%s for %s', async (code, args) => {
  await expect(run(...args)).rejects.toMatchObject({ code });
});

test('refuses an output that cannot be written, before any work', async () => {
  await expect(run('--json', join(folder, 'tasks/Animals/docs.jsonl/report.json'))).rejects.toMatchObject({
    code: 'invalid-option',
  });
});

test('stops when aborted, and leaves no lock', async () => {
  const controller = new AbortController();
  const io = { print: () => undefined, note: () => controller.abort(), signal: controller.signal };
  const args = ['--tasks', join(folder, 'tasks'), '--cache', join(folder, 'cache')];
  await expect(runEvaluate(args, io)).rejects.toMatchObject({ name: 'AbortError' });
  expect(readdirSync(join(folder, 'cache')).some((space) => existsSync(join(folder, 'cache', space, 'lock')))).toBe(
    false,
  );
});
