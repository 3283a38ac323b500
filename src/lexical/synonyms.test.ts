// Synonyms of a collection over its keyword index.

import { describe, expect, test } from 'vitest';
import { readByAll } from '../analysis/read-by-all.ts';
import { standardAnalyzer } from '../analysis/standard-analyzer.ts';
import { buildKeywordIndex } from './build.ts';
import type { KeywordHits } from './keyword-document.ts';
import { KeywordIndex, sourceOf } from './keyword-index.ts';
import { Synonyms, type SynonymRule } from './synonyms.ts';

const texts = [
  /* 0 */ 'kubernetes runs containers',
  /* 1 */ 'k8s in short',
  /* 2 */ 'continuous integration builds every change',
  /* 3 */ 'ci is fast',
  /* 4 */ 'integration of a curve is continuous mathematics',
  /* 5 */ 'a repository has branches',
  /* 6 */ 'the repo was cloned',
  /* 7 */ 'nothing of that',
];
const parts = buildKeywordIndex(
  texts.map((text, page) => ({ title: '', headings: [], text, language: 'en', page, weight: 1 })),
  { analyzers: { ofPage: () => standardAnalyzer } },
);
const loads: string[] = [];
const source = sourceOf(parts);
const index = new KeywordIndex({
  ...source,
  terms: {
    ...source.terms,
    read: (n) => {
      loads.push(source.terms.firsts[n]!);
      return source.terms.read(n);
    },
  },
  dictionary: () => {
    loads.push('dictionary');
    return source.dictionary();
  },
});

const rule = (typed: readonly string[], found: readonly string[] = typed): SynonymRule => ({ typed, found });

function search(text: string, ...rules: readonly SynonymRule[]): Promise<KeywordHits> {
  return index.search(text, { prefix: false, synonyms: new Synonyms(rules, standardAnalyzer) });
}

test('each word of a line finds the others, a little less than itself', async () => {
  const line = rule(['k8s', 'kubernetes']);
  const hits = await search('k8s', line);
  expect([...hits.rows]).toEqual([1, 0]);
  expect(hits.words).toMatchObject([{ typed: 'k8s', how: 'exact', terms: ['k8s', 'kubernetes'] }]);
  expect([...(await search('kubernetes', line)).rows]).toEqual([0, 1]);
  expect([...(await search('k8s')).rows]).toEqual([1]);
});

test('an arrow is one-way', async () => {
  const line = rule(['repo'], ['repository']);
  expect([...(await search('repo', line)).rows]).toEqual([6, 5]);
  expect([...(await search('repository', line)).rows]).toEqual([5]);
});

test('a word that the index does not have is found by its synonym alone', async () => {
  const line = rule(['kube'], ['kubernetes']);
  const hits = await search('kube', line);
  expect([...hits.rows]).toEqual([0]);
  expect(hits.words).toMatchObject([{ typed: 'kube', how: 'synonym', terms: ['kubernetes'] }]);
  expect(hits.words[0]!.upperBound).toBeGreaterThan(0);
  expect((await search('kube', rule(['kube'], ['gone']))).words).toMatchObject([{ how: 'none' }]);
});

test('a synonym of several words needs all of them, and is found by all of them in a row', async () => {
  const line = rule(['ci', 'continuous integration']);
  const hits = await search('ci', line);
  expect(hits.rows[0]).toBe(3);
  expect([...hits.rows].sort()).toEqual([2, 3, 4]);
  expect(hits.words[0]!.terms).toEqual(expect.arrayContaining(['ci', 'continuous', 'integration']));
  expect([...(await search('continuous integration', line)).rows].sort()).toEqual([2, 3, 4]);
  expect([...(await search('integration continuous', line)).rows].sort()).toEqual([2, 4]);
  expect([...(await search('continuous', line)).rows].sort()).toEqual([2, 4]);
  expect([...(await search('fast ci please', line)).rows][0]).toBe(3);
});

test('lines say nothing of each other, so that a loop ends', async () => {
  const loop = [rule(['k8s'], ['repo']), rule(['repo'], ['ci']), rule(['ci'], ['k8s']), rule(['ci', 'ci'])];
  expect([...(await search('k8s', ...loop)).rows].sort()).toEqual([1, 6]);
  expect([...(await search('repo', ...loop)).rows].sort()).toEqual([3, 6]);
  expect([...(await search('ci', ...loop)).rows].sort()).toEqual([1, 3]);
});

test('a line without words, or of more words than the query, changes nothing', async () => {
  const lines = [rule(['…', 'kubernetes']), rule(['', ' ']), rule(['k8s kubernetes repo ci'], ['nothing'])];
  for (const query of ['k8s', 'kubernetes', 'repo', '…', ''])
    expect([...(await search(query, ...lines)).rows], query).toEqual([...(await search(query)).rows]);
});

test('a word with very many synonyms finds the first of them, soon', async () => {
  const others = Array.from({ length: 15_000 }, (_, i) => rule(['k8s'], [`other${String(i)}`]));
  loads.length = 0;
  expect([...(await search('k8s', rule(['k8s'], ['repo']), ...others, rule(['k8s'], ['ci']))).rows].sort()).toEqual([
    1, 6,
  ]);
  expect(loads.length).toBeLessThan(40);
});

test('case and accents do not matter', async () => {
  expect([...(await search('KÜBE', rule(['kube'], ['Kubérnetes']))).rows]).toEqual([0]);
});

test('where no synonym applies, nothing more is read', async () => {
  const fresh = new KeywordIndex({
    ...source,
    terms: { ...source.terms, read: (n) => (loads.push('terms'), source.terms.read(n)) },
  });
  loads.length = 0;
  await fresh.search('kubernetes', { prefix: false });
  const plain = loads.length;
  loads.length = 0;
  await fresh.search('kubernetes', { prefix: false, synonyms: new Synonyms([rule(['repo', 'ci'])], standardAnalyzer) });
  expect(loads.length).toBe(0);
  expect(plain).toBeGreaterThan(0);
});

describe('with forms', () => {
  const plurals = {
    ...standardAnalyzer,
    tokens: (text: string) =>
      standardAnalyzer.tokens(text).map((token) => ({ ...token, forms: [`${token.term.replace(/s$/, '')}!xx`] })),
  };
  const inForms = new KeywordIndex(
    sourceOf(
      buildKeywordIndex(
        ['clusters of machines', 'the fleets of ships'].map((text, page) => ({
          title: '',
          headings: [],
          text,
          language: 'xx',
          page,
          weight: 1,
        })),
        { analyzers: { ofPage: () => plurals } },
      ),
    ),
    { analyzer: readByAll([plurals]) },
  );

  test('a line is about all forms of its words', async () => {
    const synonyms = new Synonyms([rule(['cluster', 'fleet'])], plurals);
    expect([...(await inForms.search('cluster', { prefix: false, synonyms })).rows]).toEqual([0, 1]);
    expect([...(await inForms.search('fleets', { prefix: false, synonyms })).rows]).toEqual([1, 0]);
    const words = new Synonyms([rule(['mesh'], ['cluster machine'])], plurals);
    expect([...(await inForms.search('mesh', { prefix: false, synonyms: words })).rows]).toEqual([0]);
  });
});
