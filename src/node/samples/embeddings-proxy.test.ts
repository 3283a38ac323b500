// The proxy as a process of its own, like a site owner runs it: before the real embeddings server, before failing
// upstreams, and with hostile clients. In all cases no answer and no output of the proxy contains the key.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, onTestFinished, test } from 'vitest';
import {
  good,
  sendJson,
  startFaultyServer,
  status,
  type Behaviour,
  type FaultyServer,
} from '../../../e2e/support/faulty-server.ts';
import { openEncoder } from '../../encode/open-encoder.ts';
import { isEraError, type EraError } from '../../errors.ts';
import { PROVIDERS } from '../../query/providers.fixture.ts';
import type { QueryEncoder } from '../../query/query-encoder.ts';
import { createRemoteEncoder } from '../../query/remote-encoder.ts';
import type { RemoteOptions } from '../../query/remote-options.ts';
import { packageRoot } from '../package-root.ts';
import { rawRequest, serveForTest } from '../serve/serve-for-test.ts';

const SCRIPT = fileURLToPath(new URL('embeddings-proxy.mjs', import.meta.url));
const ORIGIN = 'https://docs.example.com';
const KEY = 'sk-canary-0123456789';
const MODEL = 'test-model';

interface Proxy {
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  readonly port: number;
  /** Sends one request and checks that the response does not contain the key. */
  readonly post: (body: unknown, init?: RequestInit) => Promise<{ response: Response; text: string }>;
}

async function startProxy(upstream: string, env: Record<string, string> = {}): Promise<Proxy> {
  const child = spawn(process.execPath, [SCRIPT], {
    env: {
      API_KEY: KEY,
      ALLOW_ORIGINS: `${ORIGIN}/ http://localhost:4321`,
      UPSTREAM: upstream,
      MODEL,
      PORT: '0',
      ...env,
    },
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  onTestFinished(async () => {
    const ended = once(child, 'close');
    child.kill();
    await ended;
    expect(output).not.toContain(KEY);
  });
  await expect.poll(() => output, { timeout: 20_000 }).toMatch(/port: \d+/);
  const port = Number(/port: (\d+)/.exec(output)![1]);
  const baseUrl = `http://127.0.0.1:${port}/v1`;
  return {
    baseUrl,
    port,
    post: async (body, init = {}) => {
      const headers = {
        origin: ORIGIN,
        'content-type': 'application/json',
        ...(init.headers as Record<string, string> | undefined),
      };
      const response = await fetch(`${baseUrl}/embeddings`, {
        method: 'POST',
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...init,
        headers,
      });
      const text = await response.text();
      expect(JSON.stringify([...response.headers]) + text).not.toContain(KEY);
      return { response, text };
    },
  };
}

async function startBefore(
  behaviours: readonly Behaviour[],
  env?: Record<string, string>,
): Promise<Proxy & { upstream: FaultyServer }> {
  const upstream = await startFaultyServer(...behaviours);
  onTestFinished(upstream.close);
  return { upstream, ...(await startProxy(upstream.baseUrl, env)) };
}

/** A client like that of a page of the site. */
function clientOf({ baseUrl }: Proxy, options: Partial<RemoteOptions> = {}): QueryEncoder {
  return createRemoteEncoder({ baseUrl, model: MODEL, maxRetries: 0, headers: () => ({ origin: ORIGIN }), ...options });
}

async function failureOf(work: Promise<unknown>): Promise<EraError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!isEraError(error)) throw new Error('It did not fail as expected.', { cause: error });
  expect(JSON.stringify(error) + error.message).not.toContain(KEY);
  return error;
}

const one = { model: MODEL, input: 'one' };

