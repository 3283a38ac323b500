import { describe, expect, it } from 'vitest';
import { isEraError } from '../../errors.ts';
import { writeSafetensors } from '../../format/safetensors.ts';
import { Random } from '../../math/random.ts';
import { dot } from '../../math/vector.ts';
import { readGeneralTable, writeGeneralTable, type GeneralTable } from './general-table.ts';

const random = new Random(2);
const table: GeneralTable = {
  space: 'a model',
  analyzer: 'standard/1',
  dims: 20,
  terms: ['the', 'straße', '東京'],
  shares: Float32Array.of(0.05, 1e-4, 0),
  rows: Float32Array.from({ length: 60 }, () => random.normal()),
  provenance: { sentences: '12', 'source.Book': 'CC0' },
};

describe('the general table as a file', () => {
  it('comes back with its words and provenance, and rows that are nearly the same', () => {
    const back = readGeneralTable(writeGeneralTable(table));
    expect({ ...back, rows: table.rows }).toEqual(table);
    for (let i = 0; i < 3; i++) {
      const [a, b] = [table, back].map(({ rows }) => rows.subarray(i * 20, (i + 1) * 20));
      expect(dot(a!, b!) / Math.sqrt(dot(a!, a!) * dot(b!, b!))).toBeGreaterThan(0.98);
    }
    expect(writeGeneralTable(table)).toEqual(writeGeneralTable(table));
  });

  it.each([
    ['nothing', new Uint8Array()],
    ['another safetensors file', writeSafetensors(new Map([['x', { shape: [1], data: Float32Array.of(1) }]]))],
    ['a cut file', writeGeneralTable(table).slice(0, -5)],
    ['a term twice', writeGeneralTable({ ...table, terms: ['the', 'the', 'a'] })],
    ['fewer rows than terms', writeGeneralTable({ ...table, terms: ['the', 'a b\nc', 'd'] })],
    ['a share above 1', writeGeneralTable({ ...table, shares: Float32Array.of(2, 0, 0) })],
  ])('is refused where it is %s', (_, bytes) => {
    let problem: unknown;
    try {
      readGeneralTable(bytes);
    } catch (error) {
      problem = error;
    }
    expect(isEraError(problem, 'model-load')).toBe(true);
  });
});
