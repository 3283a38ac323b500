// One fault after another in each variant of the kernel: the self-test before first use finds each.

import { expect, test } from 'vitest';
import type { QuantizedVectors } from '../../math/quantize.ts';
import { compileFaulty, EXACT_DOTS, RELAXED_SCAN, SCAN } from '../../math/wasm-kernels.mjs';
import { allowRelaxedSimd } from '../relaxed-simd.fixture.ts';
import type { ScanBackend } from '../scan.ts';
import { selfTest } from '../self-test.ts';
import { openWasm, PLAIN, RELAXED } from '../wasm.ts';
import { exactDots } from './exact-dots.ts';
import { makePlace } from './place.ts';

allowRelaxedSimd();

const VARIANTS = {
  plain: [SCAN, PLAIN],
  relaxed: [RELAXED_SCAN, RELAXED],
} as const;

async function expectRefused(variant: keyof typeof VARIANTS, edits: readonly string[]): Promise<void> {
  const [text, kernel] = VARIANTS[variant];
  const faulty = { ...kernel, base64: await compileFaulty(text, edits) };
  for (const dims of [70, 384])
    await expect(selfTest((vectors) => openWasm(vectors, faulty), dims)).rejects.toMatchObject({
      code: 'self-test-failed',
    });
}

const COMMON: readonly [string, ...string[]][] = [
  ['loses the sums of a row', '(local.set $s1 (local.get $s2))', ''],
  ['does not start a sum at zero', '(local.set $s3 (v128.const i32x4 0 0 0 0))', ''],
  ['does not start the other sum at zero', '(local.set $odd (v128.const i32x4 0 0 0 0))', ''],
  ['forgets the other sum', '(local.set $s3 (i32x4.add (local.get $s3) (local.get $odd)))', ''],
  ['takes three rows for a group', '(local.set $left (i32.const 4))', '(local.set $left (i32.const 3))'],
  ['goes on in the query', '(local.set $q (local.get $query))', ''],
  [
    'gives two sums in the wrong order',
    'i8x16.shuffle 0 1 2 3 4 5 6 7 16 17 18 19 20 21 22 23',
    'i8x16.shuffle 16 17 18 19 20 21 22 23 0 1 2 3 4 5 6 7',
  ],
  ['scales each group like the first', '(local.set $scales (i32.add (local.get $scales) (i32.const 32)))', ''],
  ['keeps what is below the threshold', 'f32x4.gt (local.get $scores)', 'f32x4.lt (local.get $scores)'],
  ['forgets the fourth row of a group', '(i32.and (local.get $mask) (i32.const 8))', '(i32.const 0)'],
  [
    'names a row one too high',
    '(i32.store (local.get $hit) (i32.add (local.get $row) (i32.const 2)))',
    '(i32.store (local.get $hit) (i32.add (local.get $row) (i32.const 3)))',
  ],
  [
    'gives the score of another row',
    'f32x4.extract_lane 1 (local.get $scores)',
    'f32x4.extract_lane 0 (local.get $scores)',
  ],
  [
    'stops after one group',
    '(br_if $group (local.tee $groups (i32.sub (local.get $groups) (i32.const 1))))',
    '(local.set $groups (i32.const 0))',
  ],
  [
    'takes the offset of the first rows',
    '(v128.load offset=16 (local.get $scales))',
    '(v128.load offset=16 (i32.sub (local.get $scales) (i32.and (local.get $scales) (i32.const 32))))',
  ],
];
const PLAIN_SUMS: readonly [string, ...string[]][] = [
  ['takes a query of unsigned numbers', 'v128.load8x8_s (local.get $rows)', 'v128.load8x8_u (local.get $rows)'],
  ['takes half of a chunk twice', 'v128.load8x8_s offset=8 (local.get $rows)', 'v128.load8x8_s (local.get $rows)'],
  ['takes half of the query twice', 'v128.load offset=16 (local.get $q)', 'v128.load (local.get $q)'],
];
const RELAXED_SUMS: readonly [string, ...string[]][] = [
  [
    'multiplies a row with itself',
    '(v128.load (local.get $rows)) (v128.load (local.get $q))',
    '(v128.load (local.get $rows)) (v128.load (local.get $rows))',
  ],
  [
    'does not correct its sums',
    '(i32x4.sub (local.get $s0) (v128.load offset=16 (local.get $scales)))',
    '(local.get $s0)',
  ],
  [
    'starts a row anew at each chunk',
    '(v128.load (local.get $q)) (local.get $s3)))',
    '(v128.load (local.get $q)) (v128.const i32x4 0 0 0 0)))',
  ],
  [
    'takes the same chunk of the query',
    '(v128.load offset=16 (local.get $q))',
    '(v128.load offset=16 (local.get $query))',
  ],
  [
    'leaves out the last chunk',
    '(i32.lt_u (local.get $q) (local.get $queryEnd))',
    '(i32.lt_u (local.get $q) (i32.sub (local.get $queryEnd) (i32.const 32)))',
  ],
];

