// One fault after another in kernel.wat: the self-test before first use finds each.

import { expect, test } from 'vitest';
import { compileFaulty, PRODUCTS } from '../wasm-kernels.mjs';
import { checkProducts } from './self-test.ts';
import { openWasmProducts } from './wasm.ts';

test.each([
  ['subtracts a product', '(f64x2.add (local.get $s31) (f64x2.mul', '(f64x2.sub (local.get $s31) (f64x2.mul'],
  [
    'adds in float32',
    '(local.set $s00 (f64x2.add (local.get $s00)',
    '(local.set $s00 (f64x2.promote_low_f32x4 (f32x4.demote_f64x2_zero (f64x2.add (local.get $s00)',
    '(local.get $b0))))',
    '(local.get $b0))))))',
  ],
  ['takes a row twice', 'v128.load64_splat offset=16 (local.get $p)', 'v128.load64_splat offset=8 (local.get $p)'],
  ['takes two columns twice', 'v128.load offset=16 (local.get $b)', 'v128.load (local.get $b)'],
  ['mixes two rows', '(local.set $s20 (f64x2.add (local.get $s20)', '(local.set $s20 (f64x2.add (local.get $s10)'],
  [
    'leaves out the last step',
    '(i32.shl (local.get $k) (i32.const 5))',
    '(i32.shl (i32.sub (local.get $k) (i32.const 1)) (i32.const 5))',
  ],
  ['forgets what was there', '(local.set $s11 (v128.load offset=16 (local.get $c1)))', ''],
  [
    'stores a row over another',
    '(v128.store (local.get $c3) (local.get $s30))',
    '(v128.store (local.get $c2) (local.get $s30))',
  ],
  ['does not store a row', '(v128.store offset=16 (local.get $c2) (local.get $s21))', ''],
  [
    'moves half a panel of columns',
    '(local.set $c (i32.add (local.get $c) (i32.const 32)))',
    '(local.set $c (i32.add (local.get $c) (i32.const 16)))',
  ],
  [
    'starts each panel at the same columns of B',
    '(local.set $p (local.get $a))',
    '(local.set $p (local.get $a)) (local.set $b (i32.const 524288))',
  ],
  [
    'computes one panel alone',
    '(br_if $panel (local.tee $panels (i32.sub (local.get $panels) (i32.const 1))))',
    '(local.set $panels (i32.const 0))',
  ],
])('a kernel that %s is not used', async (_, ...edits) => {
  const products = openWasmProducts(await compileFaulty(PRODUCTS, edits));
  expect(() => checkProducts(products)).toThrow(expect.objectContaining({ code: 'self-test-failed' }));
});
