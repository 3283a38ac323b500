import { expect, test } from 'vitest';
import { isEraError, type EraError } from '../errors.ts';
import { makeTask, MAX_TEXT_CHARS, parseDocs, parseQueries } from './parse-task.ts';

const DOCS = '{"id":"a","doc":"first"}\n{"id":"b","doc":"second"}\n';
const QUERY = { qid: 'q', instruction: 'find it', query: 'what', labels: [{ id: 'b', score: 2 }] };

function caught(run: () => unknown): EraError {
  try {
    run();
  } catch (error) {
    if (isEraError(error)) return error;
    throw error;
  }
  throw new Error('Nothing was thrown.');
}

test('reads passages and queries', () => {
  const docs = parseDocs(DOCS);
  expect(docs).toEqual([
    { id: 'a', doc: 'first' },
    { id: 'b', doc: 'second' },
  ]);
  const queries = parseQueries(JSON.stringify(QUERY));
  expect(queries).toEqual([QUERY]);
  expect(makeTask('t', docs, queries)).toEqual({ name: 't', docs, queries });
});

test('takes a byte order mark, CRLF, blank lines and a missing last newline', () => {
  const plain = parseDocs(DOCS);
  expect(parseDocs(`\uFEFF${DOCS}`)).toEqual(plain);
  expect(parseDocs(DOCS.replaceAll('\n', '\r\n'))).toEqual(plain);
  expect(parseDocs(`${DOCS}\n  \r\n\n`)).toEqual(plain);
  expect(parseDocs(DOCS.trimEnd())).toEqual(plain);
});

test('keeps line separators and newlines within a text', () => {
  expect(parseDocs('{"id":"a","doc":"one\\ntwo\u2028three"}')).toEqual([{ id: 'a', doc: 'one\ntwo\u2028three' }]);
});

test('instruction and labels may be missing', () => {
  expect(parseQueries('{"qid":"q","query":"what"}')).toEqual([
    { qid: 'q', instruction: '', query: 'what', labels: [] },
  ]);
});

test('a label given twice with one grade counts once', () => {
  const twice = { ...QUERY, labels: [...QUERY.labels, ...QUERY.labels] };
  expect(parseQueries(JSON.stringify(twice))).toEqual([QUERY]);
});

test.each([
  ['not JSON', '{"id":"c","doc":'],
  ['a list', '["c"]'],
  ['null', 'null'],
  ['a number', '3'],
  ['no id', '{"doc":"x"}'],
  ['an empty id', '{"id":"","doc":"x"}'],
  ['a number as id', '{"id":3,"doc":"x"}'],
  ['no text', '{"id":"c"}'],
  ['an empty text', '{"id":"c","doc":" \\n "}'],
  ['an inherited field', '{"__proto__":{"id":"c","doc":"x"}}'],
])('a passage line that is %s is named by its number', (_, line) => {
  const error = caught(() => parseDocs(`${DOCS}\n${line}\n`));
  expect(error.code).toBe('malformed-jsonl');
  expect(error.details).toEqual({ line: 4 });
});

test.each([
  ['no query', { query: undefined }],
  ['an empty query', { query: '' }],
  ['an instruction that is not text', { instruction: 3 }],
  ['labels that are not a list', { labels: { b: 1 } }],
  ['a label that is null', { labels: [null] }],
  ['a label without id', { labels: [{ score: 1 }] }],
  ['a label without score', { labels: [{ id: 'b' }] }],
  ['a negative score', { labels: [{ id: 'b', score: -1 }] }],
  ['a score that is not whole', { labels: [{ id: 'b', score: 0.5 }] }],
  ['a score that is text', { labels: [{ id: 'b', score: '1' }] }],
  [
    'contradicting scores',
    {
      labels: [
        { id: 'b', score: 1 },
        { id: 'b', score: 0 },
      ],
    },
  ],
])('a query line with %s is named by its number', (_, change) => {
  const error = caught(() =>
    parseQueries(`${JSON.stringify(QUERY)}\r\n${JSON.stringify({ ...QUERY, qid: 'r', ...change })}`),
  );
  expect(error.code).toBe('malformed-jsonl');
  expect(error.details).toEqual({ line: 2 });
});

test('a repeated id is named with its line', () => {
  expect(caught(() => parseDocs(`${DOCS}{"id":"a","doc":"again"}`))).toMatchObject({
    code: 'duplicate-id',
    details: { line: 3, id: 'a' },
  });
  const line = JSON.stringify(QUERY);
  expect(caught(() => parseQueries(`${line}\n${line}`))).toMatchObject({
    code: 'duplicate-id',
    details: { line: 2, id: 'q' },
  });
});

test('a label to a missing passage is named', () => {
  const error = caught(() => makeTask('t', [{ id: 'a', doc: 'first' }], [QUERY]));
  expect(error).toMatchObject({ code: 'missing-id', details: { qid: 'q', id: 'b' } });
});

test('a corpus without passages is refused', () => {
  for (const text of ['', '\uFEFF', '\n\n']) expect(caught(() => parseDocs(text)).code).toBe('empty-corpus');
  expect(caught(() => makeTask('t', [], [])).code).toBe('empty-corpus');
  expect(parseQueries('')).toEqual([]);
});

test('a text over the limit is refused with its line', () => {
  const text = JSON.stringify({ id: 'c', doc: 'x'.repeat(MAX_TEXT_CHARS + 1) });
  expect(caught(() => parseDocs(`${DOCS}${text}`))).toMatchObject({ code: 'too-large', details: { line: 3 } });
});
