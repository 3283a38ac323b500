import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exactMatcher, type ExactMatch, type NamedPassage } from './exact-match.ts';

const exactMatch = (query: string, passage: NamedPassage): ExactMatch | null => exactMatcher(query)(passage);

const nothing = { title: 'Something else', headings: ['Overview', 'Details'], text: 'Nothing of interest.' };
const titled = (query: string, title: string): ExactMatch | null => exactMatch(query, { ...nothing, title });
const headed = (query: string, heading: string): ExactMatch | null =>
  exactMatch(query, { ...nothing, headings: ['Overview', heading] });
const inText = (query: string, text: string): ExactMatch | null => exactMatch(query, { ...nothing, text });

test.each([
  ['built-in functions', 'Built-in Functions'],
  ['Built in  functions?', 'Built-in Functions'],
  ['git-rebase', 'git-rebase(1)'],
  ['git rebase', 'git-rebase(1)'],
  ['git-rebase(1)', 'git-rebase(1)'],
  ['rebase', 'git-rebase(1)'],
  ['cherry pick', 'git-cherry-pick(1)'],
  ['os.path', 'os.path — Common pathname manipulations'],
  ['path', 'os.path — Common pathname manipulations'],
  ['vector', 'std::vector'],
  ['install', 'Install - The Manual'],
  ['faq', 'FAQ: what people ask'],
  ['WITHOUT ROWID', '2.1. WITHOUT ROWID'],
  ['pip\u00ADeline', 'Pipe\u200Bline ¶'],
  ['ﬁle', 'File'],
])('“%s” is the name of the page “%s”', (query, title) => {
  expect(titled(query, title)).toBe('title');
  expect(headed(query, title)).toBe('heading');
});

test.each([
  ['rebase', 'Rebase a branch'],
  ['rebase', 'How to git rebase'],
  ['git', 'git-rebase(1)'],
  ['functions', 'Built-in Functions'],
  ['force', '--force'],
  ['reference', 'C-API reference: everything'],
  ['', ''],
])('“%s” is not the name of the page “%s”', (query, title) => {
  expect(titled(query, title)).toBeNull();
});

test.each([
  ['Pool.close', 'close() → None', ['class harbor.Pool(address: str)'], 'Python API'],
  ['harbor.Pool.close', 'close() → None', ['class harbor.Pool(address: str)'], 'Python API'],
  ['pool::close()', 'pub fn close(&mut self)', ['Implementations', 'impl Pool'], 'Struct Pool'],
  ['Pool#close', 'close', ['Methods'], 'Class Pool'],
  ['State.OPEN', 'OPEN = 1', ['class harbor.State(value)'], 'Python API'],
  ['vector::size', 'size_type size() const', [], 'std::vector Class Reference'],
])('“%s” is the section “%s” below its class', (query, heading, above, title) => {
  expect(exactMatch(query, { title, headings: [...above, heading], text: '' })).toBe('heading');
  expect(exactMatch(query, { title: 'Another', headings: ['class Session', heading], text: '' })).toBeNull();
});

test('a heading that has the word of a qualified name is not its section', () => {
  const named = (heading: string, title = 'Your first pool'): ExactMatch | null =>
    exactMatch('Pool.close', { title, headings: [heading], text: '' });
  expect(['Close what was opened', 'How to close', 'closed()', 'reopen(close)'].map((one) => named(one))).toEqual([
    null,
    null,
    null,
    null,
  ]);
  expect(exactMatch('2.14.0', { title: '2.14', headings: ['0'], text: '' })).toBeNull();
});

test('a title has priority over a heading, a heading over an identifier', () => {
  const passage = { title: 'asyncio.gather', headings: ['asyncio.gather'], text: 'See asyncio.gather().' };
  expect(exactMatch('asyncio.gather', passage)).toBe('title');
  expect(exactMatch('asyncio.gather', { ...passage, title: 'Tasks' })).toBe('heading');
  expect(exactMatch('asyncio.gather', { ...passage, title: 'Tasks', headings: [] })).toBe('identifier');
});

test.each([
  ['UnicodeDecodeError', 'exception UnicodeDecodeError'],
  ['PyErr_SetString', 'void PyErr_SetString(PyObject *type, const char *message)'],
  ['--autosquash', '--autosquash, --no-autosquash'],
])('a section whose heading has “%s” is about it', (query, heading) => {
  expect(exactMatch(query, { title: 'A page', headings: [heading], text: '' })).toBe('heading');
});

test('only the last heading names a section', () => {
  expect(exactMatch('overview', nothing)).toBeNull();
  expect(exactMatch('details', nothing)).toBe('heading');
});

test.each([
  ['core.autocrlf', 'Set core.autocrlf, then commit.'],
  ['CORE.AUTOCRLF', 'core.autocrlf.'],
  ['GIT_SSH_COMMAND', '“GIT_SSH_COMMAND”'],
  ['--force-with-lease', '[--force-with-lease[=<refname>]]'],
  ['-D', 'git branch (-d | -D) <name>'],
  ['UnicodeDecodeError', 'raises UnicodeDecodeError: invalid'],
  ['HTTPServer', 'an HTTPServer'],
  ['sqlite3_open_v2', 'sqlite3_open_v2(name)'],
  ['sqlite3_open_v2()', 'call sqlite3_open_v2.'],
  ['std::vector', 'a std::vector<int>'],
  ['404', 'answers 404.'],
  ['__slots__', 'The __slots__ attribute'],
  ['.htaccess', 'a .htaccess file'],
  ['json_extract', 'the json_\u200Bextract() function'],
])('the identifier “%s” stands in “%s”', (query, text) => {
  expect(inText(query, text)).toBe('identifier');
  expect(titled(query, `All of it: ${text} Really`)).toBe('identifier');
});

test.each([
  ['--force', 'git push --force-with-lease'],
  ['os.path', 'os.path.join(a, b)'],
  ['path.join', 'os.path.join(a, b)'],
  ['sqlite3_open', 'sqlite3_open_v2'],
  ['-d', 'a well-done job, the non-d case'],
  ['404', '1404, 4040'],
  ['interest', 'Nothing of interest.'],
  ['rebase', 'git rebase'],
  ['core.autocrlf now', 'core.autocrlf now'],
  ['interest.', 'Nothing of interest.'],
])('“%s” is no identifier of “%s”', (query, text) => {
  expect(inText(query, text)).toBeNull();
});

test('any query is accepted; a title always names its page', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string(),
    fc.constantFrom('(1)', '()', '--', '- -', ': ', '1. ', 'a(b)c', '::', '.'),
  );
  fc.assert(
    fc.property(text, text, text, (query, title, body) => {
      expect(['title', 'heading', 'identifier', null]).toContain(
        exactMatch(query, { title, headings: [title], text: body }),
      );
    }),
  );
  const word = fc.stringMatching(/^[a-z]{1,8}$/);
  fc.assert(
    fc.property(
      fc.array(word, { minLength: 1, maxLength: 4 }),
      fc.constantFrom(' ', '-', '_', '  '),
      fc.boolean(),
      (words, joint, upper) => {
        const title = words.join(joint);
        expect(titled(words.join(' '), upper ? title.toUpperCase() : title)).toBe('title');
      },
    ),
  );
});
