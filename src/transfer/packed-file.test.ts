// A large file of a model in pieces: memory is taken for it once a piece has the size that the list says.

import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { allocatedWhile, REFUSAL_BYTES } from '../allocations.fixture.ts';
import { sha256Hex } from '../format/sha256.ts';
import { joinPieces, PIECE_BYTES, type PackedFile } from './packed-file.ts';

const zip = (content: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(gzipSync(content));
const nameOf = (n: number): string => `parts/${String(n).padStart(16, '0')}.bin`;
const none = (): void => undefined;

test('a list of two gigabytes whose first piece is small is refused for little', async () => {
  const list: PackedFile = {
    bytes: 2 ** 31 - 1,
    sha256: '0'.repeat(64),
    parts: Array.from({ length: 128 }, (_, n) => ({ file: nameOf(n), bytes: 100 })),
  };
  let reads = 0;
  const read = (): Promise<Uint8Array<ArrayBuffer>> => {
    reads++;
    return Promise.resolve(zip(new Uint8Array(1000)));
  };
  const { bytes, error } = await allocatedWhile(() => joinPieces(list, read, none));
  expect(error).toMatchObject({ code: 'index-format' });
  expect(reads).toBe(1);
  expect(bytes).toBeLessThan(10_000);
});

test('a piece that unpacks to more than a piece has is not unpacked', async () => {
  const list = { bytes: 2 ** 30, sha256: '0'.repeat(64), parts: [{ file: nameOf(0), bytes: 100 }] };
  const bomb = zip(new Uint8Array(4 * PIECE_BYTES));
  const { bytes, error } = await allocatedWhile(() => joinPieces(list, () => Promise.resolve(bomb), none));
  expect(error).toMatchObject({ code: 'index-format' });
  expect(bytes).toBeLessThan(REFUSAL_BYTES / 32);
});

/** A file in three pieces, the last one shorter. */
function threePieces(): {
  readonly whole: Uint8Array<ArrayBuffer>;
  readonly pieces: readonly Uint8Array<ArrayBuffer>[];
  readonly list: PackedFile;
  readonly pieceOf: (file: string) => Uint8Array<ArrayBuffer>;
} {
  const whole = Uint8Array.from({ length: 2500 }, (_, i) => i % 251);
  const pieces = [whole.slice(0, 1000), whole.slice(1000, 2000), whole.slice(2000)].map(zip);
  const list = {
    bytes: whole.length,
    sha256: sha256Hex(whole),
    parts: pieces.map((piece, n) => ({ file: nameOf(n), bytes: piece.length })),
  };
  return { whole, pieces, list, pieceOf: (file) => pieces[list.parts.findIndex((part) => part.file === file)]! };
}

test('pieces of any one size, the last one shorter, are joined', async () => {
  const { whole, list, pieceOf } = threePieces();
  const read = (file: string): Promise<Uint8Array<ArrayBuffer>> => Promise.resolve(pieceOf(file));
  expect(await joinPieces(list, read, none)).toEqual(whole);
});

test('progress counts the bytes of all pieces, and never falls', async () => {
  const { list, pieces, pieceOf } = threePieces();
  const read = (file: string, onBytes: (loadedBytes: number) => void): Promise<Uint8Array<ArrayBuffer>> => {
    const piece = pieceOf(file);
    onBytes(10);
    onBytes(piece.length + 10_000); // a host that unpacks it on the way
    return Promise.resolve(piece);
  };
  const seen: number[] = [];
  await joinPieces(list, read, (loadedBytes) => seen.push(loadedBytes));
  const [a, b, c] = pieces.map(({ length }) => length) as [number, number, number];
  expect(seen).toEqual([10, a, a + 10, a + b, a + b + 10, a + b + c]);
});
