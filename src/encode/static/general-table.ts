// A table of words for one small model, made from general text by `era-search static-base`: every site's table starts
// from it, and knows by it the words that the site does not have. A safetensors file, so that other tools can read it.

import { EraError, isEraError } from '../../errors.ts';
import { readSafetensors, writeSafetensors } from '../../format/safetensors.ts';
import { addFewBits, packedBytes, packFewBits } from '../../math/few-bits.ts';

/** Name of the file in the folder of its model. */
export const GENERAL_TABLE_FILE = 'static.safetensors';

export interface GeneralTable {
  /** Space id of the model whose vectors the rows add up to. */
  readonly space: string;
  /** Id of the analyzer that made the terms. */
  readonly analyzer: string;
  readonly dims: number;
  /** Most frequent first. */
  readonly terms: readonly string[];
  /** [terms]: share of all words of the text that it was made from. */
  readonly shares: Float32Array<ArrayBuffer>;
  /** [terms, dims]: a text's vector is the weighted sum of its words' rows, see `weightOf`. */
  readonly rows: Float32Array<ArrayBuffer>;
  /** What it was made from. */
  readonly provenance: Readonly<Record<string, string>>;
}

const BITS = 4;
const PROVENANCE = 'provenance.';

/** Rows are stored in four bits a number. */
export function writeGeneralTable(table: GeneralTable): Uint8Array<ArrayBuffer> {
  const { space, analyzer, dims, terms, shares, rows, provenance } = table;
  const size = packedBytes(dims, BITS);
  const packed = new Uint8Array(terms.length * size);
  terms.forEach((_, i) => packFewBits(rows.subarray(i * dims, (i + 1) * dims), BITS, packed, i * size));
  const text = new TextEncoder().encode(terms.join('\n'));
  return writeSafetensors(
    new Map([['shares', { shape: [terms.length], data: shares }]]),
    {
      space,
      analyzer,
      dims: String(dims),
      ...Object.fromEntries(Object.entries(provenance).map(([key, value]) => [PROVENANCE + key, value])),
    },
    new Map([
      ['rows', { shape: [terms.length, size], data: packed }],
      ['terms', { shape: [text.length], data: text }],
    ]),
  );
}

/** @throws EraError `model-load` for a file that `writeGeneralTable` would not write */
export function readGeneralTable(bytes: Uint8Array<ArrayBuffer>): GeneralTable {
  try {
    return tableOf(bytes);
  } catch (cause) {
    if (!isEraError(cause, 'adapter-format')) throw cause;
    throw new EraError('model-load', `The general table of the model is damaged: ${cause.message}`, { cause });
  }
}

function tableOf(bytes: Uint8Array<ArrayBuffer>): GeneralTable {
  const { tensors, bytes: codes, metadata } = readSafetensors(bytes);
  const { space, analyzer } = metadata;
  const dims = Number(metadata['dims']);
  const shares = tensors.get('shares')?.data;
  const packed = codes.get('rows')?.data;
  const text = codes.get('terms')?.data;
  if (
    space === undefined ||
    analyzer === undefined ||
    !shares ||
    !packed ||
    !text ||
    !Number.isInteger(dims) ||
    dims < 1
  )
    throw damaged('it has not all that a table has');
  const terms = new TextDecoder().decode(text).split('\n');
  const size = packedBytes(dims, BITS);
  if (packed.length !== terms.length * size || shares.length !== terms.length || new Set(terms).size !== terms.length)
    throw damaged('its terms and its rows are not of one number');
  const rows = new Float32Array(terms.length * dims);
  terms.forEach((_, i) => addFewBits(rows.subarray(i * dims, (i + 1) * dims), packed, i * size, BITS));
  if (!rows.every(Number.isFinite) || !shares.every((share) => share >= 0 && share <= 1))
    throw damaged('numbers that no table has');
  const provenance = Object.fromEntries(
    Object.entries(metadata)
      .filter(([key]) => key.startsWith(PROVENANCE))
      .map(([key, value]) => [key.slice(PROVENANCE.length), value]),
  );
  return { space, analyzer, dims, terms, shares: Float32Array.from(shares), rows, provenance };
}

function damaged(what: string): EraError {
  return new EraError('adapter-format', `${what}.`);
}
