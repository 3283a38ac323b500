// JS and WASM in Node. webgpu.browser.test.ts tests all three in Chromium.

import { describe, expect, test } from 'vitest';
import { openJs } from './js.ts';
import { rankBySorting, randomVectors, scanContract } from './scan.contract.ts';
import { openWasm } from './wasm.ts';

scanContract('JS', openJs, false);
scanContract('WASM', openWasm, true);

describe.each([
  ['JS', openJs],
  ['WASM', openWasm],
] as const)('%s ranks many queries in one call', (_, open) => {
  test.each([0, 1, 32, 33, 70])('%i queries', async (m) => {
    const dims = 24;
    const vectors = randomVectors(700, dims, 1);
    const queries = randomVectors(Math.max(m, 1), dims, 2).codes.subarray(0, m * dims);
    const backend = await open(vectors);
    const expected = Array.from({ length: m }, (__, i) =>
      rankBySorting(vectors, queries.subarray(i * dims, (i + 1) * dims), 9),
    );
    expect(backend.rankMany(queries, 9)).toEqual(expected);
    expect(backend.rankMany(queries, 0).map(({ rows }) => rows.length)).toEqual(new Array(m).fill(0));
  });

  test('refuses codes that are not whole queries', async () => {
    const backend = await open(randomVectors(4, 8, 3));
    expect(() => backend.rankMany(new Int8Array(12), 1)).toThrow(
      expect.objectContaining({ code: 'dimension-mismatch' }),
    );
  });
});
