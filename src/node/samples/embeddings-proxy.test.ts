// The proxy before the real embeddings server and before failing upstreams, and with pages that may not use it.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { good, sendJson, startFaultyServer, status } from '../../../e2e/support/faulty-server.ts';
import { openEncoder } from '../../encode/open-encoder.ts';
import { PROVIDERS } from '../../query/providers.fixture.ts';
import { createRemoteEncoder } from '../../query/remote-encoder.ts';
import { packageRoot } from '../package-root.ts';
import { serveForTest } from '../serve/serve-for-test.ts';
import { clientOf, failureOf, KEY, MODEL, one, ORIGIN, SCRIPT, startBefore, startProxy } from './proxy-for-test.ts';

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
          { data: [{ embedding: [1, 2] }], echo: call.headers.authorization },
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
    expect(JSON.parse(text)).toEqual({
      object: 'list',
      model: MODEL,
      data: [{ object: 'embedding', embedding: [1, 2] }],
      usage: {},
    });
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
  ['TRUST_FORWARDED_FOR', 'true'],
  ['TRUST_FORWARDED_FOR', '-1'],
  ['TRUST_FORWARDED_FOR', '10'],
])('it does not start with %s "%s"', async (name, value) => {
  const child = spawn(process.execPath, [SCRIPT], {
    env: { API_KEY: KEY, ALLOW_ORIGINS: ORIGIN, PORT: '0', [name]: value },
  });
  onTestFinished(() => void child.kill());
  expect(await once(child, 'close')).toEqual([1, null]);
});
