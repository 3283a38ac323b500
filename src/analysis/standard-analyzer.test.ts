import { expect, test } from 'vitest';
import { termsOf } from './analyzer.ts';
import { standardAnalyzer } from './standard-analyzer.ts';

const wordsWithOffsets = (text: string): ReturnType<typeof termsOf> => termsOf(standardAnalyzer, text);
const words = (text: string): string[] => wordsWithOffsets(text).map(({ term }) => term);

test.each([
  ['The quick, brown fox.', ['the', 'quick', 'brown', 'fox']],
  ['sqlite3_open_v2()', ['sqlite3_open_v2', 'sqlite3', 'open', 'v2']],
  ['os.path.join(a)', ['os.path.join', 'os', 'path', 'join', 'a']],
  ['git merge --no-ff now', ['git', 'merge', '--no-ff', 'no-ff', 'no', 'ff', 'now']],
  ['`--force` or -f', ['--force', 'force', 'or', '-f', 'f']],
  ['git-rebase', ['git-rebase', 'git', 'rebase']],
  ['C++ and C# in g++', ['c++', 'c', 'and', 'c#', 'c', 'in', 'g++', 'g']],
  ['edit .htaccess, not a.htaccess', ['edit', '.htaccess', 'htaccess', 'not', 'a.htaccess', 'a', 'htaccess']],
  ['camelCaseName HTTPServer', ['camelcasename', 'camel', 'case', 'name', 'httpserver', 'http', 'server']],
  ['X11Forwarding utf8 v2', ['x11forwarding', 'x11', 'forwarding', 'utf8', 'v2']],
  ['__init__', ['__init__', 'init']],
  ['Python 3.11', ['python', '3.11', '3', '11']],
  ['a -- b - c ... d--e HEAD..main', ['a', 'b', 'c', 'd', 'e', 'head', 'main']],
  ["don't, the user's", ['dont', 'the', 'user']],
  ['l’homme, aujourd’hui', ['lhomme', 'homme', 'aujourdhui', 'hui']],
  ['Ångström naïve STRASSE Straße Łódź', ['angstrom', 'naive', 'strasse', 'strasse', 'lodz']],
  ['İstanbul ﬁle ＳＱＬ', ['istanbul', 'file', 'sql']],
  ['docu\u00ADmen\u200Btation', ['documentation']],
  ['Ёлка и йод', ['елка', 'и', 'иод']],
  ['हिन्दी', ['हिन्दी']],
  ['שָׁלוֹם', ['שלום']],
  ['___ -- ++ …', []],
  ['', []],
])('%s', (text, expected) => {
  expect(words(text)).toEqual(expected);
});

test('scripts without spaces are cut into words, also within other scripts', () => {
  expect(words('東京で新しいDatabaseを使う')).toEqual(expect.arrayContaining(['東京', 'database', '使う']));
  expect(words('ภาษาไทย')).toEqual(['ภาษา', 'ไทย']);
  expect(words('数据库')).toEqual(expect.arrayContaining(['数据']));
});

test('a word is the same whichever way the text around it is read', () => {
  const plain = words("open_v2 don't C++ --no-ff");
  expect(words("é open_v2 don't C++ --no-ff").slice(1)).toEqual(plain);
  expect(words("文 open_v2 don't C++ --no-ff").slice(1)).toEqual(plain);
});

test('offsets lead back to the word', () => {
  const text = 'Ünï: see sqlite3_open_v2, HTTPServer and 東京タワー; l’homme';
  for (const { term, start, end } of wordsWithOffsets(text)) expect(words(text.slice(start, end))[0]).toBe(term);
});
