import { expect, test } from 'vitest';
import { analyzersFor } from '../analysis/analyzers.ts';
import { buildKeywordIndex } from './build.ts';
import { KeywordIndex, sourceOf } from './keyword-index.ts';

async function rowsFor(texts: readonly string[], query: string, language = 'de'): Promise<number[]> {
  const analyzers = await analyzersFor([language]);
  const documents = texts.map((text, page) => ({ title: '', headings: [], text, language, page, weight: 1 }));
  const index = new KeywordIndex(sourceOf(buildKeywordIndex(documents, { analyzers })), {
    analyzer: analyzers.ofQuery,
  });
  return [...(await index.search(query, { prefix: false })).rows];
}

test('a word is found in compounds, after itself', async () => {
  const texts = ['Die Haltestellen', 'Die Bushaltestelle', 'Ein Bus, zwei Busse', 'Mit dem Bus', 'Etwas anderes'];
  expect(await rowsFor(texts, 'Haltestelle')).toEqual([0, 1]);
  expect(await rowsFor(texts, 'Bus')).toEqual([3, 2, 1]);
});

test('a compound is found where its words stand together, after itself', async () => {
  const texts = ['Die Nummerierung der Kapitel', 'Kapitelnummerierung', 'Ein Kapitel', 'Eine Nummerierung', 'Andere'];
  expect(await rowsFor(texts, 'Kapitelnummerierung')).toEqual([1, 0]);
  expect(await rowsFor(texts, 'Kapitel')).toEqual([2, 0, 1]);
});

test('a compound that no page has is found by its words, in any form', async () => {
  const texts = ['Drucken in umgekehrter Reihenfolge', 'Der Druck', 'Eine Reihenfolge', 'Anderes', 'Noch etwas'];
  expect(await rowsFor(texts, 'Druckreihenfolge')).toEqual([0]);
  expect(await rowsFor(['Die Zeit der Arbeit', 'Die Arbeit', 'Anderes'], 'Arbeitszeit')).toEqual([0]);
});

test('a language without compounds has none', async () => {
  expect(await rowsFor(['A foot and a note', 'A footnote', 'Another'], 'foot', 'en')).toEqual([0]);
});
