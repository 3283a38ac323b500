// The client against a real server: what it sends, what it accepts, batches, cache, options.

import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { failureOf, startFaultyRemote as start } from '../../e2e/support/faulty-remote.ts';
import { afterMs, answer, good, sendJson, status, vectorOf, type Behaviour } from '../../e2e/support/faulty-server.ts';
import { isEraError } from '../errors.ts';
import { row } from '../math/vector.ts';
import { createRemoteEncoder } from './remote-encoder.ts';
import type { RemoteOptions } from './remote-options.ts';

/** The unit vector of the server's answer. */
function unit(text: string, dims = 4): number[] {
  const vector = Float32Array.from(vectorOf(text, dims));
  const length = Math.hypot(...vector);
  return [...vector].map((value) => value / length);
}

function expectRows(matrix: Float32Array, texts: readonly string[], dims = 4): void {
  expect(matrix).toHaveLength(texts.length * dims);
  texts.forEach((text, i) => {
    const expected = unit(text, dims);
    row(matrix, i, dims).forEach((value, j) => expect(value).toBeCloseTo(expected[j]!, 5));
  });
}

describe('a request', () => {
  test('has the fields that OpenAI documents, and no others', async () => {
    const { server, encoder } = await start([good({ dims: 8 })], {
      dimensions: 8,
      encodingFormat: 'base64',
      dangerouslyExposedApiKey: 'sk-1234567890',
    });
    await encoder.encode(['one', 'two'], 'passage');
    const [call] = server.calls;
    expect(call!.path).toBe('/v1/embeddings');
    expect(call!.headers).toMatchObject({
      'content-type': 'application/json',
      accept: 'application/json',
      authorization: 'Bearer sk-1234567890',
    });
    expect(call!.body).toEqual({
      model: 'test-model',
      input: ['one', 'two'],
      encoding_format: 'base64',
      dimensions: 8,
    });
  });

  test('has no encoding where none is asked for', async () => {
    const { server, encoder } = await start([good()]);
    await encoder.encode(['one'], 'passage');
    expect(server.calls[0]!.body).toEqual({ model: 'test-model', input: ['one'] });
  });

  test('puts the prompt before queries only', async () => {
    const { server, encoder } = await start([good()], { prompt: 'Instruct: find\nQuery: {text}' });
    await encoder.encode(['what costs $& here'], 'query');
    await encoder.encode(['what costs $& here'], 'passage');
    expect(server.calls.map((call) => call.body.input)).toEqual([
      ['Instruct: find\nQuery: what costs $& here'],
      ['what costs $& here'],
    ]);
  });

  test('keeps query parameters of the address and needs no slash rules', async () => {
    const { server } = await start([good()]);
    await createRemoteEncoder({ baseUrl: `${server.baseUrl}/?api-version=2`, model: 'm' }).encode(['one'], 'query');
    expect(server.calls[0]!.path).toBe('/v1/embeddings?api-version=2');
  });

  test('asks headers() before every attempt', async () => {
    let count = 0;
    const { server, encoder } = await start([status(500, { 'retry-after': '0' }), good()], {
      headers: () => Promise.resolve({ authorization: `Bearer token-${String(++count)}` }),
    });
    await encoder.encode(['one'], 'query');
    expect(server.calls.map((call) => call.headers.authorization)).toEqual(['Bearer token-1', 'Bearer token-2']);
  });
});

