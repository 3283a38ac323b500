// Every retriever of this room against the contract, and the particular behaviour of each.

import { describe, expect, test } from 'vitest';
import { isEraError } from '../errors.ts';
import { DEFAULT_ANALYZER } from '../analysis/analyzers.ts';
import { fitStatic, ownTerms } from '../encode/static/fit-static.ts';
import { MODEL_DIMS, plainPeaks, readByWords } from '../encode/static/word-vectors.fixture.ts';
import { codesByCluster } from '../format/static-parts.ts';
import { buildKeywordIndex } from '../lexical/build.ts';
import { KeywordIndex, sourceOf } from '../lexical/keyword-index.ts';
import { quantizeRows } from '../math/quantize.ts';
import { Random } from '../math/random.ts';
import { normalizeRows } from '../math/vector.ts';
import { retrieverOf } from '../node/evaluate/static-systems.ts';
import { openScanner } from '../scan/open-scanner.ts';
import { createRanker } from '../scan/rank-many.ts';
import { DenseRetriever } from './dense-retriever.ts';
import type { RankedDocuments } from './documents.ts';
import { FUSION, OF_PASSAGES, type FusionConstants } from './fusion.ts';
import { HybridRetriever, type HybridParts } from './hybrid-retriever.ts';
import { KeywordRetriever } from './keyword-retriever.ts';
import { describeRetriever } from './retriever.contract.ts';
import { StaticRetriever } from './static-retriever.ts';
import type { Query, RankedList } from './retriever.ts';

const DIMS = 16;
const WORDS = ['open', 'path', 'file', 'close', 'rebase', 'merge', 'branch', 'open_v2', 'the', 'how'];
const random = new Random(7);
const pick = (): string => WORDS[random.below(WORDS.length)]!;
/** Some texts are equal. */
const texts = Array.from({ length: 300 }, (_, i) =>
  i % 7 === 0 ? 'open path' : Array.from({ length: 1 + random.below(8) }, pick).join(' '),
);
const unit = (values: Float32Array<ArrayBuffer>): Float32Array<ArrayBuffer> =>
  normalizeRows(values, DIMS) as Float32Array<ArrayBuffer>;
const normal = (count: number): Float32Array<ArrayBuffer> =>
  unit(Float32Array.from({ length: count * DIMS }, () => random.normal()));
const floats = normal(texts.length);
// Some vectors are equal too.
for (const [to, from] of [
  [20, 3],
  [21, 3],
  [140, 7],
] as const)
  floats.copyWithin(to * DIMS, from * DIMS, (from + 1) * DIMS);
const vectors = quantizeRows(floats, DIMS);
const ranker = createRanker(vectors);

const documents: RankedDocuments = {
  isComplete: true,
  pageOf: (id) => Math.floor(id / 3),
  weightOf: () => 1,
  named: (id) => Promise.resolve({ title: id === 150 ? 'Rebase' : 'Other', headings: [], text: texts[id]! }),
};
const parts = buildKeywordIndex(
  texts.map((text, id) => ({
    title: id === 150 ? 'Rebase' : 'Other',
    headings: [],
    text,
    language: '',
    page: Math.floor(id / 3),
    weight: 1,
  })),
  { partBytes: 200 },
);
const keyword = (): KeywordRetriever => new KeywordRetriever(new KeywordIndex(sourceOf(parts)));
const dense = (): DenseRetriever => new DenseRetriever({ search: (query, k) => ranker.rank(query, k) }, vectors);
const hybrid = (changes: Partial<HybridParts> = {}): HybridRetriever =>
  new HybridRetriever({ keyword: keyword(), dense: dense(), documents, ...changes });

const cut = texts.map((text) => DEFAULT_ANALYZER.tokens(text));
const own = ownTerms(cut, new Set());
const index = await fitStatic(
  {
    words: cut,
    vectors: readByWords(texts),
    dims: MODEL_DIMS,
    passages: texts.length,
  },
  {
    general: null,
    own: { terms: own, vectors: readByWords(own) },
    peaks: plainPeaks,
    pause: () => Promise.resolve(),
  },
);

const queries: readonly Query[] = [
  'open',
  'how to open the path',
  'rebase merge',
  'rebsae',
  'open_v2',
  'rebase',
  'pat',
].map((text) => ({ text, vector: normal(1) }));
const vector = normal(1);

