import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { inTrecOrder, parseQrels, parseRun, writeQrels, writeRun, type RankedPassage } from './trec.ts';

const runs = { numRuns: 200 };
const idOf = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 }).filter((text) => !/\s/.test(text));
const scoreOf = fc
  .oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: -3, max: 3 }))
  .map((score) => score + 0); // no −0
const mapOf = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Map<string, Map<string, T>>> =>
  fc
    .dictionary(idOf, fc.dictionary(idOf, value, { minKeys: 1, maxKeys: 12 }), { minKeys: 1, maxKeys: 5 })
    .map((all) => new Map(Object.entries(all).map(([qid, own]) => [qid, new Map(Object.entries(own))])));

describe('qrels', () => {
  test('are read with any white space, a byte order mark, CRLF and blank lines; negative relevance stands', () => {
    expect(parseQrels('\uFEFFq1 0 d1 1\r\n\r\n  q1\tQ0   d2  -2 \nq2 0 d1 +3')).toEqual(
      new Map([
        [
          'q1',
          new Map([
            ['d1', 1],
            ['d2', -2],
          ]),
        ],
        ['q2', new Map([['d1', 3]])],
      ]),
    );
    expect(parseQrels(' \n')).toEqual(new Map());
  });

  test('come back as they were written', () => {
    fc.assert(
      fc.property(mapOf(fc.maxSafeInteger().map((grade) => grade + 0)), (qrels) => {
        expect(parseQrels(writeQrels(qrels))).toEqual(qrels);
      }),
      runs,
    );
  });

  test.each([
    ['too few fields', 'q 0 d 1\nq 0 d', { code: 'trec-format', details: { line: 2 } }],
    ['too many fields', 'q 0 d 1 x', { code: 'trec-format', details: { line: 1 } }],
    ['a fraction', '\nq 0 d 0.5', { code: 'trec-format', details: { line: 2 } }],
    ['a word', 'q 0 d yes', { code: 'trec-format', details: { line: 1 } }],
    ['a number past what is exact', 'q 0 d 9007199254740993', { code: 'trec-format', details: { line: 1 } }],
    ['a passage twice', 'q 0 d 1\np 0 d 1\nq 0 d 1', { code: 'duplicate-id', details: { line: 3 } }],
  ])('refuse %s', (_, text, error) => {
    expect(() => parseQrels(text)).toThrow(expect.objectContaining(error) as Error);
  });
});

describe('a run', () => {
  test('is put in the order of its scores: neither its ranks nor its lines count', () => {
    const { tag, rankings } = parseRun('q Q0 a 1 0.5 mine\nq Q0 b 9 7e-1 mine\np Q0 c 0 -3 mine\n');
    expect([tag, [...rankings]]).toEqual([
      'mine',
      [
        [
          'q',
          [
            { id: 'b', score: 0.7 },
            { id: 'a', score: 0.5 },
          ],
        ],
        ['p', [{ id: 'c', score: -3 }]],
      ],
    ]);
  });

  test('of equal scores, in single precision, the greater id comes first, by its bytes', () => {
    const ids = (passages: readonly RankedPassage[]): string[] => inTrecOrder(passages).map(({ id }) => id);
    const alike = (...list: string[]): RankedPassage[] => list.map((id) => ({ id, score: 1 }));
    expect(ids(alike('d10', 'd9', 'd', 'e'))).toEqual(['e', 'd9', 'd10', 'd']);
    expect(ids(alike('\uFF5E', '\u{1F600}', 'z'))).toEqual(['\u{1F600}', '\uFF5E', 'z']);
    expect(
      ids([
        { id: 'a', score: 1 + 1e-9 },
        { id: 'b', score: 1 },
      ]),
    ).toEqual(['b', 'a']);
    expect(
      ids([
        { id: 'a', score: 1 + 1e-6 },
        { id: 'b', score: 1 },
      ]),
    ).toEqual(['a', 'b']);
  });

  test('the order of ids is that of their bytes', () => {
    const encoder = new TextEncoder();
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: 'binary', minLength: 1, maxLength: 6 }), { minLength: 2, maxLength: 8 }),
        (ids) => {
          const byBytes = ids.toSorted((a, b) => Buffer.compare(encoder.encode(b), encoder.encode(a)));
          expect(inTrecOrder(ids.map((id) => ({ id, score: 0 }))).map(({ id }) => id)).toEqual(byBytes);
        },
      ),
      runs,
    );
  });

  test('comes back as it was written, its passages in order', () => {
    fc.assert(
      fc.property(idOf, mapOf(scoreOf), (tag, scores) => {
        const rankings = new Map(
          Array.from(scores, ([qid, byId]) => [qid, inTrecOrder(Array.from(byId, ([id, score]) => ({ id, score })))]),
        );
        expect(parseRun(writeRun({ tag, rankings }))).toEqual({ tag, rankings });
      }),
      runs,
    );
  });

  test.each([
    ['without lines', '\n', { code: 'invalid-input' }],
    ['with five fields', 'q Q0 d 1 0.5', { code: 'trec-format', details: { line: 1 } }],
    ['with a rank that is none', 'q Q0 d first 0.5 t', { code: 'trec-format', details: { line: 1 } }],
    ['with a score that is none', 'q Q0 d 1 high t', { code: 'trec-format', details: { line: 1 } }],
    ['with a hexadecimal score', 'q Q0 d 1 0x10 t', { code: 'trec-format', details: { line: 1 } }],
    ['with NaN', 'q Q0 d 1 NaN t', { code: 'trec-format', details: { line: 1 } }],
    ['with a score past every number', 'q Q0 d 1 1e999 t', { code: 'trec-format', details: { line: 1 } }],
    ['of two systems', 'q Q0 d 1 1 t\nq Q0 e 2 0 u', { code: 'trec-format', details: { line: 2 } }],
    ['with a passage twice', 'q Q0 d 1 1 t\nq Q0 d 2 0 t', { code: 'duplicate-id', details: { line: 2 } }],
  ])('%s is refused', (_, text, error) => {
    expect(() => parseRun(text)).toThrow(expect.objectContaining(error) as Error);
  });
});

