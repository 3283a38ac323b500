import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { isEraError, type ErrorCode } from '../errors.ts';
import { quantizeRows } from '../math/quantize.ts';
import { spaceId, type Space } from '../space.ts';
import type { IndexContent } from './index-file.ts';
import { makeManifest, parseManifest } from './manifest.ts';
import { readIndex } from './reader.ts';
import { writeIndex } from './writer.ts';

const space: Space = { model: 'a/b c', revision: 'main', dtype: 'q8', pooling: 'mean', prompt: 'Query: {text}\n', dims: 3 };
const content: IndexContent = {
  space,
  vectors: quantizeRows(Float32Array.of(1, 0, 0, 0.5, -0.5, 0.25, 0, 0, 0, -3, 2, 1), 3),
  passages: [
    { id: 'a', text: 'first' },
    { id: 'ä', text: '\u{feff}naïve 🦊', title: 'Title', url: 'docs/a.html#x' },
    { id: '🦊', text: '', url: 'https://example.org/' },
    { id: '', text: 'the empty id is an id' },
  ],
};

const codeOf = (run: () => unknown): ErrorCode | 'none' => {
  try {
    run();
  } catch (error) {
    if (isEraError(error)) return error.code;
    throw error;
  }
  return 'none';
};
const withTrailer = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const mended = Uint8Array.from(bytes);
  mended.set(createHash('sha256').update(mended.subarray(0, -32)).digest(), mended.length - 32);
  return mended;
};

test('what is written is what is read', () => {
  const view = readIndex(writeIndex(content));
  expect(view.space).toEqual(space);
  expect(view.count).toBe(4);
  expect(view.dims).toBe(3);
  expect(view.vectors).toEqual(content.vectors);
  expect(content.passages.map((_, row) => view.passage(row))).toEqual(content.passages);
  expect(view.ids()).toEqual(['a', 'ä', '🦊', '']);
});

test('the same content gives the same bytes', () => {
  expect(writeIndex(content)).toEqual(writeIndex(structuredClone(content)));
});

test('the layout is the one of FORMAT.md', () => {
  const bytes = writeIndex(content);
  const numbers = new DataView(bytes.buffer);
  const text = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).toString();
  expect(text(0, 8)).toBe('ERAINDEX');
  expect(numbers.getUint32(8, true)).toBe(1);
  const headerEnd = 16 + numbers.getUint32(12, true);
  expect(text(16, headerEnd)).toBe(`{"count":4,"dims":3,"space":${JSON.stringify(spaceId(space))},"textBytes":85}`);
  const aligned = (at: number): number => (at + 7) & ~7;
  const scalesAt = aligned(headerEnd);
  expect(numbers.getFloat32(scalesAt, true)).toBe(Math.fround(1 / 127));
  const codesAt = scalesAt + 4 * 4;
  expect([...new Int8Array(bytes.buffer, codesAt, 12)]).toEqual([...content.vectors.codes]);
  const endsAt = aligned(codesAt + 12);
  const ends = Array.from({ length: 8 }, (_, i) => numbers.getUint32(endsAt + i * 4, true));
  expect(ends).toEqual([1, 1, 1, 6, 8, 13, 26, 40]);
  const textsAt = endsAt + 4 * 4 * 4;
  expect(text(textsAt, textsAt + 8)).toBe('afirstä');
  const trailerAt = aligned(textsAt + 85);
  expect(bytes.length).toBe(trailerAt + 32);
  expect(text(trailerAt, bytes.length)).toBe(createHash('sha256').update(bytes.subarray(0, trailerAt)).digest().toString());
  expect(readIndex(bytes).sha256).toBe(createHash('sha256').update(bytes).digest('hex'));
});

test('the bytes of version 1 do not change', () => {
  // If this fails, files that are out there can no longer be read: raise the version instead.
  expect(readIndex(writeIndex(content)).sha256).toBe('1799ac35efa6cb59f0d00802f6a7bb066c1c3956913128e67c553836c418dd6a');
});

test('vectors are views into the file', () => {
  const bytes = writeIndex(content);
  const { codes, scales } = readIndex(bytes).vectors;
  expect(codes.buffer).toBe(bytes.buffer);
  expect(scales.buffer).toBe(bytes.buffer);
});

test('a file that lies at an odd place in memory reads the same', () => {
  const bytes = writeIndex(content);
  for (const offset of [1, 2, 3, 4]) {
    const shifted = new Uint8Array(bytes.length + 8).subarray(offset, offset + bytes.length);
    shifted.set(bytes);
    const view = readIndex(shifted);
    expect(view.vectors).toEqual(content.vectors);
    expect(view.passage(1)).toEqual(content.passages[1]);
  }
});

test('an empty title or url is none; a lone surrogate in a text becomes U+FFFD', () => {
  const passages = [{ id: 'x', text: 'a\ud800b', title: '', url: '' }];
  const view = readIndex(writeIndex({ space, vectors: quantizeRows(Float32Array.of(1, 2, 3), 3), passages }));
  expect(view.passage(0)).toEqual({ id: 'x', text: 'a\ufffdb' });
});

test('a row that is not there is a typed error', () => {
  const view = readIndex(writeIndex(content));
  for (const row of [-1, 4, 0.5, NaN]) expect(codeOf(() => view.passage(row))).toBe('invalid-input');
});

