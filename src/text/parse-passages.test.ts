import { expect, test } from 'vitest';
import { isEraError } from '../errors.ts';
import { parsePassages } from './parse-passages.ts';

const lines = (...rows: unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

test('both kinds of rows give passages; an empty title or url is none', () => {
  expect(parsePassages(lines({ id: 'a', doc: 'one' }, { id: 'b', text: 'two', title: 'T', url: 'https://x.example/b' }, { id: 'c', text: 'three', title: '', url: '' }))).toEqual([
    { id: 'a', text: 'one' },
    { id: 'b', text: 'two', title: 'T', url: 'https://x.example/b' },
    { id: 'c', text: 'three' },
  ]);
});

test.each([
  ['not JSON', '{"id":"a","text":"x"}\n\n{oops', 'malformed-jsonl', 3],
  ['no text', lines({ id: 'a', doc: 'x' }, { id: 'b' }), 'malformed-jsonl', 2],
  ['a blank text', lines({ id: 'a', text: ' \t' }), 'malformed-jsonl', 1],
  ['a text that is a number', lines({ id: 'a', text: 7 }), 'malformed-jsonl', 1],
  ['a title that is a list', lines({ id: 'a', text: 'x', title: [] }), 'malformed-jsonl', 1],
  ['no id', lines({ text: 'x' }), 'malformed-jsonl', 1],
  ['an id twice', lines({ id: 'a', text: 'x' }, { id: 'b', text: 'y' }, { id: 'a', text: 'z' }), 'duplicate-id', 3],
] as const)('%s is refused with its line', (_, jsonl, code, line) => {
  expect(codeAndLine(jsonl)).toEqual([code, line]);
});

test.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'http://[broken'])('the address %s is refused', (url) => {
  expect(codeAndLine(lines({ id: 'a', text: 'x', url }))).toEqual(['malformed-jsonl', 1]);
});

test.each(['docs/a.html#part', '/a', '?q=1', '//host.example/a', 'http://host.example/'])('the address %s is taken', (url) => {
  expect(parsePassages(lines({ id: 'a', text: 'x', url }))[0]?.url).toBe(url);
});

test.each(['', '\n \n', '\uFEFF'])('a file without rows is an empty corpus', (jsonl) => {
  expect(codeAndLine(jsonl)).toEqual(['empty-corpus', undefined]);
});

function codeAndLine(jsonl: string): [code: string, line: unknown] {
  try {
    parsePassages(jsonl);
  } catch (error) {
    if (isEraError(error)) return [error.code, error.details['line']];
    throw error;
  }
  throw new Error('taken');
}
