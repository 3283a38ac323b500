// The process that makes a collection, with the real small model: what it tells, and what is left when it is stopped.

import { fork, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openCollection } from '../open-collection.ts';
import { buildCollection, CHILD, type CollectionJob } from './build-collection.mjs';
import { folderForTest } from './folder-for-test.ts';
import { repositoryRoot } from './script.mjs';

/** Twice the number of texts that are embedded between two writes to the cache of vectors. */
const TEXTS = 64;
const CACHED = 32;

function jobForTest(): CollectionJob & { readonly folder: string } {
  const folder = folderForTest();
  const docs = join(folder, 'docs.jsonl');
  const texts = Array.from({ length: TEXTS }, (_, i) => ({
    id: `p${String(i)}`,
    text: `Passage number ${String(i)}.${' It has words enough to take a while.'.repeat(15)}`,
  }));
  writeFileSync(docs, texts.map((text) => JSON.stringify(text)).join('\n'));
  const cacheDir = join(folder, 'cache');
  return { folder, name: 'tiny', docs, out: join(folder, 'made/tiny'), inBackground: true, cacheDir };
}

const never = { root: repositoryRoot, signal: new AbortController().signal };
/** Everything beside and below the collection. */
const made = (folder: string): string[] => (existsSync(join(folder, 'made')) ? readdirSync(join(folder, 'made')) : []);

/** The process alone, once it has told that a text has its vector. */
async function startedAlone(job: CollectionJob): Promise<{ child: ChildProcess; ended: Promise<number | null> }> {
  const child = fork(CHILD, [JSON.stringify(job)], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await new Promise((resolve) => child.once('message', resolve));
  return { child, ended };
}

test('tells how many texts are left, and makes a collection that is searched', async () => {
  const { folder, ...job } = jobForTest();
  const left: number[] = [];
  await buildCollection(job, never, (now) => left.push(now));
  // The model also reads words and sentences by themselves.
  expect(left.length).toBeGreaterThan(TEXTS);
  expect(left).toEqual(Array.from(left.keys()).reverse());
  expect(made(folder)).toEqual(['tiny']);
  const collection = await openCollection(job.out);
  onTestFinished(() => collection.close());
  expect((await collection.search('Passage number 7', { mode: 'keyword' }).best()).total).toBeGreaterThan(0);
});

test('stopped, it leaves nothing or the whole, and the next run embeds only what has no vector yet', async () => {
  const { folder, ...job } = jobForTest();
  const controller = new AbortController();
  const reason = new Error('enough');
  const before: number[] = [];
  const stopped = buildCollection(job, { ...never, signal: controller.signal }, (now) => {
    before.push(now);
    if (before.length === CACHED + 1) controller.abort(reason);
  });
  await expect(stopped).rejects.toBe(reason);
  expect([[], ['tiny']]).toContainEqual(made(folder)); // the whole where it was faster than the stop
  const left: number[] = [];
  await buildCollection(job, never, (now) => left.push(now));
  expect(left[0] ?? 0).toBeLessThan(before[0]! - CACHED + 1);
  expect(made(folder)).toEqual(['tiny']);
});

test('killed, it leaves no half collection, and the next run makes a whole one', async () => {
  const { folder, ...job } = jobForTest();
  const { child, ended } = await startedAlone(job);
  child.kill('SIGKILL');
  await ended;
  await buildCollection(job, never, () => undefined);
  expect(made(folder)).toEqual(['tiny']);
});

test('left alone by the process that started it, it ends, and leaves nothing or the whole', async () => {
  const { folder, ...job } = jobForTest();
  const { child, ended } = await startedAlone(job);
  child.disconnect(); // as the system does when a process dies
  const outcomes = [
    [1, []],
    [0, ['tiny']], // where it was faster
  ];
  expect(outcomes).toContainEqual([await ended, made(folder)]);
});

test('what it cannot read is told with its place and what to do', async () => {
  const { folder, ...job } = jobForTest();
  writeFileSync(job.docs, '{"id":"a","text":"one"}\nnot JSON\n');
  const failed = buildCollection(job, never, () => undefined);
  await expect(failed).rejects.toMatchObject({ code: 'index-failed' });
  await expect(failed).rejects.toThrow(
    /^The collection of tiny could not be made: Line 2 of .*docs\.jsonl is not JSON: .*\. .*correct the named line/s,
  );
  expect(made(folder)).toEqual([]);
});
