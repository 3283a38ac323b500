import { describe, expect, test } from 'vitest';
import { rememberingEncoder } from './remembering-encoder.ts';
import { PacedEncoder } from './serve-for-test.ts';

const reproducible = { reproducible: true };

describe('a remembering encoder', () => {
  test('reads each text once and returns rows in the order of the texts', async () => {
    const inner = new PacedEncoder();
    const encoder = rememberingEncoder(inner, 10);
    const [one, two, three] = await Promise.all(
      ['one', 'two', 'three'].map((text) => new PacedEncoder().encode([text], 'passage')),
    );
    await encoder.encode(['two'], 'passage', reproducible);
    expect(await encoder.encode(['one', 'two', 'three', 'one'], 'passage', reproducible)).toEqual(
      Float32Array.from([...one!, ...two!, ...three!, ...one!]),
    );
    await encoder.encode(['three', 'two'], 'passage', reproducible);
    expect(inner.calls.map(({ texts }) => texts)).toEqual([['two'], ['one', 'three', 'one']]);
  });

  test('keeps roles apart, and no more than it may', async () => {
    const inner = new PacedEncoder();
    const encoder = rememberingEncoder(inner, 1);
    await encoder.encode(['a'], 'passage', reproducible);
    await encoder.encode(['a'], 'query', reproducible);
    await encoder.encode(['a'], 'query', reproducible);
    await encoder.encode(['a'], 'passage', reproducible);
    expect(inner.calls).toHaveLength(3);
  });

  test('a text that failed is read again; a vector that depends on its batch is not kept', async () => {
    const inner = new PacedEncoder();
    const encoder = rememberingEncoder(inner, 10);
    inner.failWith = new Error('no memory');
    await expect(encoder.encode(['a'], 'passage', reproducible)).rejects.toThrow('no memory');
    inner.failWith = undefined;
    await encoder.encode(['a'], 'passage');
    await encoder.encode(['a'], 'passage', reproducible);
    expect(inner.calls).toHaveLength(3);
  });
});
