// The client against a real server that fails as told: refusals, retries, silence, aborts, and places where the key
// must never appear.

import { inspect } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { failureOf, startFaultyRemote as start } from '../../e2e/support/faulty-remote.ts';
import { good, sendJson, status, type Behaviour, type FaultyServer } from '../../e2e/support/faulty-server.ts';
import type { RemoteOptions } from './remote-options.ts';

const delaysOf = (timers: { readonly mock: { readonly calls: readonly unknown[][] } }): number[] =>
  timers.mock.calls.map(([, delayMs]) => Number(delayMs ?? 0));
afterEach(() => {
  vi.restoreAllMocks();
});
const gapsMs = (server: FaultyServer): number[] =>
  server.calls.slice(1).map((call, i) => call.atMs - server.calls[i]!.atMs);

describe('a refusal', () => {
  test.each([
    [400, 'request-refused', 1],
    [401, 'unauthorized', 1],
    [403, 'unauthorized', 1],
    [404, 'request-refused', 1],
    [408, 'timeout', 3],
    [409, 'request-refused', 3],
    [413, 'too-large', 1],
    [422, 'request-refused', 1],
    [429, 'rate-limited', 3],
    [500, 'server-error', 3],
    [502, 'server-error', 3],
    [503, 'server-error', 3],
    [504, 'timeout', 3],
    [529, 'server-error', 3],
  ] as const)('with status %i is %s after %i requests', async (code, expected, requests) => {
    const { server, encoder } = await start([status(code, { 'retry-after': '0' })]);
    const error = await failureOf(encoder.encode(['one'], 'query'));
    expect([error.code, error.details['status']]).toEqual([expected, code]);
    expect(server.calls).toHaveLength(requests);
  });

  test('repeats what the server says, cut short and in one line', async () => {
    const { encoder } = await start([
      status(400, {}, { error: { message: `no such\n\u001b[31mmodel ${'x'.repeat(5000)}` } }),
    ]);
    const { message } = await failureOf(encoder.encode(['one'], 'query'));
    expect(message).toContain('no such [31mmodel xxx');
    expect(message.length).toBeLessThan(400);
  });

  test('that is HTML stays out of the error', async () => {
    const { encoder } = await start([
      (_, response) => response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>nginx</h1>'),
    ]);
    expect((await failureOf(encoder.encode(['one'], 'query'))).message).not.toContain('nginx');
  });
});

describe('the message of a refusal', () => {
  test.each([
    ['OpenAI', { error: { message: 'no such model', type: 'x', param: null, code: null } }],
    ['Google and Azure', { error: { code: 404, message: 'no such model', status: 'NOT_FOUND' } }],
    ['Gemini', [{ error: { code: 404, message: 'no such model', status: 'NOT_FOUND' } }]],
    ['Ollama and TEI', { error: 'no such model', error_type: 'Validation' }],
    ['Cohere', { id: 'x', message: 'no such model' }],
    ['Voyage', { detail: 'no such model' }],
    ['vLLM, old', { object: 'error', message: 'no such model', type: 'NotFoundError', param: null, code: 404 }],
    [
      'Mistral',
      { object: 'error', message: { detail: [{ type: 'x', loc: ['body', 'model'], msg: 'no such model' }] } },
    ],
    ['FastAPI', { detail: [{ loc: ['body', 'model'], msg: 'no such model', type: 'value_error' }] }],
  ])('is read from the form of %s', async (_, body) => {
    const { encoder } = await start([status(404, {}, body)]);
    expect((await failureOf(encoder.encode(['one'], 'query'))).message).toMatch(
      /^The server answered 404: (?:body\.model: )?no such model$/,
    );
  });

  test.each([
    ['text/plain', 'upstream is down\n', ': upstream is down'],
    ['text/html', '<html><head><title>404 Not Found</title></head><body>nginx', ': 404 Not Found'],
    ['text/html', '<h1>nginx</h1>', ''],
    ['application/json', '{"error":', ''],
    ['application/json', '{"code":7}', ''],
  ])('is read from %s %j', async (type, body, said) => {
    const { encoder } = await start([(_, response) => response.writeHead(404, { 'content-type': type }).end(body)]);
    expect((await failureOf(encoder.encode(['one'], 'query'))).message).toBe(`The server answered 404${said}`);
  });

  test.each([
    [400, { error: { message: 'Too many inputs in request, split into more batches.' } }],
    [400, [{ error: { message: '* BatchEmbedContentsRequest.requests: at most 100 requests can be in one batch' } }]],
    [422, { error: 'batch size 2 > maximum allowed batch size 1', error_type: 'Validation' }],
    [400, { message: 'invalid request: total number of texts must be at most 1 texts' }],
  ])('that names the number of texts halves the batch (%i %j)', async (code, body) => {
    const { server, encoder } = await start([status(code, {}, body), good()]);
    expect(await encoder.encode(['one', 'two'], 'passage')).toHaveLength(8);
    expect(server.calls.map((call) => call.body.input.length)).toEqual([2, 1, 1]);
  });

  test.each(['sk-proj-abcdefgh12345678', 'AIzaSyD-1234567890', 'pa-0123456789ab', 'Bearer abcdefghijkl'])(
    'never has a key of another party, such as %s',
    async (key) => {
      const { encoder } = await start([status(401, {}, { error: { message: `Incorrect key ${key} given` } })]);
      expect((await failureOf(encoder.encode(['one'], 'query'))).message).toBe(
        'The server answered 401: Incorrect key ••• given',
      );
    },
  );
});

