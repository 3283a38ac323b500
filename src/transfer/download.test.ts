// Downloads from a real server that behaves as a test says: what is retried, what is refused, what ends a wait. No test
// depends on elapsed time: limits are a few milliseconds where a server is silent, and long enough never to end where
// it is not.

import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test, vi } from 'vitest';
import { isEraError } from '../errors.ts';
import { download, sizeOf, type DownloadOptions } from './download.ts';

type Behaviour = (response: ServerResponse) => unknown;

let close: (() => Promise<void>) | undefined;
afterEach(async () => close?.());

/** @param behaviours the n-th request gets the n-th; the last one serves all that follow */
async function serve(
  ...behaviours: readonly Behaviour[]
): Promise<{ url: string; requests: () => number; dropped: () => number }> {
  let requests = 0;
  let dropped = 0;
  const server = createServer((_, response) => {
    response.on('close', () => (dropped += response.writableFinished ? 0 : 1));
    behaviours[Math.min(requests++, behaviours.length - 1)]!(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  close = async () => {
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  };
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/file`,
    requests: () => requests,
    dropped: () => dropped,
  };
}

const BODY = Buffer.from('the content of a file '.repeat(1000));
const whole: Behaviour = (response) => response.writeHead(200, { 'content-length': BODY.length }).end(BODY);
const half: Behaviour = (response) => {
  response.writeHead(200, { 'content-length': BODY.length });
  response.write(BODY.subarray(0, 5000), () => response.destroy());
};
const status =
  (code: number): Behaviour =>
  (response) =>
    response.writeHead(code).end();
/** Sends headers and a piece, then nothing. */
const silent: Behaviour = (response) =>
  response.writeHead(200, { 'content-length': BODY.length }).write(BODY.subarray(0, 10));
const mute: Behaviour = () => undefined;

async function codeOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => 'none',
    (error: unknown) => (isEraError(error) ? error.code : error),
  );
}

test('returns the bytes and reports every chunk', async () => {
  const { url } = await serve(whole);
  const seen: [number, number][] = [];
  expect(Buffer.from(await download(url, { onBytes: (loaded, total) => seen.push([loaded, total]) }))).toEqual(BODY);
  expect(seen.at(-1)).toEqual([BODY.length, BODY.length]);
  expect(Buffer.from(await download(url, { bytes: BODY.length }))).toEqual(BODY);
});

test.each([
  ['a server that fails and comes back', [status(503), status(429), whole], 3],
  ['an answer that breaks off', [half, whole], 2],
  ['a connection that is refused at once', [(response: ServerResponse) => response.destroy(), whole], 2],
] as const)('tries again after %s', async (_, behaviours, requests) => {
  const server = await serve(...behaviours);
  expect(await download(server.url)).toHaveLength(BODY.length);
  expect(server.requests()).toBe(requests);
});

test.each([
  ['a file that is not there', [status(404)], {}, 'network', 1],
  ['what was refused', [status(403)], {}, 'network', 1],
  ['a server that keeps failing', [status(500)], {}, 'network', 3],
  ['an answer that keeps breaking off', [half], {}, 'network', 3],
  ['one try alone', [half], { tries: 1 }, 'network', 1],
  ['another file than the one that is known', [whole], { bytes: BODY.length - 1 }, 'index-format', 1],
  ['a file that ends early', [whole], { bytes: BODY.length + 1 }, 'index-format', 1],
  ['a file that is too large', [whole], { maxBytes: 100 }, 'too-large', 1],
  [
    'a page in place of a file',
    [
      (response: ServerResponse) =>
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<!doctype html>'),
    ],
    { refuseHtml: true },
    'network',
    1,
  ],
  ['a server that says nothing', [mute], { stallMs: 20 }, 'timeout', 1],
  ['a part that never ends', [silent], { stallMs: 20 }, 'timeout', 1],
] as const)(
  '%s: no endless wait, and a typed error',
  async (_, behaviours, options: DownloadOptions, code, requests) => {
    const server = await serve(...behaviours);
    // Counted here: on a busy machine a limit passes before the request has reached the server.
    const counted = vi.fn((url: string, init: RequestInit) => fetch(url, init));
    expect(await codeOf(download(server.url, { ...options, fetch: counted }))).toBe(code);
    expect(counted).toHaveBeenCalledTimes(requests);
  },
);

/** A server that sends a piece every so many seconds, 30 of them, while time is the test's own. */
async function drip(pieceBytes: number, seconds: number): Promise<unknown> {
  vi.useFakeTimers();
  try {
    let send: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({ start: (controller) => void (send = controller) });
    const work = download('https://slow.example/file', {
      stallMs: 20_000,
      fetch: (_, { signal }) => {
        signal!.addEventListener('abort', () => send!.error(signal!.reason));
        return Promise.resolve(new Response(body));
      },
    }).then(
      ({ length }) => length,
      (error: unknown) => (isEraError(error) ? error.code : error),
    );
    for (let i = 0; i < 30; i++) {
      await vi.advanceTimersByTimeAsync(seconds * 1000);
      try {
        send!.enqueue(new Uint8Array(pieceBytes));
      } catch {
        break; // given up on
      }
    }
    await vi.advanceTimersByTimeAsync(1);
    try {
      send!.close();
    } catch {
      // given up on
    }
    return await work;
  } finally {
    vi.useRealTimers();
  }
}

test.each([
  ['4 kB every 19 seconds', 4096, 19, 30 * 4096],
  ['500 bytes a second', 500, 1, 15_000],
  ['a byte a second', 1, 1, 'timeout'],
  ['100 bytes a second', 100, 1, 'timeout'],
  ['4 kB every 21 seconds', 4096, 21, 'timeout'],
])('a connection counts as dead by its progress, not by its length: %s', async (_, bytes, seconds, outcome) => {
  expect(await drip(bytes, seconds)).toBe(outcome);
});

test.each([
  ['before the answer', mute],
  ['in the middle', silent],
  ['between two tries', status(503)],
] as const)('an abort %s ends the wait with its reason, and the request with it', async (_, behaviour) => {
  const server = await serve(behaviour);
  const controller = new AbortController();
  const reason = new Error('enough');
  const work = download(server.url, { signal: controller.signal, onBytes: () => controller.abort(reason) }).catch(
    (error: unknown) => error,
  );
  while (server.requests() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  if (behaviour !== silent) controller.abort(reason);
  expect(await work).toBe(reason);
  if (behaviour !== mute && behaviour !== silent) return;
  // ends when the server sees the client disconnect
  while (server.dropped() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(server.requests()).toBe(1);
});

test('an aborted signal makes no request', async () => {
  const server = await serve(whole);
  const reason = new Error('enough');
  expect(await codeOf(download(server.url, { signal: AbortSignal.abort(reason) }))).toBe(reason);
  expect(server.requests()).toBe(0);
});

test('gives the size of a file without downloading it, and 0 where it is unknown', async () => {
  expect(await sizeOf((await serve(whole)).url)).toBe(BODY.length);
  await close?.();
  expect(await sizeOf((await serve(status(404))).url)).toBe(0);
  await close?.();
  expect(await sizeOf((await serve(mute)).url, { stallMs: 20 })).toBe(0);
});
