// The API over real sockets: OpenAI's formats, the limits, the queue, clients that disconnect.

import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, test, vi } from 'vitest';
import { base64Of, vectorOf } from '../../../e2e/support/faulty-server.ts';
import { EraError } from '../../errors.ts';
import { createRemoteEncoder } from '../../query/remote-encoder.ts';
import { postEmbeddings, rawRequest, serveForTest } from './serve-for-test.ts';

interface ErrorBody {
  readonly error: {
    readonly message: string;
    readonly type: string;
    readonly param: string | null;
    readonly code: string | null;
  };
}

function unit(text: string): number[] {
  const vector = Float32Array.from(vectorOf(text));
  const scale = 1 / Math.sqrt(vector.reduce((sum, value) => sum + value * value, 0));
  return [...vector.map((value) => value * scale)];
}

describe('an embeddings request', () => {
  test('with one text is answered in the shape of OpenAI', async () => {
    const { url, encoder } = await serveForTest();
    const response = await postEmbeddings(url, { model: 'test-model', input: 'one' });
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json']);
    const body: unknown = await response.json();
    expect(body).toEqual({
      object: 'list',
      model: 'test-model',
      data: [
        { object: 'embedding', index: 0, embedding: unit('one').map((value) => expect.closeTo(value, 6) as number) },
      ],
    });
    expect(encoder.calls).toMatchObject([{ texts: ['one'], options: { reproducible: true } }]);
  });

  test('may ask for base64, the right dimensions, and any of the names', async () => {
    const { url } = await serveForTest();
    const response = await postEmbeddings(url, {
      model: 'other-name',
      input: ['one', 'two'],
      encoding_format: 'base64',
      dimensions: 4,
    });
    const { data } = (await response.json()) as { data: { index: number; embedding: string }[] };
    expect(data.map(({ index }) => index)).toEqual([0, 1]);
    expect(data[1]!.embedding).toHaveLength(base64Of([1, 2, 3, 4]).length);
    const bytes = Buffer.from(data[1]!.embedding, 'base64');
    unit('two').forEach((value, j) => expect(bytes.readFloatLE(4 * j)).toBeCloseTo(value, 6));
  });

  test('gets no prompt from the server', async () => {
    const { url, encoder } = await serveForTest();
    await createRemoteEncoder({ baseUrl: `${url}v1`, model: 'test-model', prompt: 'q: {text}' }).encode(
      ['one'],
      'query',
    );
    expect(encoder.calls[0]!.texts).toEqual(['q: one']);
  });

  test.each([
    ['{"model":', 400, null, null],
    ['[]', 400, null, null],
    ['null', 400, null, null],
    [Buffer.from([0x22, 0xff, 0x22]), 400, null, null],
    [{ input: 'x' }, 400, 'model', null],
    [{ model: 'gpt', input: 'x' }, 404, 'model', 'model_not_found'],
    [{ model: 'test-model' }, 400, 'input', null],
    [{ model: 'test-model', input: [] }, 400, 'input', null],
    [{ model: 'test-model', input: '' }, 400, 'input', null],
    [{ model: 'test-model', input: ['x', ' \n'] }, 400, 'input[1]', null],
    [{ model: 'test-model', input: [[1, 2]] }, 400, 'input[0]', null],
    [{ model: 'test-model', input: [1, 2] }, 400, 'input[0]', null],
    [{ model: 'test-model', input: { text: 'x' } }, 400, 'input', null],
    [{ model: 'test-model', input: 'x', encoding_format: 'int8' }, 400, 'encoding_format', null],
    [{ model: 'test-model', input: 'x', dimensions: 3 }, 400, 'dimensions', null],
    [{ model: 'test-model', input: 'x', dimensions: '4' }, 400, 'dimensions', null],
    [{ model: 'test-model', input: ['x', 'x', 'x', 'x'] }, 413, 'input', 'too_large'],
    [{ model: 'test-model', input: ['x', 'y'.repeat(51)] }, 413, 'input[1]', 'too_large'],
    [{ model: 'test-model', input: 'x', pad: 'y'.repeat(5000) }, 413, null, 'too_large'],
  ])('of %j is refused with %i', async (body, status, param, code) => {
    const { url, encoder } = await serveForTest({ maxTexts: 3, maxTextChars: 50, maxBodyBytes: 4000 });
    const response = await postEmbeddings(
      url,
      Buffer.isBuffer(body) ? '' : body,
      Buffer.isBuffer(body) ? { body } : {},
    );
    const { error } = (await response.json()) as ErrorBody;
    expect([response.status, error.type, error.param, error.code]).toEqual([
      status,
      'invalid_request_error',
      param,
      code,
    ]);
    expect(error.message).not.toBe('');
    expect(encoder.calls).toHaveLength(0);
  });

  test('far over the body limit is answered although the client is still sending', async () => {
    const { url } = await serveForTest({ maxBodyBytes: 1000 });
    expect((await postEmbeddings(url, 'x'.repeat(20_000_000))).status).toBe(413);
  });

  test('that the model fails on reveals no internals', async () => {
    const { url, encoder } = await serveForTest();
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    encoder.failWith = new Error('tensor at 0xdead');
    const response = await postEmbeddings(url, { model: 'test-model', input: 'x' });
    const text = await response.text();
    expect([response.status, (JSON.parse(text) as ErrorBody).error.type]).toEqual([500, 'server_error']);
    expect(text).not.toContain('0xdead');
    expect(log).toHaveBeenCalledWith(expect.stringContaining('tensor at 0xdead'));
    log.mockRestore();
  });

  test('with a text that the encoder refuses is the fault of the client', async () => {
    const { url, encoder } = await serveForTest();
    encoder.failWith = new EraError('invalid-input', 'Text 0 is empty.');
    expect((await postEmbeddings(url, { model: 'test-model', input: 'x' })).status).toBe(400);
  });
});

