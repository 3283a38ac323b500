import { expect, test } from 'vitest';
import { toSearchQuery } from './query.ts';

test('every default is filled in, one value is a list of one', () => {
  expect(toSearchQuery('  how to  ', {})).toEqual({
    text: 'how to',
    words: 'how to',
    phrases: [],
    excluded: [],
    mode: 'hybrid',
    filters: {},
    language: null,
    sort: null,
    limit: 10,
    offset: 0,
    sections: 3,
    snippetLength: 180,
    explain: false,
    literal: [],
  });
  expect(
    toSearchQuery('x', {
      filters: { topic: 'a', level: ['b', 'c'] },
      language: 'EN-gb',
      sort: { by: 'date', order: 'desc' },
    }),
  ).toMatchObject({
    filters: { topic: ['a'], level: ['b', 'c'] },
    language: 'en-gb',
    sort: { by: 'date', order: 'desc' },
  });
});

test('snippets may be left out', () => {
  expect(toSearchQuery('x', { snippetLength: 0 }).snippetLength).toBe(0);
});

test('invalid queries and options are refused', () => {
  expect(() => toSearchQuery(' \n', {})).toThrow(expect.objectContaining({ code: 'invalid-input' }));
  for (const options of [
    { limit: 0 },
    { limit: 101 },
    { offset: -1 },
    { offset: 0.5 },
    { mode: 'both' as 'dense' },
    { sections: 1.5 },
    { sections: 11 },
    { snippetLength: 39 },
    { snippetLength: -0.5 },
    { snippetLength: NaN },
    { sort: { by: '', order: 'asc' } as const },
    { literal: ['words' as 'forms'] },
  ]) {
    expect(() => toSearchQuery('x', options)).toThrow(expect.objectContaining({ code: 'invalid-option' }));
  }
});
