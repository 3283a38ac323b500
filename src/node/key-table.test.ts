import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { KeyTable } from './key-table.ts';

test('finds every key at its place after growing, and no other', () => {
  const key = (i: number): Buffer => createHash('sha256').update(String(i)).digest().subarray(0, 16);
  const table = new KeyTable(16);
  for (let i = 0; i < 20_000; i++) expect(table.add(key(i))).toBe(i);
  expect(table.size).toBe(20_000);
  for (let i = 0; i < 20_000; i++) if (table.find(key(i)) !== i) expect.fail(`key ${i} is at ${table.find(key(i))}`);
  for (let i = 20_000; i < 40_000; i++) if (table.find(key(i)) !== -1) expect.fail(`key ${i} is there`);
});

test('tells keys apart that fall into one slot', () => {
  const table = new KeyTable(5);
  const keys = Array.from({ length: 600 }, (_, i) => Uint8Array.of(7, 0, 0, i >> 8, i & 255));
  for (const key of keys) table.add(key);
  keys.forEach((key, place) => expect(table.find(key)).toBe(place));
  expect(table.find(Uint8Array.of(7, 0, 0, 9, 9))).toBe(-1);
});
