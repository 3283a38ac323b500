// A retriever over HTTP, against a server that ranks by cosine: the contract, alone and fused with the local keyword
// retriever, and wrong answers of a server.

import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, describe, expect, test } from 'vitest';
import { isEraError } from '../errors.ts';
import { buildKeywordIndex } from '../lexical/build.ts';
import { KeywordIndex, sourceOf } from '../lexical/keyword-index.ts';
import { quantizeRows } from '../math/quantize.ts';
import { Random } from '../math/random.ts';
import { normalizeRows } from '../math/vector.ts';
import { createRanker } from '../scan/rank-many.ts';
import { DenseRetriever } from '../search/dense-retriever.ts';
import { HttpRetriever } from './http-retriever.ts';
import { HybridRetriever } from '../search/hybrid-retriever.ts';
import { KeywordRetriever } from '../search/keyword-retriever.ts';
import { describeRetriever } from '../search/retriever.contract.ts';
import type { Query } from '../search/retriever.ts';

const DIMS = 8;
const random = new Random(5);
const WORDS = ['open', 'path', 'file', 'close', 'rebase', 'merge'];
const texts = Array.from({ length: 60 }, () =>
  Array.from({ length: 1 + random.below(5) }, () => WORDS[random.below(WORDS.length)]!).join(' '),
);
const normal = (count: number): Float32Array<ArrayBuffer> =>
  normalizeRows(
    Float32Array.from({ length: count * DIMS }, () => random.normal()),
    DIMS,
  ) as Float32Array<ArrayBuffer>;
const floats = normal(texts.length);
floats.copyWithin(9 * DIMS, 2 * DIMS, 3 * DIMS); // two documents with one score
const vectors = quantizeRows(floats, DIMS);
const ranker = createRanker(vectors);
const dense = new DenseRetriever({ search: (query, k) => ranker.rank(query, k) }, vectors);
const parts = buildKeywordIndex(
  texts.map((text, page) => ({ title: '', headings: [], text, language: '', page, weight: 1 })),
);
const keyword = (): KeywordRetriever => new KeywordRetriever(new KeywordIndex(sourceOf(parts)));

interface Asked {
  readonly query: { readonly vector: number[] };
  readonly k?: number;
  readonly ids?: number[];
}

async function ranked({ query, k = 1, ids }: Asked): Promise<object> {
  const list = await dense.retrieve({ vector: Float32Array.from(query.vector) }, { k });
  return ids
    ? { scores: [...(await list.scoresOf(Int32Array.from(ids)))] }
    : { ids: [...list.ids].reverse(), scores: [...list.scores].reverse() };
}

/** What the server answers under each path. */
const ANSWERS: Readonly<Record<string, (asked: Asked, response: ServerResponse) => unknown>> = {
  '/good': ranked,
  '/unknown': () => ({ ids: [1, texts.length], scores: [2, 1] }),
  '/negative': () => ({ ids: [-1], scores: [1] }),
  '/fraction': () => ({ ids: [1.5], scores: [1] }),
  '/twice': () => ({ ids: [3, 4, 3], scores: [3, 2, 1] }),
  '/nan': () => ({ ids: [3, 7], scores: [3, null] }),
  '/endless': () => '{"ids":[7],"scores":[1e999]}',
  '/short': () => ({ ids: [3, 4], scores: [3] }),
  '/many': ({ k = 0 }) => ({ ids: Array.from({ length: k + 1 }, (_, i) => i), scores: Array<number>(k + 1).fill(1) }),
  '/null': () => 'null',
  '/html': () => '<!doctype html><title>Sign in</title>',
  '/late': () => new Promise(() => undefined),
  '/dripping': (_, response) => (response.write('{"ids":['), new Promise(() => undefined)),
  '/down': (_, response) => ((response.statusCode = 503), {}),
};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    void Promise.resolve(ANSWERS[request.url!]!(JSON.parse(Buffer.concat(chunks).toString()) as Asked, response)).then(
      (answer) => response.end(typeof answer === 'string' ? answer : JSON.stringify(answer)),
    );
  });
});
server.listen(0, '127.0.0.1');
await once(server, 'listening');
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const over = (path: string, timeoutMs = 120_000): HttpRetriever =>
  new HttpRetriever({
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}${path}`,
    count: texts.length,
    timeoutMs,
  });
const documents = {
  isComplete: true,
  pageOf: (id: number) => id,
  weightOf: () => 1,
  named: (id: number) => Promise.resolve({ title: 'Other', headings: [], text: texts[id]! }),
};
const fusedWith = (retriever: HttpRetriever | DenseRetriever): HybridRetriever =>
  new HybridRetriever({ keyword: keyword(), dense: retriever, documents });

const vector = normal(1);
const queries: readonly Query[] = ['open', 'rebase merge', 'file'].map((text) => ({ text, vector: normal(1) }));

describeRetriever('over HTTP', () => ({ retriever: over('/good'), queries, vector }));
describeRetriever('over HTTP, fused with local keywords', () => ({
  retriever: fusedWith(over('/good')),
  queries,
  vector,
  isPinned: ({ exact }, id) => exact.has(id),
}));

test('fused with local keywords, it ranks as the same vectors do in the page', async () => {
  for (const query of queries) {
    const [there, here] = await Promise.all(
      [over('/good'), dense].map((retriever) => fusedWith(retriever).retrieve(query, { k: 60 })),
    );
    expect(there!.ids).toEqual(here!.ids);
    expect(there!.scores).toEqual(here!.scores);
  }
});

describe('what a server may get wrong', () => {
  test.each([
    ['/unknown', 'bad-response', { id: '60' }],
    ['/negative', 'bad-response', { id: '-1' }],
    ['/fraction', 'bad-response', { id: '1.5' }],
    ['/twice', 'bad-response', { id: '3' }],
    ['/nan', 'bad-response', { id: '7' }],
    ['/endless', 'bad-response', { id: '7' }],
    ['/short', 'bad-response', {}],
    ['/many', 'bad-response', {}],
    ['/null', 'bad-response', {}],
    ['/html', 'bad-response', {}],
    ['/late', 'timeout', {}],
    ['/dripping', 'timeout', {}],
    ['/down', 'server-error', { status: 503 }],
  ])('%s is %s', async (path, code, details) => {
    const error: unknown = await over(path, path === '/late' || path === '/dripping' ? 50 : 120_000)
      .retrieve(queries[0]!, { k: 5 })
      .catch((thrown: unknown) => thrown);
    expect(isEraError(error) && { code: error.code, details: error.details }).toMatchObject({ code, details });
  });

  test('a server that does not run is a network error', async () => {
    const error: unknown = await new HttpRetriever({ url: 'http://127.0.0.1:1/', count: 3 })
      .retrieve(queries[0]!, { k: 1 })
      .catch((thrown: unknown) => thrown);
    expect(isEraError(error, 'network')).toBe(true);
  });

  test('a call that is aborted while the server is silent rejects with the reason', async () => {
    const controller = new AbortController();
    const reason = new DOMException('enough', 'AbortError');
    const call = over('/late').retrieve(queries[0]!, { k: 1, signal: controller.signal });
    setTimeout(() => controller.abort(reason), 20);
    expect(await call.catch((thrown: unknown) => thrown)).toBe(reason);
  });
});
