// A passage that a query of plain words names exactly is among those whose title and headings have all of its words: only
// these are looked at.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Analyzer } from '../analysis/analyzer.ts';
import { analyzersFor } from '../analysis/analyzers.ts';
import { KeywordIndexBuilder } from '../lexical/build.ts';
import { KeywordIndex, sourceOf } from '../lexical/keyword-index.ts';
import { exactMatcher, isOfWords, type NamedPassage } from './exact-match.ts';

const WORDS: Readonly<Record<string, readonly string[]>> = {
  en: ['The', 'reading', 'reads', 'of', 'Files', 'file', 'and', 'a', 'who', 'Naïve', 'it’s', 'Class', 'classes', 'not'],
  de: [
    'Die',
    'Bremsbeläge',
    'Bremse',
    'Beläge',
    'und',
    'wechseln',
    'gewechselt',
    'für',
    'Fahrräder',
    'Straße',
    'STRASSE',
  ],
  fr: ['L’installation', 'des', 'Données', 'donnée', 'être', 'à', 'Œuvre', 'oeuvre', 'les', 'installer'],
  tr: ['IŞIK', 'ışık', 'İstanbul', 'kitaplar', 'kitap', 've', 'için', 'Çağrı'],
  ru: ['Чтение', 'файлов', 'файл', 'и', 'ёлка', 'елка', 'Данные'],
  ar: ['القراءة', 'قراءة', 'الملفات', 'في', 'كِتَاب', 'كتاب'],
  ko: ['파일을', '파일', '읽기', '저장', '저장소에서', '와'],
};
/** What stands around names in titles. */
const SHAPES: readonly ((name: string) => string)[] = [
  (name) => name,
  (name) => `2.1. ${name}`,
  (name) => `${name} — what it is`,
  (name) => `${name} ¶`,
  (name) => `${name}(1)`,
  (name) => name.replaceAll(' ', '-'),
  (name) => name.toUpperCase(),
];

test.each(Object.keys(WORDS))('%s', async (language) => {
  const analyzers = await analyzersFor([language]);
  const analyzer: Analyzer = analyzers.ofQuery;
  const name = fc.array(fc.constantFrom(...WORDS[language]!), { minLength: 1, maxLength: 4 }).map((of) => of.join(' '));
  const title = fc.tuple(name, fc.constantFrom(...SHAPES)).map(([of, shape]) => shape(of));
  const passage = fc.record({
    title,
    headings: fc.array(title, { maxLength: 2 }),
    text: name,
  });
  let named = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(passage, { minLength: 1, maxLength: 6 }), fc.nat(), async (passages, choice) => {
      const builder = new KeywordIndexBuilder({ analyzers });
      passages.forEach((of, page) => builder.add({ ...of, language, page, weight: 1 }));
      const index = new KeywordIndex(sourceOf(builder.finish()), { analyzer });
      const titles = passages.flatMap((of) => [of.title, ...of.headings]);
      const query = titles[choice % titles.length]!.replace(/^2\.1\. | — .*$| ¶$|\(1\)$/gu, '').replaceAll('-', ' ');
      for (const typed of [query, `${query}?`, query.toLowerCase()]) {
        if (!isOfWords(typed)) continue;
        const { isHeaded } = await index.search(typed);
        const matchOf = exactMatcher(typed);
        passages.forEach((of: NamedPassage, row) => {
          if (matchOf(of) === null) return;
          named += 1;
          expect(isHeaded(row), `“${typed}” in “${of.title}”, ${of.headings.join(' › ')}`).toBe(true);
        });
      }
    }),
    { numRuns: 300 },
  );
  expect(named).toBeGreaterThan(100);
});

test('what is no word, or an identifier, is not of words', () => {
  for (const query of [
    'std::vector',
    'Pool.close',
    'a(b)',
    'C++',
    'x = 1',
    'utf8',
    '自転車',
    'นํ้า',
    'git-rebase',
    'snake_case',
    'camelCase',
  ])
    expect(isOfWords(query), query).toBe(false);
  for (const query of ['how do I read a file?', 'les données', 'Œuvre', '파일을 읽기', 'rebase'])
    expect(isOfWords(query), query).toBe(true);
});