describe('the client through the proxy', () => {
  test('gets the same vectors as from the real embeddings server itself', async () => {
    const model = 'Xenova/bge-small-en-v1.5';
    const { encoder } = await openEncoder({ model, modelBase: join(packageRoot(), 'public/models'), device: 'cpu' });
    onTestFinished(() => encoder.dispose());
    const { url } = await serveForTest({ encoder, modelNames: undefined });
    const proxy = await startProxy(`${url}v1`, { MODEL: model });
    const texts = ['how do I renew a certificate?', 'where are my files?'];
    for (const encodingFormat of ['float', 'base64'] as const) {
      const direct = await createRemoteEncoder({ baseUrl: `${url}v1`, model, encodingFormat }).encode(texts, 'query');
      expect(direct).toHaveLength(768);
      expect(await clientOf(proxy, { model, encodingFormat, dimensions: 384 }).encode(texts, 'query')).toEqual(direct);
    }
  });

  test('sends the key upstream, and nothing of the page but its texts', async () => {
    const { upstream, ...proxy } = await startBefore([good()]);
    await proxy.post(
      { ...one, user: 'me', dimensions: 4, stream: true },
      { headers: { cookie: 'a=b', authorization: 'Bearer mine' } },
    );
    const [call] = upstream.calls;
    expect(call!.body).toEqual({ model: MODEL, input: ['one'], dimensions: 4 });
    expect(call!.headers).toMatchObject({ authorization: `Bearer ${KEY}` });
    expect(call!.headers).not.toHaveProperty('cookie');
    expect(call!.headers).not.toHaveProperty('origin');
  });

  test.each(PROVIDERS)('reaches $name as it documents', async ({ base, path, options, keyHeader, query }) => {
    const upstream = await startFaultyServer((_, response) =>
      sendJson(response, 200, [
        [1, 2],
        [3, 4],
      ]),
    );
    onTestFinished(upstream.close);
    const { model, prompt, dimensions, inputField = 'input', dimensionsField = 'dimensions' } = options;
    const env = {
      MODEL: model,
      FIELDS: JSON.stringify(options.queryFields ?? {}),
      INPUT_FIELD: inputField,
      DIMENSIONS_FIELD: dimensionsField,
      KEY_HEADER: keyHeader ?? 'Authorization',
    };
    const proxy = await startProxy(new URL(base, upstream.baseUrl).href, env);
    const page = clientOf(proxy, { model, prompt, dimensions: dimensions && 2 });
    expect(await page.encode(['one', 'two'], 'query')).toHaveLength(4);
    const [call] = upstream.calls;
    const sized = dimensions === undefined ? {} : { [dimensionsField]: 2 };
    expect([call!.path, call!.body]).toEqual([path, { ...query, ...sized }]);
    expect(call!.headers).toMatchObject(
      keyHeader === 'api-key' ? { 'api-key': KEY } : { authorization: `Bearer ${KEY}` },
    );
    expect('authorization' in call!.headers).toBe(keyHeader !== 'api-key');
  });

  test.each([
    ['/v1/?a=1&b=%2F', '/v1/embeddings?a=1&b=%2F'],
    ['/v1/embeddings/?key=1', '/v1/embeddings?key=1'],
    ['/', '/embeddings'],
  ])('reaches %s at %s', async (base, path) => {
    const upstream = await startFaultyServer(good());
    onTestFinished(upstream.close);
    const { post } = await startProxy(new URL(base, upstream.baseUrl).href);
    expect((await post(one)).response.status).toBe(200);
    expect(upstream.calls.map((call) => call.path)).toEqual([path]);
  });

  test.each([
    [400, 'request-refused'],
    [401, 'unauthorized'],
    [404, 'request-refused'],
    [413, 'too-large'],
    [429, 'rate-limited'],
    [500, 'server-error'],
    [503, 'server-error'],
  ])('sees an upstream %i as %s, with the wait that was asked for', async (code, expected) => {
    const { upstream, ...proxy } = await startBefore([
      status(code, { 'retry-after': '7' }, { error: { message: `Incorrect API key provided: ${KEY}` } }),
    ]);
    const { code: seen, details } = await failureOf(clientOf(proxy).encode(['one'], 'query'));
    expect([seen, details['status'], details['retryAfterMs']]).toEqual([expected, code, 7000]);
    expect(upstream.calls).toHaveLength(1);
  });

  test('sees an upstream that is slow as timeout, one that is away or that redirects as server-error', async () => {
    const elsewhere = await startFaultyServer(good());
    onTestFinished(elsewhere.close);
    const slow = await startBefore(
      [
        () => undefined,
        (_, response) => response.writeHead(200).write('{"data":['),
        (_, response) => response.writeHead(307, { location: `${elsewhere.baseUrl}/embeddings` }).end(),
      ],
      { UPSTREAM_TIMEOUT_MS: '300' },
    );
    expect((await failureOf(clientOf(slow).encode(['one'], 'query'))).code).toBe('timeout');
    expect((await failureOf(clientOf(slow).encode(['one'], 'query'))).code).toBe('timeout');
    expect((await failureOf(clientOf(slow).encode(['one'], 'query'))).code).toBe('server-error');
    expect(elsewhere.calls).toHaveLength(0);
    await slow.upstream.close();
    expect((await failureOf(clientOf(slow).encode(['one'], 'query'))).code).toBe('server-error');
  });

  test('waits and comes back by itself when the upstream is busy', async () => {
    const { upstream, ...proxy } = await startBefore([
      status(429, { 'retry-after-ms': '300', 'retry-after': '1' }),
      good(),
    ]);
    expect(await clientOf(proxy, { maxRetries: 1 }).encode(['one'], 'query')).toHaveLength(4);
    expect(upstream.calls[1]!.atMs - upstream.calls[0]!.atMs).toBeGreaterThan(280);
  });

  test('that disconnects aborts its request', async () => {
    const { upstream, ...proxy } = await startBefore([() => undefined]);
    const stop = new AbortController();
    const running = clientOf(proxy)
      .encode(['one'], 'query', { signal: stop.signal })
      .catch(() => 'stopped');
    await expect.poll(() => upstream.calls.length).toBe(1);
    stop.abort();
    expect(await running).toBe('stopped');
    await expect.poll(() => upstream.calls[0]!.dropped).toBe(true);
  });
});

