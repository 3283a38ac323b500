import { expect, test } from 'vitest';
import { isEraError, type ErrorCode } from '../errors.ts';
import { readSafetensors, writeSafetensors } from './safetensors.ts';

const file = (header: unknown, data: Uint8Array = new Uint8Array(0)): Uint8Array<ArrayBuffer> => {
  const json = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + json.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(json.length), true);
  bytes.set(json, 8);
  bytes.set(data, 8 + json.length);
  return bytes;
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
const f32 = (...offsets: [number, number]): object => ({
  dtype: 'F32',
  shape: [(offsets[1] - offsets[0]) / 4],
  data_offsets: offsets,
});

test('a written file is read back unchanged', () => {
  const tensors = new Map([
    ['proj.weight', { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, -0, 1e-40) }],
    ['proj.bias', { shape: [2], data: Float32Array.of(NaN, -Infinity) }],
    ['__proto__', { shape: [], data: Float32Array.of(7) }],
    ['none', { shape: [0, 5], data: new Float32Array(0) }],
  ]);
  const metadata = { format: 'pt', 'ä "quoted"': '\ud800 {}' };
  const read = readSafetensors(writeSafetensors(tensors, metadata));
  expect(new Map(read.tensors)).toEqual(tensors);
  expect(read.metadata).toEqual(metadata);
});

test('bytes are kept as they are, apart from the tensors of floats', () => {
  const bytes = new Map([['codes', { shape: [2, 3], data: Uint8Array.of(0, 255, 1, 254, 7, 128) }]]);
  const floats = new Map([['x', { shape: [1], data: Float32Array.of(2) }]]);
  const read = readSafetensors(writeSafetensors(floats, {}, bytes));
  expect(read.bytes).toEqual(bytes);
  expect(read.tensors).toEqual(floats);
  expect(codeOf(() => writeSafetensors(new Map(), {}, new Map([['x', { shape: [3], data: new Uint8Array(2) }]])))).toBe(
    'adapter-format',
  );
});

test('the order of the input does not change the bytes', () => {
  const a = { shape: [1], data: Float32Array.of(1) };
  const b = { shape: [1], data: Float32Array.of(2) };
  expect(
    writeSafetensors(
      new Map([
        ['a', a],
        ['b', b],
      ]),
      { x: '1', y: '2' },
    ),
  ).toEqual(
    writeSafetensors(
      new Map([
        ['b', b],
        ['a', a],
      ]),
      { y: '2', x: '1' },
    ),
  );
});

test('the bytes are those of the published layout', () => {
  const bytes = writeSafetensors(new Map([['b', { shape: [2], data: Float32Array.of(1, -1) }]]));
  const headerBytes = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  expect(headerBytes % 8).toBe(0);
  expect(new TextDecoder().decode(bytes.subarray(8, 8 + headerBytes)).trimEnd()).toBe(
    '{"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
  );
  expect([...bytes.subarray(8 + headerBytes)]).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0x80, 0xbf]);
});

test('half floats become float32', () => {
  const halves = [0x3c00, 0xc000, 0x0001, 0x03ff, 0x0400, 0x7bff, 0x7c00, 0xfc00, 0x8000, 0x7e00];
  const header = { x: { dtype: 'F16', shape: [10], data_offsets: [0, 20] } };
  const { data } = readSafetensors(file(header, new Uint8Array(Uint16Array.from(halves).buffer))).tensors.get('x')!;
  expect([...data]).toEqual([1, -2, 2 ** -24, 1023 * 2 ** -24, 2 ** -14, 65504, Infinity, -Infinity, -0, NaN]);
});

test('bfloat16 becomes float32', () => {
  const header = { x: { dtype: 'BF16', shape: [5], data_offsets: [0, 10] } };
  const { data } = readSafetensors(
    file(header, new Uint8Array(Uint16Array.of(0x3f80, 0xc000, 0x4049, 0x7f80, 0x8000).buffer)),
  ).tensors.get('x')!;
  expect([...data]).toEqual([1, -2, 3.140625, Infinity, -0]);
});

test('tensors at unaligned offsets are read', () => {
  const bytes = file(
    '{"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]} }',
    new Uint8Array(Float32Array.of(5).buffer),
  );
  const shifted = new Uint8Array(bytes.length + 3).subarray(3);
  shifted.set(bytes);
  expect(readSafetensors(shifted).tensors.get('x')).toEqual({ shape: [1], data: Float32Array.of(5) });
});

test('invalid files are refused', () => {
  const eight = new Uint8Array(8);
  const long = new Uint8Array(16);
  new DataView(long.buffer).setBigUint64(0, 2n ** 63n, true);
  const invalid: Record<string, Uint8Array<ArrayBuffer>> = {
    empty: new Uint8Array(0),
    'seven bytes': new Uint8Array(7),
    'no header': new Uint8Array(8),
    'endless header': long,
    'not JSON': file('{"x":'),
    'not UTF-8': file({}).fill(0xff, 8),
    'byte order mark': file('\ufeff{}'),
    'leading space': file(' {}'),
    'an array': file([]),
    'deep nesting': file(`{"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`),
    'null tensor': file({ x: null }),
    'unknown dtype': file({ x: { ...f32(0, 8), dtype: 'F64' } }, eight),
    'inherited dtype': file({ x: { ...f32(0, 8), dtype: 'constructor' } }, eight),
    'no shape': file({ x: { ...f32(0, 8), shape: null } }, eight),
    'negative shape': file({ x: { ...f32(0, 8), shape: [-1, -2] } }, eight),
    'fractional shape': file({ x: { ...f32(0, 8), shape: [0.5, 4] } }, eight),
    'shape × dtype': file({ x: { ...f32(0, 8), shape: [3] } }, eight),
    'shape overflow': file({ x: { ...f32(0, 8), shape: [2 ** 52, 2 ** 52] } }, eight),
    'three offsets': file({ x: { ...f32(0, 8), data_offsets: [0, 8, 8] } }, eight),
    'outside the file': file({ x: f32(0, 12) }, eight),
    backwards: file({ x: { ...f32(0, 8), data_offsets: [8, 0] } }, eight),
    overlap: file({ x: f32(0, 8), y: f32(4, 8) }, eight),
    'hole at the start': file({ x: f32(4, 8) }, eight),
    'hole in the middle': file({ x: f32(0, 4), y: f32(8, 12) }, new Uint8Array(12)),
    'hole at the end': file({ x: f32(0, 4) }, eight),
    'the same name twice': file(
      `{"x":${JSON.stringify(f32(0, 8))},"\\u0078" :${JSON.stringify({ ...f32(0, 8), shape: [1, 2] })}}`,
      eight,
    ),
    'the same dtype twice': file('{"x":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}', eight),
    'metadata of numbers': file({ __metadata__: { a: 1 } }),
    'metadata as text': file({ __metadata__: 'x' }),
  };
  for (const [what, bytes] of Object.entries(invalid))
    expect(
      codeOf(() => readSafetensors(bytes)),
      what,
    ).toBe('adapter-format');
  expect(codeOf(() => readSafetensors(file({ x: f32(0, 4), y: f32(4, 8) }, eight)))).toBe('none');
});

test('the writer refuses a shape that does not fit and the reserved name', () => {
  const data = Float32Array.of(1, 2);
  expect(codeOf(() => writeSafetensors(new Map([['x', { shape: [3], data }]])))).toBe('adapter-format');
  expect(codeOf(() => writeSafetensors(new Map([['__metadata__', { shape: [2], data }]])))).toBe('adapter-format');
});
