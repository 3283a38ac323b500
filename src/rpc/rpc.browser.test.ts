// A real page and worker: answers, errors with their types, cancelling, and every way in which a worker can die.

import { afterEach, expect, test, vi } from 'vitest';
import { cdp } from 'vitest/browser';
import type { TestApi } from '../../e2e/fixtures/rpc.worker.ts';
import workerUrl from '../../e2e/fixtures/rpc.worker.ts?worker&url';
import { isEraError } from '../errors.ts';
import { Client } from './client.ts';
import { spawnWorker } from './spawn.ts';
import { PROTOCOL_VERSION } from './wire.ts';

const clients: Client<TestApi>[] = [];
const open = (options: { patienceMs?: number } = {}): Client<TestApi> => {
  const client = new Client<TestApi>(spawnWorker(workerUrl, 'test'), 'test', options);
  clients.push(client);
  return client;
};
const scriptClient = (script: string): Client<TestApi> => {
  const client = new Client<TestApi>(
    new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' }))),
    'test',
  );
  clients.push(client);
  return client;
};
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => {
      throw new Error('It should have failed.');
    },
    (error: unknown) => error,
  );

afterEach(() => {
  for (const client of clients.splice(0)) client.close();
});

test('calls answer, moved buffers are empty afterwards', async () => {
  const client = open();
  expect(await client.call('add', { a: 2, b: 3 })).toBe(5);
  const values = Float32Array.of(1, 2);
  expect(await client.call('double', { values }, { transfer: [values.buffer] })).toEqual(Float32Array.of(2, 4));
  expect(values.length).toBe(0);
});

test('errors keep their code and details across the boundary', async () => {
  const client = open();
  const typed = await failure(client.call('fail', { how: 'typed' }));
  expect(isEraError(typed, 'malformed-jsonl') && typed.details).toEqual({ line: 3 });
  expect(isEraError(await failure(client.call('fail', { how: 'plain' })), 'internal')).toBe(true);
});

test('progress arrives in order, before the result', async () => {
  const seen: number[] = [];
  await open().call('count', { to: 5 }, { onProgress: (value) => seen.push(value) });
  expect(seen).toEqual([1, 2, 3, 4, 5]);
});

test('a call receives its input once the page has it, and one that ended before is not affected', async () => {
  const client = open();
  const seen: number[] = [];
  let give: (value: number) => void = () => undefined;
  const input = new Promise<number>((resolve) => (give = resolve));
  const onProgress = (value: number): void => {
    seen.push(value);
    give(41);
  };
  const sum = client.call('addLater', { a: 1 }, { input, onProgress });
  expect(await sum).toBe(42);
  expect(seen).toEqual([1]);
  let late: (value: number) => void = () => undefined;
  const never = client.call(
    'addLater',
    { a: 1 },
    { input: new Promise<number>((resolve) => (late = resolve)), signal: AbortSignal.timeout(20) },
  );
  await failure(never);
  late(1);
  expect(await client.call('add', { a: 1, b: 1 })).toBe(2);
});

test('cancelling rejects at once with the signal’s reason and reaches the worker', async () => {
  const client = open();
  await client.call('add', { a: 0, b: 0 });
  const controller = new AbortController();
  const call = client.call('waitForAbort', null, { signal: controller.signal });
  controller.abort();
  expect(((await failure(call)) as DOMException).name).toBe('AbortError');
  expect(await client.call('count', { to: 1 })).toBe(1);
  expect(
    ((await failure(client.call('add', { a: 1, b: 1 }, { signal: AbortSignal.abort() }))) as DOMException).name,
  ).toBe('AbortError');
});

test('an unknown method is refused, not left hanging', async () => {
  const client = open() as unknown as { call: (method: string, args: unknown) => Promise<unknown> };
  expect(isEraError(await failure(client.call('toString', null)), 'protocol-mismatch')).toBe(true);
});

test.each(['close', 'throw'] as const)(
  'a worker that ends by %s rejects every pending call, and later ones',
  async (how) => {
    const client = open();
    await client.call('add', { a: 0, b: 0 });
    const pending = [failure(client.call('never', null)), failure(client.call('die', { how }))];
    for (const error of await Promise.all(pending)) expect(isEraError(error, 'worker-died')).toBe(true);
    expect(isEraError(await failure(client.call('add', { a: 1, b: 1 })), 'worker-died')).toBe(true);
  },
);

test('a worker in a loop without end is ended, and every call that waits for it rejects', async () => {
  const client = open({ patienceMs: 200 });
  const [first] = await Promise.all([
    failure(client.call('work', { ms: Infinity })),
    failure(client.call('add', { a: 1, b: 1 })),
  ]);
  expect(isEraError(first, 'worker-died')).toBe(true);
  expect((first as Error).message).toContain('does not answer');
  expect(client.isClosed).toBe(true);
});

test('a worker that waits for something else is not taken for one in a loop, however long it waits', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    const client = open({ patienceMs: 1000 });
    const waiting = client.call('never', null).catch((error: unknown) => error);
    await client.call('add', { a: 1, b: 1 });
    for (let i = 0; i < 20; i++) {
      vi.advanceTimersByTime(500); // the ping
      await client.call('add', { a: 1, b: 1 }); // the pong has come before
    }
    expect(client.isClosed).toBe(false);
    client.close();
    expect(isEraError(await waiting, 'closed')).toBe(true);
  } finally {
    vi.useRealTimers();
  }
});

