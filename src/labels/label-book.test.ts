import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseQueries } from '../evaluate/parse-task.ts';
import type { LabelledQuery } from '../evaluate/task.ts';
import type { Click } from './click-evidence.ts';
import { LabelBook, type Mark } from './label-book.ts';

const FILE: readonly LabelledQuery[] = [
  {
    qid: '7',
    instruction: 'find code',
    query: 'def  f():\n  pass',
    labels: [
      { id: 'b', score: 2 },
      { id: 'a', score: 1 },
    ],
  },
  { qid: '3', instruction: '', query: 'another', labels: [{ id: 'c', score: 1 }] },
];
const judged = (book: LabelBook): Record<string, Record<string, number>> =>
  Object.fromEntries(
    book.labels().map(({ query, labels }) => [query, Object.fromEntries(labels.map(({ id, score }) => [id, score]))]),
  );
const clickedBy = (sources: readonly string[], passageId: string, rank: number): Click[] =>
  sources.map((source) => ({ query: 'q', passageId, rank, source }));

test('marks become labels: relevant or not, with a grade, under the query’s text however it is spaced', () => {
  const book = new LabelBook();
  book.mark({ query: '  how   far ', passageId: 'b', relevant: true, instruction: 'find roads' });
  book.mark({ query: 'how far', passageId: 'a', relevant: 3 });
  book.mark({ query: 'how\nfar', passageId: 'c', relevant: false });
  expect(book.size).toBe(3);
  expect(book.labels()).toEqual([
    {
      qid: 'how far',
      instruction: 'find roads',
      query: 'how far',
      labels: [
        { id: 'a', score: 3 },
        { id: 'b', score: 1 },
        { id: 'c', score: 0 },
      ],
    },
  ]);
});

test('composed and decomposed letters are one query', () => {
  const book = new LabelBook();
  book.mark({ query: 'caf\u00e9', passageId: 'a', relevant: true });
  book.mark({ query: 'cafe\u0301', passageId: 'b', relevant: true });
  expect(book.labels()).toHaveLength(1);
});

test('a later mark of the same source counts, and one taken back does not', () => {
  const book = new LabelBook();
  book.mark({ query: 'q', passageId: 'a', relevant: false, atMs: 2 });
  book.mark({ query: 'q', passageId: 'a', relevant: true, atMs: 1 });
  expect(judged(book)).toEqual({ q: { a: 0 } });
  book.mark({ query: 'q', passageId: 'a', relevant: true, atMs: 3 });
  expect(judged(book)).toEqual({ q: { a: 1 } });
  book.unmark({ query: ' q', passageId: 'a' });
  expect(book.labels()).toEqual([]);
  expect(book.size).toBe(0);
});

test('sources that contradict each other: the majority, and nothing where they are even', () => {
  const book = new LabelBook();
  const say = (source: string, relevant: boolean | number): void =>
    book.mark({ query: 'q', passageId: 'a', relevant, source });
  say('ann', true);
  say('bob', false);
  expect(book.labels()).toEqual([]);
  say('cid', 2);
  expect(judged(book)).toEqual({ q: { a: 1 } });
  say('dan', 2);
  expect(judged(book)).toEqual({ q: { a: 2 } });
  say('ann', false);
  expect(book.labels()).toEqual([]);
  say('eve', false);
  expect(judged(book)).toEqual({ q: { a: 0 } });
});

test('a mark has priority over the file, and the file over clicks; when one is removed, the next applies', () => {
  const book = new LabelBook();
  for (const click of clickedBy(['s', 't'], 'a', 4)) book.click(click);
  expect(judged(book)).toEqual({ q: { a: 1 } });
  book.import([{ qid: '1', instruction: '', query: 'q', labels: [{ id: 'a', score: 0 }] }]);
  expect(judged(book)).toEqual({ q: { a: 0 } });
  book.mark({ query: 'q', passageId: 'a', relevant: 2 });
  expect(judged(book)).toEqual({ q: { a: 2 } });
  book.unmark({ query: 'q', passageId: 'a' });
  expect(judged(book)).toEqual({ q: { a: 0 } });
});

test('imported queries keep order, ids and text to the letter; others follow by their text', () => {
  const book = new LabelBook();
  book.mark({ query: 'zebra', passageId: 'a', relevant: true });
  book.mark({ query: 'ant', passageId: 'a', relevant: true });
  book.mark({ query: 'def f(): pass', passageId: 'd', relevant: false });
  book.import(FILE);
  expect(book.labels().map(({ qid, query }) => [qid, query])).toEqual([
    ['7', 'def  f():\n  pass'],
    ['3', 'another'],
    ['ant', 'ant'],
    ['zebra', 'zebra'],
  ]);
  expect(book.labels()[0]!.labels).toEqual([
    { id: 'a', score: 1 },
    { id: 'b', score: 2 },
    { id: 'd', score: 0 },
  ]);
  book.import(FILE);
  expect(book.size).toBe(6);
});