describe('a page', () => {
  test('of the site may send requests and read the headers about retrying', async () => {
    const { upstream, ...proxy } = await startBefore([
      (call, response) =>
        sendJson(
          response,
          200,
          { data: [], echo: call.headers.authorization },
          { 'x-ratelimit-remaining-requests': '3', 'set-cookie': 'a=b', 'x-internal': '1' },
        ),
    ]);
    const asked = await fetch(`${proxy.baseUrl}/embeddings`, {
      method: 'OPTIONS',
      headers: {
        origin: ORIGIN,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type',
      },
    });
    expect([
      asked.status,
      asked.headers.get('access-control-allow-origin'),
      asked.headers.get('access-control-allow-methods'),
      asked.headers.get('access-control-allow-headers'),
    ]).toEqual([204, ORIGIN, 'POST', 'content-type']);
    const { response, text } = await proxy.post(one, { headers: { origin: 'http://localhost:4321' } });
    expect(text).toContain('Bearer •••');
    expect([
      response.status,
      response.headers.get('access-control-allow-origin'),
      response.headers.get('vary'),
    ]).toEqual([200, 'http://localhost:4321', 'origin']);
    const exposed = response.headers.get('access-control-expose-headers')!.split(', ');
    expect(exposed).toEqual(
      expect.arrayContaining(['retry-after', 'retry-after-ms', 'x-ratelimit-remaining-requests']),
    );
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('3');
    expect([response.headers.get('set-cookie'), response.headers.get('x-internal')]).toEqual([null, null]);
    expect(upstream.calls).toHaveLength(1);
  });

  test.each([
    undefined,
    'null',
    'https://evil.example',
    `${ORIGIN}.evil.example`,
    'http://docs.example.com',
    `${ORIGIN}:8443`,
  ])('of origin %s may not, nor read the answer', async (origin) => {
    const { upstream, ...proxy } = await startBefore([good()]);
    for (const method of ['POST', 'OPTIONS']) {
      const response = await fetch(`${proxy.baseUrl}/embeddings`, {
        method,
        ...(origin === undefined ? {} : { headers: { origin } }),
        ...(method === 'POST' ? { body: JSON.stringify(one) } : {}),
      });
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([403, null]);
    }
    expect(
      (
        await failureOf(
          clientOf(proxy, { headers: () => (origin === undefined ? {} : { origin }) }).encode(['one'], 'query'),
        )
      ).code,
    ).toBe('unauthorized');
    expect(upstream.calls).toHaveLength(0);
  });
});

