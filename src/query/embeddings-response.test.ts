import fc from 'fast-check';
import { expect, test } from 'vitest';
import { base64Of } from '../../e2e/support/faulty-server.ts';
import { isEraError } from '../errors.ts';
import { norm, row } from '../math/vector.ts';
import { parseEmbeddings } from './embeddings-response.ts';

const entry = (index: unknown, embedding: unknown): unknown => ({ object: 'embedding', index, embedding });

function pathOfProblem(body: unknown, textCount: number): unknown {
  try {
    parseEmbeddings(body, textCount);
  } catch (error) {
    if (isEraError(error, 'bad-response')) return error.details['path'];
    throw error;
  }
  return 'no problem';
}

test('puts vectors in the order of the texts, at unit length, from numbers and from base64', () => {
  const { vectors, dims } = parseEmbeddings(
    { data: [entry(2, [0, 0, 2]), entry(0, [3, 4, 0]), entry(1, base64Of([0, -5, 0]))] },
    3,
  );
  expect(dims).toBe(3);
  expect([...vectors]).toEqual([0.6, 0.8, 0, 0, -1, 0, 0, 0, 1].map(Math.fround));
});

test.each([
  ['$', null],
  ['$', [1]],
  ['$[0]', [1, 2]],
  ['$[1]', [[1], 'x']],
  ['embeddings', { embeddings: {} }],
  ['embeddings', { embeddings: { int8: [[1], [1]] } }],
  ['embeddings', { embeddings: [[1]] }],
  ['embeddings.float[1][0]', { embeddings: { float: [[1], [null]] } }],
  ['$', 'html'],
  ['data', {}],
  ['data', { data: {} }],
  ['data', { data: [entry(0, [1])] }],
  ['data[1]', { data: [entry(0, [1]), null] }],
  ['data[0].index', { data: [entry(2, [1]), entry(0, [1])] }],
  ['data[0].index', { data: [entry('0', [1]), entry(1, [1])] }],
  ['data[0].index', { data: [entry(0.5, [1]), entry(1, [1])] }],
  ['data[1].index', { data: [entry(0, [1]), entry(0, [1])] }],
  ['data[0].embedding', { data: [entry(0, []), entry(1, [1])] }],
  ['data[0].embedding', { data: [entry(0, { 0: 1 }), entry(1, [1])] }],
  ['data[0].embedding', { data: [entry(0, '%%%'), entry(1, [1])] }],
  ['data[0].embedding', { data: [entry(0, 'AAAAAAA='), entry(1, [1])] }],
  ['data[0].embedding', { data: [entry(0, ''), entry(1, [1])] }],
  ['data[1].embedding', { data: [entry(0, [1]), entry(1, base64Of([NaN]))] }],
  ['data[1].embedding', { data: [entry(0, [1]), entry(1, [1e39])] }],
  ['data[1].embedding', { data: [entry(0, [1, 0]), entry(1, [0, 0])] }],
  ['data[1].embedding', { data: [entry(0, [1, 0]), entry(1, [1])] }],
  ['data[1].embedding[1]', { data: [entry(0, [1, 0]), entry(1, [1, null])] }],
  ['data[1].embedding[0]', { data: [entry(0, [1]), entry(1, [[1]])] }],
])('names %s as the first thing wrong in %j', (path, body) => {
  expect(pathOfProblem(body, 2)).toBe(path);
});

const missing = (...indexes: readonly unknown[]): unknown => ({
  data: indexes.map((index, i) => ({ embedding: [i + 1, 1], ...(index === undefined ? {} : { index }) })),
});
test.each([
  ['the first, as protobuf does', missing(undefined, 1, 2), [1, 2, 3]],
  ['null', missing(null, 1, 2), [1, 2, 3]],
  ['one, in another order', missing(2, undefined, 1), [2, 3, 1]],
  ['all', missing(undefined, undefined, undefined), [1, 2, 3]],
  ['all but one', missing(undefined, 1, undefined), [1, 2, 3]],
])('an index that is redundant may be left out: %s', (_, body, order) => {
  const { vectors } = parseEmbeddings(body, 3);
  const first = order.map((value) => value / Math.hypot(value, 1));
  [...vectors].filter((_, i) => i % 2 === 0).forEach((value, i) => expect(value).toBeCloseTo(first[i]!, 6));
});

test.each([
  ['data[0].index', missing(undefined, undefined, 0)],
  ['data[1].index', missing(1, undefined, undefined)],
  ['data[1].index', missing(1, 1, undefined)],
  ['data[2].index', missing(undefined, 1, 3)],
])('an index that is not redundant may not: %s', (path, body) => {
  expect(pathOfProblem(body, 3)).toBe(path);
});

test.each([
  ['a bare list', [[3, 4], base64Of([0, 2])]],
  [
    'embeddings',
    {
      model: 'm',
      embeddings: [
        [3, 4],
        [0, 2],
      ],
    },
  ],
  [
    'embeddings.float',
    {
      id: 'x',
      embeddings: {
        float: [
          [3, 4],
          [0, 2],
        ],
      },
      response_type: 'embeddings_by_type',
    },
  ],
  ['embeddings.base64', { embeddings: { base64: [base64Of([3, 4]), base64Of([0, 2])] } }],
  ['a list of entries', [entry(1, [0, 2]), entry(0, [3, 4])]],
])('the vectors may be in %s', (_, body) => {
  expect([...parseEmbeddings(body, 2).vectors]).toEqual([0.6, 0.8, 0, 1].map(Math.fround));
});

const embedding = fc.oneof(
  { weight: 6, arbitrary: fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 3, maxLength: 3 }) },
  { weight: 3, arbitrary: fc.array(fc.float(), { minLength: 3, maxLength: 3 }).map(base64Of) },
  { weight: 1, arbitrary: fc.jsonValue() },
  { weight: 1, arbitrary: fc.string() },
);
const nearlyRight = fc.record(
  {
    data: fc
      .shuffledSubarray([0, 1, 2], { minLength: 2 })
      .chain((order) => fc.tuple(...order.map((index) => fc.record({ index: fc.constant(index), embedding })))),
  },
  { requiredKeys: ['data'] },
);

test('gives unit vectors or bad-response for any JSON', () => {
  let accepted = 0;
  fc.assert(
    fc.property(fc.oneof(fc.jsonValue(), nearlyRight), fc.integer({ min: 1, max: 3 }), (body, textCount) => {
      try {
        const { vectors, dims } = parseEmbeddings(body, textCount);
        accepted++;
        expect(vectors).toHaveLength(textCount * dims);
        for (let i = 0; i < textCount; i++) expect(norm(row(vectors, i, dims))).toBeCloseTo(1, 5);
      } catch (error) {
        if (!isEraError(error, 'bad-response')) throw error;
        expect(error.details['path']).toMatch(/^(?:\$|data)(?:\[\d+\](?:\.(?:index|embedding)|)(?:\[\d+\])?)?$/);
      }
    }),
    { numRuns: 10_000 },
  );
  expect(accepted).toBeGreaterThan(100);
});
