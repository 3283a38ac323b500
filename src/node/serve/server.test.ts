// Start and end of the server, and the real model behind the real server with the real client.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { failureOf } from '../../../e2e/support/faulty-remote.ts';
import { openEncoder } from '../../encode/open-encoder.ts';
import { dot, row } from '../../math/vector.ts';
import { createRemoteEncoder } from '../../query/remote-encoder.ts';
import { CONTENT_SECURITY_POLICY } from './security-headers.ts';
import { PacedEncoder, postEmbeddings, rawRequest, serveForTest } from './serve-for-test.ts';
import { startServer } from './server.ts';

const models = fileURLToPath(new URL('../../../public/models', import.meta.url));

test('a busy port is reported, with another one to use', async () => {
  const { port } = await serveForTest();
  const error = await failureOf(startServer({ port, encoder: new PacedEncoder() }));
  expect([error.code, error.details]).toEqual(['busy', { port }]);
  expect(error.message).toContain(`npm start -- --port ${String(port + 1)}`);
});

test.each([{ port: 70_000 }, { port: 0, host: '203.0.113.1' }])('%o cannot be listened on', async (where) => {
  expect((await failureOf(startServer({ ...where, encoder: new PacedEncoder() }))).code).toBe('invalid-option');
});

test('it listens on this machine only unless told otherwise', async () => {
  expect((await serveForTest()).url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const everywhere = await serveForTest({ host: '0.0.0.0' });
  expect(everywhere.url).toMatch(/^http:\/\/localhost:\d+\/$/);
  expect((await fetch(`${everywhere.url}v1/models`)).status).toBe(200);
});

test('the strict headers are on the answers of the API too', async () => {
  const { url } = await serveForTest();
  for (const response of [
    await fetch(`${url}v1/models`),
    await postEmbeddings(url, '{'),
    await fetch(`${url}v1/embeddings`, { method: 'OPTIONS' }),
  ]) {
    expect(response.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  }
});

test('closing lets a running request finish and takes no new one', async () => {
  const { url, encoder, close } = await serveForTest({ shutdownTimeoutMs: 3_600_000 });
  encoder.msPerText = 30;
  const running = postEmbeddings(url, {
    model: 'test-model',
    input: Array.from({ length: 20 }, (_, i) => `t${String(i)}`),
  });
  await expect.poll(() => encoder.calls.length).toBe(1);
  const closed = close();
  await expect(fetch(`${url}v1/models`)).rejects.toThrow();
  expect((await running).status).toBe(200);
  await closed; // long before the limit
  expect(close()).toBe(close());
});

test('closing is not held up by idle, silent or half-open connections for longer than the limit', async () => {
  const { url, port, close } = await serveForTest({ shutdownTimeoutMs: 300 });
  await (await fetch(`${url}v1/models`)).json();
  const connections = [
    await rawRequest(port, ''),
    await rawRequest(port, 'GET /v1/mod'),
    await rawRequest(port, 'POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{'),
  ];
  await new Promise((resolve) => setTimeout(resolve, 50));
  await close(); // these requests would never end by themselves
  await Promise.all(connections.map(({ ended }) => ended));
});

test('closing aborts requests over the limit, and leaves the encoder idle', async () => {
  const { url, encoder, close } = await serveForTest({ shutdownTimeoutMs: 100 });
  encoder.msPerText = 50;
  const running = postEmbeddings(url, {
    model: 'test-model',
    input: Array.from({ length: 1000 }, (_, i) => `t${String(i)}`),
  });
  const cut = expect(running).rejects.toThrow();
  await expect.poll(() => encoder.calls.length).toBe(1);
  await close();
  await cut;
  const { length } = encoder.calls;
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(encoder.calls).toHaveLength(length);
});

test('the real model gives its golden vectors through the real server to the real client', async () => {
  const model = 'Xenova/bge-small-en-v1.5';
  const golden = JSON.parse(readFileSync(`${models}/${model}/golden.json`, 'utf8')) as {
    cases: { text: string; tokens: number; vector: number[] }[];
  };
  const short = golden.cases.filter(({ tokens }) => tokens <= 64);
  expect(short.length).toBeGreaterThan(2);
  const { encoder } = await openEncoder({ model, modelBase: models, device: 'cpu' });
  try {
    const { url, close } = await serveForTest({ encoder, modelNames: undefined });
    for (const encodingFormat of ['float', 'base64'] as const) {
      const remote = createRemoteEncoder({
        baseUrl: `${url}v1`,
        model,
        encodingFormat,
        prompt: 'Represent this sentence for searching relevant passages: {text}',
      });
      const vectors = await remote.encode(
        short.map(({ text }) => text),
        'passage',
      );
      expect(remote.space.dims).toBe(384);
      short.forEach(({ vector }, i) =>
        expect(dot(row(vectors, i, 384), Float32Array.from(vector))).toBeGreaterThan(0.99),
      );
      const [alone] = [
        await createRemoteEncoder({ baseUrl: `${url}v1`, model, encodingFormat }).encode([short[1]!.text], 'passage'),
      ];
      expect(alone).toEqual(row(vectors, 1, 384).slice());
      const asQuery = await remote.encode([short[1]!.text], 'query');
      expect(dot(asQuery, alone)).toBeLessThan(0.99);
    }
    await close();
  } finally {
    await encoder.dispose();
  }
});
