// The order of npm start: what is served when, what the page is told meanwhile, and how it ends. The builds are gates
// that the test opens; build-collection.test.ts has the real one.

import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { CollectionState } from '../serve/collection-states.ts';
import { serveForTest } from '../serve/serve-for-test.ts';
import type { buildCollection, CollectionJob } from './build-collection.mjs';
import { DemoIndexes } from './demo-indexes.mjs';
import { folderForTest } from './folder-for-test.ts';
import type { Script } from './script.mjs';
import { Interrupted, SetupError } from './setup-error.mjs';
import { serveDemos } from './start-command.mjs';

const NAMES = ['first', 'second', 'third'];

/** A repository with three corpora of ten passages. */
function repositoryForTest(): string {
  const corpora = NAMES.map((name) => ({ name, title: `The ${name}`, passages: 10, queries: 0, examples: [] }));
  return folderForTest({
    'public/corpora/corpora.json': JSON.stringify(corpora),
    ...Object.fromEntries(NAMES.map((name) => [`public/corpora/${name}/docs.jsonl`, name])),
  });
}

function scriptForTest(root: string): Script & { readonly lines: string[]; readonly stop: (reason: Error) => void } {
  const lines: string[] = [];
  const controller = new AbortController();
  return {
    root,
    lines,
    say: (line) => void lines.push(line),
    signal: controller.signal,
    stop: (reason) => controller.abort(reason),
  };
}

const writeCollection = (out: string): void => {
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'era-search.json'), '{}');
};

interface Gate {
  readonly job: CollectionJob;
  readonly tellLeft: (left: number) => void;
  readonly open: () => void;
  readonly fail: (error: Error) => void;
}

/** Builds that wait for the test; a stopped one ends with the signal's reason when the test lets it. */
class Gates {
  readonly #gates = new Map<string, Gate>();
  /** Names in the order in which their builds began. */
  readonly begun: string[] = [];
  /** Those whose signal was aborted. */
  readonly stopped: string[] = [];

  readonly build: typeof buildCollection = (job, { signal }, onLeft) =>
    new Promise<void>((resolve, reject) => {
      this.begun.push(job.name);
      signal.addEventListener('abort', () => void this.stopped.push(job.name));
      const open = (): void => {
        if (signal.aborted) {
          reject(signal.reason as Error);
          return;
        }
        writeCollection(job.out);
        resolve();
      };
      this.#gates.set(job.name, { job, tellLeft: onLeft, open, fail: reject });
    });