describe('a retry', () => {
  test('waits with growing, random pauses', async () => {
    const { server, encoder } = await start([status(500), status(503), good()]);
    const timers = vi.spyOn(globalThis, 'setTimeout');
    expect(await encoder.encode(['one'], 'query')).toHaveLength(4);
    expect(delaysOf(timers).filter((ms) => ms >= 245 && ms < 501)).not.toEqual([]);
    expect(delaysOf(timers).filter((ms) => ms >= 495 && ms < 1001)).not.toEqual([]);
    const [first, second] = gapsMs(server);
    expect(first).toBeGreaterThanOrEqual(245);
    expect(second).toBeGreaterThanOrEqual(495);
  });

  test.each([
    ['in seconds', () => ({ 'retry-after': '1' }), 990, 1500],
    ['in milliseconds', () => ({ 'retry-after-ms': '700' }), 690, 1200],
    ['as a date', () => ({ 'retry-after': new Date(Date.now() + 2000).toUTCString() }), 900, 2500],
    ['beyond the cap', () => ({ 'retry-after': '3600' }), 2490, 3000],
    ['as junk', () => ({ 'retry-after': 'later' }), 245, 900],
  ] as const)('keeps to a wait given %s', async (_, headers, leastMs, mostMs) => {
    const { server, encoder } = await start([status(429, headers()), good()], { maxRetryAfterMs: 2500 });
    const timers = vi.spyOn(globalThis, 'setTimeout');
    await encoder.encode(['one'], 'query');
    expect(gapsMs(server)[0]).toBeGreaterThanOrEqual(leastMs);
    expect(delaysOf(timers).filter((ms) => ms >= leastMs && ms < mostMs)).not.toEqual([]);
  });

  test('is not begun when the time would run out during the wait', async () => {
    const { server, encoder } = await start([status(429, { 'retry-after': '5' })], { totalTimeoutMs: 2000 });
    const timers = vi.spyOn(globalThis, 'setTimeout');
    const error = await failureOf(encoder.encode(['one'], 'query'));
    expect([error.code, error.details['retryAfterMs']]).toEqual(['rate-limited', 5000]);
    expect(delaysOf(timers)).not.toContain(5000);
    expect(server.calls).toHaveLength(1);
  });

  test('follows a connection that the server drops', async () => {
    const { server, encoder } = await start([(_, response) => response.destroy(), good()]);
    expect(await encoder.encode(['one'], 'query')).toHaveLength(4);
    expect(server.calls).toHaveLength(2);
  });

  test('follows an answer that broke off', async () => {
    const half: Behaviour = (_, response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"data":');
      setTimeout(() => response.destroy(), 20);
    };
    const { encoder } = await start([half, good()]);
    expect(await encoder.encode(['one'], 'query')).toHaveLength(4);
  });
});