describe('the other addresses', () => {
  test('list the models', async () => {
    const { url } = await serveForTest();
    const body = (await (await fetch(`${url}v1/models?x=1`)).json()) as { data: { id: string }[] };
    expect(body.data.map(({ id }) => id)).toEqual(['test-model', 'other-name']);
  });

  test.each([
    ['GET', 'v1/embeddings', 405, 'POST, OPTIONS'],
    ['PUT', 'v1/embeddings', 405, 'POST, OPTIONS'],
    ['POST', 'v1/models', 405, 'GET, OPTIONS'],
    ['POST', 'v1/chat/completions', 404, null],
    ['GET', 'v1/', 404, null],
  ])('%s %s is %i', async (method, path, status, allow) => {
    const { url } = await serveForTest();
    const response = await fetch(url + path, { method });
    expect([response.status, response.headers.get('allow')]).toEqual([status, allow]);
    expect(((await response.json()) as ErrorBody).error.type).toBe('invalid_request_error');
  });
});

describe('a page on another origin', () => {
  test('may send what client libraries send', async () => {
    const { url } = await serveForTest();
    const headers = {
      origin: 'https://site.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-stainless-lang',
    };
    const response = await fetch(`${url}v1/embeddings`, { method: 'OPTIONS', headers });
    expect(response.status).toBe(204);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('access-control-allow-methods')).toContain('POST');
    expect(response.headers.get('access-control-allow-headers')).toBe('authorization,content-type,x-stainless-lang');
  });

  test.each([
    ['a success', { model: 'test-model', input: 'x' }],
    ['an error', {}],
  ])('can read %s and the headers about retrying', async (_, body) => {
    const { url } = await serveForTest({ allowOrigin: 'https://site.example' });
    const { headers } = await postEmbeddings(url, body);
    expect(headers.get('access-control-allow-origin')).toBe('https://site.example');
    const exposed = headers.get('access-control-expose-headers')!.split(', ');
    expect(exposed).toEqual(
      expect.arrayContaining(['retry-after', 'retry-after-ms', 'x-ratelimit-remaining-requests', 'x-request-id']),
    );
    expect(headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
  });
});

