import { describe, expect, it } from 'vitest';
import { standardAnalyzer } from '../../analysis/standard-analyzer.ts';
import { CENTRE_BITS, CODE_BITS, type StaticIndex } from '../../format/static-parts.ts';
import { addFewBits, packedBytes } from '../../math/few-bits.ts';
import { mean } from '../../evaluate/statistics.ts';
import { dot } from '../../math/vector.ts';
import { fitStatic, ownTerms, type FitStaticOptions, type StaticTexts } from './fit-static.ts';
import type { GeneralTable } from './general-table.ts';
import { encodeStatic } from './static-encoder.ts';
import { MODEL_DIMS, plainPeaks, readByWords, textsOfWords } from './word-vectors.fixture.ts';

function fit(texts: StaticTexts, changes: Partial<FitStaticOptions> = {}): Promise<StaticIndex> {
  const terms = ownTerms(texts.words, new Set(changes.general?.terms));
  const own = { terms, vectors: readByWords(terms) };
  return fitStatic(texts, { general: null, own, peaks: plainPeaks, pause: () => Promise.resolve(), ...changes });
}

function textsOf(texts: readonly string[], passages = texts.length): StaticTexts {
  return {
    words: texts.map((text) => standardAnalyzer.tokens(text)),
    vectors: readByWords(texts),
    dims: MODEL_DIMS,
    passages,
  };
}

const general: GeneralTable = {
  space: 'any',
  analyzer: 'standard/1',
  dims: MODEL_DIMS,
  terms: ['revert', 'open'],
  shares: Float32Array.of(1e-5, 1e-4),
  rows: readByWords(['revert', 'open']),
  provenance: {},
};

describe('the static query encoder of a collection', () => {
  const texts = textsOfWords(700);

  it('reads queries as the model reads them, and ranks passages as its vectors do', async () => {
    const index = await fit(textsOf(texts));
    const vectors = readByWords(texts);
    for (const query of ['undo commit', 'merge a branch', 'fetch remote file path']) {
      const vector = await encodeStatic(standardAnalyzer.tokens(query), index.dims, (term) =>
        Promise.resolve(index.rows.get(term) ?? null),
      );
      const asked = readByWords([query.replace(' a ', ' ')]);
      const exact = texts.map((_, i) => dot(asked, vectors.subarray(i * MODEL_DIMS, (i + 1) * MODEL_DIMS)));
      const size = packedBytes(index.dims, CODE_BITS);
      const scores = texts.map((_, id) => {
        const centre = index.clusterOf[id]! * packedBytes(index.dims, CENTRE_BITS);
        const point = addFewBits(new Float32Array(index.dims), index.centres, centre, CENTRE_BITS);
        return dot(vector!, addFewBits(point, index.codes, id * size, CODE_BITS));
      });
      const meanOfBest = (order: readonly number[]): number => {
        const best = texts.map((_, id) => id).sort((a, b) => order[b]! - order[a]!);
        return mean(best.slice(0, 20).map((id) => exact[id]!));
      };
      expect(meanOfBest(exact) - meanOfBest(scores), query).toBeLessThan(0.1);
    }
  });

  it('gives the same bytes each time', async () => {
    const [one, two] = await Promise.all([1, 2].map(() => fit(textsOf(texts.slice(0, 200)))));
    expect(two).toEqual(one);
  });

  it('knows the words of the general table, the site’s own, and no others', async () => {
    const { rows } = await fit(textsOf(texts.slice(0, 50)), { general });
    expect(rows.has('revert')).toBe(true);
    expect(rows.has('merge')).toBe(true);
    expect(rows.has('elephant')).toBe(false);
    expect(
      await encodeStatic(standardAnalyzer.tokens('an elephant'), MODEL_DIMS, () => Promise.resolve(null)),
    ).toBeNull();
  });

  it('is made of texts that are no passages too', async () => {
    const more = [...texts.slice(0, 40), 'elephants remember paths'];
    const { rows, clusterOf } = await fit(textsOf(more, 40));
    expect(rows.has('elephants')).toBe(true);
    expect(clusterOf).toHaveLength(40);
  });

  it.each([['x'], ['one passage of a few words'], ['—']])('is made of one passage: %s', async (text) => {
    const index = await fit(textsOf([text]));
    expect(index.clusterOf).toEqual(Uint32Array.of(0));
    expect(index.codes).toHaveLength(packedBytes(index.dims, CODE_BITS));
  });

  it('refuses a general table of other dimensions', async () => {
    await expect(fit(textsOf(['a text']), { general: { ...general, dims: 3 } })).rejects.toMatchObject({
      code: 'dimension-mismatch',
    });
  });

  it('ends when its pause rejects', async () => {
    const reason = new Error('enough');
    await expect(fit(textsOf(texts), { pause: () => Promise.reject(reason) })).rejects.toBe(reason);
  });
});

describe('a query', () => {
  it('is not read by a row that is damaged', async () => {
    const row = new Uint8Array(packedBytes(MODEL_DIMS, 4));
    row.set([0xc0, 0x7f]); // no number as the scale
    await expect(
      encodeStatic(standardAnalyzer.tokens('merge'), MODEL_DIMS, () => Promise.resolve(row)),
    ).rejects.toMatchObject({ code: 'index-format' });
  });
});

describe('terms of their own', () => {
  it('are words, pieces of names, and names that are frequent enough', () => {
    const words = (text: string): ReturnType<typeof standardAnalyzer.tokens> => standardAnalyzer.tokens(text);
    expect(ownTerms([words('open_file now'), words('open')], new Set())).toEqual(['open', 'file', 'now']);
    expect(ownTerms([words('open_file'), words('open_file'), words('open_file')], new Set(['file']))).toEqual([
      'open_file',
      'open',
    ]);
  });
});