describe('silence', () => {
  test('is a network error when no server listens', async () => {
    const { server, encoder } = await start([good()], { maxRetries: 1 });
    await server.close();
    expect((await failureOf(encoder.encode(['one'], 'query'))).code).toBe('network');
  });

  test.each([
    ['before the headers', () => undefined],
    ['in the middle of the body', (_: unknown, response) => response.writeHead(200).write('{"data":[')],
  ] as readonly [string, Behaviour][])('%s ends each attempt at timeoutMs', async (_, behave) => {
    const { server, encoder } = await start([behave], { timeoutMs: 150, maxRetries: 1 });
    expect((await failureOf(encoder.encode(['one'], 'query'))).code).toBe('timeout');
    expect(server.calls).toHaveLength(2);
  });

  test('ends all attempts at totalTimeoutMs', async () => {
    const { encoder } = await start([() => undefined], { timeoutMs: 3_600_000, totalTimeoutMs: 300 });
    const error = await failureOf(encoder.encode(['one'], 'query'));
    expect([error.code, error.details['totalTimeoutMs']]).toEqual(['timeout', 300]);
  });
});

describe('an abort', () => {
  const never = (): Promise<never> => new Promise(() => undefined);
  test.each([
    ['while the server thinks', () => undefined, {}],
    ['in the middle of the body', (_: unknown, response) => response.writeHead(200).write('{"data":['), {}],
    ['during the wait before a retry', status(429, { 'retry-after': '9' }), {}],
    ['while headers() hangs', good(), { headers: never }],
    ['in a fetch that ignores signals', good(), { fetch: never }],
  ] as readonly [string, Behaviour, Partial<RemoteOptions>][])(
    '%s rejects with its reason while all else still waits',
    async (_, behave, options) => {
      const { server, encoder } = await start([behave], options);
      const controller = new AbortController();
      const reason = new Error('the visitor typed on');
      const work = encoder.encode(['one'], 'query', { signal: controller.signal });
      const settled = work.then(
        () => undefined,
        (error: unknown) => error,
      );
      await new Promise((resolve) => setTimeout(resolve, 200));
      controller.abort(reason);
      expect(await settled).toBe(reason);
      const sent = server.calls.length;
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(server.calls).toHaveLength(sent);
    },
  );

  test('before the call sends nothing', async () => {
    const { server, encoder } = await start([good()]);
    await expect(encoder.encode(['one'], 'query', { signal: AbortSignal.abort() })).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(server.calls).toHaveLength(0);
  });
});

describe('a key', () => {
  // Of no provider's form, so that it is known by the request alone.
  const key = 'very-secret-0123456789';
  const echo =
    (code: number): Behaviour =>
    (call, response) =>
      status(
        code,
        {},
        { error: { message: `Refused: ${String(call.headers.authorization)} and ${key}` } },
      )(call, response);
  test.each([
    ['a server that repeats it', [echo(400)], {}],
    ['a server that repeats it with 401', [echo(401)], {}],
    ['a server that fails', [echo(500)], {}],
    ['HTML', [(_: unknown, response) => response.end(`<p>${key}`)], {}],
    ['JSON that repeats it', [(_: unknown, response) => sendJson(response, 200, { data: key })], {}],
    ['a dropped connection', [(_: unknown, response) => response.destroy()], {}],
    ['a timeout', [() => undefined], { timeoutMs: 100 }],
    ['a header that HTTP forbids', [good()], { headers: () => ({ authorization: `Bearer\n${key}` }) }],
    ['an unknown address', [good()], { baseUrl: `http://127.0.0.1:1/v1?key=${key}` }],
  ] as readonly [string, readonly Behaviour[], Partial<RemoteOptions>][])(
    'is in no error after %s',
    async (_, behaviours, options) => {
      const { encoder } = await start(behaviours, { maxRetries: 0, dangerouslyExposedApiKey: key, ...options });
      const error = await failureOf(encoder.encode(['one'], 'query'));
      const told = [
        inspect(error, { depth: null, showHidden: true }),
        JSON.stringify(error),
        error.message,
        error.stack,
        JSON.stringify(error.details),
      ].join('\n');
      expect(told).not.toContain(key);
      expect(told).not.toContain(key.slice(0, 12));
    },
  );

  test('that cannot be fetched is an authorisation problem, with the cause', async () => {
    const cause = new Error('signed out');
    const { server, encoder } = await start([good()], { headers: () => Promise.reject(cause) });
    const error = await failureOf(encoder.encode(['one'], 'query'));
    expect([error.code, error.cause]).toEqual(['unauthorized', cause]);
    expect(server.calls).toHaveLength(0);
  });
});
