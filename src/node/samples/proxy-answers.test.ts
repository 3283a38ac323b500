// What of an upstream's answer reaches a page: its numbers in one form, and a status that HTTP clients know.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { base64Of, sendJson } from '../../../e2e/support/faulty-server.ts';
import { KEY, MODEL, one, startBefore } from './proxy-for-test.ts';

/** Every letter of a text as a JSON escape, which a search for the text in the body does not find. */
function escaped(text: string): string {
  return Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join(
    '',
  );
}

describe('an answer', () => {
  test.each([
    ['a list', (vector: unknown) => [vector]],
    ['data', (vector: unknown) => ({ data: [{ index: 0, embedding: vector }] })],
    ['data without an index', (vector: unknown) => ({ data: [{ index: null, embedding: vector }] })],
    ['embeddings', (vector: unknown) => ({ embeddings: [vector] })],
    ['embeddings.float', (vector: unknown) => ({ embeddings: { float: [vector] } })],
    ['embeddings.base64', (vector: unknown) => ({ embeddings: { base64: [vector] } })],
  ])('in the form of %s has its vectors, its count of tokens and nothing else', async (name, form) => {
    const echo = [KEY, escaped(KEY), Buffer.from(KEY).toString('base64')];
    const proxy = await startBefore([
      ({ headers }, response) => {
        const more = { echo, headers, id: KEY, model: KEY, object: KEY, usage: { prompt_tokens: 2, cost: KEY } };
        const vector = form(name.endsWith('base64') ? base64Of([0.5, -2]) : [0.5, -2]);
        const body = Array.isArray(vector) ? vector : { ...vector, ...more };
        response
          .writeHead(200, { 'retry-after': KEY, 'x-ratelimit-reset-tokens': '6m0s', 'x-ratelimit-limit-tokens': KEY })
          .end(JSON.stringify(body).replaceAll(KEY, escaped(KEY)));
      },
    ]);
    const { response, text } = await proxy.post(one);
    expect(response.status).toBe(200);
    expect(JSON.parse(text)).toEqual({
      object: 'list',
      model: MODEL,
      data: [{ object: 'embedding', ...(name === 'data' ? { index: 0 } : {}), embedding: [0.5, -2] }],
      usage: name === 'a list' ? {} : { prompt_tokens: 2 },
    });
    expect([response.headers.get('retry-after'), response.headers.get('x-ratelimit-reset-tokens')]).toEqual([
      null,
      '6m0s',
    ]);
    const packed = await proxy.post({ ...one, encoding_format: 'base64' });
    expect(JSON.parse(packed.text)).toMatchObject({ data: [{ embedding: base64Of([0.5, -2]) }] });
  });

  test('never has a text of the upstream, whatever JSON that sends', async () => {
    let body: unknown;
    const proxy = await startBefore([(_, response) => sendJson(response, 200, body)], { PER_MINUTE: '100000' });
    const canary = fc.constantFrom(KEY, `Bearer ${KEY}`, `canary ${KEY}`);
    const values = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        canary,
        fc.double(),
        fc.constant(null),
        fc.array(tie('value'), { maxLength: 3 }),
        fc.dictionary(
          fc.constantFrom('data', 'index', 'embedding', 'embeddings', 'float', 'base64', 'usage', 'prompt_tokens', KEY),
          tie('value'),
        ),
      ),
    })).value;
    const data = fc
      .record({ index: fc.oneof(fc.constant(0), values), embedding: fc.oneof(fc.constant([1, 2]), values) })
      .map((entry) => [entry]);
    const answers = fc.oneof(values, fc.record({ data, usage: values, error: values }, { requiredKeys: ['data'] }));
    const ours = new Set<unknown>(['list', MODEL, 'embedding']);
    const seen = new Set<number>();
    await fc.assert(
      fc.asyncProperty(answers, async (answer) => {
        body = answer;
        const { response, text } = await proxy.post(one);
        seen.add(response.status);
        expect([200, 502]).toContain(response.status);
        if (response.status === 502) return;
        const found: unknown[] = [];
        JSON.parse(text, (_, value: unknown) => {
          if (typeof value === 'string') found.push(value);
          return value;
        });
        expect(found.filter((value) => !ours.has(value))).toEqual([]);
      }),
      { numRuns: 300 },
    );
    expect(seen).toEqual(new Set([200, 502]));
  });

  test('that is none is an error of the upstream', async () => {
    const bodies = [
      '<html>',
      '',
      '{"data":{"0":[1]}}',
      '{"data":[{"embedding":[1]},{"embedding":[2]}]}',
      '{"data":[{"embedding":["1"]}]}',
      '{"data":[{"embedding":[]}]}',
      '{"data":[{"embedding":[1e39]}]}',
      `{"data":[{"embedding":"${KEY}"}]}`,
      '{"data":[{"index":1,"embedding":[1]}]}',
      '{"data":[{"index":"0","embedding":[1]}]}',
      'x'.repeat(5 << 20),
    ];
    const proxy = await startBefore(bodies.map((body) => (_, response) => response.end(body)));
    for (const body of bodies) {
      const { response, text } = await proxy.post(one);
      expect([body.slice(0, 40), response.status]).toEqual([body.slice(0, 40), 502]);
      expect(JSON.parse(text)).toMatchObject({ error: { type: 'server_error' } });
    }
  });

  test('that is a key in letters of base64 is no vector', async () => {
    const key = 'AbCd0123456789AbCd0123456789AbCd'; // 24 bytes, six numbers
    const proxy = await startBefore([(_, response) => sendJson(response, 200, [key])], { API_KEY: key });
    const { response, text } = await proxy.post(one);
    expect([response.status, text.includes(key)]).toEqual([502, false]);
  });

  test('has a status that HTTP clients know', async () => {
    const statuses: [number, number][] = [
      [201, 200],
      [204, 502],
      [304, 502],
      [399, 502],
      [407, 502],
      [418, 418],
      [422, 422],
      [499, 400],
      [529, 500],
      [599, 500],
      [600, 502],
      [999, 502],
    ];
    const proxy = await startBefore(
      statuses.map(
        ([code]) =>
          (_, response) =>
            code === 204 || code === 304 ? response.writeHead(code).end() : sendJson(response, code, [[1]]),
      ),
    );
    for (const [code, expected] of statuses)
      expect([code, (await proxy.post(one)).response.status]).toEqual([code, expected]);
  });
});
