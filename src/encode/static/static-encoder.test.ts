import { expect, test } from 'vitest';
import type { CutWord } from './bags.ts';
import { packRow, rowBytes } from '../../format/static-row.ts';
import { quantizeRows } from '../../math/quantize.ts';
import { dot } from '../../math/vector.ts';
import { encodeStatic, inPassageSpace, meansTheSame, type FindRow } from './static-encoder.ts';

const DIMS = 8;

const unit = (...places: readonly number[]): Float32Array<ArrayBuffer> => {
  const vector = new Float32Array(DIMS);
  for (const place of places) vector[place] = 1 / Math.sqrt(places.length);
  return vector;
};
const packed = (vector: Float32Array): Uint8Array =>
  packRow({ vector, rarity: 1, share: 0.01, isAbsent: false, isGeneral: true, peak: 0.5 });
const table = new Map([
  ['boat', packed(unit(0, 1, 2, 3))],
  ['ship', packed(unit(0, 1, 2, 4))],
  ['vessel', packed(unit(0, 1, 3, 4))],
  ['blue', packed(unit(5, 6))],
]);
const find: FindRow = (term) => Promise.resolve(table.get(term) ?? null);
const words = (text: string): CutWord[] => text.split(' ').map((term) => ({ term, parts: [] }));

test('is the direction of the words together, at unit length', async () => {
  const vector = (await encodeStatic(words('boat blue'), DIMS, find))!;
  expect(dot(vector, vector)).toBeCloseTo(1, 5);
  expect(dot(vector, unit(0, 1, 2, 3))).toBeCloseTo(Math.SQRT1_2, 1);
});

test('adds words up as a net weighs them', async () => {
  const nothing = { bias: 0, hidden: [], hiddenBias: [], out: [] };
  const counted = (await encodeStatic(words('boat blue blue'), DIMS, find, { ...nothing, linear: [] }))!;
  expect(dot(counted, unit(5, 6))).toBeCloseTo(2 / Math.sqrt(5), 1);
  // The fifth feature is the logarithm of the count, so this one makes up for it.
  const once = (await encodeStatic(words('boat blue blue'), DIMS, find, { ...nothing, linear: [0, 0, 0, 0, -1] }))!;
  expect(dot(once, unit(5, 6))).toBeCloseTo(Math.SQRT1_2, 1);
});

test('knows nothing of unknown words', async () => {
  expect(await encodeStatic(words('elephant'), DIMS, find)).toBeNull();
  expect(await encodeStatic([], DIMS, find)).toBeNull();
});

test('a damaged row is refused', async () => {
  const damaged = new Uint8Array(rowBytes(DIMS)).fill(255);
  await expect(encodeStatic(words('boat'), DIMS, () => Promise.resolve(damaged))).rejects.toMatchObject({
    code: 'index-format',
  });
});

test('tells another spelling from a word that is only written alike', () => {
  const row = (term: string): Uint8Array => table.get(term)!;
  expect(meansTheSame(row('boat'), row('ship'), DIMS)).toBe(true);
  expect(meansTheSame(row('boat'), row('blue'), DIMS)).toBe(false);
});

test('a query has its place among whole vectors by the directions', () => {
  const directions = quantizeRows(Float32Array.of(0, 1, 0, 1, 0, 0), 3);
  expect([...inPassageSpace(Float32Array.of(0.6, 0.8), directions)]).toEqual([
    expect.closeTo(0.8, 5),
    expect.closeTo(0.6, 5),
    0,
  ]);
});