describeRetriever('keyword', () => ({ retriever: keyword(), queries, vector: null }));
describeRetriever('dense', () => ({ retriever: dense(), queries, vector }));
describeRetriever('hybrid', () => ({
  retriever: hybrid(),
  queries,
  vector,
  isPinned: ({ exact }, id) => exact.has(id),
}));
describeRetriever('hybrid, adapted vectors', () => ({
  retriever: hybrid(),
  queries: queries.map((query) => ({ ...query, isAdapted: true })),
  vector,
  isPinned: ({ exact }, id) => exact.has(id),
}));
describeRetriever('hybrid without vectors of the documents', () => ({
  retriever: hybrid({ dense: null }),
  queries,
  vector,
  isPinned: ({ exact }, id) => exact.has(id),
}));
describeRetriever('hybrid without a vector of the query', () => ({
  retriever: hybrid(),
  queries: queries.map(({ text }) => ({ text, vector: null })),
  vector: null,
  isPinned: ({ exact }, id) => exact.has(id),
}));

// “rebsae” has no word that the table knows.
const known = queries.filter(({ text }) => text !== 'rebsae' && text !== 'pat');
describeRetriever('static', () => ({ retriever: retrieverOf(index, 'start'), queries: known, vector: null }));
describeRetriever('hybrid with a static query encoder', () => ({
  retriever: hybrid({ dense: retrieverOf(index, 'start') }),
  queries: queries.map(({ text }) => ({ text, vector: null })),
  vector: null,
  isPinned: ({ exact }, id) => exact.has(id),
}));

describe('documents of a set', () => {
  const text = 'qqqq'; // no document has it
  /** The documents that are farthest from the query by meaning, which its nearest hundred leave out. */
  const farthest = async (count: number): Promise<Int32Array> => {
    const { ids } = await dense().retrieve({ vector }, { k: texts.length });
    return ids.slice(-count).sort();
  };
  const setOf = (ids: Int32Array): Uint8Array => Uint8Array.from(texts, (_, id) => Number(ids.includes(id)));
  const scanned = async (): Promise<DenseRetriever> => new DenseRetriever(await openScanner(vectors), vectors);

  test('are found however many others are nearer, and those are found as before', async () => {
    const wanted = await farthest(20);
    const retriever = hybrid({ dense: await scanned() });
    const all = await retriever.retrieve({ text, vector }, { k: 300 });
    expect(all.ids).toHaveLength(100);
    expect(all.ids.some((id) => wanted.includes(id))).toBe(false);
    const alone = await retriever.retrieve({ text, vector }, { k: 300, among: [setOf(wanted)] });
    expect(alone.ids.slice().sort()).toEqual(wanted);
    const both = await retriever.retrieve(
      { text, vector },
      { k: 300, among: [new Uint8Array(300).fill(1), setOf(wanted)] },
    );
    expect(both.ids).toEqual(Int32Array.of(...all.ids, ...alone.ids));
    expect(both.scores).toEqual(Float32Array.of(...all.scores, ...alone.scores));
  });

  test('are found among those that a retriever lists that cannot look among some only', async () => {
    const wanted = await farthest(20);
    const list = await hybrid().retrieve({ text, vector }, { k: 300, among: [setOf(wanted)] });
    expect(list.ids.slice().sort()).toEqual(wanted);
  });

  test('that have none of the words are not found without a vector', async () => {
    const among = [setOf(await farthest(20))];
    expect((await hybrid().retrieve({ text, vector: null }, { k: 300, among })).ids).toHaveLength(0);
  });
});

