// An encoder without a model: the vector of a text is the weighed sum of the rows that a general table has of its words.
// A word that the table does not have gets a row of its own, drawn by its letters, so that texts which share it are near.

import { EraError } from '../../errors.ts';
import { norm, normalizeRows } from '../../math/vector.ts';
import { Random } from '../../math/random.ts';
import type { Space } from '../../space.ts';
import type { EncodeOptions, Encoder } from '../encoder.ts';
import { knownTerms, weightOf, type CutWord } from './bags.ts';
import type { GeneralTable } from './general-table.ts';

/** Name of it in a space, and as `era-search evaluate --document-model` takes it. */
export const STATIC_MODEL = 'static';

/** What makes a text's vector by a table. @param sha256 of the table's file, hex */
export function spaceOfTable({ dims }: Pick<GeneralTable, 'dims'>, sha256: string): Space {
  return { model: STATIC_MODEL, revision: sha256.slice(0, 16), dtype: 'q4', pooling: 'mean', prompt: '', dims };
}

/**
 * @param sha256 of the table's file, hex: part of the space
 * @param cut by the analyzer that made the table's terms
 */
export function openTableEncoder(
  general: GeneralTable,
  sha256: string,
  cut: (text: string) => readonly CutWord[],
): Encoder {
  const { dims, terms, shares, rows } = general;
  const places = new Map(terms.map((term, i) => [term, i]));
  const length = meanNorm(rows, dims); // half of it and twice of it are worse
  const own = new Map<string, Float32Array>();
  const ownRow = (term: string): Float32Array => {
    let row = own.get(term);
    if (!row) own.set(term, (row = drawnRow(term, dims, length)));
    return row;
  };
  const addTo = (sum: Float32Array, words: readonly CutWord[]): void => {
    const counts = new Map<string, number>();
    for (const word of words) {
      const found = knownTerms([word], (term) => (places.has(term) ? term : undefined));
      for (const term of found.length > 0 ? found : [word.term]) counts.set(term, (counts.get(term) ?? 0) + 1);
    }
    for (const [term, count] of counts) {
      const place = places.get(term);
      const row = place === undefined ? ownRow(term) : rows.subarray(place * dims, (place + 1) * dims);
      const weight = (1 + Math.log(count)) * (place === undefined ? 1 : weightOf(shares[place]!));
      for (let j = 0; j < dims; j++) sum[j]! += weight * row[j]!;
    }
  };
  const encodeAll = (
    texts: readonly string[],
    { signal, onProgress }: EncodeOptions = {},
  ): Float32Array<ArrayBuffer> => {
    const out = new Float32Array(texts.length * dims);
    for (const [i, text] of texts.entries()) {
      signal?.throwIfAborted();
      if (text === '') throw new EraError('invalid-input', `Text ${i} is empty.`);
      const sum = out.subarray(i * dims, (i + 1) * dims);
      addTo(sum, cut(text));
      if (norm(sum) === 0) sum.set(ownRow(text)); // no words, or words that cancel out
      onProgress?.({ doneTexts: i + 1, totalTexts: texts.length });
    }
    normalizeRows(out, dims);
    return out;
  };
  return {
    space: spaceOfTable(general, sha256),
    device: 'cpu',
    encode: (texts, _, options) => Promise.resolve().then(() => encodeAll(texts, options)),
    dispose: () => Promise.resolve(),
  };
}

function meanNorm(rows: Float32Array, dims: number): number {
  let sum = 0;
  for (let at = 0; at < rows.length; at += dims) sum += norm(rows.subarray(at, at + dims));
  return (sum * dims) / Math.max(1, rows.length);
}

/** [dims], the same for the same term on every machine. */
function drawnRow(term: string, dims: number, length: number): Float32Array {
  let seed = 2166136261; // FNV-1a
  for (let i = 0; i < term.length; i++) seed = Math.imul(seed ^ term.charCodeAt(i), 16777619);
  const random = new Random(seed >>> 0);
  const step = length / Math.sqrt(dims);
  return Float32Array.from({ length: dims }, () => (random.uint32() >>> 31 === 0 ? step : -step));
}