describe('an answer', () => {
  test.each([
    ['float', 'float'],
    ['float', 'base64'],
    ['base64', 'float'],
    ['base64', 'base64'],
  ] as const)('is understood when %s was asked for and %s came, in any order', async (encodingFormat, format) => {
    const { encoder } = await start([good({ format, reversed: true })], { encodingFormat });
    const texts = ['one', 'two', 'three'];
    expectRows(await encoder.encode(texts, 'passage'), texts);
  });

  test('determines the dimensions, and later ones must have them', async () => {
    const { encoder } = await start([good({ dims: 6 }), good({ dims: 5 })]);
    expect(encoder.space).toEqual({
      model: 'test-model',
      revision: 'main',
      dtype: 'api',
      pooling: 'api',
      prompt: '',
      dims: 0,
    });
    await encoder.encode(['one'], 'query');
    expect(encoder.space.dims).toBe(6);
    const error = await failureOf(encoder.encode(['two'], 'query'));
    expect([error.code, error.details]).toEqual(['dimension-mismatch', { length: 5, dims: 6 }]);
  });

  test('must have the dimensions of the option', async () => {
    const { encoder } = await start([good({ dims: 3 })], { dimensions: 8 });
    expect((await failureOf(encoder.encode(['one'], 'query'))).code).toBe('dimension-mismatch');
  });

  const html: Behaviour = (_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!DOCTYPE html><p>Sign in');
  const halfJson: Behaviour = (call, response) => response.end(JSON.stringify(answer(call)).slice(0, -20));
  const brokenOff: Behaviour = (call, response) => {
    response.writeHead(200, { 'content-length': '1000' }).write(JSON.stringify(answer(call)));
    setTimeout(() => response.destroy(), 20);
  };
  const huge: Behaviour = (_, response) => {
    response.on('error', () => undefined);
    const more = (): void => {
      while (!response.destroyed && response.write(Buffer.alloc(1 << 16, 'a')));
      if (!response.destroyed) response.once('drain', more);
    };
    more();
  };
  const notFinite: Behaviour = (_, response) => response.end('{"data":[{"index":0,"embedding":[1,1e999]}]}');
  const elsewhere: Behaviour = (_, response) => response.writeHead(307, { location: '/v2/embeddings' }).end();
  test.each([
    ['HTML', html, 1],
    ['half a JSON text', halfJson, 1],
    ['half a body', brokenOff, 2],
    ['a body without end', huge, 1],
    ['an infinite number', notFinite, 1],
    [
      'a vector of zeros',
      (_: unknown, response) => sendJson(response, 200, { data: [{ index: 0, embedding: [0, 0] }] }),
      1,
    ],
    [
      'one vector too many',
      (_: unknown, response) =>
        sendJson(response, 200, {
          data: [
            { index: 0, embedding: [1] },
            { index: 1, embedding: [1] },
          ],
        }),
      1,
    ],
    ['an empty body', (_: unknown, response) => response.writeHead(204).end(), 1],
    ['a redirect', elsewhere, 1],
  ] as readonly [string, Behaviour, number][])('that is %s is a bad response', async (_, behave, requests) => {
    const { server, encoder } = await start([behave], { maxRetries: 1 });
    expect((await failureOf(encoder.encode(['one'], 'query'))).code).toBe('bad-response');
    expect(server.calls).toHaveLength(requests);
  });

  test('that is wrong is reported with the position', async () => {
    const { encoder } = await start([
      (call, response) =>
        sendJson(response, 200, { data: answer(call).data.with(3, { object: 'embedding', index: 3, embedding: '?' }) }),
    ]);
    expect((await failureOf(encoder.encode(['a', 'b', 'c', 'd'], 'query'))).details['path']).toBe('data[3].embedding');
  });
});

describe('batches', () => {
  const texts = Array.from({ length: 25 }, (_, i) => `text ${String(i)}`);

  test('hold at most maxBatchTexts and come back in order', async () => {
    const { server, encoder } = await start([good()], { maxBatchTexts: 10 });
    const done: number[] = [];
    expectRows(await encoder.encode(texts, 'passage', { onProgress: (count) => done.push(count) }), texts);
    expect(server.calls.map((call) => call.body.input.length).sort()).toEqual([10, 10, 5]);
    expect(done).toHaveLength(3);
    expect(done.at(-1)).toBe(25);
  });

  test('run side by side up to the concurrency', async () => {
    let under = 0;
    let most = 0;
    const counting: Behaviour = async (call, response) => {
      most = Math.max(most, ++under);
      await afterMs(60, good())(call, response);
      under--;
    };
    const { encoder } = await start([counting], { maxBatchTexts: 3, concurrency: 2 });
    expectRows(await encoder.encode(texts, 'passage'), texts);
    expect(most).toBe(2);
  });

  test('send a text that comes twice once', async () => {
    const { server, encoder } = await start([good()]);
    expectRows(await encoder.encode(['one', 'two', 'one'], 'passage'), ['one', 'two', 'one']);
    expect(server.calls.map((call) => call.body.input)).toEqual([['one', 'two']]);
  });

  test('are halved while the server answers 413', async () => {
    const atMostThree: Behaviour = (call, response) =>
      call.body.input.length > 3 ? status(413)(call, response) : good()(call, response);
    const { server, encoder } = await start([atMostThree], { concurrency: 1 });
    const some = texts.slice(0, 10);
    expectRows(await encoder.encode(some, 'passage'), some);
    expect(server.calls.map((call) => call.body.input.length)).toEqual([10, 5, 3, 2, 3, 2]);
  });

  test('stay small after that, but not after a text that alone is too large', async () => {
    const { server, encoder } = await start(
      [
        (call, response) =>
          call.body.input.length > 3 || call.body.input.includes('long')
            ? status(413)(call, response)
            : good()(call, response),
      ],
      { concurrency: 1, maxBatchTexts: 6 },
    );
    const sent = async (some: readonly string[]): Promise<number[]> => {
      const before = server.calls.length;
      await encoder.encode(some, 'passage').catch(() => undefined);
      return server.calls.slice(before).map((call) => call.body.input.length);
    };
    expect(await sent(texts.slice(0, 6))).toEqual([6, 3, 3]);
    expect(await sent(texts.slice(6, 12))).toEqual([3, 3]);
    expect(await sent(['long'])).toEqual([1]);
    expect(await sent(texts.slice(12, 18))).toEqual([6, 3, 3]);
  });

  test('end with too-large when one text alone is too large', async () => {
    const { server, encoder } = await start([status(413)]);
    expect((await failureOf(encoder.encode(['one', 'two'], 'passage'))).code).toBe('too-large');
    expect(server.calls.map((call) => call.body.input.length)).toEqual([2, 1]);
  });

  test('stop when one of them fails, and keep what had arrived', async () => {
    const { server, encoder } = await start([good(), status(400), afterMs(5000, good())], {
      maxBatchTexts: 5,
      concurrency: 1,
    });
    expect((await failureOf(encoder.encode(texts, 'passage'))).code).toBe('request-refused');
    expect(server.calls).toHaveLength(2);
    expect(texts.filter((text) => encoder.has(text, 'passage'))).toEqual(texts.slice(0, 5));
  });

  test('under way are dropped when another one fails', async () => {
    // Limits so long that nothing else ends the first request.
    const { server, encoder } = await start([() => undefined, afterMs(50, status(400))], {
      maxBatchTexts: 20,
      timeoutMs: 600_000,
      totalTimeoutMs: 600_000,
    });
    expect((await failureOf(encoder.encode(texts, 'passage'))).code).toBe('request-refused');
    await expect.poll(() => server.calls[0]!.dropped).toBe(true);
  });
});

describe('the cache', () => {
  test('answers a known text without a request, per role', async () => {
    const { server, encoder } = await start([good()], { prompt: 'q: {text}' });
    const first = await encoder.encode(['one', 'two'], 'query');
    expect([encoder.has('one', 'query'), encoder.has('one', 'passage'), encoder.has('three', 'query')]).toEqual([
      true,
      false,
      false,
    ]);
    expect(await encoder.encode(['two', 'one'], 'query')).toEqual(
      Float32Array.of(...row(first, 1, 4), ...row(first, 0, 4)),
    );
    expect(server.calls).toHaveLength(1);
    await encoder.encode(['two', 'three'], 'query');
    expect(server.calls[1]!.body.input).toEqual(['q: three']);
  });

  test('hands out copies', async () => {
    const { encoder } = await start([good()]);
    (await encoder.encode(['one'], 'query')).fill(9);
    expectRows(await encoder.encode(['one'], 'query'), ['one']);
  });

  test('may be smaller than a call', async () => {
    const { encoder } = await start([good()], { cacheEntries: 1 });
    expectRows(await encoder.encode(['one', 'two', 'three'], 'query'), ['one', 'two', 'three']);
    expect([encoder.has('one', 'query'), encoder.has('three', 'query')]).toEqual([false, true]);
  });
});

describe('input', () => {
  test.each([[['']], [['one', '  \n']]])('%j is refused before anything is sent', async (texts) => {
    const { server, encoder } = await start([good()]);
    const error = await failureOf(encoder.encode(texts, 'query'));
    expect([error.code, error.details['text']]).toEqual(['invalid-input', texts.length - 1]);
    expect(server.calls).toHaveLength(0);
  });

  test('of no texts gives no vectors', async () => {
    const { server, encoder } = await start([good()]);
    expect(await encoder.encode([], 'query')).toHaveLength(0);
    expect(server.calls).toHaveLength(0);
  });

  test.each([
    ['baseUrl', { baseUrl: './v1' }],
    ['baseUrl', { baseUrl: 'ftp://host/v1' }],
    ['baseUrl', { baseUrl: 'http://me:secret@host/v1' }],
    ['model', { model: '' }],
    ['prompt', { prompt: 'query: ' }],
    ['prompt', { prompt: '{text} {text}' }],
    ['dimensions', { dimensions: 0 }],
    ['encodingFormat', { encodingFormat: 'int8' as 'float' }],
    ['timeoutMs', { timeoutMs: 2 ** 31 }],
    ['totalTimeoutMs', { totalTimeoutMs: NaN }],
    ['maxRetries', { maxRetries: -1 }],
    ['maxRetryAfterMs', { maxRetryAfterMs: Infinity }],
    ['maxBatchTexts', { maxBatchTexts: 0 }],
    ['concurrency', { concurrency: 1.5 }],
    ['cacheEntries', { cacheEntries: -1 }],
  ] as readonly [string, Partial<RemoteOptions>][])('with a wrong %s: %j is an invalid option', (option, wrong) => {
    try {
      createRemoteEncoder({ baseUrl: 'http://localhost/v1', model: 'm', ...wrong });
    } catch (error) {
      if (!isEraError(error, 'invalid-option')) throw error;
      expect(error.details['option']).toBe(option);
      expect(inspect(error)).not.toContain('secret');
      return;
    }
    throw new Error('It should have been refused.');
  });
});
