import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SnippetPiece } from './hits.ts';
import { makeSnippet, markWords, matchesIn, type WordAt } from './snippet.ts';

const words = (text: string): WordAt[] =>
  Array.from(text.matchAll(/[\p{L}\p{N}]+/gu), (match) => ({
    start: match.index,
    end: match.index + match[0].length,
    term: match[0].toLowerCase(),
  }));
const snippet = (text: string, terms: readonly string[], length = 60, typed = terms): readonly SnippetPiece[] =>
  makeSnippet(text, { words, terms: weights(terms), typed, length });
const weights = (terms: readonly string[], each = 1): Map<string, number> => new Map(terms.map((term) => [term, each]));
const plain = (pieces: readonly SnippetPiece[]): string => pieces.map(({ text }) => text).join('');
const marked = (pieces: readonly SnippetPiece[]): string[] => pieces.filter(({ mark }) => mark).map(({ text }) => text);

const LONG =
  'Certificates are issued by an authority. Much else is said here that nobody asked for at all. To renew a certificate, run the command renew with its name. The rest is about other things entirely.';

describe('makeSnippet', () => {
  test('takes the stretch with the most different terms, from the beginning of its sentence', () => {
    const pieces = snippet(LONG, ['renew', 'certificate', 'command']);
    expect(plain(pieces)).toMatch(/^…To renew a certificate, run the command/);
    expect(marked(pieces)).toEqual(['renew', 'certificate', 'command', 'renew']);
  });

  test('different terms count before many of one', () => {
    const text = `${'log log log log log. '.repeat(3)}${'Filler words without any meaning. '.repeat(4)}A log of errors.`;
    expect(marked(snippet(text, ['log', 'errors'], 50))).toContain('errors');
  });

  test('stop words choose no stretch and are not marked, unless the query has no others', () => {
    const text = `A of to a of to a. ${'Filler words without any meaning. '.repeat(4)}The end of the log.`;
    const terms = new Map([
      ['a', 0.1],
      ['of', 0.3],
      ['log', 7],
    ]);
    expect(marked(makeSnippet(text, { words, terms, typed: [], length: 50 }))).toEqual(['log']);
    terms.delete('log');
    expect(marked(makeSnippet(text, { words, terms, typed: [], length: 50 }))).toEqual(['A', 'of', 'a', 'of', 'a']);
  });

  test('lines of code keep their indentation, other lines become one', () => {
    const text = 'Like so.\nIt\n is code:\nif x:\n    return  y\nelse:\n        go()\nend\n\nThen.';
    expect(plain(snippet(text, ['return'], 200))).toBe(
      'Like so. It is code:\nif x:\n    return y\nelse:\n        go()\nend Then.',
    );
    expect(plain(snippet('one\ntwo\n\nthree', ['two'], 200))).toBe('one two three');
    expect(plain(snippet(`${'before '.repeat(20)}\n  if a:\n    go()`, ['go'], 20))).toMatch(/^….*go\(\)$/s);
  });

  test('a text that fits is given whole, without ellipses', () => {
    expect(snippet('A short text.', ['short'])).toEqual([
      { text: 'A ', mark: false },
      { text: 'short', mark: true },
      { text: ' text.', mark: false },
    ]);
  });

  test('terms that the index matched are marked as they stand in the text, beginnings and misspellings included', () => {
    expect(marked(snippet('Installation of the Installer', ['installation', 'installer'], 60, ['instal']))).toEqual([
      'Installation',
      'Installer',
    ]);
  });

  test('without a matched term it shows the sentence with the most similar words, else the start, and marks nothing', () => {
    const near = snippet(LONG, [], 60, ['renewing', 'commands']);
    expect(plain(near)).toMatch(/^…To renew/);
    expect(marked(near)).toEqual([]);
    expect(plain(snippet(LONG, [], 60, ['zebra']))).toMatch(/^Certificates are issued/);
  });

  test('white space is one space, and controls that turn the direction are gone', () => {
    expect(plain(snippet('one\n\n two\tthree \u202eevil\u202c \u2066x\u2069', ['two'], 200))).toBe(
      'one two three evil x',
    );
  });

  test('an accent that stands on its own stays with its letter', () => {
    const text = 'Le cafe\u0301 noir';
    const narrow = (source: string): WordAt[] => [
      { start: source.indexOf('cafe'), end: source.indexOf('cafe') + 4, term: 'cafe' },
    ];
    expect(marked(makeSnippet(text, { words: narrow, terms: weights(['cafe']), typed: [], length: 60 }))).toEqual([
      'cafe\u0301',
    ]);
  });

  test('one word longer than the snippet is cut between characters as people see them', () => {
    const family = '👨‍👩‍👧‍👦';
    const text = plain(snippet(family.repeat(40), [], 50));
    expect(text.endsWith('…')).toBe(true);
    expect(text.slice(0, -1).length % family.length).toBe(0);
  });

  test('a start within a character does not make the snippet too long', () => {
    expect(plain(snippet('🙂 log Rotation error log הלוג log 🙂 error', ['error'], 42))).toBe(
      '…log Rotation error log הלוג log 🙂 error',
    );
  });

  test('an empty text has no pieces', () => {
    expect(snippet('', ['x'])).toEqual([]);
    expect(snippet(' \u202e ', ['x'])).toEqual([]);
  });

  test('for any text: a part of it, not much too long, whole words, marks only on matched terms', () => {
    const text = fc
      .array(
        fc.constantFrom('log', 'error', 'Rotation', 'größe', '東京', 'the', 'a', '🙂', '<b>', 'x.', '\n', 'הלוג'),
        { maxLength: 80 },
      )
      .map((parts) => parts.join(' '));
    const asked = fc.subarray(['log', 'error', 'rotation', 'größe', '東京', 'הלוג']);
    fc.assert(
      fc.property(text, asked, fc.integer({ min: 40, max: 200 }), (source, terms, length) => {
        const pieces = snippet(source, terms, length);
        const clean = source.replace(/\s+/g, ' ').trim();
        const inner = plain(pieces).replace(/^…/, '').replace(/…$/, '');
        expect(clean).toContain(inner);
        expect(inner.length).toBeLessThanOrEqual(length);
        if (!plain(pieces).startsWith('…')) expect(clean.startsWith(inner)).toBe(true);
        const places = [0, ...clean.split('').keys()].filter((at) => clean.startsWith(inner, at));
        expect(places.some((at) => words(clean).every(({ start, end }) => at <= start || at >= end))).toBe(true);
        for (const mark of marked(pieces)) expect(terms).toContain(mark.toLowerCase());
        const findable = words(clean).some(({ term }) => terms.includes(term));
        expect(marked(pieces).length > 0).toBe(findable);
        expect(pieces.every((piece) => piece.text !== '')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

test('matchesIn gives places in the text as it stands, a word and its parts as one', () => {
  const text = 'Renew\n\n  the httpServer, renew it';
  const places = matchesIn(text, { words, terms: weights(['renew', 'httpserver', 'server']) });
  expect(places.map(([start, end]) => text.slice(start, end))).toEqual(['Renew', 'httpServer', 'renew']);
});

test('markWords gives the whole title', () => {
  expect(markWords('Renew <b>now</b>', { words, terms: weights(['now']) })).toEqual([
    { text: 'Renew <b>', mark: false },
    { text: 'now', mark: true },
    { text: '</b>', mark: false },
  ]);
});
