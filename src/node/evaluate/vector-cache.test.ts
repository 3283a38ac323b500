import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Space } from '../../space.ts';
import { VectorCache } from './vector-cache.ts';

const SPACE: Space = { model: 'tiny', revision: 'main', dtype: 'q8', pooling: 'mean', prompt: '', dims: 3 };
let root: string;
const folder = (): string => join(root, readdirSync(root)[0]!);

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'vector-cache-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function fill(): void {
  const cache = new VectorCache(root, SPACE);
  cache.append(['one', 'two'], Float32Array.of(1, 0, 0, 0, 0.5, 0));
  cache.append(['two', 'Ünïcode ✓'], Float32Array.of(9, 9, 9, 0, 0, 1));
  cache.close();
}

test('returns appended vectors by text, in any order and after reopening', () => {
  fill();
  const cache = new VectorCache(root, SPACE);
  expect(cache.size).toBe(3);
  expect(cache.has('three')).toBe(false);
  expect([...cache.read(['Ünïcode ✓', 'two', 'two', 'one'])]).toEqual([0, 0, 1, 0, 0.5, 0, 0, 0.5, 0, 1, 0, 0]);
  expect(() => cache.read(['three'])).toThrow(expect.objectContaining({ code: 'internal' }) as Error);
  cache.close();
});

test('writes the documented bytes', () => {
  fill();
  expect(statSync(join(folder(), 'keys.bin')).size).toBe(3 * 16);
  expect(statSync(join(folder(), 'vectors.f32')).size).toBe(3 * 12);
});

test.each([
  ['a vector without its key', () => truncateSync(join(folder(), 'keys.bin'), 2 * 16)],
  ['half a key', () => truncateSync(join(folder(), 'keys.bin'), 2 * 16 + 5)],
  ['half a vector', () => truncateSync(join(folder(), 'vectors.f32'), 2 * 12 + 4)],
])('a kill that left %s loses that entry only', (_, damage) => {
  fill();
  damage();
  const cache = new VectorCache(root, SPACE);
  expect(cache.size).toBe(2);
  cache.append(['three'], Float32Array.of(0, 1, 0));
  cache.close();
  const reopened = new VectorCache(root, SPACE);
  expect([...reopened.read(['three', 'two'])]).toEqual([0, 1, 0, 0, 0.5, 0]);
  reopened.close();
});

test('the lock of a dead process is taken over, that of a living one is not', () => {
  fill();
  writeFileSync(join(folder(), 'lock'), '999999999');
  const cache = new VectorCache(root, SPACE);
  expect(() => new VectorCache(root, SPACE)).toThrow(expect.objectContaining({ code: 'busy' }) as Error);
  cache.close();
});

test('spaces do not share a folder, and a folder that names another space is refused', () => {
  fill();
  const other = new VectorCache(root, { ...SPACE, dtype: 'fp32' });
  expect(other.size).toBe(0);
  other.close();
  expect(readdirSync(root)).toHaveLength(2);
  for (const name of readdirSync(root)) appendFileSync(join(root, name, 'space.txt'), 'other');
  expect(() => new VectorCache(root, SPACE)).toThrow(expect.objectContaining({ code: 'space-mismatch' }) as Error);
});

test('refuses vectors of the wrong size, zeros and NaN, and a place that cannot be written', () => {
  const cache = new VectorCache(root, SPACE);
  expect(() => cache.append(['one'], Float32Array.of(1, 0))).toThrow(
    expect.objectContaining({ code: 'dimension-mismatch' }) as Error,
  );
  expect(() => cache.append(['one'], Float32Array.of(1, 0, 0, 1, 0, 0))).toThrow(
    expect.objectContaining({ code: 'dimension-mismatch' }) as Error,
  );
  expect(() => cache.append(['one'], Float32Array.of(0, 0, 0))).toThrow(
    expect.objectContaining({ code: 'not-finite' }) as Error,
  );
  expect(() => cache.append(['one'], Float32Array.of(NaN, 0, 0))).toThrow(
    expect.objectContaining({ code: 'not-finite' }) as Error,
  );
  expect(cache.size).toBe(0);
  cache.close();
  const file = join(root, 'file');
  writeFileSync(file, '');
  expect(() => new VectorCache(file, SPACE)).toThrow(expect.objectContaining({ code: 'invalid-option' }) as Error);
});
