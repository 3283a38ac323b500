// The parted index against a plain implementation of BM25 over the same documents: the rows must be the same, and the
// scores except for their last bits.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Analyzer } from '../analysis/analyzer.ts';
import { readByAll } from '../analysis/read-by-all.ts';
import { standardAnalyzer } from '../analysis/standard-analyzer.ts';
import { isEraError } from '../errors.ts';
import { DEFAULT_BM25, type Bm25 } from './bm25.ts';
import { buildKeywordIndex } from './build.ts';
import type { KeywordDocument, KeywordHits, KeywordParts } from './keyword-document.ts';
import { KeywordIndex, PREFIX_PARTS } from './keyword-index.ts';
import { MAX_QUERY_WORDS } from './query-terms.ts';
import { Textbook } from './textbook-bm25.fixture.ts';

interface Opened {
  readonly index: KeywordIndex;
  /** The requested parts: part numbers, −1 for the dictionary. */
  readonly loads: number[];
}

function open(parts: KeywordParts, bm25: Bm25 = DEFAULT_BM25, analyzer: Analyzer = standardAnalyzer): Opened {
  const loads: number[] = [];
  const load = async (n: number): Promise<Uint8Array> => {
    loads.push(n);
    await Promise.resolve();
    return n < 0 ? parts.dictionary : parts.terms[n]!.bytes;
  };
  const index = new KeywordIndex(
    {
      base: parts.base,
      dictionary: () => load(-1),
      terms: { firsts: parts.terms.map(({ first }) => first), read: load },
    },
    { bm25, analyzer },
  );
  return { index, loads };
}

function document(text: string, more: Partial<KeywordDocument> = {}): KeywordDocument {
  return { title: '', headings: [], text, language: '', page: 0, weight: 1, ...more };
}

/**
 * The same rows with the same scores except for the last bits; rows whose scores differ in these alone may be swapped.
 */
function expectSame(hits: KeywordHits, expected: readonly { row: number; score: number }[]): void {
  expect(hits.rows.length).toBe(expected.length);
  const scoreOf = new Map(expected.map(({ row, score }) => [row, score]));
  hits.rows.forEach((row, i) => {
    const score = hits.scores[i]!;
    expect(Math.abs(score - scoreOf.get(row)!), `row ${String(row)}`).toBeLessThanOrEqual(1e-6 * score);
    expect(Math.abs(score - expected[i]!.score), `place ${String(i + 1)}`).toBeLessThanOrEqual(1e-6 * score);
  });
}

const vocabulary = [
  'the',
  'how',
  'open',
  'opens',
  'opening',
  'opne',
  'sqlite3_open_v2',
  'os.path',
  'path',
  'pathlib',
  'git-rebase',
  'rebase',
  'rebasing',
  'C++',
  '--force',
  'force',
  'constructor',
  '__proto__',
  'naïve',
  '東京',
  '東京都庁',
  '🦊x',
  'supercalifragilistic',
  'supercalifragilisitc',
  '2024',
  '2025',
  'a',
  'b',
];
const sentence = fc.array(fc.constantFrom(...vocabulary), { maxLength: 12 }).map((all) => all.join(' '));
const documents = fc
  .array(
    fc.record({
      title: sentence,
      headings: fc.array(sentence, { maxLength: 2 }),
      text: sentence,
      pageStep: fc.nat(1),
      weight: fc.constantFrom(1, 1, 1, 0, 0.5, 7.5),
    }),
    { minLength: 1, maxLength: 25 },
  )
  .map((all) => {
    let page = 0;
    return all.map(({ pageStep, ...rest }): KeywordDocument => ({ ...rest, language: '', page: (page += pageStep) }));
  });
/** Words of the index, their beginnings, and words with a letter lost, doubled or swapped. */
const typed = fc
  .tuple(fc.constantFrom(...vocabulary), fc.constantFrom('same', 'cut', 'drop', 'double', 'swap'), fc.nat(20))
  .map(([word, how, at]) => {
    const i = at % word.length;
    if (how === 'cut') return word.slice(0, i + 1);
    if (how === 'drop') return word.slice(0, i) + word.slice(i + 1);
    if (how === 'double') return word.slice(0, i + 1) + word.slice(i);
    if (how === 'swap' && i + 1 < word.length) return word.slice(0, i) + word[i + 1]! + word[i]! + word.slice(i + 2);
    return word;
  });
const query = fc.array(typed, { maxLength: 4 }).map((all) => all.join(' '));

function spans(parts: KeywordParts, text: string): number {
  const last = standardAnalyzer.tokens(text).at(-1);
  const beginnings = last ? [last.term, (last.parts.at(-1) ?? last).term] : [];
  return Math.max(0, ...beginnings.map((term) => parts.terms.filter(({ first }) => first.startsWith(term)).length + 1));
}

