import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assertCompatible, parseSpaceId, relateSpaces, spaceId, type Space } from './space.ts';

const MINILM: Space = {
  model: 'Xenova/all-MiniLM-L6-v2',
  revision: 'main',
  dtype: 'q8',
  pooling: 'mean',
  prompt: '',
  dims: 384,
};

test('an id is readable', () => {
  expect(spaceId(MINILM)).toBe('Xenova/all-MiniLM-L6-v2@main;dtype=q8;pool=mean;norm=l2;prompt=;dims=384');
});

test('every space can be read back from its id', () => {
  const space = fc.record<Space>({
    model: fc.string({ minLength: 1, unit: 'grapheme' }).filter((text) => text.isWellFormed()),
    revision: fc.string(),
    dtype: fc.constantFrom('q8', 'fp32', 'api'),
    pooling: fc.constantFrom('mean', 'cls', 'last', 'api'),
    prompt: fc.string({ unit: 'grapheme' }).filter((text) => text.isWellFormed()),
    dims: fc.nat(10_000),
  });
  fc.assert(
    fc.property(space, (one) => {
      expect(parseSpaceId(spaceId(one))).toEqual(one);
    }),
  );
});

test('only another number format is near; a prompt makes another space', () => {
  expect(relateSpaces(MINILM, { ...MINILM })).toBe('same');
  expect(relateSpaces(MINILM, { ...MINILM, dtype: 'fp32' })).toBe('near');
  const prompted = { ...MINILM, prompt: 'query: {text}' };
  expect(relateSpaces(MINILM, prompted)).toBe('different');
  expect(() => assertCompatible(MINILM, prompted, 'a test')).toThrow(
    expect.objectContaining({ code: 'space-mismatch' }) as Error,
  );
});

test('text that is no space id is refused', () => {
  for (const id of [
    '',
    'no id',
    `${spaceId(MINILM)};`,
    spaceId(MINILM).replace('prompt=', 'prompt=%'),
    spaceId(MINILM).replace('norm=l2', 'norm=l1'),
  ]) {
    expect(() => parseSpaceId(id), id).toThrow(expect.objectContaining({ code: 'space-mismatch' }) as Error);
  }
});
