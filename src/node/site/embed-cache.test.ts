import { appendFileSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { isEraError } from '../../errors.ts';
import { quantizeRows, type QuantizedVectors } from '../../math/quantize.ts';
import type { Space } from '../../space.ts';
import { RECORD_BYTES } from '../record-file.ts';
import { folderForTest } from '../setup/folder-for-test.ts';
import { EmbedCache } from './embed-cache.ts';

const DIMS = 6;
const VECTOR_BYTES = RECORD_BYTES + 4 + DIMS;
const SPACE: Space = {
  model: 'Xenova/all-MiniLM-L6-v2',
  revision: 'main',
  dtype: 'q8',
  pooling: 'mean',
  prompt: '',
  dims: DIMS,
};

/** A vector that identifies its text. */
function vectorsOf(texts: readonly string[]): QuantizedVectors {
  const numbers = texts.flatMap((text) =>
    Array.from({ length: DIMS }, (_, j) => (text.charCodeAt(j % text.length) % 97) + j + 1),
  );
  return quantizeRows(Float32Array.from(numbers), DIMS);
}

function open(folder: string, keptBytes?: number, space: Space = SPACE): EmbedCache {
  const cache = new EmbedCache(folder, space, keptBytes);
  onTestFinished(() => cache.close());
  return cache;
}

/** Which of the texts are cached; each must have its own vector. */
function held(cache: EmbedCache, texts: readonly string[]): string[] {
  return texts.filter((text) => {
    const codes = new Int8Array(DIMS);
    const scale = cache.take(text, codes);
    if (scale === null) return false;
    const own = vectorsOf([text]);
    expect([...codes]).toEqual([...own.codes]);
    expect(scale).toBe(own.scales[0]);
    return true;
  });
}

function fileIn(folder: string): string {
  const names = readdirSync(folder);
  expect(names).toHaveLength(1);
  return join(folder, names[0]!);
}

test('the next run has the vectors of this one, for its own space only', () => {
  const folder = join(folderForTest(), 'deep/cache');
  const first = open(folder);
  expect(held(first, ['one', 'two'])).toEqual([]);
  first.append(['one', 'two'], vectorsOf(['one', 'two']));
  expect(held(open(folder), ['two', 'three', 'one'])).toEqual(['two', 'one']);
  expect(open(folder, undefined, { ...SPACE, revision: 'other' }).size).toBe(0);
});

test('two runs that append at the same time keep each other’s records', () => {
  const folder = folderForTest();
  const [a, b] = [open(folder), open(folder)];
  a.append(['one'], vectorsOf(['one']));
  b.append(['two', 'one'], vectorsOf(['two', 'one']));
  a.append(['three'], vectorsOf(['three']));
  expect(held(open(folder), ['one', 'two', 'three'])).toEqual(['one', 'two', 'three']);
});

test('any damage costs the records it touches and no others', () => {
  const texts = Array.from({ length: 12 }, (_, i) => `text number ${i}`);
  fc.assert(
    fc.property(
      fc.nat(12 * VECTOR_BYTES - 1),
      fc.uint8Array({ minLength: 1, maxLength: 3 * VECTOR_BYTES }),
      fc.constantFrom('overwrite', 'insert', 'cut'),
      (at, junk, how) => {
        const folder = folderForTest();
        const cache = new EmbedCache(folder, SPACE);
        cache.append(texts, vectorsOf(texts));
        cache.close();
        const path = fileIn(folder);
        const bytes = readFileSync(path);
        const after = how === 'insert' ? at : Math.min(bytes.length, at + junk.length);
        writeFileSync(
          path,
          Buffer.concat([bytes.subarray(0, at), how === 'cut' ? Buffer.alloc(0) : junk, bytes.subarray(after)]),
        );

        const damaged = new EmbedCache(folder, SPACE);
        const first = Math.floor(at / VECTOR_BYTES);
        const last = Math.max(first, Math.ceil(after / VECTOR_BYTES) - 1);
        const untouched = texts.filter((_, i) => i < first || i > last);
        expect(held(damaged, texts)).toEqual(expect.arrayContaining(untouched));
        damaged.append(['later'], vectorsOf(['later']));
        damaged.close();
        const again = new EmbedCache(folder, SPACE);
        expect(held(again, ['later'])).toEqual(['later']);
        again.close();
      },
    ),
    { numRuns: 200 },
  );
});

test('a batch truncated by a kill does not hide later ones', () => {
  const folder = folderForTest();
  open(folder).append(['one'], vectorsOf(['one']));
  const path = fileIn(folder);
  appendFileSync(path, readFileSync(path).subarray(0, VECTOR_BYTES - 5));
  open(folder).append(['two'], vectorsOf(['two']));
  expect(held(open(folder), ['one', 'two'])).toEqual(['one', 'two']);
});

test('a file that has grown too large keeps what the run used and the newest of the rest', () => {
  const folder = folderForTest();
  const old = Array.from({ length: 100 }, (_, i) => `old ${i}`);
  open(folder).append(old, vectorsOf(old));
  const cache = open(folder, 20 * VECTOR_BYTES);
  expect(held(cache, ['old 3', 'old 4'])).toEqual(['old 3', 'old 4']);
  cache.append(['new'], vectorsOf(['new']));
  cache.prune();
  expect(statSync(fileIn(folder)).size).toBe(10 * VECTOR_BYTES);
  expect(held(open(folder), [...old, 'new'])).toEqual(['old 3', 'old 4', ...old.slice(-7), 'new']);

  const kept = open(folder, 20 * VECTOR_BYTES);
  kept.prune();
  expect(kept.size).toBe(10);
});

test('a folder that cannot be made is named', () => {
  const folder = folderForTest({ file: 'in the way' });
  expect(() => new EmbedCache(join(folder, 'file/cache'), SPACE)).toThrow(
    expect.toSatisfy((error: unknown) => isEraError(error, 'invalid-option')),
  );
});
