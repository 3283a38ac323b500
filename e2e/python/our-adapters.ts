// Writes adapters with reference scores, for PyTorch to load and score again: FOLDER/<name>.safetensors is the adapter;
// FOLDER/<name>.scores.safetensors has queries [m, dIn], documents [n, dOut] and scores [m, n].

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { applyAdapter, type LinearAdapter } from '../../src/adapter/adapter.ts';
import { readAdapter, writeAdapter } from '../../src/adapter/file.ts';
import { identityAdapter, joinAdapters } from '../../src/adapter/initial.ts';
import { writeSafetensors } from '../../src/format/safetensors.ts';
import { dequantizeRows, quantizeRows } from '../../src/math/quantize.ts';
import { Random } from '../../src/math/random.ts';
import { dot, normalizeRows, row } from '../../src/math/vector.ts';
import { parseSpaceId } from '../../src/space.ts';

const [QUERIES, DOCUMENTS] = [40, 200];
const folder = process.argv[2];
if (folder === undefined) throw new Error('Which folder?');
const random = new Random(42);

function unitRows(n: number, dims: number): Float32Array<ArrayBuffer> {
  const rows = Float32Array.from({ length: n * dims }, () => random.normal());
  normalizeRows(rows, dims);
  return rows;
}

function write(name: string, adapter: LinearAdapter): void {
  const { dIn, dOut } = adapter;
  const queries = unitRows(QUERIES, dIn);
  const documents = dequantizeRows(quantizeRows(unitRows(DOCUMENTS, dOut), dOut));
  const mapped = applyAdapter(adapter, queries);
  const scores = Float32Array.from({ length: QUERIES * DOCUMENTS }, (_, at) =>
    dot(row(mapped, Math.floor(at / DOCUMENTS), dOut), row(documents, at % DOCUMENTS, dOut)),
  );
  writeFileSync(join(folder!, `${name}.safetensors`), writeAdapter(adapter));
  const vectors = {
    queries: { shape: [QUERIES, dIn], data: queries },
    documents: { shape: [DOCUMENTS, dOut], data: documents },
    scores: { shape: [QUERIES, DOCUMENTS], data: scores },
  };
  writeFileSync(join(folder!, `${name}.scores.safetensors`), writeSafetensors(new Map(Object.entries(vectors))));
}

const base = readAdapter(
  Uint8Array.from(
    readFileSync(
      fileURLToPath(new URL('../../public/adapters/bge-small-en-v1.5--all-MiniLM-L6-v2.safetensors', import.meta.url)),
    ),
  ),
);
write('base', base);
write('joint', joinAdapters(identityAdapter(parseSpaceId(base.to)), base, 0.75));
const weight = Float32Array.from({ length: 5 * 7 }, () => 1e3 * random.normal());
write('small', {
  path: 'remote',
  from: ['large'],
  to: 'small',
  dIn: 7,
  dOut: 5,
  weight,
  bias: Float32Array.of(1e-20, -1, 2, 0, 1e3),
  provenance: { note: '“quoted”\nlines' },
});