describe('the queue', () => {
  const many = Array.from({ length: 60 }, (_, i) => `text ${String(i)}`);

  test('encodes one batch at a time and lets a query in between', async () => {
    const { url, encoder } = await serveForTest();
    let open = (): void => undefined;
    encoder.gate = new Promise((resolve) => (open = resolve));
    const order: string[] = [];
    const corpus = postEmbeddings(url, { model: 'test-model', input: many }).then(async (response) => {
      order.push('corpus');
      return (await response.json()) as { data: { embedding: number[] }[] };
    });
    await expect.poll(() => encoder.calls.length).toBe(1);
    const query = postEmbeddings(url, { model: 'test-model', input: 'query' }).then(() => order.push('query'));
    await wait(200); // waits for the request to arrive
    open();
    await query;
    const { data } = await corpus;
    expect(order).toEqual(['query', 'corpus']);
    expect(encoder.mostAtOnce).toBe(1);
    many.forEach((text, i) => expect(data[i]!.embedding[0]).toBeCloseTo(unit(text)[0]!, 5));
  });

  test('is bounded: a full one says when to retry, and the client does', async () => {
    const { url, encoder } = await serveForTest({ maxQueuedTexts: 60 });
    encoder.msPerText = 10;
    const corpus = postEmbeddings(url, { model: 'test-model', input: many });
    await expect.poll(() => encoder.calls.length).toBeGreaterThan(1); // the time for each text is known now
    let open = (): void => undefined;
    encoder.gate = new Promise((resolve) => (open = resolve));
    const refused = await postEmbeddings(url, { model: 'test-model', input: many });
    expect([refused.status, ((await refused.json()) as ErrorBody).error.code]).toEqual([429, 'rate_limit_exceeded']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    const waitMs = Number(refused.headers.get('retry-after-ms'));
    expect(waitMs).toBeGreaterThan(0);
    expect(waitMs).toBeLessThanOrEqual(1000 * Number(refused.headers.get('retry-after')));
    open();
    const patient = createRemoteEncoder({ baseUrl: `${url}v1`, model: 'test-model', maxBatchTexts: 60 });
    expect(await patient.encode(many, 'passage')).toHaveLength(240);
    expect((await corpus).status).toBe(200);
  });

  test('a text that was read before does not wait in it', async () => {
    const { url, encoder } = await serveForTest();
    const known = { model: 'test-model', input: 'known' };
    await postEmbeddings(url, known);
    let open = (): void => undefined;
    encoder.gate = new Promise((resolve) => (open = resolve));
    const waiting = postEmbeddings(url, { model: 'test-model', input: 'new' });
    await expect.poll(() => encoder.calls.length).toBe(2);
    expect((await postEmbeddings(url, known)).status).toBe(200);
    open();
    expect((await waiting).status).toBe(200);
    expect(encoder.calls).toHaveLength(2);
  });

  test('drops the texts of clients that went away', async () => {
    const { url, encoder } = await serveForTest({ maxQueuedTexts: 100 });
    encoder.msPerText = 20;
    const leaving = new AbortController();
    const left = [1, 2].map(() =>
      postEmbeddings(url, { model: 'test-model', input: many.slice(0, 50) }, { signal: leaving.signal }),
    );
    await expect.poll(() => encoder.calls.length).toBeGreaterThan(0);
    await wait(50);
    leaving.abort();
    await Promise.allSettled(left);
    await wait(50);
    const response = await postEmbeddings(url, { model: 'test-model', input: many });
    expect(response.status).toBe(200);
    const encodedTexts = encoder.calls.reduce((sum, call) => sum + call.texts.length, 0);
    expect(encodedTexts).toBeLessThanOrEqual(60 + 3 * 8);
  });

  test('survives a model failure', async () => {
    const { url, encoder } = await serveForTest();
    const log = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    encoder.failWith = new Error('once');
    expect((await postEmbeddings(url, { model: 'test-model', input: 'x' })).status).toBe(500);
    encoder.failWith = undefined;
    expect((await postEmbeddings(url, { model: 'test-model', input: 'x' })).status).toBe(200);
    log.mockRestore();
  });
});

describe('a broken client', () => {
  test('that stops in the middle of the body is let go, and others are served meanwhile', async () => {
    const { url, port, encoder } = await serveForTest({ requestTimeoutMs: 300 });
    const { received, ended } = await rawRequest(
      port,
      'POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"model":',
    );
    expect((await postEmbeddings(url, { model: 'test-model', input: 'x' })).status).toBe(200);
    await ended;
    expect(received()).toMatch(/^HTTP\/1\.1 408 /);
    expect(encoder.calls).toHaveLength(1);
  });

  test('that stops in the middle of the headers is let go', async () => {
    const { port } = await serveForTest({ requestTimeoutMs: 300 });
    const { received, ended } = await rawRequest(port, 'POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    await ended;
    expect(received()).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('that hangs up in the middle of the body leaves no trace', async () => {
    const { url, port, encoder } = await serveForTest();
    const { socket, ended } = await rawRequest(
      port,
      'POST /v1/embeddings HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{"model":',
    );
    socket.destroy();
    await ended;
    expect((await postEmbeddings(url, { model: 'test-model', input: 'x' })).status).toBe(200);
    expect(encoder.calls).toHaveLength(1);
  });
});