/** Without what a row gets for a title with every word. */
const WORDS_ALONE: Bm25 = { ...DEFAULT_BM25, titled: 0 };

describe('a parted index', () => {
  test('gives the rows and scores of BM25 over the complete index', async () => {
    let compared = 0;
    const property = fc.asyncProperty(
      documents,
      fc.array(query, { minLength: 1, maxLength: 6 }),
      fc.constantFrom(1, 40, 200, 100_000),
      fc.boolean(),
      fc.boolean(),
      async (docs, queries, partBytes, prefix, fuzzy) => {
        const parts = buildKeywordIndex(docs, { partBytes });
        const { index } = open(parts, WORDS_ALONE);
        const complete = new Textbook(docs, WORDS_ALONE);
        for (const text of queries) {
          const options = { prefix: prefix && spans(parts, text) <= PREFIX_PARTS, fuzzy, stopWords: true };
          const hits = await index.search(text, options);
          const expected = complete.answer(text, options);
          expectSame(hits, expected);
          expect(hits.scoresOf(Int32Array.from(docs.keys()).reverse())).toEqual(
            Float32Array.from(docs.keys(), (row) => hits.scores[hits.rows.indexOf(docs.length - 1 - row)] ?? 0),
          );
          compared += expected.length;
        }
      },
    );
    await fc.assert(property, { numRuns: 400 });
    expect(compared).toBeGreaterThan(1000);
  });

  test('uses a term’s rarity over all fields, not in titles alone', async () => {
    const filler = Array.from({ length: 30 }, (_, i) => document(`often said ${String(i)}`));
    const { index } = open(
      buildKeywordIndex([...filler, document('cherry', { title: 'often' }), document('often squash')]),
    );
    expect((await index.search('often squash', { prefix: false })).rows[0]).toBe(31);
  });

  test('uses the given weights', async () => {
    const bm25: Bm25 = {
      k: 0.4,
      b: 0.1,
      d: 2,
      fields: { title: 9, headings: 0.5, text: 2 },
      title: 0.3,
      titled: 0,
      common: 0.3,
      spelling: 0.7,
      form: 0.5,
      unaccented: 0.4,
      compound: 0.3,
      prefix: 0.9,
      fuzzy: 0.1,
    };
    const docs = [
      document('open path', { title: 'force' }),
      document('opening', { headings: ['rebase'] }),
      document('force force path'),
    ];
    const { index } = open(buildKeywordIndex(docs), bm25);
    for (const text of ['force pat', 'ope', 'forec', 'rebase path']) {
      expectSame(await index.search(text), new Textbook(docs, bm25).answer(text, {}));
    }
  });
});

