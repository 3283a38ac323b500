// Sets of postings: the rows that several terms have together.

import type { FieldPostings, Postings } from './terms-part.ts';

/** Number of rows with any of some terms. */
export function rowsOf(terms: readonly Postings[]): number {
  return terms.length === 1 ? terms[0]!.rows : distinctRows(terms.flatMap(({ fields }) => fields));
}

function distinctRows(fields: readonly FieldPostings[]): number {
  const distinct = new Set<number>();
  for (const { rows } of fields) for (const row of rows) distinct.add(row);
  return distinct.size;
}

/** Postings of a name whose pieces are written apart: in each field the rows that have all of them, as often as the rarest. */
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