describe('what cannot be written', () => {
  test.each(['', 'two words', 'a\tb', 'a\nb', '\u00A0', '\uFEFFa'])('an id %j', (id) => {
    for (const write of [
      () => writeQrels(new Map([[id, new Map([['d', 1]])]])),
      () => writeQrels(new Map([['q', new Map([[id, 1]])]])),
      () => writeRun({ tag: 't', rankings: new Map([['q', [{ id, score: 1 }]]]) }),
      () => writeRun({ tag: id, rankings: new Map([['q', [{ id: 'd', score: 1 }]]]) }),
    ]) {
      expect(write).toThrow(expect.objectContaining({ code: 'trec-format' }) as Error);
    }
  });

  test.each([NaN, Infinity, -Infinity])('the number %d', (value) => {
    expect(() => writeQrels(new Map([['q', new Map([['d', value]])]]))).toThrow(
      expect.objectContaining({ code: 'trec-format' }) as Error,
    );
    expect(() => writeRun({ tag: 't', rankings: new Map([['q', [{ id: 'd', score: value }]]]) })).toThrow(
      expect.objectContaining({ code: 'trec-format' }) as Error,
    );
  });
});

test('a line and a field of any length cost their length: a million digits are looked at once', () => {
  const digits = '1'.repeat(1_000_000);
  expect(() => parseRun(`q Q0 d 1 ${digits}x t`)).toThrow(expect.objectContaining({ code: 'trec-format' }) as Error);
  expect(() => parseQrels(`q 0 d ${digits}`)).toThrow(expect.objectContaining({ code: 'trec-format' }) as Error);
  const lines = Array.from({ length: 100_000 }, (_, i) => `q${i % 100} Q0 d${i} 1 ${i % 7} t`).join('\n');
  expect(parseRun(lines).rankings.get('q7')).toHaveLength(1000);
});

test('any text is read or refused by type', () => {
  const word = fc.constantFrom('q', 'Q0', 'd', 'e', '0', '1', '-1', '1.5', 'NaN', '1e3', '\u{1F600}', '\uFEFF');
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc
      .array(fc.array(word, { minLength: 3, maxLength: 7 }).map((words) => words.join(' ')))
      .map((lines) => lines.join('\n')),
  );
  fc.assert(
    fc.property(text, (content) => {
      for (const parse of [parseQrels, parseRun]) {
        try {
          parse(content);
        } catch (error) {
          expect(error).toMatchObject({
            name: 'EraError',
            code: expect.stringMatching(/^(trec-format|duplicate-id|invalid-input)$/) as string,
          });
        }
      }
    }),
    runs,
  );
});
