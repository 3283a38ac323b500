import { expect, test, vi } from 'vitest';
import { analyzersFor } from './analyzers.ts';
import type { Analyzer, Token } from './analyzer.ts';
import { createWordStore, type PlainTerm, type Word } from './word-store.ts';

const TEXTS = [
  'Opening open_file, opened files: öffnen and schön, v2.14.0 of Node.js',
  'the same words opened the other way: node.js, NodeJS, schön',
  '東京都に住んでいます。データベースの検索',
  'src/main.ts or camelCase? camelcase, Camelcase',
  '',
];

const plain = ({ term, accented, spellings = [], forms = [] }: PlainTerm): PlainTerm => ({
  term,
  accented,
  spellings,
  forms,
});
const placeless = (words: readonly (Token | Word)[]): unknown[] =>
  words.map((word) => ({ ...plain(word), parts: word.parts.map(plain) }));

test.each(['', 'en', 'de', 'ja', 'zh'])('words are those of the analyzer of “%s”', async (language) => {
  const analyzer = (await analyzersFor([language])).ofPage(language);
  const wordsOf = createWordStore();
  for (const text of [...TEXTS, ...TEXTS])
    expect(placeless(wordsOf(analyzer, text))).toEqual(placeless(analyzer.tokens(text)));
});

test('a text is cut once by each analyzer, and words that are alike are one object', async () => {
  const { ofPage } = await analyzersFor(['en', 'de']);
  const spied = (analyzer: Analyzer): Analyzer => ({ ...analyzer, tokens: vi.fn(analyzer.tokens) });
  const [english, german] = [spied(ofPage('en')), spied(ofPage('de'))];
  const wordsOf = createWordStore();
  const [first] = wordsOf(english, 'files are here');
  expect(wordsOf(english, 'files are here')[0]).toBe(first);
  expect(english.tokens).toHaveBeenCalledTimes(1);
  expect(wordsOf(english, 'other files')[1]).toBe(first);
  expect(wordsOf(german, 'files are here')[0]).not.toEqual(first);
  expect(german.tokens).toHaveBeenCalledTimes(1);
});

test('words of one term with other forms, spellings or parts stay apart', () => {
  const token = (more: Partial<Token>): Token => ({ term: 'a', start: 0, end: 1, parts: [], ...more });
  const tokens = [
    token({}),
    token({ forms: ['b!en'] }),
    token({ forms: ['c!en'] }),
    token({ spellings: ['d'] }),
    token({ accented: 'á' }),
    token({ parts: [token({ term: 'e' })] }),
    token({ parts: [token({ term: 'e', forms: ['f!en'] })] }),
  ];
  const analyzer: Analyzer = { name: 'x', version: 1, language: '', tokens: () => tokens, isStopWord: () => false };
  expect(placeless(createWordStore()(analyzer, 'text'))).toEqual(placeless(tokens));
});
