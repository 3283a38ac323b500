// Known failures of fusion by rank and by halves, on real passages and the bundled model: a document that contains the
// typed name ranks below documents that both retrievers find weakly, and a paraphrase loses to passages that share its
// stop words. The product's fusion must do neither.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_MODEL } from '../../encode/models.ts';
import { openEncoder } from '../../encode/open-encoder.ts';
import type { Encoder } from '../../encode/encoder.ts';
import { parseQueries } from '../../evaluate/parse-task.ts';
import { quantizeRows } from '../../math/quantize.ts';
import { row } from '../../math/vector.ts';
import { exactMatcher } from '../../search/exact-match.ts';
import { createRanker } from '../../scan/rank-many.ts';
import { packageRoot } from '../package-root.ts';
import { fuseByHalves, fuseByRank } from './fusion-baselines.ts';
import { fusedBy, type Rank } from './hybrid-systems.ts';
import { openTask } from './task-collection.ts';
import type { VectorTask } from './vector-tasks.ts';

const PASSAGES = 200;

interface Doc {
  readonly id: string;
  readonly doc: string;
}

let folder: string;
let encoder: Encoder;
let docs: readonly Doc[];
let task: VectorTask;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'era-pathologies-'));
  const lines = (await readFile(join(packageRoot(), 'public/corpora/MBPP/docs.jsonl'), 'utf8'))
    .split('\n')
    .slice(0, PASSAGES);
  docs = lines.map((line) => JSON.parse(line) as Doc);
  const passagesFile = join(folder, 'docs.jsonl');
  await writeFile(passagesFile, lines.join('\n'));
  ({ encoder } = await openEncoder({ model: DEFAULT_MODEL, modelBase: join(packageRoot(), 'public/models') }));
  const vectors = quantizeRows(
    await encoder.encode(
      docs.map(({ doc }) => doc),
      'passage',
      { reproducible: true },
    ),
    encoder.space.dims,
  );
  task = { passagesFile, vectors, ranker: createRanker(vectors) } as unknown as VectorTask;
}, 120_000);
afterAll(async () => {
  await encoder.dispose();
  await rm(folder, { recursive: true });
});

const byRank = fusedBy(fuseByRank);
const byHalves = fusedBy(fuseByHalves);
const byMeaning = fusedBy(({ dense }) => dense);
const shipped: Rank = async (retriever, query) => (await retriever.retrieve(query, { k: PASSAGES })).ids;

/** Ranks from 1. */
async function ranksOfRight(
  queries: readonly { readonly query: string; readonly right: number }[],
  orders: readonly Rank[],
): Promise<number[][]> {
  const vectors = await encoder.encode(
    queries.map(({ query }) => query),
    'query',
    { reproducible: true },
  );
  const retriever = await openTask(task);
  const rank = async (order: Rank, { query, right }: (typeof queries)[number], i: number): Promise<number> => {
    const place = (await order(retriever, { text: query, vector: row(vectors, i, encoder.space.dims) })).indexOf(right);
    return place < 0 ? Infinity : 1 + place;
  };
  return Promise.all(orders.map((order) => Promise.all(queries.map((query, i) => rank(order, query, i)))));
}

const count = (ranks: readonly number[], isSo: (rank: number) => boolean): number => ranks.filter(isSo).length;

describe(`among ${String(PASSAGES)} Python functions`, () => {
  test('an exactly typed identifier ranks its function first', async () => {
    const has = (at: number, name: string): boolean =>
      exactMatcher(name)({ title: '', headings: [], text: docs[at]!.doc }) !== null;
    const names = new Set(docs.flatMap(({ doc }) => doc.match(/[a-z]+_[a-z_]+/g) ?? []));
    const queries = [...names].flatMap((query) => {
      const rows = [...docs.keys()].filter((at) => has(at, query));
      return rows.length === 1 ? [{ query, right: rows[0]! }] : [];
    });
    expect(queries.length).toBeGreaterThan(100);
    const [ofShipped, ofRanks] = await ranksOfRight(queries, [shipped, byRank]);
    expect(Math.max(...ofShipped!)).toBe(1);
    expect(count(ofRanks!, (rank) => rank > 1)).toBeGreaterThan(10);
    expect(Math.max(...ofRanks!)).toBeGreaterThan(10);
  });

  test('a paraphrase that the vectors match does not lose to shared words', async () => {
    const rowOf = new Map(docs.map(({ id }, row) => [id, row]));
    const labelled = parseQueries(await readFile(join(packageRoot(), 'public/corpora/MBPP/queries.jsonl'), 'utf8'));
    const questions = labelled.flatMap(({ query, labels }) =>
      labels.length === 1 && rowOf.has(labels[0]!.id) ? [{ query, right: rowOf.get(labels[0]!.id)! }] : [],
    );
    const [ofShipped, ofMeaning, ofRanks, ofHalves] = await ranksOfRight(questions, [
      shipped,
      byMeaning,
      byRank,
      byHalves,
    ]);
    const understood = [...questions.keys()].filter((i) => ofMeaning![i] === 1);
    const lost = (ranks: readonly number[]): number =>
      count(
        understood.map((i) => ranks[i]!),
        (rank) => rank > 1,
      );
    expect(understood.length).toBeGreaterThan(50);
    expect(lost(ofShipped!)).toBeLessThanOrEqual((2 / 3) * lost(ofRanks!));
    expect(lost(ofShipped!)).toBeLessThanOrEqual((2 / 3) * lost(ofHalves!));
  });
});