  async at(name: string): Promise<Gate> {
    await expect.poll(() => this.#gates.has(name)).toBe(true);
    return this.#gates.get(name)!;
  }
}

function startForTest(root = repositoryForTest()) {
  const script = scriptForTest(root);
  const gates = new Gates();
  const demos = new DemoIndexes(root, { build: gates.build });
  let endServer = (): void => undefined;
  const served: string[] = [];
  const code = serveDemos(demos, script, async ({ states, onListening }) => {
    const server = await serveForTest({ collections: states });
    const ended = new Promise<void>((resolve) => {
      endServer = resolve;
      script.signal.addEventListener('abort', () => resolve());
    });
    served.push(server.url);
    onListening();
    await ended;
    await server.close();
    served.push('ended');
    return 0;
  });
  code.catch(() => undefined); // looked at by those whom it concerns
  const states = async (): Promise<Record<string, [CollectionState['state'], number]>> => {
    await expect.poll(() => served.length).toBeGreaterThan(0);
    const response = await fetch(`${served[0]!}collections.json`);
    const { collections } = (await response.json()) as { collections: CollectionState[] };
    return Object.fromEntries(collections.map(({ name, state, done }) => [name, [state, done]]));
  };
  return { root, script, gates, demos, code, served, states, endServer: () => endServer() };
}

test('the page is served when the first corpus is ready and no other is begun, then the others come one by one', async () => {
  const { script, gates, served, states, code, endServer } = startForTest();
  const first = await gates.at('first');
  expect(first.job.inBackground).toBe(false);
  first.tellLeft(3);
  expect(served).toEqual([]);
  first.open();

  const second = await gates.at('second');
  expect(second.job.inBackground).toBe(true);
  expect(served).toHaveLength(1);
  expect(gates.begun).toEqual(['first', 'second']);
  second.tellLeft(6);
  expect(await states()).toEqual({ first: ['ready', 10], second: ['embedding', 4], third: ['waiting', 0] });
  second.open();
  const third = await gates.at('third');
  expect(await states()).toEqual({ first: ['ready', 10], second: ['ready', 10], third: ['embedding', 0] });
  third.open();
  await expect.poll(states).toMatchObject({ third: ['ready', 10] });

  endServer();
  expect(await code).toBe(0);
  expect(script.lines[0]).toBe('Embedding the demo corpus The first (first, 10 passages).');
  expect(script.lines.filter((line) => /^Embedding the demo corpus .* took \d+\.\d s\.$/.test(line))).toHaveLength(3);
});

test('a second start finds all of them ready and builds nothing', async () => {
  const root = repositoryForTest();
  const once = startForTest(root);
  for (const name of NAMES) (await once.gates.at(name)).open();
  await expect.poll(once.states).toMatchObject({ third: ['ready', 10] });
  once.endServer();
  await once.code;

  const again = startForTest(root);
  expect(await again.states()).toEqual({ first: ['ready', 10], second: ['ready', 10], third: ['ready', 10] });
  again.endServer();
  expect(await again.code).toBe(0);
  expect(again.gates.begun).toEqual([]);

  writeFileSync(join(root, 'public/corpora/second/docs.jsonl'), 'changed');
  expect(new DemoIndexes(root).states.map(({ state }) => state)).toEqual(['ready', 'waiting', 'ready']);
});

test.each(NAMES)(
  'a build of the %s corpus that fails is told, and ends neither server nor other builds',
  async (name) => {
    const { root, script, gates, demos, states, code, endServer } = startForTest();
    for (const each of NAMES) {
      const gate = await gates.at(each);
      if (each === name) gate.fail(new SetupError('index-failed', 'The disk is full.'));
      else gate.open();
    }
    await expect
      .poll(states)
      .toEqual(Object.fromEntries(NAMES.map((each) => [each, each === name ? ['failed', 0] : ['ready', 10]])));
    const told = 'The disk is full. When that is mended, stop npm start and run it again.';
    expect(demos.states.find((demo) => demo.name === name)?.problem).toBe(told);
    expect(script.lines).toContain(told);
    endServer();
    expect(await code).toBe(0);
    expect(readdirSync(join(root, '.cache/collections'))).not.toContain(`${name}.stamp`);
  },
);

test('stopped while it serves, it ends when the build under way has ended, and the next start makes that one again', async () => {
  const { root, script, gates, served, code } = startForTest();
  (await gates.at('first')).open();
  const second = await gates.at('second');
  let isOver = false;
  void code.then(() => (isOver = true));
  script.stop(new Interrupted('SIGINT'));
  await expect.poll(() => served).toContain('ended');
  expect(gates.stopped).toContain('second');
  await new Promise((resolve) => setImmediate(resolve));
  expect(isOver).toBe(false);
  second.open();
  expect(await code).toBe(0);
  expect(gates.begun).toEqual(['first', 'second']);
  expect(existsSync(join(root, '.cache/collections/second'))).toBe(false);

  const again = startForTest(root);
  await again.gates.at('second');
  expect(again.gates.begun).toEqual(['second']);
  again.endServer();
  await expect.poll(() => again.gates.stopped).toEqual(['second']);
  (await again.gates.at('second')).open();
  expect(await again.code).toBe(0);
});

test('a server that ends by itself stops the build under way', async () => {
  const { gates, code, endServer } = startForTest();
  (await gates.at('first')).open();
  const second = await gates.at('second');
  endServer();
  await expect.poll(() => gates.stopped).toEqual(['second']);
  second.open();
  expect(await code).toBe(0);
});

test('stopped before the page is served, nothing is served', async () => {
  const { script, gates, served, code } = startForTest();
  const first = await gates.at('first');
  const reason = new Interrupted('SIGINT');
  script.stop(reason);
  first.open();
  await expect(code).rejects.toBe(reason);
  expect(served).toEqual([]);
  expect(gates.begun).toEqual(['first']);
});

test('a collection that another start has made meanwhile is not made again', async () => {
  const root = repositoryForTest();
  const one = startForTest(root);
  const other = startForTest(root);
  (await one.gates.at('first')).open();
  (await other.gates.at('first')).open();
  const second = await one.gates.at('second');
  const sameSecond = await other.gates.at('second');
  second.open();
  (await one.gates.at('third')).open();
  await expect.poll(one.states).toMatchObject({ third: ['ready', 10] });
  sameSecond.open();
  await expect.poll(other.states).toEqual({ first: ['ready', 10], second: ['ready', 10], third: ['ready', 10] });
  expect(other.gates.begun).toEqual(['first', 'second']);
  one.endServer();
  other.endServer();
  expect([await one.code, await other.code]).toEqual([0, 0]);
});
