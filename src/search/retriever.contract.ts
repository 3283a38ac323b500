// The contract of a retriever: one list of tests that every implementation runs. The documents that each finds, and
// their scores, have tests of their own.

import { describe, expect, test } from 'vitest';
import { isEraError } from '../errors.ts';
import type { Query, RankedList, Retriever } from './retriever.ts';

/** A retriever that is tested, and what is known of its documents. */
export interface RetrieverCase<List extends RankedList> {
  readonly retriever: Retriever<List>;
  /** Queries with at least one hit. */
  readonly queries: readonly Query[];
  /** A vector for queries of other texts, where one is needed. */
  readonly vector: Float32Array | null;
  /** Documents that are ranked first whatever their scores; none where the implementation has no such rule. */
  readonly isPinned?: ((list: List, id: number) => boolean) | undefined;
}

async function refusal(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  );
}

/**
 * Describes the tests that every retriever passes.
 * @param open opens a new one for every test
 */
export function describeRetriever<List extends RankedList>(name: string, open: () => RetrieverCase<List>): void {
  describe(`retriever: ${name}`, () => {
    test('lists documents of the collection, none twice, best first, ties to the smaller id', async () => {
      const { retriever, queries, isPinned = () => false } = open();
      for (const query of queries) {
        const list = await retriever.retrieve(query, { k: retriever.count });
        expect(list.ids.length).toBeGreaterThan(0);
        expect(list.scores.length).toBe(list.ids.length);
        expect(new Set(list.ids).size).toBe(list.ids.length);
        expect(list.ids.every((id) => id >= 0 && id < retriever.count)).toBe(true);
        expect(list.scores.every(Number.isFinite)).toBe(true);
        const places = [...list.ids.keys()];
        const rest = places.filter((i) => !isPinned(list, list.ids[i]!));
        expect(rest).toEqual(places.slice(places.length - rest.length));
        for (const [n, i] of rest.entries()) {
          if (n === 0) continue;
          const [a, b] = [list.scores[i - 1]!, list.scores[i]!];
          expect(a > b || (a === b && list.ids[i - 1]! < list.ids[i]!), `${query.text}, place ${String(i)}`).toBe(true);
        }
      }
    });

    test('gives the exact score of every document, in the list or not', async () => {
      const { retriever, queries } = open();
      const all = Int32Array.from({ length: retriever.count }, (_, id) => id);
      for (const query of queries) {
        const list = await retriever.retrieve(query, { k: 3 });
        expect(await list.scoresOf(list.ids)).toEqual(list.scores);
        const scores = await list.scoresOf(all);
        expect(scores.length).toBe(all.length);
        expect(scores.every(Number.isFinite)).toBe(true);
        list.ids.forEach((id, i) => expect(scores[id]).toBe(list.scores[i]));
        const whole = await retriever.retrieve(query, { k: retriever.count });
        whole.ids.forEach((id, i) => expect(scores[id]).toBe(whole.scores[i]));
        expect(await list.scoresOf(new Int32Array(0))).toHaveLength(0);
      }
    });

    test('a shorter list is the beginning of a longer one, and k may be any size', async () => {
      const { retriever, queries } = open();
      for (const query of queries) {
        const whole = await retriever.retrieve(query, { k: 10 ** 9 });
        for (const k of [1, 2, 5, retriever.count]) {
          const list = await retriever.retrieve(query, { k });
          expect(list.ids).toEqual(whole.ids.slice(0, k));
          expect(list.scores).toEqual(whole.scores.slice(0, k));
        }
      }
    });

    test.each([0, -1, 1.5, NaN, Infinity, -Infinity])('k = %s is refused', async (k) => {
      const { retriever, queries } = open();
      expect(isEraError(await refusal(retriever.retrieve(queries[0]!, { k })), 'invalid-option')).toBe(true);
    });

    test('the same query has the same list, whatever was asked before', async () => {
      const { retriever, queries } = open();
      for (const query of queries) {
        const [first, second] = [
          await retriever.retrieve(query, { k: retriever.count }),
          await open().retriever.retrieve(query, { k: retriever.count }),
        ];
        expect(second.ids).toEqual(first.ids);
        expect(second.scores).toEqual(first.scores);
      }
    });

    test('several queries at once do not disturb each other', async () => {
      const { retriever, queries } = open();
      const alone = [];
      for (const query of queries) alone.push((await retriever.retrieve(query, { k: 10 })).ids);
      const together = await Promise.all(queries.map((query) => retriever.retrieve(query, { k: 10 })));
      expect(together.map(({ ids }) => ids)).toEqual(alone);
    });

    test('a text without a word and one of 100 kB are answered', async () => {
      const { retriever, vector } = open();
      for (const text of [
        '',
        '  \n',
        '—!?',
        '\u200B',
        'open path '.repeat(10_000),
        'x'.repeat(100_000),
        'ab_'.repeat(33_000),
        '東京'.repeat(50_000),
      ]) {
        const { ids, scores } = await retriever.retrieve({ text, vector }, { k: 10 });
        expect(ids.length).toBeLessThanOrEqual(10);
        expect(scores.every(Number.isFinite)).toBe(true);
      }
    });

    test('an aborted call rejects with the reason of its signal', async () => {
      const { retriever, queries } = open();
      const reason = new DOMException('enough', 'AbortError');
      expect(await refusal(retriever.retrieve(queries[0]!, { k: 10, signal: AbortSignal.abort(reason) }))).toBe(reason);
      const controller = new AbortController();
      const under = refusal(retriever.retrieve(queries[0]!, { k: 10, signal: controller.signal }));
      controller.abort(reason);
      expect(await under).toBe(reason);
    });
  });
}
