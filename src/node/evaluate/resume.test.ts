// A real process of the built command, killed during a training and during measuring: after a restart it gives the
// figures of an undisturbed run and does not repeat completed work.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { build } from 'vite';
import { packageRoot } from '../package-root.ts';
import type { Report } from './report.ts';
import { writeTestTasks } from './tasks-for-test.ts';

/** Five processes that load both models: half a minute on an idle machine, minutes on a busy one. */
const TIMEOUT_MS = 600_000;
const POLL_MS = 2;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'resume-'));
  await writeTestTasks(join(folder, 'tasks'));
  await build({ root: packageRoot(), mode: 'node', logLevel: 'error', build: { outDir: join(folder, 'dist/node') } });
  for (const name of ['package.json', 'node_modules', 'public'])
    symlinkSync(join(packageRoot(), name), join(folder, name));
}, TIMEOUT_MS);
afterAll(() => rm(folder, { recursive: true }));

function start(cache: string, ...args: string[]): ChildProcess {
  const methods = [
    '--methods',
    'small,small-instruct,era,closed-form',
    '--paths',
    'both',
    '--ratios',
    '0,0.4',
    '--checkpoint',
    '0.1',
  ];
  const flags = ['--tasks', join(folder, 'tasks'), '--cache', join(folder, cache), ...methods, ...args];
  return spawn(process.execPath, [join(folder, 'dist/node/cli.js'), 'evaluate', ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** @returns its standard error */
async function run(cache: string, ...args: string[]): Promise<string> {
  const child = start(cache, ...args);
  let said = '';
  child.stderr!.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const code = await new Promise((resolve) => child.once('close', resolve));
  expect(code, said).toBe(0);
  return said;
}

/** Kills the process as soon as `due` holds, like a power cut. */
async function killWhen(cache: string, due: () => boolean): Promise<void> {
  const child = start(cache);
  const closed = new Promise<NodeJS.Signals | null>((resolve) => child.once('close', (_, signal) => resolve(signal)));
  const timer = setInterval(() => {
    if (due()) child.kill('SIGKILL');
  }, POLL_MS);
  const signal = await closed;
  clearInterval(timer);
  expect(signal).toBe('SIGKILL'); // otherwise the process ended before it could be killed
}

/** Files of the one saved run in `cache`. */
function savedFiles(cache: string): string[] {
  const runs = join(folder, cache, 'runs');
  const [run] = existsSync(runs) ? readdirSync(runs) : []; // the folder of all runs is there before that of this one
  return run === undefined ? [] : readdirSync(join(runs, run));
}

function savedResults(cache: string): string[] {
  const [run] = readdirSync(join(folder, cache, 'runs'));
  const path = join(folder, cache, 'runs', run!, 'results.jsonl');
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

/** All figures except those that differ between runs. */
async function figures(name: string): Promise<object> {
  const report = JSON.parse(await readFile(join(folder, name), 'utf8')) as Report;
  return {
    ...report,
    command: '',
    date: '',
    rows: report.rows.map(({ cost, ...rest }) => ({ ...rest, labels: cost.labels, pageBytes: cost.pageBytes })),
  };
}

test(
  'goes on after a kill in a training and a kill in measuring, to the same figures',
  async () => {
    await run('whole', '--json', join(folder, 'whole.json'));
    expect(savedFiles('whole').filter((name) => name.includes('checkpoint'))).toEqual([]);

    await killWhen('broken', () => savedFiles('broken').some((name) => /^era-both-0\.4.*checkpoint/.test(name)));
    // stage 1 was complete and is kept
    expect(savedFiles('broken').some((name) => name.startsWith('era-aligned-0-'))).toBe(true);
    await killWhen(
      'broken',
      () => savedFiles('broken').includes('results.jsonl') && savedResults('broken').length >= 3,
    );
    const before = savedResults('broken');
    expect(before.length).toBeLessThan(savedResults('whole').length);

    const said = await run('broken', '--json', join(folder, 'broken.json'));
    expect(said).toContain(`${before.length} results of an earlier run are there.`);
    expect(savedResults('broken')).toHaveLength(savedResults('whole').length);
    expect(await figures('broken.json')).toEqual(await figures('whole.json'));

    // Adapters are also the same to the bit, except for the seconds in their metadata.
    const adapters = savedFiles('whole').filter((name) => name.startsWith('era-'));
    expect(savedFiles('broken').filter((name) => name.startsWith('era-'))).toEqual(adapters);
    for (const name of adapters) expect(numbersOf('broken', name).equals(numbersOf('whole', name))).toBe(true);

    const again = await run('broken', '--json', join(folder, 'again.json'));
    expect(again).not.toContain('measured 1 of');
    expect(await figures('again.json')).toEqual(await figures('whole.json'));
    expect(await run('broken', '--fresh', '--methods', 'small')).not.toContain('earlier run');
  },
  TIMEOUT_MS,
);

/** The bytes after the header of a safetensors file. */
function numbersOf(cache: string, name: string): Buffer {
  const [run] = readdirSync(join(folder, cache, 'runs'));
  const bytes = readFileSync(join(folder, cache, 'runs', run!, name));
  return bytes.subarray(8 + Number(bytes.readBigUInt64LE(0)));
}
