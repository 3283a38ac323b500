// Damaged parts of a keyword index are read or refused. FUZZ_SEED=random tries other damage.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isEraError } from '../errors.ts';
import { readBase, writeBase } from './base-part.ts';
import { buildKeywordIndex } from './build.ts';
import { readDictionary, writeDictionary } from './dictionary-part.ts';
import type { KeywordDocument, KeywordParts } from './keyword-document.ts';
import { KeywordIndex } from './keyword-index.ts';
import { packPostings, readTermsPart, writeTermsPart, type TermsPart } from './terms-part.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const documents = ['open the path', 'open_v2 naïve 東京', 'path path path 🦊', '', 'délta'].map(
  (text, i): KeywordDocument => ({
    title: i % 2 === 0 ? 'A title' : '',
    headings: ['One', 'Two'].slice(0, i % 3),
    text,
    language: '',
    page: i * 100,
    weight: i === 3 ? 2.5 : 1,
  }),
);
const parts = buildKeywordIndex(documents);
const { first, bytes: terms } = parts.terms[0]!;
const range = { first, next: null };

function damagedVersions(original: Bytes): fc.Arbitrary<Bytes> {
  const place = fc.nat(original.length);
  const byte = fc.oneof(fc.nat(255), fc.constantFrom(0, 127, 128, 255));
  const replaced = fc
    .array(fc.tuple(fc.nat(original.length - 1), byte), { minLength: 1, maxLength: 5 })
    .map((changes) => {
      const bytes = original.slice();
      for (const [at, value] of changes) bytes[at] = value;
      return bytes;
    });
  const spliced = fc
    .tuple(place, place, fc.array(byte, { maxLength: 8 }))
    .map(([a, b, extra]) => Uint8Array.of(...original.subarray(0, a), ...extra, ...original.subarray(b)));
  return fc.oneof(
    replaced,
    spliced,
    fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)),
  );
}

/** The content, or null where it was refused with the one error code for damaged parts. */
function outcome<T>(read: () => T): T | null {
  try {
    return read();
  } catch (error) {
    if (isEraError(error, 'index-format')) return null;
    throw error;
  }
}

/** An accepted part is the only encoding of its content. */
function fuzz<T>(original: Bytes, read: (bytes: Bytes) => T, write: (content: T) => Uint8Array): void {
  expect(write(read(original))).toEqual(original);
  let accepted = 0;
  const property = fc.property(damagedVersions(original), (bytes) => {
    const content = outcome(() => read(bytes));
    if (content === null) return;
    expect(write(content)).toEqual(bytes);
    accepted++;
  });
  fc.assert(property, { numRuns: 6000 });
  expect(accepted).toBeGreaterThan(0);
}

test('a damaged base part is refused or is another valid one', () => {
  fuzz(parts.base, readBase, writeBase);
});

test('a damaged dictionary is refused or is another valid one', () => {
  fuzz(parts.dictionary, readDictionary, writeDictionary);
});

function rewritten(part: TermsPart): Uint8Array {
  const all = [...new Set([...part.terms, ...part.codes.keys()])].sort((a, b) => (a < b ? -1 : 1));
  return writeTermsPart(
    all.map((term) => ({
      term,
      postings: part.has(term)
        ? packPostings(
            part
              .postings(term)
              .fields.map(({ rows, frequencies }) => Array.from(rows, (row, i) => [row, frequencies[i]!]).flat()),
          )
        : null,
      code: part.codes.get(term) ?? null,
    })),
  );
}

test('a damaged terms part is refused or is another valid one', () => {
  fuzz(terms, (bytes) => readTermsPart(bytes, readBase(parts.base), range), rewritten);
});

test('a damaged terms part with codes is refused or is another valid one', () => {
  const codes = new Map([
    ['aardvark', Uint8Array.of(1, 2, 3)],
    ['open', Uint8Array.of(4, 5, 6)],
    ['zebra', Uint8Array.of(7, 8, 9)],
  ]);
  const coded = buildKeywordIndex(documents, { codes });
  const [part] = coded.terms;
  const known = { first: part!.first, next: null };
  fuzz(part!.bytes, (bytes) => readTermsPart(bytes, readBase(coded.base), known, 3), rewritten);
});

test('a search over accepted damaged parts gives finite scores of existing rows', async () => {
  let answered = 0;
  const damaged = fc.record<KeywordParts>({
    base: fc.oneof(fc.constant(parts.base), damagedVersions(parts.base)),
    dictionary: fc.oneof(fc.constant(parts.dictionary), damagedVersions(parts.dictionary)),
    terms: fc.oneof(fc.constant(terms), damagedVersions(terms)).map((bytes) => [{ first, bytes }]),
    codes: fc.constant([]),
  });
  const property = fc.asyncProperty(
    damaged,
    fc.constantFrom('open path', 'tilte', 'pa', '東京 naive'),
    async (all, query) => {
      const index = outcome(
        () =>
          new KeywordIndex({
            base: all.base,
            dictionary: () => Promise.resolve(all.dictionary),
            terms: { firsts: [first], read: () => Promise.resolve(all.terms[0]!.bytes) },
          }),
      );
      if (index === null) return;
      try {
        const { rows, scores } = await index.search(query);
        expect(scores.every((score) => score > 0 && score < Infinity)).toBe(true);
        expect(rows.every((row) => row >= 0 && row < index.count)).toBe(true);
        answered++;
      } catch (error) {
        if (!isEraError(error, 'index-format')) throw error;
      }
    },
  );
  await fc.assert(property, { numRuns: 3000 });
  expect(answered).toBeGreaterThan(100);
});