describe('what costs the owner money', () => {
  test('is checked before it goes upstream', async () => {
    const { upstream, ...proxy } = await startBefore([good()], { PER_MINUTE: '1000' });
    const refused: [unknown, number][] = [
      ['{"model":', 400],
      ['', 400],
      ['null', 400],
      [[], 400],
      [{ model: MODEL }, 400],
      [{ ...one, input: [] }, 400],
      [{ ...one, input: ' \n' }, 400],
      [{ ...one, input: ['x', 7] }, 400],
      [{ ...one, input: [[1, 2]] }, 400],
      [{ ...one, model: 'gpt-expensive' }, 404],
      [{ ...one, input: 'x'.repeat(2001) }, 413],
      [{ ...one, input: Array(9).fill('x') }, 413],
      [{ ...one, pad: 'x'.repeat(8192) }, 413],
      ['x'.repeat(20_000_000), 413],
    ];
    for (const [body, expected] of refused) {
      const { response, text } = await proxy.post(body);
      expect([body?.toString().slice(0, 40), response.status]).toEqual([body?.toString().slice(0, 40), expected]);
      expect(JSON.parse(text)).toMatchObject({
        error: { type: 'invalid_request_error', message: expect.stringMatching(/./) as string },
      });
    }
    for (const [method, path, expected] of [
      ['GET', '/embeddings', 405],
      ['DELETE', '/embeddings', 405],
      ['POST', '/chat/completions', 404],
      ['POST', '/embeddings/../models', 404],
    ] as const) {
      expect((await fetch(proxy.baseUrl + path, { method, headers: { origin: ORIGIN } })).status).toBe(expected);
    }
    expect(upstream.calls).toHaveLength(0);
    expect((await proxy.post({ ...one, input: Array(8).fill('x') })).response.status).toBe(200);
  });

  test('is limited for each client: a burst passes, then it says when', async () => {
    const { upstream, ...proxy } = await startBefore([good()], { PER_MINUTE: '6' });
    const codes = await Promise.all(Array.from({ length: 30 }, async () => (await proxy.post(one)).response.status));
    expect(codes.filter((code) => code === 200)).toHaveLength(6);
    expect(codes.filter((code) => code === 429)).toHaveLength(24);
    expect(upstream.calls).toHaveLength(6);
    const { code, details } = await failureOf(clientOf(proxy).encode(['one'], 'query'));
    expect(code).toBe('rate-limited');
    expect(details['retryAfterMs']).toBeGreaterThan(5000);
    expect(details['retryAfterMs']).toBeLessThanOrEqual(10_000);
  });

  test('refills with time: the client waits for it by itself', async () => {
    const proxy = await startBefore([good()], { PER_MINUTE: '30' });
    const sent = await Promise.all(Array.from({ length: 40 }, () => proxy.post(one)));
    const waits = sent
      .filter(({ response }) => response.status === 429)
      .map(({ response }) => Number(response.headers.get('retry-after-ms')));
    expect(waits.length).toBeGreaterThan(0);
    expect(Math.max(...waits)).toBeLessThanOrEqual(2000);
    expect(await clientOf(proxy, { maxRetries: 1 }).encode(['one'], 'query')).toHaveLength(4);
  });

  test('cannot be bypassed by a header, unless the owner trusts it; an IPv6 network is one client', async () => {
    const from = (proxy: Proxy, address: string): Promise<number> =>
      proxy.post(one, { headers: { 'x-forwarded-for': address } }).then(({ response }) => response.status);
    const plain = await startBefore([good()], { PER_MINUTE: '1' });
    expect([await from(plain, '1.1.1.1'), await from(plain, '2.2.2.2')]).toEqual([200, 429]);
    const trusting = await startBefore([good()], { PER_MINUTE: '1', TRUST_FORWARDED_FOR: '1' });
    const codes = [];
    for (const address of [
      '1.1.1.1',
      '2.2.2.2',
      'spoofed, 1.1.1.1',
      '::ffff:2.2.2.2',
      '2001:db8:1:2::1',
      '2001:db8:1:2:ffff::9',
      '2001:db8:1:3::1',
      '2001:db8::1',
      '2001:db8::1:2:3:4',
    ])
      codes.push(await from(trusting, address));
    expect(codes).toEqual([200, 200, 429, 429, 200, 429, 200, 200, 429]);
  });

  test('is not held up by a client that sends slowly', async () => {
    const { upstream, ...proxy } = await startBefore([good()], { CLIENT_TIMEOUT_MS: '500' });
    const { received, ended } = await rawRequest(
      proxy.port,
      `POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nOrigin: ${ORIGIN}\r\nContent-Length: 100\r\n\r\n{"model":`,
    );
    await ended;
    expect(received()).toMatch(/^HTTP\/1\.1 408 /);
    expect(upstream.calls).toHaveLength(0);
  });
});

test.each([
  ['API_KEY', ''],
  ['ALLOW_ORIGINS', ''],
  ['ALLOW_ORIGINS', '*'],
  ['PER_MINUTE', 'many'],
  ['FIELDS', '{"input_type":'],
  ['FIELDS', '[]'],
  ['FIELDS', '"query"'],
  ['FIELDS', 'null'],
  ['UPSTREAM', 'api.example.com/v1'],
])('it does not start with %s "%s"', async (name, value) => {
  const child = spawn(process.execPath, [SCRIPT], {
    env: { API_KEY: KEY, ALLOW_ORIGINS: ORIGIN, PORT: '0', [name]: value },
  });
  onTestFinished(() => void child.kill());
  expect(await once(child, 'close')).toEqual([1, null]);
});
