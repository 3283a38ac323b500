import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FIELDS } from './base-part.ts';
import { PostingsTable } from './postings-table.ts';

const frequencies = fc
  .array(fc.oneof(fc.constant(0), fc.constant(1), fc.integer({ min: 2, max: 1e6 })), {
    minLength: FIELDS.length,
    maxLength: FIELDS.length,
  })
  .filter((all) => all.some((frequency) => frequency > 0));

test('gives what was added, of any terms in any order', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 2 ** 24 }), frequencies), {
        maxLength: 400,
      }),
      (given) => {
        const table = new PostingsTable();
        const expected = new Map<string, number[][]>();
        const rows = new Map<string, number>();
        let row = -1;
        for (const [term, gap, byField] of given) {
          row = Math.min(row + gap, 2 ** 24);
          if (rows.get(term) === row) continue;
          rows.set(term, row);
          table.add(term, row, byField);
          const pairs = expected.get(term) ?? FIELDS.map(() => []);
          expected.set(term, pairs);
          byField.forEach((frequency, field) => {
            if (frequency > 0) pairs[field]!.push(row, frequency);
          });
        }
        expect([...table.terms()]).toEqual([...expected.keys()]);
        for (const [term, pairs] of expected) {
          expect(table.pairsOf(term)).toEqual(pairs);
          expect(table.rowsOf(term)).toBe(new Set(pairs.flatMap((of) => of.filter((_, i) => i % 2 === 0))).size);
        }
      },
    ),
  );
});

test('keeps a term of many rows, and many terms of one', () => {
  const table = new PostingsTable();
  const one = FIELDS.map(() => 1);
  const rows = 20_000;
  for (let row = 0; row < rows; row++) {
    table.add('everywhere', row, one);
    table.add(`only ${row}`, row, one);
  }
  expect(table.rowsOf('everywhere')).toBe(rows);
  const everywhere = Array.from({ length: rows }, (_, row) => [row, 1]).flat();
  expect(table.pairsOf('everywhere')).toEqual(FIELDS.map(() => everywhere));
  for (const row of [0, 1, 7_777, rows - 1]) expect(table.pairsOf(`only ${row}`)).toEqual(FIELDS.map(() => [row, 1]));
  expect(table.rowsOf('nowhere')).toBe(0);
  expect(table.pairsOf('nowhere')).toEqual(FIELDS.map(() => []));
});
