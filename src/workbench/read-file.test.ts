import { expect, test } from 'vitest';
import { readBytes, readText } from './read-file.ts';

/** A file that counts how often its content is asked for. */
function fileOf(size: number): { file: File; reads: () => number } {
  let reads = 0;
  const file = {
    name: 'docs.jsonl',
    size,
    text: () => Promise.resolve(String(++reads)),
    arrayBuffer: () => Promise.resolve(new ArrayBuffer(++reads)),
  } as unknown as File;
  return { file, reads: () => reads };
}

test('a file over its limit is refused by its size, and one at the limit is read', async () => {
  for (const read of [readText, readBytes]) {
    const large = fileOf(1001);
    await expect(read(large.file, 1000)).rejects.toMatchObject({ code: 'too-large' });
    expect(large.reads()).toBe(0);
    const fits = fileOf(1000);
    await read(fits.file, 1000);
    expect(fits.reads()).toBe(1);
  }
});