describe('search', () => {
  const docs = [
    'alpha beta',
    'alphabet soup',
    'gamma delta',
    'delta alpha',
    'sqlite3_open_v2 opens',
    'filler1',
    'filler2',
  ].map((text, page) => document(text, { page }));
  const parts = buildKeywordIndex(docs, { partBytes: 1 });
  const understood = ({ words: all }: KeywordHits): string[] =>
    all.map(({ typed: word, how, terms }) => `${word} ${how} ${terms.join()}`);

  test('fetches the parts of its words once, and the dictionary only for an unknown word', async () => {
    const { index, loads } = open(parts);
    await index.search('gamma delta');
    await index.search('delta gamma gamm');
    expect(loads.map((n) => parts.terms[n]!.first).sort()).toEqual(['d', 'g']);
    await index.search('gamma zzzzzzz');
    await index.search('qqqqqqq');
    expect(loads.filter((n) => n === -1)).toEqual([-1]);
  });

  test('says how each word was understood', async () => {
    const { index } = open(parts);
    expect(understood(await index.search('delat alph'))).toEqual(['delat fuzzy delta', 'alph prefix alpha,alphabet']);
    expect(understood(await index.search('delta alpha'))).toEqual(['delta exact delta', 'alpha exact alpha,alphabet']);
    expect(understood(await index.search('nothing 1234', { fuzzy: false }))).toEqual(['nothing none ', '1234 none ']);
    expect(understood(await index.search('alph delta'))).toEqual(['alph fuzzy alpha', 'delta exact delta']);
  });

  test('a mistake in the beginning of a word is corrected before the word is complete', async () => {
    const { index } = open(
      buildKeywordIndex([document('python'), document('pythons of kubernetes'), document('other')]),
    );
    expect(understood(await index.search('pyhto'))).toEqual(['pyhto fuzzy python,pythons']);
    expect(understood(await index.search('kubren'))).toEqual(['kubren fuzzy kubernetes']);
    expect(understood(await index.search('kubren of'))).toEqual(['kubren none ', 'of exact of']);
  });

  test('a name that is not in the index is replaced by its parts', async () => {
    const { index } = open(parts);
    expect(understood(await index.search('alpha_delta'))).toEqual(['alpha exact alpha', 'delta exact delta']);
    expect(understood(await index.search('gamma_delat'))).toEqual(['gamma exact gamma', 'delat fuzzy delta']);
  });

  test('a query of any length looks up a bounded number of words', async () => {
    const { index } = open(parts);
    const hits = await index.search(Array.from({ length: 10_000 }, (_, i) => `w${String(i)}`).join(' '));
    expect(hits.words.length).toBe(MAX_QUERY_WORDS);
  });

  test('an identifier is found whole, by a part of it, and by its beginning', async () => {
    const { index, loads } = open(parts);
    for (const text of ['sqlite3_open_v2', 'open_v2', 'sqlite3_ope', 'v2'])
      expect((await index.search(text)).rows[0]).toBe(4);
    expect(understood(await index.search('open_v2'))).toEqual(['open exact open', 'v2 exact v2']);
    expect(loads).not.toContain(-1);
  });

  test('a beginning that spans the index loads a few parts of it', async () => {
    const many = buildKeywordIndex(
      Array.from({ length: 50 }, (_, i) => document(`word${String(i).padStart(2, '0')}`)),
      { partBytes: 1 },
    );
    const { index, loads } = open(many);
    const hits = await index.search('w');
    expect(loads.length).toBeLessThanOrEqual(PREFIX_PARTS);
    expect(hits.rows.length).toBeGreaterThan(0);
  });

  test('a stop word counts less than other words, unless there is no other', async () => {
    const { index } = open(
      buildKeywordIndex([document('the the the the'), document('path'), document('filler1'), document('filler2')]),
    );
    expect([...(await index.search('the path')).rows]).toEqual([1, 0]);
    expect((await index.search('the')).scores[0]).toBeCloseTo(
      (await index.search('the path')).scores[1]! / DEFAULT_BM25.common,
      5,
    );
  });

  test('a term that matches one word twice scores more than once and less than two words', async () => {
    const { index } = open(parts);
    const [once, twice] = [await index.search('delta'), await index.search('delta delta')];
    expect(twice.scores[0]! / once.scores[0]!).toBeCloseTo(1 + Math.log(2), 5);
  });

  test('no text scores more for a word than its upper bound, which is largest for a word that no passage has', async () => {
    const { index } = open(
      buildKeywordIndex(
        Array.from({ length: 30 }, (_, i) => document(`${'alpha '.repeat(1 + i * 40)}${i < 10 ? 'beta' : ''}`)),
      ),
    );
    const {
      words: [alpha, beta, none],
    } = await index.search('alpha beta zzz', { prefix: false });
    expect(none!.upperBound).toBeGreaterThan(beta!.upperBound);
    expect(beta!.upperBound).toBeGreaterThan(alpha!.upperBound);
    for (const [text, word] of [
      ['alpha', alpha!],
      ['beta', beta!],
    ] as const) {
      const best = (await index.search(text)).scores[0]!;
      expect(best).toBeLessThanOrEqual(word.upperBound);
      expect(best).toBeGreaterThan(word.upperBound / 3);
    }
  });

  describe('a title', () => {
    const untitled = { title: 'other', headings: ['another'] };
    const filler = Array.from({ length: 20 }, (_, i) => document(`filler${String(i)} more words`, untitled));

    test('with a word scores more than a text with it, and less than its upper bound', async () => {
      const { index } = open(
        buildKeywordIndex([
          ...filler,
          document('alpha and filler', untitled),
          document('other and filler', { title: 'alpha', headings: ['another'] }),
          document('alpha and filler', { title: 'alpha', headings: ['alpha'] }),
        ]),
        WORDS_ALONE,
      );
      const { words, rows, scores } = await index.search('alpha');
      expect([...rows]).toEqual([22, 21, 20]);
      expect(scores[0]!).toBeLessThan(words[0]!.upperBound);
      expect(scores[0]!).toBeGreaterThan(words[0]!.upperBound / 2);
    });

    test('with one word does not outweigh a text with three', async () => {
      const { index } = open(
        buildKeywordIndex([
          ...filler,
          document('alpha beta gamma', untitled),
          ...['alpha', 'beta', 'gamma'].map((word) =>
            document(`${word} and filler`, { title: word, headings: [word] }),
          ),
        ]),
      );
      expect((await index.search('alpha beta gamma')).rows[0]).toBe(20);
    });

    test('with every word is before a text that says them often, and the shorter of two titles first', async () => {
      const { index } = open(
        buildKeywordIndex([
          ...filler,
          document('alpha beta alpha beta alpha beta', untitled),
          document('nothing of it', { title: 'beta alpha of all others', headings: ['another'] }),
          document('nothing of it', { title: 'beta alpha', headings: ['another'] }),
        ]),
      );
      expect([...(await index.search('alpha beta')).rows]).toEqual([22, 21, 20]);
    });
  });

  test('limit and weight 0', async () => {
    const { index } = open(buildKeywordIndex([...docs, document('alpha alpha', { page: 7, weight: 0 })]));
    const all = await index.search('alpha');
    expect([...all.rows].sort()).toEqual([0, 1, 3]);
    expect([...(await index.search('alpha', { limit: 2 })).rows]).toEqual([...all.rows.slice(0, 2)]);
  });

  test('equal scores are in the order of rows', async () => {
    const { index } = open(buildKeywordIndex(Array.from({ length: 9 }, (_, page) => document('same', { page }))));
    expect([...(await index.search('same')).rows]).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('a query without a word finds nothing', async () => {
    const { index, loads } = open(parts);
    for (const text of ['', '  ', '—!?', '\u200B'])
      expect(await index.search(text)).toMatchObject({ rows: new Int32Array(0), words: [] });
    expect(loads).toEqual([]);
  });

  test('a part that could not be fetched is fetched again', async () => {
    let fails = true;
    const load = (bytes: Uint8Array) => async (): Promise<Uint8Array> => {
      await Promise.resolve();
      if (fails) throw new Error('away');
      return bytes;
    };
    const one = buildKeywordIndex(docs);
    const index = new KeywordIndex({
      base: one.base,
      dictionary: load(one.dictionary),
      terms: { firsts: [one.terms[0]!.first], read: load(one.terms[0]!.bytes) },
    });
    await expect(index.search('gamma')).rejects.toThrow('away');
    fails = false;
    expect((await index.search('gamma')).rows[0]).toBe(2);
    fails = true;
    await expect(index.search('gamam')).rejects.toThrow('away');
    fails = false;
    expect((await index.search('gamam')).rows[0]).toBe(2);
  });

  test('a part of another index is refused', async () => {
    const index = new KeywordIndex({
      base: parts.base,
      dictionary: () => Promise.resolve(parts.dictionary),
      terms: {
        firsts: parts.terms.map(({ first }) => first),
        read: () => Promise.resolve(parts.terms[0]!.bytes),
      },
    });
    await expect(index.search('gamma')).rejects.toSatisfy((error) => isEraError(error, 'index-format'));
  });
});

test('the same documents give the same bytes', () => {
  const docs = [document('one two'), document('drei', { title: 'T', weight: 2, page: 3 })];
  expect(buildKeywordIndex(docs)).toEqual(buildKeywordIndex(structuredClone(docs)));
});

describe('forms of words', () => {
  /** Plurals of a language `xx`: every word of letters also matches without its last s. */
  const plurals: Analyzer = {
    ...standardAnalyzer,
    name: 'plurals',
    language: 'xx',
    tokens: (text) =>
      standardAnalyzer.tokens(text).map((token) => ({ ...token, forms: [`${token.term.replace(/s$/, '')}!xx`] })),
  };
  const xx = (text: string): KeywordDocument => document(text, { language: 'xx' });
  const docs = [xx('red apples'), xx('one apple'), document('apple pie'), document('apples of old'), xx('pears')];
  const parts = buildKeywordIndex(docs, {
    analyzers: { ofPage: (language) => (language === 'xx' ? plurals : standardAnalyzer) },
  });
  const { index } = open(parts, DEFAULT_BM25, readByAll([standardAnalyzer, plurals]));

  test('a word finds its other forms in pages of the language, after itself', async () => {
    const hits = await index.search('apples', { prefix: false });
    expect([...hits.rows].sort()).toEqual([0, 1, 3]); // row 2 has another form, in a page whose language has no forms
    expect(hits.rows.at(-1)).toBe(1);
    expect(hits.words).toMatchObject([{ typed: 'apples', how: 'exact', terms: ['apples', 'apple!xx'] }]);
  });

  test('a word that the index has in other forms only is not treated as misspelt', async () => {
    const { rows, words } = await index.search('pear', { prefix: false });
    expect([...rows]).toEqual([4]);
    expect(words).toMatchObject([{ typed: 'pear', how: 'form', terms: ['pear!xx'] }]);
    expect((await index.search('peers', { prefix: false })).words).toMatchObject([{ how: 'fuzzy', terms: ['pears'] }]);
  });

  test('forms are matched by neither prefixes nor corrections, and make no page longer', async () => {
    expect(
      (await index.search('xx')).rows.length +
        (await index.search('app')).words.filter(({ terms }) => terms.some((term) => term.includes('!'))).length,
    ).toBeLessThanOrEqual(1);
    const plain = buildKeywordIndex(docs);
    expect(parts.base).toEqual(plain.base);
    expect(parts.dictionary).toEqual(plain.dictionary);
  });
});