test('the writer refuses what cannot be an index', () => {
  const { vectors, passages } = content;
  const write = (change: Partial<IndexContent>): ErrorCode | 'none' => codeOf(() => writeIndex({ ...content, ...change }));
  expect(write({ passages: [], vectors: quantizeRows(new Float32Array(0), 3) })).toBe('empty-corpus');
  expect(write({ passages: passages.map((passage) => ({ ...passage, id: 'same' })) })).toBe('duplicate-id');
  expect(write({ passages: passages.slice(1) })).toBe('dimension-mismatch');
  expect(write({ space: { ...space, dims: 4 } })).toBe('dimension-mismatch');
  expect(write({ vectors: { ...vectors, codes: vectors.codes.slice(1) } })).toBe('dimension-mismatch');
  expect(write({ vectors: { ...vectors, scales: Float32Array.of(1, NaN, 1, 1) } })).toBe('not-finite');
  expect(write({ vectors: { ...vectors, scales: Float32Array.of(1, -1, 1, 1) } })).toBe('not-finite');
  expect(write({ vectors: { ...vectors, codes: vectors.codes.map((code, i) => (i === 5 ? -128 : code)) } })).toBe('invalid-input');
  expect(write({ passages: passages.map((passage, i) => (i === 0 ? { ...passage, id: '\ud800' } : passage)) })).toBe('invalid-input');
  expect(write({ space: { ...space, dims: 8193 }, vectors: { ...vectors, dims: 8193 } })).toBe('too-large');
  expect(write({ space: { ...space, prompt: 'x'.repeat(70_000) } })).toBe('too-large');
});

test('a file of a newer release says so, and an altered version is damage', () => {
  const newer = writeIndex(content);
  newer[8] = 2;
  expect(codeOf(() => readIndex(newer))).toBe('index-format');
  expect(codeOf(() => readIndex(withTrailer(newer)))).toBe('unsupported-version');
});

test('errors name the place', () => {
  const bytes = writeIndex(content);
  const scalesAt = (16 + new DataView(bytes.buffer).getUint32(12, true) + 7) & ~7;
  new DataView(bytes.buffer).setFloat32(scalesAt + 8, NaN, true);
  expect(() => readIndex(withTrailer(bytes))).toThrow(expect.objectContaining({ code: 'index-format', details: { offset: scalesAt + 8 } }));
});

test('the header must be canonical', () => {
  const bytes = writeIndex(content);
  const headerBytes = new DataView(bytes.buffer).getUint32(12, true);
  const header = Buffer.from(bytes.subarray(16, 16 + headerBytes)).toString();
  const changed = [
    header.replace('"count":4', '"count":5'),
    header.replace('"count":4,"dims":3', '"dims":3,"count":4'),
    header.replace('"dims":3', '"dims":4'),
    header.replace('dims=3', 'dims=4'),
    header.replace('norm=l2', 'norm=l3'),
    header.replace('"textBytes":85', '"textBytes":4285967296'),
    header.replace('"count":4', '"count":4.0'),
    header.replace('"count":4', '"count":1,"count":4'),
    header.replace('{', '{ '),
    header.replace('"count":4', '"count":16777217'),
    header.replace('"dims":3', '"dims":1e400'),
    `[${header}]`,
    'null',
    '\ufeff' + header,
    '',
  ];
  const outcome = (text: string): ErrorCode | 'none' => {
    const encoded = Buffer.from(text);
    const padded = Buffer.alloc((16 + encoded.length + 7) & ~7);
    padded.set(bytes.subarray(0, 16));
    padded.writeUInt32LE(encoded.length, 12);
    padded.set(encoded, 16);
    const file = Buffer.concat([padded, bytes.subarray((16 + headerBytes + 7) & ~7)]);
    return codeOf(() => readIndex(withTrailer(file)));
  };
  expect(outcome(header)).toBe('none');
  for (const text of changed) expect(outcome(text), text).toBe('index-format');
});

test('the manifest names the file and refuses any other text', () => {
  const bytes = writeIndex(content);
  const view = readIndex(bytes);
  const manifest = makeManifest(bytes, view);
  expect(manifest).toEqual({
    format: 'era-search-index',
    version: 1,
    file: `index-${view.sha256.slice(0, 16)}.era`,
    bytes: bytes.length,
    sha256: view.sha256,
    space: spaceId(space),
    passages: 4,
  });
  expect(parseManifest(JSON.stringify(manifest))).toEqual(manifest);
  expect(codeOf(() => parseManifest(JSON.stringify({ ...manifest, version: 2, more: 1 })))).toBe('unsupported-version');
  const wrong: unknown[] = [
    { ...manifest, format: 'x' },
    { ...manifest, version: 0 },
    { ...manifest, version: '1' },
    { ...manifest, file: '../index.era' },
    { ...manifest, file: undefined },
    { ...manifest, sha256: manifest.sha256.toUpperCase() },
    { ...manifest, bytes: -1 },
    { ...manifest, bytes: 1.5 },
    { ...manifest, passages: 0 },
    { ...manifest, passages: 2 ** 24 + 1 },
    { ...manifest, space: 'a model' },
    { ...manifest, space: manifest.space.replace('a/b+c', '%') },
    { ...manifest, extra: 1 },
    [manifest],
    null,
    'x',
  ];
  for (const value of wrong) expect(codeOf(() => parseManifest(JSON.stringify(value)))).toBe('index-format');
  for (const text of ['', '<!doctype html>', '{']) expect(codeOf(() => parseManifest(text))).toBe('index-format');
});
