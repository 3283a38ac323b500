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
  ['`--force` or -f', ['--force', 'force', 'or', '-f']],
  ['git-rebase', ['git-rebase', 'git', 'rebase']],
  ['C++ and C# in g++', ['c++', 'and', 'c#', 'in', 'g++']],
  ['#include <stdio.h>', ['#include', 'include', 'stdio.h', 'stdio', 'h']],
  ['std::vector<int>', ['std::vector', 'std', 'vector', 'int']],
  ['@scope/name at a@b.org', ['@scope/name', '@scope', 'scope', 'name', 'at', 'a@b.org', 'a', 'b', 'org']],
  [
    'see /etc/fstab and/or src/main.ts',
    ['see', 'etc/fstab', 'etc', 'fstab', 'and/or', 'and', 'or', 'src/main.ts', 'src', 'main.ts', 'main', 'ts'],
  ],
  ['$HOME, obj->method', ['$home', 'home', 'obj->method', 'obj', 'method']],
  ['a ?? b, (x) => x, `!==` or "??="', ['a', '??', 'b', 'x', '=>', 'x', '!==', 'or', '??=']],
  ['5 % 2 & 1', ['5', '%', '2', '&', '1']],
  ['---- ... == **** //// ~~~', ['==']],
  ['👍🏽 ok ❤️ 🇩🇪 ©', ['👍', 'ok', '❤', '🇩🇪']],
  ['E0308 ORA-00942', ['e0308', 'ora-00942', 'ora', '00942']],
  ['edit .htaccess, not a.htaccess', ['edit', '.htaccess', 'htaccess', 'not', 'a.htaccess', 'a', 'htaccess']],
  ['camelCaseName HTTPServer', ['camelcasename', 'camel', 'case', 'name', 'httpserver', 'http', 'server']],
  ['X11Forwarding utf8 v2', ['x11forwarding', 'x11', 'forwarding', 'utf8', 'v2']],
  ['__init__', ['__init__', 'init']],
  ['Python 3.11', ['python', '3.11', '3']],
  ['v2.14.0 of 192.168.0.1', ['v2.14.0', '2.14', '2', 'of', '192.168.0.1', '192.168.0', '192.168', '192']],
  ['a -- b - c ... d--e HEAD..main', ['a', 'b', 'c', 'd', 'e', 'head', 'main']],
  ["don't, the user's", ['dont', 'the', 'user']],
  ['l’homme, aujourd’hui', ['lhomme', 'homme', 'aujourdhui', 'hui']],
  ['Ångström naïve STRASSE Straße Łódź', ['angstrom', 'naive', 'strasse', 'strasse', 'lodz']],
  ['İstanbul ﬁle ＳＱＬ', ['istanbul', 'file', 'sql']],
  ['docu\u00ADmen\u200Btation', ['documentation']],
  ['Ёлка и йод', ['елка', 'и', 'йод']],
  ['हिन्दी हिंदी चाँद फ़ाइल', ['हिंदी', 'हिंदी', 'चांद', 'फाइल']],
  ['שָׁלוֹם', ['שלומ']],
  ['أحمد إلى مكتبة ١٢٣', ['احمد', 'الي', 'مكتبه', '123']],
  ['کتاب كتاب می‌خواهم ۱۲', ['كتاب', 'كتاب', 'ميخواهم', '12']],
  ['Λόγος ΛΟΓΟΣ', ['λογοσ', 'λογοσ']],
  ['サーバー サーバ', ['サーバ', 'サーバ']],
  ['___ -- …', []],
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

test('another spelling of a word is a term too, and the one with its accents', () => {
  const others = (text: string): unknown[] =>
    wordsWithOffsets(text).map(({ term, accented, spellings }) => [term, accented ?? '', ...(spellings ?? [])]);
  expect(others('schön')).toEqual([['schon', 'schön']]);
  expect(others('Node.js')[0]).toEqual(['node.js', '', 'nodejs']);
  expect(others('Wi‑Fi')[0]).toEqual(['wi-fi', '', 'wifi']);
  expect(others('SHA-256')[0]).toEqual(['sha-256', '', 'sha256']);
  expect(others('v2.14.0-rc1')[0]).toEqual(['v2.14.0-rc1', '', '2.14.0']);
  expect(others('state-of-the-art')[0]).toEqual(['state-of-the-art', '']);
  expect(others('plain')).toEqual([['plain', '']]);
});
