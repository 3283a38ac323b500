// The pool around a worker that makes vectors of a text's letters, and does as the text says. The real one is tried by
// e2e/index-jobs.spec.ts, since Node has no worker that reads TypeScript.

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isEraError } from '../../errors.ts';
import { folderForTest } from '../setup/folder-for-test.ts';
import type { Embedded } from './embedder.ts';
import { jobsFor, openEmbedPool, type PoolOptions } from './embed-pool.ts';

const WORKER = `import { parentPort, workerData } from 'node:worker_threads';
const { description } = workerData;
if (description.name === 'none') parentPort.postMessage({ failed: { code: 'model-load', message: 'no such model' } });
else if (description.name === 'silent') setInterval(() => undefined, 1000);
else {
  parentPort.on('message', (text) => {
    if (text === 'die') process.exit(3);
    if (text === 'throw') throw new Error('it broke');
    if (text === 'refuse') return parentPort.postMessage({ failed: { code: 'not-finite', message: 'a bad text' } });
    if (text === 'hang') return;
    setTimeout(() => parentPort.postMessage({ vector: Float32Array.of(text.length, text.charCodeAt(0)), tokens: text.length }), text.length % 3);
  });
  parentPort.postMessage({ isReady: true });
}`;

const open = (options: Partial<PoolOptions> = {}, name = 'letters'): ReturnType<typeof openEmbedPool> => {
  const file = join(folderForTest({ 'worker.mjs': WORKER }), 'worker.mjs');
  return openEmbedPool({
    file,
    jobs: 3,
    description: { name } as PoolOptions['description'],
    modelsDir: '',
    ...options,
  });
};
const codeOf = async (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'no error',
    (error: unknown) => (isEraError(error) ? error.code : error),
  );

test('vectors are in the order of the texts, whoever made them; each is counted once', async () => {
  const pool = await open();
  expect(pool.jobs).toBe(3);
  const texts = Array.from({ length: 50 }, (_, i) => 'abcdefgh'.slice(i % 8) + 'x'.repeat(i));
  const done: Embedded[] = [];
  const vectors = await pool.embed(texts, (read) => done.push(read));
  expect([...vectors]).toEqual(texts.flatMap((text) => [text.length, text.charCodeAt(0)]));
  expect(done.map((read) => read.texts)).toEqual(Array.from({ length: 50 }, (_, i) => i + 1));
  expect(done.at(-1)!.tokens).toBe(texts.reduce((sum, text) => sum + text.length, 0));
  expect(await pool.embed([], () => undefined)).toHaveLength(0);
  await pool.dispose();
});

test.each([
  ['die', 'worker-died'],
  ['throw', 'worker-died'],
  ['refuse', 'not-finite'],
])('a text that makes its worker %s: %s, and the pool can be closed', async (text, code) => {
  const pool = await open();
  expect(await codeOf(pool.embed(['a', 'b', text, 'c', 'd'], () => undefined))).toBe(code);
  await pool.dispose();
});

test('a model that cannot be opened says why', async () => {
  expect(await codeOf(open({}, 'none'))).toBe('model-load');
  expect(await codeOf(open({ file: join(folderForTest(), 'missing.mjs') }))).toBe('worker-died');
});

test('an abort ends workers that never answer, with its reason', async () => {
  const reason = new Error('enough');
  const opening = new AbortController();
  const silent = open({ signal: opening.signal }, 'silent');
  opening.abort(reason);
  expect(await codeOf(silent)).toBe(reason);
  expect(await codeOf(open({ signal: AbortSignal.abort(reason) }))).toBe(reason);

  const control = new AbortController();
  const pool = await open({ signal: control.signal });
  const hanging = codeOf(pool.embed(['hang', 'hang', 'hang', 'a'], () => undefined));
  control.abort(reason);
  expect(await hanging).toBe(reason);
  expect(await codeOf(pool.embed(['a'], () => undefined))).toBe(reason);
});

test('from source there is no worker: one model in this thread', () => {
  expect(jobsFor(100_000, 8)).toBe(1);
});