test('a call that may take long in one piece is waited for', async () => {
  const client = open({ patienceMs: 200 });
  await client.call('work', { ms: 1000 }, { patienceMs: 600_000 });
  expect(await client.call('add', { a: 1, b: 1 }, { patienceMs: 600_000 })).toBe(2);
});

test('storage that is cleared ends no worker that lives, and a later death is still noticed', async () => {
  // The lock alone tells the death: no ping is missed before this test has ended.
  const client = open({ patienceMs: 3_600_000 });
  await client.call('add', { a: 1, b: 1 });
  const pending = failure(client.call('never', null));
  for (let i = 0; i < 3; i++) {
    await cdp().send('Storage.clearDataForOrigin', { origin: location.origin, storageTypes: 'all' });
    expect(await client.call('add', { a: i, b: 1 })).toBe(i + 1);
  }
  expect(client.isClosed).toBe(false);
  const dying = failure(client.call('die', { how: 'close' }));
  for (const error of [await pending, await dying]) expect(isEraError(error, 'worker-died')).toBe(true);
});

test('a worker that is started after storage was cleared works, and its death is told by a ping', async () => {
  await open().call('add', { a: 1, b: 1 });
  await cdp().send('Storage.clearDataForOrigin', { origin: location.origin, storageTypes: 'all' });
  const client = open({ patienceMs: 400 });
  expect(await client.call('add', { a: 1, b: 1 }, { patienceMs: 600_000 })).toBe(2);
  expect(isEraError(await failure(client.call('die', { how: 'close' })), 'worker-died')).toBe(true);
});

test.each([
  ['protocol-mismatch', () => Promise.resolve(true)],
  ['worker-died', () => Promise.resolve(false)],
] as const)('a worker whose script is not there is %s, as its server says', async (code, isGone) => {
  const client = new Client<TestApi>(new Worker('/no-such-file.js'), 'test', { isGone });
  clients.push(client);
  expect(isEraError(await failure(client.call('add', { a: 1, b: 1 })), code)).toBe(true);
});

test('a script that is missing or does not compile is a dead worker', async () => {
  const missing = new Client<TestApi>(new Worker('/no-such-file.js'), 'test');
  clients.push(missing);
  for (const client of [missing, scriptClient('this is not JavaScript')]) {
    expect(isEraError(await failure(client.call('never', null)), 'worker-died')).toBe(true);
  }
});

/** A worker whose script waits until `release` before it imports the real one, as a slow server makes it. */
async function heldWorker(): Promise<{ readonly client: Client<TestApi>; readonly release: () => void }> {
  const channel = new BroadcastChannel(crypto.randomUUID());
  const started = new Promise((resolve) => channel.addEventListener('message', resolve, { once: true }));
  const script = new URL(workerUrl, location.href).href;
  const client = scriptClient(
    `const channel = new BroadcastChannel('${channel.name}');
    channel.onmessage = () => { channel.close(); import('${script}'); };
    channel.postMessage('started');`,
  );
  await started;
  const release = (): void => {
    channel.postMessage('go on');
    channel.close();
  };
  return { client, release };
}

test('what is sent before the worker listens arrives, as it was then and in its order', async () => {
  const { client, release } = await heldWorker();
  const moved = Float32Array.of(1, 2);
  const copied = { values: Float32Array.of(3) };
  const seen: number[] = [];
  const calls = [
    client.call('double', { values: moved }, { transfer: [moved.buffer] }),
    client.call('double', copied),
    client.call('addLater', { a: 1 }, { input: Promise.resolve(2), onProgress: (value) => seen.push(value) }),
  ] as const;
  copied.values[0] = 100;
  expect(moved.length, 'moved at once').toBe(0);
  const controller = new AbortController();
  const cancelled = failure(client.call('waitForAbort', null, { signal: controller.signal }));
  controller.abort();
  expect(((await cancelled) as DOMException).name).toBe('AbortError');
  const unsendable = client.call('add', { a: (() => 1) as unknown as number, b: 1 });
  expect(isEraError(await failure(unsendable), 'internal')).toBe(true);
  release();
  expect(await Promise.all(calls)).toEqual([Float32Array.of(2, 4), Float32Array.of(6), 3]);
  expect(seen).toEqual([1]);
  expect(await client.call('count', { to: 1 }), 'the cancelled call reached the worker').toBe(1);
});

test('a worker that is closed before it listens receives nothing', async () => {
  const { client, release } = await heldWorker();
  const call = failure(client.call('add', { a: 1, b: 1 }));
  client.close();
  release();
  expect(isEraError(await call, 'closed')).toBe(true);
});

test('a worker of another release is refused in its first message', async () => {
  const client = scriptClient(`postMessage({ kind: 'hello', version: ${PROTOCOL_VERSION + 1}, lock: '' })`);
  expect(isEraError(await failure(client.call('never', null)), 'protocol-mismatch')).toBe(true);
});

test('closing rejects pending calls and refuses new ones', async () => {
  const client = open();
  const pending = failure(client.call('never', null));
  client.close();
  expect(isEraError(await pending, 'closed')).toBe(true);
  expect(isEraError(await failure(client.call('add', { a: 1, b: 1 })), 'closed')).toBe(true);
});