test('saved labels are read back unchanged, also with ids that two files share', () => {
  const book = new LabelBook();
  book.import(FILE);
  book.import([{ qid: '3', instruction: '', query: 'of another file', labels: [{ id: 'a', score: 1 }] }]);
  book.mark({ query: '3 (2)', passageId: 'x\u2028"', relevant: true });
  const read = parseQueries(book.toJsonl());
  expect(read).toEqual(book.labels());
  const again = new LabelBook();
  again.import(read);
  expect(again.labels()).toEqual(read);
});

test('returned labels do not change when more are added', () => {
  const book = new LabelBook();
  book.mark({ query: 'q', passageId: 'a', relevant: true });
  const before = book.labels();
  book.mark({ query: 'q', passageId: 'b', relevant: true });
  expect(before).toEqual([{ qid: 'q', instruction: '', query: 'q', labels: [{ id: 'a', score: 1 }] }]);
});

const mark = { query: 'q', passageId: 'a', relevant: true };
const click = { query: 'q', passageId: 'a', rank: 1, source: 's' };
test.each<[string, (book: LabelBook) => void]>([
  ['an empty query', (book) => book.mark({ ...mark, query: ' \n' })],
  ['an empty passage id', (book) => book.mark({ ...mark, passageId: '' })],
  ['a negative grade', (book) => book.mark({ ...mark, relevant: -1 })],
  ['a grade that is not whole', (book) => book.mark({ ...mark, relevant: 0.5 })],
  ['no time', (book) => book.mark({ ...mark, atMs: Number.NaN })],
  ['rank 0', (book) => book.click({ ...click, rank: 0 })],
  ['a click by nobody', (book) => book.click({ ...click, source: '' })],
  ['a click at no time', (book) => book.click({ ...click, atMs: Number.NaN })],
  ['an imported grade that is not whole', (book) => book.import([{ ...FILE[0]!, labels: [{ id: 'a', score: 1.5 }] }])],
])('refuses %s and keeps nothing of it', (_, run) => {
  const book = new LabelBook();
  expect(() => run(book)).toThrow(expect.objectContaining({ code: 'invalid-input' }) as Error);
  expect(book.size).toBe(0);
});

test('marks of different times and clicks may come in any order', () => {
  const query = fc.constantFrom('q', ' q', 'r', 'R');
  const passageId = fc.constantFrom('a', 'b', 'c');
  const source = fc.constantFrom('s', 't', 'u');
  const marks = fc.uniqueArray(
    fc.record<Mark>({
      query,
      passageId,
      relevant: fc.nat(2),
      source,
      instruction: fc.constantFrom('', 'x', 'y'),
      atMs: fc.nat(1000),
    }),
    { selector: ({ atMs }) => atMs },
  );
  const clicks = fc.array(
    fc.record<Click>({ query, passageId, rank: fc.integer({ min: 1, max: 4 }), source, atMs: fc.nat(9) }),
    { maxLength: 30 },
  );
  const whole = fc
    .tuple(marks, clicks)
    .chain(([m, c]) =>
      fc.tuple(
        fc.constant({ m, c }),
        fc.shuffledSubarray([...m.keys()], { minLength: m.length }),
        fc.shuffledSubarray([...c.keys()], { minLength: c.length }),
      ),
    );
  fc.assert(
    fc.property(whole, fc.integer({ min: 1, max: 5 }), ([{ m, c }, markOrder, clickOrder], maxPerSource) => {
      const [first, second] = [new LabelBook(), new LabelBook()];
      m.forEach((one) => first.mark(one));
      c.forEach((one) => first.click(one));
      clickOrder.forEach((i) => second.click(c[i]!));
      markOrder.forEach((i) => second.mark(m[i]!));
      expect(second.labels({ maxPerSource })).toEqual(first.labels({ maxPerSource }));
      expect(second.size).toBe(first.size);
      const given = first.labels({ maxPerSource }).flatMap(({ labels }) => labels);
      expect(given.length).toBeLessThanOrEqual(m.length + c.length);
      expect(parseQueries(first.toJsonl())).toEqual(first.labels());
    }),
    { seed: 42, numRuns: 500 },
  );
});
