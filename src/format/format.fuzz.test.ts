// Damaged adapter files are read or refused with a typed error. FUZZ_SEED=random tries other damage.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocatedBy, REFUSAL_BYTES } from '../allocations.fixture.ts';
import { isEraError, type ErrorCode } from '../errors.ts';
import { readSafetensors, writeSafetensors, type Safetensors } from './safetensors.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const adapter = writeSafetensors(
  new Map([
    ['proj.weight', { shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6) }],
    ['proj.bias', { shape: [2], data: Float32Array.of(0.5, -0.5) }],
  ]),
  { format: 'pt' },
);
const other = writeSafetensors(new Map([['proj.weight', { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }]]), {
  of: 'another',
});

/** The view, or the code of the typed error; any other error fails the test. */
function outcome<T>(read: () => T): T | ErrorCode {
  try {
    return read();
  } catch (error) {
    if (isEraError(error)) return error.code;
    throw error;
  }
}

/** One change of each kind: bytes replaced, cut off, added, moved in from another file, a run zeroed or doubled. */
function damagedVersions(original: Bytes, donor: Bytes): fc.Arbitrary<Bytes> {
  const place = fc.nat(original.length);
  const replaced = fc
    .array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 8 })
    .map((changes) => {
      const bytes = original.slice();
      for (const [at, value] of changes) bytes[at] = value;
      return bytes;
    });
  const numbers = fc.constantFrom(0, 1, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, original.length);
  const word = fc.tuple(fc.nat(original.length - 4), numbers).map(([at, value]) => {
    const bytes = original.slice();
    new DataView(bytes.buffer).setUint32(at, value, true);
    return bytes;
  });
  const truncated = place.map((at) => original.slice(0, at));
  const extended = fc
    .tuple(place, fc.uint8Array({ minLength: 1, maxLength: 64 }))
    .map(([at, extra]) => Uint8Array.of(...original.subarray(0, at), ...extra, ...original.subarray(at)));
  const spliced = fc
    .tuple(place, fc.nat(donor.length))
    .map(([at, from]) => Uint8Array.of(...original.subarray(0, at), ...donor.subarray(from)));
  const repeated = fc
    .tuple(place, place)
    .map(([a, b]) => Uint8Array.of(...original.subarray(0, Math.max(a, b)), ...original.subarray(Math.min(a, b))));
  const zeroed = fc.tuple(place, place).map(([a, b]) => original.slice().fill(0, Math.min(a, b), Math.max(a, b)));
  return fc.oneof(replaced, word, truncated, extended, spliced, repeated, zeroed);
}

test('a damaged safetensors file is refused or reads in full', () => {
  const property = fc.property(damagedVersions(adapter, other), (bytes) => {
    const result: Safetensors | ErrorCode = outcome(() => readSafetensors(bytes));
    if (typeof result === 'string') {
      expect(result).toBe('adapter-format');
      return;
    }
    let dataBytes = 0;
    for (const { shape, data } of result.tensors.values()) {
      expect(data.length).toBe(shape.reduce((product, size) => product * size, 1));
      dataBytes += data.byteLength;
    }
    // F16 and BF16 double in size; nothing else grows.
    expect(dataBytes).toBeLessThanOrEqual(2 * bytes.length);
    expect(readSafetensors(writeSafetensors(result.tensors, result.metadata)).tensors.size).toBe(result.tensors.size);
  });
  fc.assert(property, { numRuns: 15_000 });
});

