// A sorted list of terms, front-coded: of each term only its difference from the previous one, in columns, which
// compress well with gzip.

import { MAX_TERM_LENGTH } from '../analysis/normalize.ts';
import { damagedPart, type ByteReader, type ByteWriter } from './bytes.ts';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** @param terms well-formed, not empty, in strictly ascending code unit order */
export function writeTerms(writer: ByteWriter, terms: readonly string[]): void {
  const shared = terms.map((term, i) => sharedLength(terms[i - 1] ?? '', term));
  const rests = terms.map((term, i) => term.slice(shared[i]));
  const text = encoder.encode(rests.join(''));
  writer.number(terms.length);
  for (const length of shared) writer.number(length);
  for (const rest of rests) writer.number(rest.length);
  writer.number(text.length);
  writer.append(text);
}

/** Bytes of a term: what it shares, what follows, and at least one letter. */
const LEAST_TERM_BYTES = 3;

/**
 * @param most terms; each takes many times its bytes in memory
 * @throws EraError `index-format` for all that `writeTerms` would not write
 */
export function readTerms(reader: ByteReader, most: number = Infinity): string[] {
  const start = reader.at;
  const count = reader.count('the number of terms', LEAST_TERM_BYTES);
  if (count > most) throw damagedPart(start, `${count} terms`);
  const shared = new Uint8Array(count);
  const rests = new Uint8Array(count);
  for (let i = 0; i < count; i++) shared[i] = reader.numberUpTo(MAX_TERM_LENGTH, 'a shared beginning');
  for (let i = 0; i < count; i++) rests[i] = reader.numberUpTo(MAX_TERM_LENGTH, 'the rest of a term');
  const text = decoded(reader.take(reader.number(), 'text that is cut off'), start);

  const terms: string[] = [];
  let previous = '';
  let at = 0;
  for (let i = 0; i < count; i++) {
    const term = previous.slice(0, shared[i]) + text.slice(at, at + rests[i]!);
    if (
      term.length !== shared[i]! + rests[i]! ||
      term.length > MAX_TERM_LENGTH ||
      term <= previous ||
      sharedLength(previous, term) !== shared[i]
    )
      throw damagedPart(start, `term ${i} is out of order or not front-coded`);
    terms.push(term);
    previous = term;
    at += rests[i]!;
  }
  if (at !== text.length) throw damagedPart(start, 'text that belongs to no term');
  return terms;
}

/** Length of the common prefix, without cutting a surrogate pair. */
function sharedLength(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a.charCodeAt(length) === b.charCodeAt(length)) length++;
  return length > 0 && (b.charCodeAt(length - 1) & 0xfc00) === 0xd800 ? length - 1 : length;
}

function decoded(bytes: Uint8Array, offset: number): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw damagedPart(offset, 'terms that are not UTF-8');
  }
}