for (const [variant, faults] of [
  ['plain', [...COMMON.slice(0, -1), ...PLAIN_SUMS]],
  ['relaxed', [...COMMON, ...RELAXED_SUMS]],
] as const)
  test.each(faults)(`a ${variant} kernel that %s is not used`, async (_, ...edits) => {
    await expectRefused(variant, edits);
  });

const NUMBERS = '(f64x2.mul (local.get $number) (f64x2.promote_low_f32x4 (local.get $column)))';

test.each([
  ['takes a row twice', '(local.set $r3 (i32.load offset=12', '(local.set $r3 (i32.load offset=8'],
  ['takes codes without their sign', 'i16x8.extend_high_i8x16_s', 'i16x8.extend_high_i8x16_u'],
  [
    'takes a column twice',
    'i16x8.extend_high_i8x16_s (local.get $codes)',
    'i16x8.extend_low_i8x16_s (local.get $codes)',
  ],
  ['mixes two columns', '0 4 8 12 1 5 9 13', '1 5 9 13 0 4 8 12'],
  ['takes a number of the query twice', 'v128.load64_splat offset=24', 'v128.load64_splat offset=16'],
  ['takes the scales of the first four', 'offset=16 (local.get $asked)', 'offset=16 (i32.const 64)'],
  ['does not start at zero', '(local.set $s23 (v128.const i32x4 0 0 0 0))', ''],
  ['does not start at the first dimension', '(local.set $at (i32.const 0))', ''],
  [
    'leaves out the last columns',
    '(i32.lt_u (local.get $q) (local.get $queryEnd))',
    '(i32.lt_u (local.get $q) (i32.sub (local.get $queryEnd) (i32.const 32)))',
  ],
  [
    'sums in float32',
    `(f64x2.add (local.get $s01) ${NUMBERS})`,
    `(f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (f64x2.add (local.get $s01) ${NUMBERS})))`,
  ],
  ['gives rows in the wrong order', '0 1 2 3 4 5 6 7 16 17', '4 5 6 7 0 1 2 3 16 17'],
  ['stops after four rows', '(i32.lt_u (local.get $asked) (local.get $end))', '(i32.const 0)'],
])('a kernel of exact scores that %s is not used', async (_, ...edits) => {
  const base64 = await compileFaulty(EXACT_DOTS, edits);
  const faulty = async (vectors: QuantizedVectors): Promise<ScanBackend> => {
    const place = makePlace(vectors.scales.length, vectors.dims);
    const { stride, rowsAt } = place;
    const rows = new Int8Array(place.memory.buffer, rowsAt);
    for (let row = 0; row < vectors.scales.length; row++)
      rows.set(vectors.codes.subarray(row * vectors.dims, (row + 1) * vectors.dims), row * stride);
    return { ...(await openWasm(vectors)), dots: exactDots(place, vectors.scales, base64) };
  };
  await expect(selfTest(faulty, 96)).rejects.toMatchObject({
    code: 'self-test-failed',
    message: expect.stringContaining('exact score') as string,
  });
});