test('header fields of a safetensors file may have any value', () => {
  const size = fc.oneof(fc.nat(12), fc.constantFrom(-1, 0.5, 2 ** 32, 2 ** 53, 2 ** 60));
  const entry = fc.record({
    dtype: fc.constantFrom('F32', 'F16', 'BF16', 'I8', null),
    shape: fc.array(size, { maxLength: 3 }),
    data_offsets: fc.array(size, { minLength: 1, maxLength: 3 }),
  });
  const header = fc.dictionary(fc.constantFrom('a', 'b', '__metadata__', '__proto__'), fc.oneof(entry, fc.jsonValue()));
  const property = fc.property(header, fc.uint8Array({ maxLength: 24 }), (fields, data) => {
    const json = new TextEncoder().encode(JSON.stringify(fields));
    const bytes = Uint8Array.of(...new Uint8Array(BigUint64Array.of(BigInt(json.length)).buffer), ...json, ...data);
    const result = outcome(() => readSafetensors(bytes));
    if (typeof result === 'string') expect(result).toBe('adapter-format');
  });
  fc.assert(property, { numRuns: 6_000 });
});

/** A file with any header. */
function fileOf(header: string, data: Uint8Array = new Uint8Array()): Bytes {
  const json = new TextEncoder().encode(header);
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
}

const manyTensors = (count: number): string =>
  `{${Array.from({ length: count }, (_, i) => `"t${i}":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}`).join(',')}}`;

test.each<[string, () => Bytes]>([
  ['a million empty tensors', () => fileOf(manyTensors(1_000_000))],
  ['ten thousand empty tensors', () => fileOf(manyTensors(10_000))],
  ['five thousand empty tensors', () => fileOf(manyTensors(5000))],
  ['a header of 60 MB', () => fileOf(`{"__metadata__":{"a":"${'x'.repeat(60_000_000)}"}}`)],
  ['a header of lists in lists', () => fileOf(`{"a":${'['.repeat(500_000)}${']'.repeat(500_000)}}`)],
  ['a header of empty objects', () => fileOf(`{"a":[${'{},'.repeat(300_000)}0]}`)],
  [
    'a shape of many sizes',
    () => fileOf(`{"a":{"dtype":"F32","shape":[${'1,'.repeat(500_000)}1],"data_offsets":[0,4]}}`),
  ],
])('%s: refused for little', (_, make) => {
  const file = make();
  const { bytes, error } = allocatedBy(() => readSafetensors(file));
  expect(error).toMatchObject({ code: 'adapter-format' });
  expect((error as Error).message.length).toBeLessThan(500);
  expect(bytes).toBeLessThan(REFUSAL_BYTES / 8);
});

test('four thousand tensors are read, and no header takes much more', () => {
  const file = fileOf(manyTensors(4000));
  expect(readSafetensors(file).tensors.size).toBe(4000);
  for (const most of [file, fileOf(`{"a":[${'{},'.repeat(85_000)}0]}`), fileOf(`{"a":[${'[],'.repeat(85_000)}0]}`)])
    expect(allocatedBy(() => readSafetensors(most)).bytes).toBeLessThan(REFUSAL_BYTES / 4);
});

test('what a refusal asks for is bounded by the file', () => {
  const size = fc.oneof(fc.nat(12), fc.constantFrom(2 ** 16, 2 ** 24, 2 ** 32, 2 ** 53 - 1));
  const entry = fc.record({
    dtype: fc.constantFrom('F32', 'F16', 'BF16', 'U8'),
    shape: fc.array(size, { maxLength: 3 }),
    data_offsets: fc.tuple(size, size),
  });
  const header = fc.dictionary(fc.constantFrom('a', 'b', 'c'), entry);
  const length = fc.oneof(fc.constant(null), size);
  const property = fc.property(header, length, fc.uint8Array({ maxLength: 24 }), (fields, claimed, data) => {
    const file = fileOf(JSON.stringify(fields), data);
    if (claimed !== null) new DataView(file.buffer).setBigUint64(0, BigInt(claimed), true);
    const { bytes, error } = allocatedBy(() => readSafetensors(file));
    if (error !== null) expect(error).toMatchObject({ code: 'adapter-format' });
    expect(bytes).toBeLessThan(100 * file.length + 10_000);
  });
  fc.assert(property, { numRuns: 4000 });
});