describe('static retriever', () => {
  const many = 9;
  /** @param atHand clusters that cost no request */
  const open = (atHand: readonly number[] = []): { retriever: StaticRetriever; read: number[] } => {
    const read: number[] = [];
    const codes = codesByCluster({ ...index, ...spread });
    const retriever = new StaticRetriever({
      ...index,
      ...spread,
      encode: () => Promise.resolve(new Float32Array(index.dims).fill(0.1)),
      codes: (cluster) => (read.push(cluster), Promise.resolve(codes[cluster]!)),
      isAtHand: (cluster) => atHand.includes(cluster),
    });
    return { retriever, read };
  };
  /** Clusters with one centre. */
  const spread = {
    centres: new Uint8Array(many * (index.centres.length / new Set(index.clusterOf).size)),
    clusterOf: Uint32Array.from(texts, (_, id) => id % many),
  };

  test('reads a few clusters: of the documents that matter, then those nearest to the query', async () => {
    const { retriever, read } = open();
    const alone = await retriever.retrieve({ text: 'any' }, { k: 1000 });
    expect(read).toEqual([0, 1, 2, 3, 4, 5]);
    expect(new Set(alone.ids.map((id) => id % many))).toEqual(new Set(read));
    read.length = 0;
    let estimated: RankedList | undefined;
    const wanted = (estimate: RankedList): Promise<Int32Array> => {
      estimated = estimate;
      return Promise.resolve(Int32Array.of(7, 8, 16, 1));
    };
    await retriever.retrieve({ text: 'any' }, { k: 1000, wanted });
    expect(read).toEqual([7, 8, 1, 0, 2, 3]);
    expect(estimated!.ids).toHaveLength(texts.length);
    expect(await estimated!.scoresOf(Int32Array.of(3, 4))).toEqual(new Float32Array(2));
  });

  test('reads further clusters where they cost no request', async () => {
    const { retriever, read } = open([5, 7]);
    await retriever.retrieve({ text: 'any' }, { k: 1000 });
    expect(read).toEqual([0, 1, 2, 3, 4, 5, 7]);
  });

  test('gives a document that was not read the score of its centre', async () => {
    const { retriever } = open();
    const { ids, scores, scoresOf } = await retriever.retrieve({ text: 'any' }, { k: 1000 });
    const others = Int32Array.of(6, 7, 8);
    expect(await scoresOf(others)).toEqual(new Float32Array(3));
    expect(await scoresOf(ids)).toEqual(scores);
  });

  test('is told by the hybrid which documents matter: those that would rank first by both', async () => {
    const { retriever, read } = open();
    const { keyword: found } = await hybrid({ dense: retriever }).lists({ text: 'branch', vector: null });
    expect(read.slice(0, 2)).toEqual([...new Set(found.ids.map((id) => id % many))].slice(0, 2));
  });

  test('lists nothing for a text of which it knows nothing, and keywords then rank alone', async () => {
    const list = await retrieverOf(index, 'start').retrieve({ text: 'zebra' }, { k: 10 });
    expect(list.ids).toHaveLength(0);
    expect(await list.scoresOf(Int32Array.of(3, 4))).toEqual(new Float32Array(2));
    const [both, words] = await Promise.all(
      [retrieverOf(index, 'start'), null].map((dense) =>
        hybrid({ dense }).retrieve({ text: 'zebra', vector: null }, { k: 9 }),
      ),
    );
    expect(both!.ids).toEqual(words!.ids);
  });

  test('reads a misspelt word as keywords take it', async () => {
    const dense = retrieverOf(index, 'start');
    const { dense: misspelt } = await hybrid({ dense }).lists({ text: 'rebsae', vector: null });
    const { ids } = await dense.retrieve({ text: 'rebase' }, { k: 1000 });
    expect(ids.length).toBeGreaterThan(0);
    expect(misspelt!.ids).toEqual(ids);
  });
});

describe('keyword retriever', () => {
  test('lists only documents with a word, and scores the others 0', async () => {
    const { ids, scoresOf } = await keyword().retrieve({ text: 'branch' }, { k: 1000 });
    const has = (id: number): boolean => /\bbranch\b/.test(texts[id]!);
    expect([...ids].sort((a, b) => a - b)).toEqual([...texts.keys()].filter(has));
    expect(
      (await scoresOf(Int32Array.from([...texts.keys()].filter((id) => !has(id))))).every((score) => score === 0),
    ).toBe(true);
  });
});

