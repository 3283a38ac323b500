// Validates the body of an embeddings response. Strict about what decides the result: one vector for each text, all of
// one length, finite, no index twice or out of range. Tolerant of the shape around them: OpenAI's `data[]` of
// `{index, embedding}`, a bare list (TEI `/embed`), `embeddings[]` (Ollama `/api/embed`) and `embeddings.float[]`
// (Cohere v2); vectors as numbers or as base64.

import { EraError } from '../errors.ts';
import { assertVectors, normalizeRows, stackRows } from '../math/vector.ts';
import { isRecord } from './is-record.ts';

export interface Embeddings {
  /** [n, dims] unit vectors, row-major, in the order of the sent texts. */
  readonly vectors: Float32Array<ArrayBuffer>;
  readonly dims: number;
}

/** One vector of the response, not read yet. */
interface Entry {
  /** Path of the entry, such as `data[3]`. */
  readonly path: string;
  /** Undefined where the entry leaves it out. */
  readonly index: unknown;
  readonly embedding: unknown;
  readonly embeddingPath: string;
}

/**
 * @param body JSON value, of any shape
 * @param textCount number of texts sent
 * @throws EraError `bad-response` with the path of the first wrong value, such as `data[3].embedding`
 */
export function parseEmbeddings(body: unknown, textCount: number): Embeddings {
  const { path: listPath, list } = listOf(body);
  if (list.length !== textCount)
    throw wrong(listPath, `has ${String(list.length)} entries for ${String(textCount)} texts`);
  const entries = list.map((item, i) => entryOf(item, `${listPath}[${String(i)}]`));
  const order = rowsOf(entries);

  const rows: Float32Array[] = [];
  let dims = 0;
  entries.forEach(({ embedding, embeddingPath: path }, i) => {
    const vector = readVector(embedding, path);
    dims ||= vector.length;
    if (vector.length !== dims)
      throw wrong(path, `has ${String(vector.length)} numbers where the first has ${String(dims)}`);
    rows[order[i]!] = vector;
  });
  const vectors = stackRows(rows, dims);
  normalizeRows(vectors, dims);
  return { vectors, dims };
}

/** The list of vectors, wherever the API puts it. */
function listOf(body: unknown): { path: string; list: readonly unknown[] } {
  if (Array.isArray(body)) return { path: '$', list: body };
  if (!isRecord(body)) throw wrong('$', 'is neither an object nor a list');
  const { data, embeddings } = body;
  if (data !== undefined || embeddings === undefined) {
    if (!Array.isArray(data)) throw wrong('data', 'is not a list');
    return { path: 'data', list: data };
  }
  if (Array.isArray(embeddings)) return { path: 'embeddings', list: embeddings };
  // Cohere also has int8, uint8, binary and ubinary, which are other numbers than those asked for.
  const kind = isRecord(embeddings) ? ['float', 'base64'].find((name) => Array.isArray(embeddings[name])) : undefined;
  if (!isRecord(embeddings) || kind === undefined)
    throw wrong('embeddings', 'is no list and has no list named float or base64');
  return { path: `embeddings.${kind}`, list: embeddings[kind] as unknown[] };
}

function entryOf(item: unknown, path: string): Entry {
  if (Array.isArray(item) || typeof item === 'string')
    return { path, index: undefined, embedding: item, embeddingPath: path };
  if (!isRecord(item)) throw wrong(path, 'is neither an object nor a vector');
  return { path, index: item['index'] ?? undefined, embedding: item['embedding'], embeddingPath: `${path}.embedding` };
}

/**
 * The text of each entry. Protobuf leaves out a number that is 0, so an entry may have no index: it is the only number
 * that no other entry has, or, where several have none, its position, if the others have theirs.
 */
function rowsOf(entries: readonly Entry[]): readonly number[] {
  const seen = new Set<number>();
  for (const { path, index } of entries) {
    if (index === undefined) continue;
    if (typeof index !== 'number' || !Number.isInteger(index) || index < 0 || index >= entries.length)
      throw wrong(`${path}.index`, `is not a whole number below ${String(entries.length)}`);
    if (seen.has(index)) throw wrong(`${path}.index`, `repeats ${String(index)}`);
    seen.add(index);
  }
  const firstMissing = entries.find(({ index }) => index === undefined);
  const inOrder = entries.every(({ index }, i) => index === undefined || index === i);
  if (firstMissing && !inOrder && seen.size < entries.length - 1)
    throw wrong(`${firstMissing.path}.index`, 'is missing, and the other indexes do not determine it');
  const left = entries.findIndex((_, i) => !seen.has(i));
  return entries.map(({ index }, i) => (index === undefined ? (inOrder ? i : left) : (index as number)));
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

function wrong(path: string, what: string): EraError {
  return new EraError('bad-response', `Not an embeddings response: ${path} ${what}.`, { details: { path } });
}
