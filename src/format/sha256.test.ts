import { createHash, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha256Hex } from './sha256.ts';

test('agrees with the published vectors', () => {
  // FIPS 180-4 examples: the empty message and "abc".
  expect(sha256Hex(new Uint8Array(0))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
  expect(sha256Hex(new TextEncoder().encode('abc'))).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
});

test('agrees with another implementation at every block border', () => {
  for (let length = 50; length < 140; length++) {
    const bytes = Uint8Array.from(randomBytes(length));
    expect(sha256Hex(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
  }
});