describe('dense retriever', () => {
  test('lists every document by its cosine', async () => {
    const { ids, scores } = await dense().retrieve({ vector }, { k: texts.length });
    expect(ids).toHaveLength(texts.length);
    const cosine = (id: number): number => vector.reduce((sum, v, j) => sum + v * floats[id * DIMS + j]!, 0);
    ids.forEach((id, i) => expect(scores[i]).toBeCloseTo(cosine(id), 1));
  });

  test('a query that no model has read, or of another size, is refused', async () => {
    const codeOf = async (query: Float32Array | null): Promise<unknown> =>
      dense()
        .retrieve({ vector: query }, { k: 1 })
        .catch((error: unknown) => (isEraError(error) ? error.code : error));
    expect(await codeOf(null)).toBe('no-encoder');
    expect(await codeOf(normal(2).subarray(0, DIMS + 1))).toBe('dimension-mismatch');
    expect(await codeOf(new Float32Array(DIMS))).toBe('not-finite');
  });
});

describe('hybrid retriever', () => {
  const text = 'rebase merge';

  test('lists documents with a word, and of the others the nearest hundred', async () => {
    const list = await hybrid().retrieve({ text, vector }, { k: 1000 });
    const [byWord, nearest] = [
      await keyword().retrieve({ text }, { k: 1000 }),
      await dense().retrieve({ vector }, { k: 100 }),
    ];
    expect([...list.ids].sort((a, b) => a - b)).toEqual(
      [...new Set([...byWord.ids, ...nearest.ids])].sort((a, b) => a - b),
    );
    expect(list.keyword.ids).toEqual(byWord.ids);
    expect(list.dense!.ids.subarray(0, 100)).toEqual(nearest.ids);
  });

  test('ranks exact matches first, whatever their scores', async () => {
    const list = await hybrid().retrieve({ text: 'rebase', vector }, { k: 10 });
    expect(list.ids[0]).toBe(150);
    expect(list.exact.get(150)).toBe('title');
    const alone = await hybrid({ dense: null }).retrieve({ text: 'rebase', vector: null }, { k: 10 });
    expect(alone.ids[0]).toBe(150);
    expect(alone.dense).toBeNull();
  });

  test('searches exact matches only among the pages to be shown, while texts have to be fetched', async () => {
    const asked: number[] = [];
    const fetched: RankedDocuments = {
      ...documents,
      isComplete: false,
      named: (id) => (asked.push(id), documents.named(id)),
    };
    const list = await hybrid({ documents: fetched }).retrieve({ text: 'rebase-merge', vector }, { k: 1000, pages: 4 });
    expect(asked).toHaveLength(4);
    expect(new Set(asked.map(documents.pageOf)).size).toBe(4);
    expect(list.ids.length).toBeGreaterThan(100);
  });

  test('looks for a query of plain words only where a title or headings have all of them', async () => {
    const asked: number[] = [];
    const watched: RankedDocuments = { ...documents, named: (id) => (asked.push(id), documents.named(id)) };
    const list = await hybrid({ documents: watched }).retrieve({ text: 'rebase', vector }, { k: 1000 });
    expect([...list.exact.keys()]).toEqual([150]);
    expect(asked).toEqual([150]);
  });

  test('weighs keywords less beside vectors mapped by an adapter', async () => {
    const gap = async (isAdapted: boolean): Promise<number> => {
      const list = await hybrid().retrieve({ text, vector, isAdapted }, { k: 1000 });
      const byWords = await list.keyword.scoresOf(list.dense!.ids);
      const [a, b] = [list.keyword.ids[0]!, list.dense!.ids.find((_, i) => byWords[i] === 0)!];
      const [withWord, without] = await list.scoresOf(Int32Array.of(a, b));
      const [c, d] = await list.dense!.scoresOf(Int32Array.of(a, b));
      return withWord! - Math.sign(c!) * c! ** 2 - (without! - Math.sign(d!) * d! ** 2);
    };
    expect((await gap(true)) / (await gap(false))).toBeCloseTo(0.7, 4);
  });

  test('weighs words of a distant passage less where several passages are of a page', async () => {
    const scores = async (changes: Partial<HybridParts>, constants?: FusionConstants): Promise<Float32Array> =>
      (await hybrid(changes).retrieve({ text, vector }, { k: 1000, constants })).scores;
    const records = { ...documents, pageOf: (id: number): number => id };
    expect(await scores({})).toEqual(await scores({ documents: records }, { ...FUSION, ...OF_PASSAGES }));
    expect(await scores({ documents: records })).toEqual(await scores({}, FUSION));
    expect(await scores({})).not.toEqual(await scores({ documents: records }));
  });
});
