import { expect, test } from 'vitest';
import { serve } from './server.ts';
import type { FromWorker } from './wire.ts';

type AddApi = { add: { args: { a: number; b: number }; result: number } };

test('a port is served once, as where a browser evaluates the script of a worker again', async () => {
  const { port1: page, port2: worker } = new MessageChannel();
  const replies: FromWorker[] = [];
  const counted = (count: number): Promise<void> =>
    new Promise((resolve) => {
      page.onmessage = ({ data }: MessageEvent<FromWorker>) => {
        replies.push(data);
        if (replies.length === count) resolve();
      };
    });
  const three = counted(3);
  serve<AddApi>(worker, { add: ({ a, b }) => a + b });
  serve<AddApi>(worker, {
    add: () => {
      throw new Error('The second one has nothing open.');
    },
  });
  worker.start();
  page.postMessage({ kind: 'call', id: 1, method: 'add', args: { a: 2, b: 3 } });
  page.postMessage({ kind: 'call', id: 2, method: 'add', args: { a: 4, b: 5 } });
  await three;
  expect(replies).toMatchObject([
    { kind: 'hello' },
    { kind: 'result', id: 1, value: 5 },
    { kind: 'result', id: 2, value: 9 },
  ]);
  page.close();
});
