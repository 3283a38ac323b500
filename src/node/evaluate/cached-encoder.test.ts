import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cachedEncoder, type Embedder } from './cached-encoder.ts';

let root: string;
let asked: string[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cached-encoder-'));
  asked = [];
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** Fails from the `failAt`-th text on. */
function embedder(failAt = Infinity): Embedder {
  return {
    space: { model: 'tiny', revision: 'main', dtype: 'q8', pooling: 'mean', prompt: '', dims: 2 },
    embed: (texts) => {
      asked.push(...texts);
      if (asked.length > failAt) return Promise.reject(new Error('stopped'));
      return Promise.resolve(Float32Array.from(texts.flatMap((text) => [text.length, 1])));
    },
    dispose: () => Promise.resolve(),
  };
}
const io = { print: () => undefined, note: () => undefined };

test('embeds a text once, within a call, between calls and between runs', async () => {
  const first = cachedEncoder(embedder(), root, io);
  expect([...(await first.encode(['a', 'bb', 'a'], 'x'))]).toEqual([1, 1, 2, 1, 1, 1]);
  await first.close();
  const second = cachedEncoder(embedder(), root, io);
  expect([...(await second.encode(['ccc', 'bb'], 'x'))]).toEqual([3, 1, 2, 1]);
  await second.close();
  expect(asked).toEqual(['a', 'bb', 'ccc']);
});

test('a failed run continues where it was', async () => {
  const texts = Array.from({ length: 100 }, (_, i) => 'x'.repeat(i + 1));
  const failing = cachedEncoder(embedder(70), root, io);
  await expect(failing.encode(texts, 'x')).rejects.toThrow('stopped');
  await failing.close();
  asked = [];
  const again = cachedEncoder(embedder(), root, io);
  expect((await again.encode(texts, 'x'))[2 * 99]).toBe(100);
  await again.close();
  expect(asked).toHaveLength(100 - 64);
});

test('stops between batches when aborted', async () => {
  const controller = new AbortController();
  controller.abort();
  const stopped = cachedEncoder(embedder(), root, { ...io, signal: controller.signal });
  await expect(stopped.encode(['a'], 'x')).rejects.toMatchObject({ name: 'AbortError' });
  await stopped.close();
  expect(asked).toEqual([]);
});
