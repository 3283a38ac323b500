import { expect, test } from 'vitest';
import { serve } from './server.ts';
import type { FromWorker } from './wire.ts';

type AddApi = { add: { args: { a: number; b: number }; result: number } };

/** The first messages of the worker. */
function repliesTo(page: MessagePort, count: number): Promise<readonly FromWorker[]> {
  const replies: FromWorker[] = [];
  return new Promise((resolve) => {
    page.onmessage = ({ data }: MessageEvent<FromWorker>) => {
      if (replies.push(data) === count) resolve(replies);
    };
  });
}

test('a port is served once, as where a browser evaluates the script of a worker again', async () => {
  const { port1: page, port2: worker } = new MessageChannel();
  const three = repliesTo(page, 3);
  serve<AddApi>(worker, { add: ({ a, b }) => a + b });
  serve<AddApi>(worker, {
    add: () => {
      throw new Error('The second one has nothing open.');
    },
  });
  worker.start();
  page.postMessage({ kind: 'call', id: 1, method: 'add', args: { a: 2, b: 3 } });
  page.postMessage({ kind: 'call', id: 2, method: 'add', args: { a: 4, b: 5 } });
  expect(await three).toMatchObject([
    { kind: 'hello' },
    { kind: 'result', id: 1, value: 5 },
    { kind: 'result', id: 2, value: 9 },
  ]);
  page.close();
});

test('a result that cannot be sent is an error of the call, not silence', async () => {
  const { port1: page, port2: worker } = new MessageChannel();
  const three = repliesTo(page, 3);
  serve<AddApi>(worker, { add: ({ a, b }) => (a === 0 ? ((() => b) as unknown as number) : a + b) });
  worker.start();
  page.postMessage({ kind: 'call', id: 1, method: 'add', args: { a: 0, b: 3 } });
  page.postMessage({ kind: 'call', id: 2, method: 'add', args: { a: 4, b: 5 } });
  expect(await three).toMatchObject([
    { kind: 'hello' },
    { kind: 'error', id: 1, error: { name: 'EraError', code: 'internal' } },
    { kind: 'result', id: 2, value: 9 },
  ]);
  page.close();
});

test('an abort that arrives after the answer reaches nothing that the call has left behind', async () => {
  const { port1: page, port2: worker } = new MessageChannel();
  const signals: AbortSignal[] = [];
  const answered = (id: number): Promise<void> =>
    new Promise((resolve) => {
      page.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        if (data.kind === 'result' && data.id === id) resolve();
      };
    });
  serve<AddApi>(worker, {
    add: ({ a, b }, { signal }) => {
      signals.push(signal);
      return a + b;
    },
  });
  worker.start();
  const first = answered(1);
  page.postMessage({ kind: 'call', id: 1, method: 'add', args: { a: 2, b: 3 } });
  await first;
  const second = answered(2);
  page.postMessage({ kind: 'abort', id: 1 });
  page.postMessage({ kind: 'call', id: 2, method: 'add', args: { a: 2, b: 3 } });
  await second;
  expect(signals.map(({ aborted }) => aborted)).toEqual([false, false]);
  page.close();
});
