import { expect, test } from 'vitest';
import { parseNpy, readNpy } from './npy.ts';

interface Parts {
  descr?: string;
  order?: string;
  shape?: string;
  version?: number;
  data?: Uint8Array;
}

/** The bytes that numpy.save writes. */
function npy({ descr = '<f4', order = 'False', shape = '(2, 2)', version = 1, data = new Uint8Array(Float32Array.of(1, 2, 3, -4.5).buffer) }: Parts): Uint8Array {
  const header = new TextEncoder().encode(`{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`.padEnd(117) + '\n');
  const length = version === 1 ? [header.length & 255, header.length >> 8] : [header.length & 255, header.length >> 8, 0, 0];
  return Uint8Array.from([0x93, ...new TextEncoder().encode('NUMPY'), version, 0, ...length, ...header, ...data]);
}

test.each([1, 2, 3])('reads float32 of version %d', (version) => {
  expect(parseNpy(npy({ version }), 'x')).toEqual({ rows: 2, dims: 2, values: Float32Array.of(1, 2, 3, -4.5) });
});

test('reads float16 with subnormal, infinite and signed numbers', () => {
  // numpy.float16: 1, −2, 0.333251953125, 5.9604644775390625e-08, 65504, −0, inf
  const data = new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff, 0xfc00).buffer);
  expect([...parseNpy(npy({ descr: '<f2', shape: '(3, 2)', data }), 'x').values]).toEqual([1, -2, 0.333251953125, 2 ** -24, 65504, -Infinity]);
});

test.each<[string, Uint8Array]>([
  ['another file', new TextEncoder().encode('<!doctype html><html></html>')],
  ['an empty file', new Uint8Array(0)],
  ['a header that is cut', npy({}).subarray(0, 40)],
  ['numbers that are cut', npy({}).subarray(0, -1)],
  ['numbers too many', Uint8Array.from([...npy({}), 0])],
  ['float64', npy({ descr: '<f8' })],
  ['big-endian numbers', npy({ descr: '>f4' })],
  ['Fortran order', npy({ order: 'True' })],
  ['one dimension', npy({ shape: '(4,)' })],
  ['an unknown version', npy({ version: 9 })],
])('refuses %s', (_, bytes) => {
  expect(() => parseNpy(bytes, 'x')).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error);
});

test('a missing file is an error of ours', async () => {
  await expect(readNpy('/no/such/file.npy')).rejects.toMatchObject({ code: 'invalid-input' });
});
