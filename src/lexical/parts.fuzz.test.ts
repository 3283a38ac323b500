// Damaged parts of a keyword index are read or refused. FUZZ_SEED=random tries other damage.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocatedBy } from '../allocations.fixture.ts';
import { isEraError } from '../errors.ts';
import { baseOf, readBase, writeBase } from './base-part.ts';
import { buildKeywordIndex } from './build.ts';
import { ByteWriter } from './bytes.ts';
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

function numberBytes(value: number): Bytes {
  const writer = new ByteWriter();
  writer.number(value);
  return writer.taken();
}

test.each<[string, Bytes, (bytes: Bytes) => unknown]>([
  ['base', parts.base, readBase],
  ['dictionary', parts.dictionary, readDictionary],
  ['terms', terms, (bytes) => readTermsPart(bytes, readBase(parts.base), range)],
])('any number of a part of %s may be claimed: a refusal asks for a multiple of the bytes', (_, original, read) => {
  const number = fc.constantFrom(2 ** 8, 2 ** 16, 2 ** 24, 2 ** 31, 2 ** 32 - 1).map(numberBytes);
  const tail = fc.nat(5000).map((length) => new Uint8Array(length));
  const property = fc.property(fc.nat(original.length - 1), number, tail, (at, claimed, zeros) => {
    const bytes = Uint8Array.of(...original.subarray(0, at), ...claimed, ...original.subarray(at + 1), ...zeros);
    const { bytes: allocated, error } = allocatedBy(() => read(bytes));
    if (error !== null) expect(error).toMatchObject({ code: 'index-format' });
    expect(allocated).toBeLessThan(200 * original.length + 8 * bytes.length);
  });
  fc.assert(property, { numRuns: 2000 });
});

test.each([
  ['as many rows as bytes', 1],
  ['a row for two bytes', 2],
  ['a row for three bytes', 3],
])('a base part of %s is refused at its first number', (_, rowBytes) => {
  const rows = 300_000;
  const claimed = numberBytes(rows);
  const bytes = new Uint8Array(claimed.length + rows * rowBytes);
  bytes.set(claimed);
  const { bytes: allocated, error } = allocatedBy(() => readBase(bytes));
  expect(error).toMatchObject({ code: 'index-format' });
  expect(allocated).toBe(0);
});

test('a base part of other rows than the manifest has is refused, and one of as many is as it was', () => {
  expect(baseOf(parts.base, documents.length)).toBe(parts.base);
  expect(outcome(() => baseOf(parts.base, documents.length + 1))).toBeNull();
});

test('a terms part has no more terms than the largest collection gives it', () => {
  const rows = 70_000;
  const base = readBase(parts.base);
  const all = Array.from({ length: rows }, (_, i) => String.fromCharCode(0x4e00 + (i >> 10), 0x4e00 + (i & 1023)));
  const bytes = writeTermsPart(all.map((term) => ({ term, postings: packPostings([[0, 1]]), code: null })));
  const { bytes: allocated, error } = allocatedBy(() => readTermsPart(bytes, base, { first: '', next: null }));
  expect(error).toMatchObject({ code: 'index-format' });
  expect(allocated).toBe(0);
});
