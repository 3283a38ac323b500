import { expect, test } from 'vitest';
import { spaceId, type Space } from '../space.ts';
import { applyAdapter, type LinearAdapter } from './adapter.ts';
import { identityAdapter, joinAdapters, scaledToUnit } from './initial.ts';

const space: Space = { model: 'small', revision: 'main', dtype: 'q8', pooling: 'mean', prompt: '', dims: 2 };
const remote: LinearAdapter = {
  path: 'remote',
  from: ['large'],
  to: spaceId(space),
  dIn: 3,
  dOut: 2,
  weight: Float32Array.of(0, 2, 0, 0, 0, 4),
  bias: Float32Array.of(1, 0),
  provenance: { method: 'ridge' },
};

test('the identity changes no direction', () => {
  const identity = identityAdapter(space);
  expect([...applyAdapter(identity, Float32Array.of(3, 4, 0, -2))].map((v) => Number(v.toFixed(6)))).toEqual([
    0.6, 0.8, 0, -1,
  ]);
  expect(identity).toMatchObject({ path: 'local', from: [spaceId(space)], to: spaceId(space) });
});

test('a join is the weighted sum of its parts over [local; remote]', () => {
  const both = joinAdapters(identityAdapter(space), remote, 0.75);
  expect([...both.weight]).toEqual([0.75, 0, 0, 0.5, 0, 0, 0.75, 0, 0, 1]);
  expect([...both.bias]).toEqual([0.25, 0]);
  expect(both).toMatchObject({ path: 'both', from: [spaceId(space), 'large'], dIn: 5, dOut: 2 });
  expect(both.provenance).toEqual({
    method: 'join',
    localWeight: '0.75',
    'local.method': 'identity',
    'remote.method': 'ridge',
  });
});

test('a join refuses parts of different spaces', () => {
  const identity = identityAdapter(space);
  const codeOf = (local: LinearAdapter, other: LinearAdapter, a: number) => expect(() => joinAdapters(local, other, a));
  codeOf(identity, remote, 1.1).toThrow(expect.objectContaining({ code: 'invalid-option' }) as Error);
  codeOf(identity, remote, Number.NaN).toThrow(expect.objectContaining({ code: 'invalid-option' }) as Error);
  codeOf(remote, identity, 0.5).toThrow(expect.objectContaining({ code: 'invalid-option' }) as Error);
  codeOf(identity, { ...remote, to: 'elsewhere' }, 0.5).toThrow(
    expect.objectContaining({ code: 'space-mismatch' }) as Error,
  );
});

test('scaling to unit length keeps every direction', () => {
  const x = Float32Array.of(0, 1, 0, 1, 1, 1);
  const scaled = scaledToUnit(remote, x);
  // Outputs (3, 0) and (3, 4) have lengths 3 and 5, mean 4.
  expect([...scaled.weight]).toEqual([0, 0.5, 0, 0, 0, 1]);
  expect([...applyAdapter(scaled, x)]).toEqual([...applyAdapter(remote, x)]);
  expect(scaledToUnit(remote, new Float32Array(0))).toBe(remote);
});
