// The page's side against a worker that a test plays: what a real one does only after minutes, or never. Time is
// simulated. rpc.browser.test.ts has real workers.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { isEraError } from '../errors.ts';
import { Client } from './client.ts';
import { PROTOCOL_VERSION, type FromWorker, type ToWorker } from './wire.ts';

type TestApi = {
  add: { args: { a: number; b: number }; result: number };
  count: { args: { to: number }; result: number; progress: number };
};

/** Longer than any limit of the client. */
const LONG_MS = 3_600_000;

class PlayedWorker extends EventTarget {
  readonly received: ToWorker[] = [];
  isEnded = false;

  postMessage(message: ToWorker): void {
    this.received.push(structuredClone(message));
  }

  terminate(): void {
    this.isEnded = true;
  }

  say(message: FromWorker): void {
    this.dispatchEvent(new MessageEvent('message', { data: message }));
  }

  /** Kinds of the messages that it was sent. */
  get kinds(): string[] {
    return this.received.map(({ kind }) => kind);
  }
}

async function connected(patienceMs = 1000): Promise<{ worker: PlayedWorker; client: Client<TestApi> }> {
  const worker = new PlayedWorker();
  const client = new Client<TestApi>(worker as unknown as Worker, 'test', { patienceMs });
  worker.say({ kind: 'hello', version: PROTOCOL_VERSION, lock: '' });
  await vi.advanceTimersByTimeAsync(0);
  return { worker, client };
}

const outcomeOf = (call: Promise<unknown>): Promise<unknown> =>
  call.then(
    () => 'answered',
    (error: unknown) => (isEraError(error) ? error.code : error),
  );

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test('a worker that never says hello is ended, and every call rejects', async () => {
  const worker = new PlayedWorker();
  const client = new Client<TestApi>(worker as unknown as Worker, 'test');
  const call = outcomeOf(client.call('add', { a: 1, b: 2 }));
  await vi.advanceTimersByTimeAsync(LONG_MS);
  expect(client.isClosed).toBe(true);
  expect(await call).toBe('worker-died');
  expect(worker.isEnded).toBe(true);
});

test('a worker that said hello lives as long as the page wants it', async () => {
  const { worker, client } = await connected();
  await vi.advanceTimersByTimeAsync(LONG_MS);
  expect([client.isClosed, worker.isEnded]).toEqual([false, false]);
  expect(worker.kinds, 'nothing is asked where no call waits').toEqual([]);
});

test('a message that cannot be read ends the worker: nobody knows which call it answered', async () => {
  const { worker, client } = await connected();
  const call = outcomeOf(client.call('add', { a: 1, b: 2 }));
  worker.dispatchEvent(new Event('messageerror'));
  expect(client.isClosed).toBe(true);
  expect(await call).toBe('worker-died');
  expect(worker.isEnded).toBe(true);
});

test('a call that cannot be sent has ended: the worker is not asked for a sign of life', async () => {
  const { worker, client } = await connected();
  const unsendable = client.call('add', { a: (() => 1) as unknown as number, b: 2 });
  expect(await outcomeOf(unsendable)).toBe('internal');
  await vi.advanceTimersByTimeAsync(LONG_MS);
  expect(client.isClosed).toBe(false);
  expect(worker.received).toEqual([]);
});

test('an abort after the answer reaches nobody', async () => {
  const { worker, client } = await connected();
  const controller = new AbortController();
  const call = client.call('add', { a: 1, b: 2 }, { signal: controller.signal });
  worker.say({ kind: 'result', id: 1, value: 3 });
  expect(await call).toBe(3);
  controller.abort();
  expect(worker.kinds).toEqual(['call']);
});

test('a page that was suspended asks again before it ends the worker', async () => {
  const { worker, client } = await connected(1000);
  const call = client.call('add', { a: 1, b: 2 });
  await vi.advanceTimersByTimeAsync(500);
  expect(worker.kinds).toEqual(['call', 'ping']);
  const now = performance.now();
  const clock = vi.spyOn(performance, 'now').mockReturnValue(now + LONG_MS);
  await vi.advanceTimersByTimeAsync(500);
  clock.mockRestore();
  expect(client.isClosed).toBe(false);
  expect(worker.kinds).toEqual(['call', 'ping', 'ping']);
  worker.say({ kind: 'result', id: 1, value: 3 });
  expect(await call).toBe(3);
});

test('a worker that answers pings is waited for, however long its call takes', async () => {
  const { worker, client } = await connected(1000);
  const call = client.call('add', { a: 1, b: 2 });
  for (let i = 1; i <= 20; i++) {
    await vi.advanceTimersByTimeAsync(500);
    expect(worker.kinds.filter((kind) => kind === 'ping')).toHaveLength(i);
    worker.say({ kind: 'pong', lock: '' });
  }
  expect(client.isClosed).toBe(false);
  worker.say({ kind: 'result', id: 1, value: 3 });
  expect(await call).toBe(3);
});

test('a worker that reports progress is not asked for a sign of life', async () => {
  const { worker, client } = await connected(1000);
  const seen: number[] = [];
  const call = client.call('count', { to: 20 }, { onProgress: (value) => seen.push(value) });
  for (let i = 1; i <= 20; i++) {
    await vi.advanceTimersByTimeAsync(400);
    worker.say({ kind: 'progress', id: 1, value: i });
  }
  expect(worker.kinds).toEqual(['call']);
  worker.say({ kind: 'result', id: 1, value: 20 });
  expect(await call).toBe(20);
  expect(seen).toHaveLength(20);
});

test('of calls that wait together the most patient one decides, and the rest once it has ended', async () => {
  const { worker, client } = await connected(1000);
  const patient = client.call('count', { to: 1 }, { patienceMs: 60_000 });
  const other = outcomeOf(client.call('add', { a: 1, b: 2 }));
  await vi.advanceTimersByTimeAsync(29_999);
  expect(worker.kinds).toEqual(['call', 'call']);
  worker.say({ kind: 'result', id: 1, value: 1 });
  expect(await patient).toBe(1);
  await vi.advanceTimersByTimeAsync(1000);
  expect(client.isClosed).toBe(true);
  expect(await other).toBe('worker-died');
});
