import { expect, test } from 'vitest';
import { type Tensor, writeSafetensors } from '../format/safetensors.ts';
import type { LinearAdapter } from './adapter.ts';
import { readAdapter, writeAdapter } from './file.ts';

const adapter: LinearAdapter = {
  path: 'both',
  from: ['small', 'large'],
  to: 'small',
  dIn: 3,
  dOut: 2,
  weight: Float32Array.of(1, -2.5, 3, 4, 0.1, 6),
  bias: Float32Array.of(-1, 1e-20),
  provenance: { method: 'closed-form', 'base.seed': '42', note: '“quoted”\nlines' },
};
const frame = { path: 'local', from: ['small'], to: 'small' } as const;
const tensor = (shape: number[], fill = 1): Tensor => ({
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(fill),
});
const file = (tensors: Record<string, Tensor>, metadata: Record<string, string> = {}): Uint8Array<ArrayBuffer> =>
  writeSafetensors(new Map(Object.entries(tensors)), metadata);
const inFile = { path: 'local', from: '["a"]', to: 'b' };
const sound = { 'proj.weight': tensor([2, 3]), 'proj.bias': tensor([2]) };

test('a written adapter is read back, and written again to the same bytes', () => {
  const bytes = writeAdapter(adapter);
  expect(readAdapter(bytes)).toEqual(adapter);
  expect(writeAdapter(readAdapter(bytes))).toEqual(bytes);
});

test('the weight of keywords that labels chose is in the file, and absent where they chose none', () => {
  expect(readAdapter(writeAdapter({ ...adapter, keywordFactor: 0.35 })).keywordFactor).toBe(0.35);
  expect(readAdapter(writeAdapter({ ...adapter, keywordFactor: 0 })).keywordFactor).toBe(0);
  expect(writeAdapter({ ...adapter, keywordFactor: 1 })).toEqual(writeAdapter(adapter));
  expect(() => writeAdapter({ ...adapter, keywordFactor: -1 })).toThrow(
    expect.objectContaining({ code: 'invalid-input' }) as Error,
  );
});

test('a bare PyTorch file is read with the frame that the caller gives', () => {
  expect(readAdapter(file(sound), { frame })).toMatchObject({ ...frame, dIn: 3, dOut: 2, provenance: {} });
  expect(readAdapter(file(sound, { format: 'pt' }), { frame })).toMatchObject(frame);
  expect(readAdapter(writeAdapter(adapter), { frame })).toMatchObject({ path: 'both' });
});

test.each<[string, string, Uint8Array<ArrayBuffer>]>([
  ['adapter-format', 'no frame', file(sound)],
  ['adapter-format', 'half a frame', file(sound, { path: 'local', to: 'small' })],
  ['adapter-format', 'an unknown path', file(sound, { path: 'elsewhere', from: '["a"]', to: 'small' })],
  ['adapter-format', 'spaces that are not JSON', file(sound, { path: 'local', from: 'small', to: 'small' })],
  ['adapter-format', 'spaces that are not a list', file(sound, { path: 'local', from: '[1]', to: 'small' })],
  ['adapter-format', 'no number for keywords', file(sound, { ...inFile, keywordFactor: 'many' })],
  ['adapter-format', 'keywords below nothing', file(sound, { ...inFile, keywordFactor: '-0.5' })],
  ['adapter-format', 'keywords without end', file(sound, { ...inFile, keywordFactor: '1e999' })],
  ['adapter-format', 'no weights', file({ 'proj.bias': tensor([2]) })],
  ['adapter-format', 'no biases', file({ 'proj.weight': tensor([2, 3]) })],
  ['adapter-format', 'weights without rows', file({ ...sound, 'proj.weight': tensor([6]) })],
  ['adapter-format', 'a cut file', writeAdapter(adapter).slice(0, -1)],
  ['dimension-mismatch', 'biases of another length', file({ ...sound, 'proj.bias': tensor([3]) })],
  ['not-finite', 'NaN', file({ ...sound, 'proj.bias': tensor([2], Number.NaN) }, inFile)],
])('refuses with %s: %s', (code, _what, bytes) => {
  expect(() => readAdapter(bytes)).toThrow(expect.objectContaining({ code }) as Error);
});

test('refuses an adapter for other spaces or another path than expected', () => {
  const bytes = writeAdapter(adapter);
  expect(readAdapter(bytes, { expect: { path: 'both', from: ['small', 'large'], to: 'small' } })).toEqual(adapter);
  for (const wrong of [
    { path: 'local' },
    { from: ['small'] },
    { from: ['large', 'small'] },
    { to: 'other' },
  ] as const) {
    expect(() => readAdapter(bytes, { expect: wrong })).toThrow(
      expect.objectContaining({ code: 'space-mismatch' }) as Error,
    );
  }
});
