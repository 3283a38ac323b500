import { expect, test } from 'vitest';
import { allocatedBy } from '../allocations.fixture.ts';
import { isEraError } from '../errors.ts';
import { checkRecord, pagesOfRecords, parseRecords, wholePage } from './records.ts';

const FULL = {
  url: 'a.html',
  content: 'one\n\ntwo',
  title: 'A',
  language: 'EN',
  meta: { image: 'a.png' },
  filters: { kind: 'guide', tag: ['x', 'y'] },
  sort: { date: 2024 },
};

function code(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    if (isEraError(error)) return `${error.code} ${String(error.details['where'])}`;
    throw error;
  }
  return undefined;
}

test('a JSON array and JSONL hold the same records, under any of the known names', () => {
  const expected = [
    { id: 'a', content: 'x' },
    { id: '7', url: 'b', content: 'y', title: 'B' },
    { url: 'c', content: 'z' },
  ];
  const rows = [
    { id: 'a', text: 'x' },
    { id: '7', url: 'b', content: 'y', title: 'B' },
    { url: 'c', doc: 'z' },
  ];
  expect(parseRecords(JSON.stringify(rows, null, 2), 'f')).toEqual(expected);
  expect(parseRecords(`\uFEFF${rows.map((row) => JSON.stringify(row)).join('\r\n')}\n\n`, 'f')).toEqual(expected);
  expect(parseRecords('\n', 'f')).toEqual([]);
});

test.each([
  ['not JSON', '{"url":"a","text":"x"}\n{', 'Line 2 of f'],
  ['a broken array', '[{"url":"a"', 'f'],
  ['no text', '[{"url":"a","text":"x"},{"url":"b"}]', 'Record 2 of f'],
  ['an unknown field', '{"url":"a","text":"x","titel":"A"}', 'Line 1 of f'],
  ['no object', '7', 'Line 1 of f'],
  ['no address', '{"text":"x"}', 'Line 1 of f'],
  ['a script for an address', '{"url":"javascript:alert(1)","text":"x"}', 'Line 1 of f'],
  ['a fragment for an address', '{"url":"#a","text":"x"}', 'Line 1 of f'],
  ['filters of numbers', '{"url":"a","text":"x","filters":{"n":[1]}}', 'Line 1 of f'],
  ['sort keys that are lists', '{"url":"a","text":"x","sort":{"n":["1"]}}', 'Line 1 of f'],
  ['meta that is a list', '{"url":"a","text":"x","meta":["1"]}', 'Line 1 of f'],
])('%s is refused with its place', (_, text, where) => {
  expect(code(() => parseRecords(text, 'f'))).toBe(`malformed-jsonl ${where}`);
});

test('a record becomes a page with all its fields', () => {
  const [{ url, page }] = pagesOfRecords([checkRecord(FULL, 'it')]) as [ReturnType<typeof pagesOfRecords>[number]];
  expect(url).toBe('a.html');
  expect(page.page).toEqual({
    title: 'A',
    language: 'en',
    meta: { image: 'a.png' },
    filters: { kind: ['guide'], tag: ['x', 'y'] },
    sort: { date: '2024' },
  });
  expect(page.sections).toEqual([
    {
      headings: [],
      anchor: '',
      blocks: [
        { text: 'one', weight: 1 },
        { text: 'two', weight: 1 },
      ],
    },
  ]);
  expect(code(() => checkRecord({ url: 'a' }, 'it'))).toBe('invalid-input it');
});

test('addresses that differ in their fragment alone are sections of one page', () => {
  const pages = pagesOfRecords([
    { url: 'a.html', content: 'top', title: 'A' },
    { url: 'b.html#x', content: 'other', title: 'B' },
    { url: 'a.html#install%20it', content: 'below', title: 'Install' },
  ]);
  expect(
    pages.map(({ url, page }) => [
      url,
      page.page.title,
      page.sections.map(({ headings, anchor }) => [...headings, anchor]),
    ]),
  ).toEqual([
    ['a.html', 'A', [[''], ['Install', 'install it']]],
    ['b.html', 'B', [['x']]],
  ]);
});

test('a record with an id is not cut, and its id is that of its passage', () => {
  expect(wholePage({ id: 'q/1', content: '  x =\n  1', title: 'T', filters: { kind: 'code' } })).toEqual({
    page: { id: 'q/1', url: '', title: 'T', language: '', meta: {}, filters: { kind: ['code'] }, sort: {} },
    passages: [{ headings: [], anchor: '', text: '  x =\n  1', weight: 1 }],
  });
  const sections = [{ content: 'one' }, { headings: ['H'], anchor: 'h', content: 'two' }, { content: ' ' }];
  const whole = wholePage({ id: 'r', url: 'r.html', language: 'EN', sections })!;
  expect(whole.passages.map(({ headings, anchor, text }) => [...headings, anchor, text])).toEqual([
    ['', 'one'],
    ['H', 'h', 'two'],
  ]);
  expect(whole.page).toMatchObject({ id: 'r', url: 'r.html', language: 'en' });
  expect(wholePage({ id: 'r', content: ' ' })).toBeNull();
  expect(wholePage({ id: 'r', content: ' ', title: 'T' })?.passages).toHaveLength(1);
});

test.each([
  ['an empty id', '{"id":"","text":"x"}'],
  ['sections and a text', '{"id":"a","text":"x","sections":[{"content":"y"}]}'],
  ['no sections', '{"id":"a","sections":[]}'],
  ['a section without text', '{"id":"a","sections":[{"anchor":"a"}]}'],
  ['sections below a fragment', '{"url":"a#b","sections":[{"content":"y"}]}'],
])('%s is refused', (_, text) => {
  expect(code(() => parseRecords(text, 'f'))).toBe('malformed-jsonl Line 1 of f');
});

test('a text over the limit is refused by its length, and lines are numbered as they are', () => {
  const { bytes, error } = allocatedBy(() => parseRecords('x\n'.repeat(200_000_001), 'docs.jsonl'));
  expect(error).toMatchObject({ code: 'too-large' });
  expect(bytes).toBe(0);
  const good = '{"id":"a","text":"b"}';
  expect(parseRecords(`\n${good}\r\n\n`, 'docs.jsonl')).toEqual([{ id: 'a', content: 'b' }]);
  expect(() => parseRecords(`${good}\n\nx`, 'docs.jsonl')).toThrow('Line 3 of docs.jsonl');
});
