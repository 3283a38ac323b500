// Records to content, in a page and in the command, and the errors of invalid records.

import { expect, test } from 'vitest';
import { isEraError } from '../errors.ts';
import { toPassages } from '../format/site.ts';
import { collectRecords } from './collect-records.ts';
import type { CollectionRecord } from './records.ts';

const options = {
  countTokens: (text: string): number => text.split(/\s+/).filter((word) => word !== '').length,
  maxTokens: 20,
};

function codeOf(records: readonly CollectionRecord[]): string {
  try {
    collectRecords(records, options);
    return 'none';
  } catch (error) {
    if (isEraError(error)) return error.code;
    throw error;
  }
}

test('pages are cut and ordered by their addresses; records with ids follow unchanged', () => {
  const long = 'A sentence of five words. '.repeat(12);
  const { content, leftOut } = collectRecords(
    [
      { id: 'z', content: long },
      { url: 'b.html', title: 'B', content: long },
      { id: 'a', content: 'short' },
      { url: 'a.html', content: 'x' },
      { url: 'empty.html', content: ' ' },
      { id: 'nothing', content: '' },
    ],
    options,
  );
  expect(content.pages.map(({ id, url }) => id ?? url)).toEqual(['a.html', 'b.html', 'z', 'a']);
  const ids = toPassages(content).map(({ id }) => id);
  expect(ids.slice(-2)).toEqual(['z', 'a']);
  expect(ids.filter((id) => id.startsWith('b.html')).length).toBeGreaterThan(2);
  expect(content.passages.at(-2)!.text).toBe(long);
  expect(leftOut).toEqual(['empty.html', 'nothing']);
});

test.each<[string, readonly CollectionRecord[], string]>([
  ['no records', [], 'empty-corpus'],
  [
    'records without text',
    [
      { id: 'a', content: ' ' },
      { url: 'b', content: '' },
    ],
    'empty-corpus',
  ],
  [
    'one id twice',
    [
      { id: 'a', content: 'x' },
      { id: 'a', content: 'y' },
    ],
    'duplicate-id',
  ],
  ['neither id nor address', [{ content: 'x' }], 'invalid-input'],
  ['no text at all', [{ id: 'a' }], 'invalid-input'],
  ['an address that is a script', [{ id: 'a', url: 'javascript:alert(1)', content: 'x' }], 'invalid-input'],
  ['something else', [null as unknown as CollectionRecord], 'invalid-input'],
])('%s: a typed error', (_, records, code) => {
  expect(codeOf(records)).toBe(code);
});

test('where records may be none, those without text are left out, and others are checked all the same', () => {
  const without = [
    { id: 'a', content: ' ' },
    { url: 'b.html#top', content: '' },
  ];
  const nothing = { pages: [], passages: [] };
  expect(collectRecords(without, { ...options, mayBeEmpty: true })).toEqual({
    content: nothing,
    leftOut: ['b.html', 'a'],
  });
  expect(collectRecords([], { ...options, mayBeEmpty: true })).toEqual({ content: nothing, leftOut: [] });
  const twice = { id: 'a', content: 'x' };
  expect(() => collectRecords([twice, twice], { ...options, mayBeEmpty: true })).toThrow('Two pages');
});

test('a record with very many facets is taken, in time that grows with their number', () => {
  const filters = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`f${String(i)}`, String(i)]));
  const { content } = collectRecords([{ id: 'a', content: 'x', filters }], options);
  expect(Object.keys(content.pages[0]!.filters)).toHaveLength(20_000);
});
