// Validates the body of an embeddings response: `data[]` of `{index, embedding}`, the embedding as numbers or as
// base64.

import { EraError } from '../errors.ts';
import { assertVectors, normalizeRows, stackRows } from '../math/vector.ts';

export interface Embeddings {
  /** [n, dims] unit vectors, row-major, in the order of the sent texts. */
  readonly vectors: Float32Array<ArrayBuffer>;
  readonly dims: number;
}

/**
 * @param body JSON value, of any shape
 * @param textCount number of texts sent
 * @throws EraError `bad-response` with the path of the first wrong value, such as `data[3].embedding`
 */
export function parseEmbeddings(body: unknown, textCount: number): Embeddings {
  if (!isRecord(body)) throw wrong('$', 'is not an object');
  const { data } = body;
  if (!Array.isArray(data)) throw wrong('data', 'is not a list');
  if (data.length !== textCount)
    throw wrong('data', `has ${String(data.length)} entries for ${String(textCount)} texts`);

  const rows: Float32Array[] = [];
  const seen = new Set<number>();
  let dims = 0;
  data.forEach((item: unknown, i) => {
    const path = `data[${String(i)}]`;
    if (!isRecord(item)) throw wrong(path, 'is not an object');
    const { index, embedding } = item;
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= textCount) {
      throw wrong(`${path}.index`, `is not a whole number below ${String(textCount)}`);
    }
    if (seen.has(index)) throw wrong(`${path}.index`, `repeats ${String(index)}`);
    seen.add(index);
    const vector = readVector(embedding, `${path}.embedding`);
    dims ||= vector.length;
    if (vector.length !== dims)
      throw wrong(`${path}.embedding`, `has ${String(vector.length)} numbers where the first has ${String(dims)}`);
    rows[index] = vector;
  });
  const vectors = stackRows(rows, dims);
  normalizeRows(vectors, dims);
  return { vectors, dims };
}

function readVector(embedding: unknown, path: string): Float32Array {
  const vector = typeof embedding === 'string' ? fromBase64(embedding, path) : fromNumbers(embedding, path);
  if (vector.length === 0) throw wrong(path, 'is empty');
  try {
    assertVectors(vector, vector.length, path);
  } catch {
    throw wrong(path, 'holds a number that is not finite, or only zeros');
  }
  return vector;
}

function fromNumbers(embedding: unknown, path: string): Float32Array {
  if (!Array.isArray(embedding)) throw wrong(path, 'is neither a list of numbers nor base64');
  const vector = new Float32Array(embedding.length);
  embedding.forEach((value: unknown, j) => {
    if (typeof value !== 'number') throw wrong(`${path}[${String(j)}]`, 'is not a number');
    vector[j] = value;
  });
  return vector;
}

/** Little-endian float32, whatever the platform's byte order. */
function fromBase64(text: string, path: string): Float32Array {
  let binary: string;
  try {
    binary = atob(text);
  } catch {
    throw wrong(path, 'is not base64');
  }
  if (binary.length % 4 !== 0) throw wrong(path, `is ${String(binary.length)} bytes, not whole float32 numbers`);
  const bytes = new DataView(new ArrayBuffer(binary.length));
  for (let i = 0; i < binary.length; i++) bytes.setUint8(i, binary.charCodeAt(i));
  return Float32Array.from({ length: binary.length / 4 }, (_, j) => bytes.getFloat32(4 * j, true));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function wrong(path: string, what: string): EraError {
  return new EraError('bad-response', `Not an embeddings response: ${path} ${what}.`, { details: { path } });
}
