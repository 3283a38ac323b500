import { expect, test } from 'vitest';
import { npyBytes } from './npy-for-test.ts';
import { parseNpy, readNpy } from './npy.ts';

test.each([1, 2, 3])('reads float32 of version %d', (version) => {
  expect(parseNpy(npyBytes({ version }), 'x')).toEqual({ rows: 2, dims: 2, values: Float32Array.of(1, 2, 3, -4.5) });
});

test('reads float16 with subnormal, infinite and signed numbers', () => {
  // numpy.float16: 1, −2, 0.333251953125, 5.9604644775390625e-08, 65504, −0, inf
  const data = new Uint8Array(Uint16Array.of(0x3c00, 0xc000, 0x3555, 0x0001, 0x7bff, 0xfc00).buffer);
  expect([...parseNpy(npyBytes({ descr: '<f2', shape: '(3, 2)', data }), 'x').values]).toEqual([
    1,
    -2,
    0.333251953125,
    2 ** -24,
    65504,
    -Infinity,
  ]);
});

test.each<[string, Uint8Array]>([
  ['another file', new TextEncoder().encode('<!doctype html><html></html>')],
  ['an empty file', new Uint8Array(0)],
  ['a header that is cut', npyBytes({}).subarray(0, 40)],
  ['numbers that are cut', npyBytes({}).subarray(0, -1)],
  ['numbers too many', Uint8Array.from([...npyBytes({}), 0])],
  ['float64', npyBytes({ descr: '<f8' })],
  ['big-endian numbers', npyBytes({ descr: '>f4' })],
  ['Fortran order', npyBytes({ order: 'True' })],
  ['one dimension', npyBytes({ shape: '(4,)' })],
  ['an unknown version', npyBytes({ version: 9 })],
])('refuses %s', (_, bytes) => {
  expect(() => parseNpy(bytes, 'x')).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error);
});

test('a missing file is an error of ours', async () => {
  await expect(readNpy('/no/such/file.npy')).rejects.toMatchObject({ code: 'invalid-input' });
});
