// Sets of postings: the rows that several terms have together.

import type { FieldPostings, Postings } from './terms-part.ts';

/** Number of rows with any of some terms. */
export function rowsOf(terms: readonly Postings[]): number {
  return terms.length === 1 ? terms[0]!.rows : distinctRows(terms.flatMap(({ fields }) => fields));
}

function distinctRows(fields: readonly FieldPostings[]): number {
  const last = fields.reduce((most, { rows }) => Math.max(most, rows.at(-1) ?? -1), -1);
  const seen = new Uint8Array(last + 1);
  let distinct = 0;
  for (const { rows } of fields) {
    for (const row of rows) {
      distinct += 1 - seen[row]!;
      seen[row] = 1;
    }
  }
  return distinct;
}

/** In each field the rows of any of some terms, as often as the one that is there most. */
export function allPostings(terms: readonly Postings[]): Postings {
  const [first, ...others] = terms;
  if (others.length === 0) return first!;
  const fields = first!.fields.map((_, f) => {
    const frequencies = new Map<number, number>();
    for (const { fields: ofTerm } of terms)
      ofTerm[f]!.rows.forEach((row, i) =>
        frequencies.set(row, Math.max(frequencies.get(row) ?? 0, ofTerm[f]!.frequencies[i]!)),
      );
    const rows = Int32Array.from(frequencies.keys()).sort();
    return { rows, frequencies: Uint32Array.from(rows, (row) => frequencies.get(row)!) };
  });
  return { fields, rows: distinctRows(fields) };
}

/**
 * Postings of a name whose pieces are written apart: in each field the rows that have all of them, as often as the
 * rarest.
 */
export function commonPostings(pieces: readonly Postings[]): Postings {
  const [first, ...others] = pieces;
  const fields = first!.fields.map((field, f) =>
    others.reduce((common, { fields: ofOther }) => intersection(common, ofOther[f]!), field),
  );
  return { fields, rows: distinctRows(fields) };
}

function intersection(a: FieldPostings, b: FieldPostings): FieldPostings {
  const frequencies = new Map(Array.from(b.rows, (row, i) => [row, b.frequencies[i]!]));
  const kept = [...a.rows.keys()].filter((i) => frequencies.has(a.rows[i]!));
  return {
    rows: Int32Array.from(kept, (i) => a.rows[i]!),
    frequencies: Uint32Array.from(kept, (i) => Math.min(a.frequencies[i]!, frequencies.get(a.rows[i]!)!)),
  };
}
