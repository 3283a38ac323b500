// The contract of a document encoder: one list of tests that every implementation runs. How well its vectors retrieve is
// for `era-search evaluate`.

import { describe, expect, test } from 'vitest';
import { dot, row } from '../math/vector.ts';
import { spaceId, parseSpaceId } from '../space.ts';
import type { Encoder } from './encoder.ts';

/** An encoder that is tested, and what is known of it. */
export interface EncoderCase {
  readonly encoder: Encoder;
  /** Cosine of a vector with that of the same text made beside others: below 1 where a batch shares a scale. */
  readonly leastCosine: number;
}

const TEXTS = ['A cat sleeps on the mat.', 'Interest rates rise.', 'naïve café 東京 🦊', 'word '.repeat(2000)];

/**
 * Describes the tests that every encoder passes.
 * @param open a fresh one for every test; it is disposed of after it
 */
export function describeEncoder(name: string, open: () => Promise<EncoderCase>): void {
  describe(`encoder: ${name}`, () => {
    const using = async (work: (opened: EncoderCase) => Promise<void>): Promise<void> => {
      const opened = await open();
      try {
        await work(opened);
      } finally {
        await opened.encoder.dispose();
      }
    };

    test('its space can be written into an index and read again', () =>
      using(({ encoder: { space } }) => {
        expect(parseSpaceId(spaceId(space))).toEqual(space);
        expect(space.dims).toBeGreaterThan(0);
        return Promise.resolve();
      }));

    for (const role of ['passage', 'query'] as const) {
      test(`any text of the role ${role} gives a unit vector of its dimensions, a very long one too`, () =>
        using(async ({ encoder }) => {
          const { dims } = encoder.space;
          const vectors = await encoder.encode(TEXTS, role);
          expect(vectors.length).toBe(TEXTS.length * dims);
          TEXTS.forEach((_, i) => {
            const vector = row(vectors, i, dims);
            expect(Math.sqrt(dot(vector, vector))).toBeCloseTo(1, 2);
          });
        }));
    }

    test('a vector is that of its text, in whatever company and order', () =>
      using(async ({ encoder, leastCosine }) => {
        const { dims } = encoder.space;
        const forth = await encoder.encode(TEXTS, 'passage');
        const back = await encoder.encode([...TEXTS].reverse(), 'passage');
        TEXTS.forEach((_, i) => {
          const cosine = dot(row(forth, i, dims), row(back, TEXTS.length - 1 - i, dims));
          expect(cosine).toBeGreaterThanOrEqual(leastCosine - 1e-6); // float32 rounds
        });
        const alone = await encoder.encode([TEXTS[0]!], 'passage', { reproducible: true });
        expect(await encoder.encode([TEXTS[0]!], 'passage', { reproducible: true })).toEqual(alone);
        expect((await encoder.encode(TEXTS, 'passage', { reproducible: true })).subarray(0, dims)).toEqual(alone);
      }));

    test('different texts have different vectors, and no texts give none', () =>
      using(async ({ encoder }) => {
        const { dims } = encoder.space;
        const vectors = await encoder.encode(TEXTS.slice(0, 2), 'passage');
        expect(dot(row(vectors, 0, dims), row(vectors, 1, dims))).toBeLessThan(0.999);
        expect((await encoder.encode([], 'passage')).length).toBe(0);
      }));

    test('the progress ends with all texts, and an aborted call rejects with the reason', () =>
      using(async ({ encoder }) => {
        const seen: number[] = [];
        await encoder.encode(TEXTS, 'passage', { onProgress: ({ doneTexts }) => seen.push(doneTexts) });
        expect(seen.at(-1)).toBe(TEXTS.length);
        const reason = new Error('enough');
        const aborted = encoder.encode(TEXTS, 'passage', { signal: AbortSignal.abort(reason) });
        await expect(aborted).rejects.toBe(reason);
      }));
  });
}
