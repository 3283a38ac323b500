// Adapters that PyTorch saved, with reference scores. e2e/python/exchange_with_pytorch.py writes them into this folder
// or, for fresh and large ones, into the folder that PYTORCH_ADAPTERS names; it also has PyTorch load adapters of
// era-search.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readSafetensors } from '../format/safetensors.ts';
import { dot, row } from '../math/vector.ts';
import { applyAdapter } from './adapter.ts';
import { readAdapter, writeAdapter } from './file.ts';

const FOLDER = process.env['PYTORCH_ADAPTERS'] ?? fileURLToPath(new URL('fixtures/', import.meta.url));
const SCORES = '.scores.safetensors';
const NAMES = readdirSync(FOLDER).flatMap((file) => (file.endsWith(SCORES) ? [file.slice(0, -SCORES.length)] : []));
const bytesOf = (file: string): Uint8Array<ArrayBuffer> => Uint8Array.from(readFileSync(join(FOLDER, file)));

test('there are adapters of every number format that PyTorch saves', () => {
  expect(NAMES.sort()).toEqual(['pytorch-bfloat16', 'pytorch-float16', 'pytorch-float32']);
});

test.each(NAMES)('%s: loaded here it scores as in PyTorch, to 1e-5', (name) => {
  // PyTorch's file has no frame.
  const frame = { path: 'remote', from: ['large'], to: 'small' } as const;
  const adapter = readAdapter(bytesOf(`${name}.safetensors`), { frame });
  const { tensors } = readSafetensors(bytesOf(name + SCORES));
  const [queries, documents, scores] = ['queries', 'documents', 'scores'].map((key) => tensors.get(key)!.data) as [
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const { dIn, dOut } = adapter;
  expect(tensors.get('queries')!.shape[1]).toBe(dIn);
  const mapped = applyAdapter(adapter, queries);
  const count = documents.length / dOut;
  expect(scores.length).toBe((queries.length / dIn) * count);
  const largest = scores.reduce(
    (most, score, at) =>
      Math.max(
        most,
        Math.abs(score - dot(row(mapped, Math.floor(at / count), dOut), row(documents, at % count, dOut))),
      ),
    0,
  );
  expect(largest).toBeLessThan(1e-5);
  expect(readAdapter(writeAdapter(adapter))).toEqual(adapter);
});
