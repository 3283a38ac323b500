// The client against a real server that plays each API of providers.fixture.ts strictly: another path, a missing key, a
// field or a value that the API does not take, and too many texts are refused as the API refuses them.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { failureOf } from '../../e2e/support/faulty-remote.ts';
import { base64Of, sendJson, vectorOf } from '../../e2e/support/faulty-server.ts';
import { spaceId } from '../space.ts';
import type { Provider } from './provider.fixture.ts';
import { PROVIDERS } from './providers.fixture.ts';
import type { QueryEncoder } from './query-encoder.ts';
import { createRemoteEncoder } from './remote-encoder.ts';
import type { RemoteOptions } from './remote-options.ts';

/** Characters of a text that the played APIs take, where they refuse longer ones. */
const LONGEST = 1000;
const KEY = 'key-of-the-owner-0123456789';

interface Played {
  readonly encoder: QueryEncoder;
  readonly bodies: Record<string, unknown>[];
}

/** @param refusal answers every request instead of vectors */
async function play(provider: Provider, options: Partial<RemoteOptions> = {}, refusal?: Refusal): Promise<Played> {
  const bodies: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Record<string, unknown>;
      bodies.push(body);
      const refused = refusal ?? refusalOf(provider, request, body);
      if (refused) sendJson(response, refused.status, refused.body);
      else sendJson(response, 200, answerOf(provider, body));
    })();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { keyHeader, base } = provider;
  const key = keyHeader === 'authorization' ? `Bearer ${KEY}` : KEY;
  const encoder = createRemoteEncoder({
    ...provider.options,
    baseUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}${base}`,
    ...(keyHeader === null ? {} : { headers: { [keyHeader]: key } }),
    maxRetries: 0,
    concurrency: 1,
    ...options,
  });
  return { encoder, bodies };
}

interface Refusal {
  readonly status: number;
  readonly body: unknown;
}

/** Why the API refuses the request; null where it does not. */
function refusalOf(
  { path, keyHeader, fields, refusesUnknown, maxTexts, tooMany, tooLong, options }: Provider,
  request: IncomingMessage,
  body: Record<string, unknown>,
): Refusal | null {
  const refuse = (status: number, message: string): Refusal => ({ status, body: { error: { message } } });
  if (request.method !== 'POST' || request.url !== path) return refuse(404, `no ${String(request.url)}`);
  const key = keyHeader === 'authorization' ? `Bearer ${KEY}` : KEY;
  if (keyHeader !== null && request.headers[keyHeader] !== key) return refuse(401, 'no key');
  const unknown = Object.keys(body).find((name) => !Object.hasOwn(fields, name));
  if (refusesUnknown && unknown !== undefined) return refuse(422, `unknown field ${unknown}`);
  const wrong = Object.entries(body).find(([name, value]) => fields[name] && !fields[name].includes(value));
  if (wrong) return refuse(400, `${wrong[0]} must not be ${JSON.stringify(wrong[1])}`);
  const texts = body[options.inputField ?? 'input'];
  if (!Array.isArray(texts) || !texts.every((text) => typeof text === 'string')) return refuse(422, 'no texts');
  if (tooLong && texts.some((text) => text.length > LONGEST)) return tooLong;
  return maxTexts !== null && texts.length > maxTexts ? tooMany : null;
}

function answerOf({ options, answer }: Provider, body: Record<string, unknown>): unknown {
  const texts = body[options.inputField ?? 'input'] as string[];
  const asked = body[options.dimensionsField ?? 'dimensions'];
  const vectors = texts.map((text) => vectorOf(text, typeof asked === 'number' ? asked : 4));
  const entries = vectors.map((vector, index) => ({
    object: 'embedding',
    embedding: body['encoding_format'] === 'base64' ? base64Of(vector) : vector,
    ...(answer === 'no-index-0' && index === 0 ? {} : { index }),
  }));
  return {
    openai: { object: 'list', data: entries, model: 'm', usage: { prompt_tokens: 2, total_tokens: 2 } },
    'no-index-0': { object: 'list', data: entries, model: 'm' },
    'bare-list': vectors,
    embeddings: { model: 'm', embeddings: vectors, total_duration: 1, load_duration: 1, prompt_eval_count: 2 },
    'embeddings.float': { id: 'x', texts, embeddings: { float: vectors }, meta: { api_version: { version: '2' } } },
  }[answer];
}

function unit(text: string): number[] {
  const vector = vectorOf(text);
  return vector.map((value) => value / Math.hypot(...vector));
}

function expectUnits(vectors: Float32Array, texts: readonly string[]): void {
  const expected = texts.flatMap(unit);
  expect(vectors).toHaveLength(expected.length);
  vectors.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
}

describe.each(PROVIDERS)('$name', (provider) => {
  test.each(['query', 'document'] as const)('gets the request that it documents for a %s', async (kind) => {
    const { encoder, bodies } = await play(provider);
    const vectors = await encoder.encode(['one', 'two'], kind === 'query' ? 'query' : 'passage');
    const expected = provider[kind] ?? provider.query;
    expect(bodies).toEqual([expected]);
    expectUnits(vectors, expected[provider.options.inputField ?? 'input'] as string[]);
  });

  test('gets all texts where a batch is over its limit', async () => {
    const { maxTexts } = provider;
    const count = maxTexts === null ? 40 : Math.min(maxTexts + 1, 2048);
    const texts = Array.from({ length: count }, (_, i) => `text ${String(i)}`);
    const { encoder, bodies } = await play(provider, { maxBatchTexts: count });
    expectUnits(await encoder.encode(texts, 'passage'), texts);
    expect(bodies).toHaveLength(maxTexts !== null && count > maxTexts ? 3 : 1);
  });

  const limits = provider.maxTexts === null ? [] : [provider.maxTexts];
  test.each(limits)('gets batches within its limit of %i once it has refused one', async (maxTexts) => {
    const count = maxTexts + 1;
    const { encoder, bodies } = await play(provider, { maxBatchTexts: Math.min(count, 2048) });
    const sent = (): number[] =>
      bodies.map((body) => (body[provider.options.inputField ?? 'input'] as string[]).length);
    const textsOf = (name: string): string[] => Array.from({ length: count }, (_, i) => `${name} ${String(i)}`);
    await encoder.encode(textsOf('one'), 'passage');
    bodies.length = 0;
    await encoder.encode(textsOf('two'), 'passage');
    expect(Math.max(...sent())).toBeLessThanOrEqual(maxTexts);
  });

  const refusals = provider.tooLong ? [provider.tooLong] : [];
  test.each(refusals)('has its refusal of a long text by $status explained', async ({ status }) => {
    const { encoder, bodies } = await play(provider, { maxRetries: 2 });
    const texts = ['one', 'two', 'three', 'x'.repeat(LONGEST + 1)];
    const { code, message, details } = await failureOf(encoder.encode(texts, 'passage'));
    expect([code, details]).toEqual(['too-large', { status, characters: LONGEST + 1 }]);
    expect(message).toContain('documentFields');
    expect(message).toContain(`The server answered ${String(status)}: `);
    expect(bodies.at(-1)![provider.options.inputField ?? 'input']).toEqual([texts[3]]); // alone, and sent once
    expect(new Set(bodies.map((body) => JSON.stringify(body))).size).toBe(bodies.length);
  });

  test('takes the default batches', async () => {
    const texts = Array.from({ length: 70 }, (_, i) => `text ${String(i)}`);
    const { encoder, bodies } = await play(provider);
    expectUnits(await encoder.encode(texts, 'passage'), texts);
    expect(bodies).toHaveLength(3);
  });

  test.each(provider.errors)('is repeated in the error when it answers $status $body', async (refusal) => {
    const { encoder } = await play(provider, {}, refusal);
    const error = await failureOf(encoder.encode(['one'], 'query'));
    expect(error.details['status']).toBe(refusal.status);
    expect(error.message).toContain(refusal.says);
  });

  test('is in the table for owners', async () => {
    const table = await readFile(new URL('../../docs/providers.md', import.meta.url), 'utf8');
    const row = table.split('\n').find((line) => line.split('|')[1]?.trim() === provider.name);
    const { dimensionsField, inputField, queryFields = {}, documentFields = {} } = provider.options;
    const told = [dimensionsField, inputField, ...Object.keys({ ...queryFields, ...documentFields })];
    for (const word of told) if (word !== undefined) expect(row).toContain(word);
    expect(row).toContain(provider.maxTokens);
    if (provider.maxTexts !== null) expect(row).toMatch(new RegExp(`\\| ${String(provider.maxTexts)} +\\|`));
    if (provider.unchecked !== '') expect(row).toContain(provider.unchecked);
  });
});

test('a key that an API repeats is not in the error', async () => {
  const { encoder } = await play(PROVIDERS[1]!, {}, { status: 401, body: { detail: `No such key: ${KEY}` } });
  expect((await failureOf(encoder.encode(['one'], 'query'))).message).toBe('The server answered 401: No such key: •••');
});

test('an encoding that an API does not take is refused by it, and one that it takes is read', async () => {
  const voyage = PROVIDERS.find(({ name }) => name === 'Voyage')!;
  const asked = await play(voyage, { encodingFormat: 'float' });
  expect((await failureOf(asked.encoder.encode(['one'], 'query'))).message).toContain('encoding_format');
  const taken = await play(voyage, { encodingFormat: 'base64' });
  expectUnits(await taken.encoder.encode(['one'], 'query'), ['one']);
});

test('fields of the roles are part of the space, and the cache keeps the roles apart', async () => {
  const voyage = PROVIDERS.find(({ name }) => name === 'Voyage')!;
  const { encoder, bodies } = await play(voyage);
  const plain = await play(voyage, { queryFields: undefined, documentFields: undefined });
  expect(encoder.space).not.toEqual(plain.encoder.space);
  await encoder.encode(['one'], 'query');
  expect([encoder.has('one', 'query'), encoder.has('one', 'passage')]).toEqual([true, false]);
  await encoder.encode(['one'], 'passage');
  expect(bodies.map((body) => body['input_type'])).toEqual(['query', 'document']);
});

test('fields that are written in another order are the same space, and other fields are another one', () => {
  const spaceOf = (queryFields: NonNullable<RemoteOptions['queryFields']>): string =>
    spaceId(createRemoteEncoder({ baseUrl: 'http://localhost/v1', model: 'm', dimensions: 4, queryFields }).space);
  const one = spaceOf({ input_type: 'query', options: { truncate: true, normalize: [1, 2] } });
  expect(spaceOf({ options: { normalize: [1, 2], truncate: true }, input_type: 'query' })).toBe(one);
  expect(spaceOf({ options: { normalize: [2, 1], truncate: true }, input_type: 'query' })).not.toBe(one);
});
