import { expect, test } from 'vitest';
import { kernelBase64 as dotsKernel } from '../scan/wasm/dots/kernel.ts';
import { kernelBase64 as scanKernel } from '../scan/wasm/kernel.ts';
import { kernelBase64 as relaxedScanKernel } from '../scan/wasm/relaxed-kernel.ts';
import { kernelBase64 as productsKernel } from './products/kernel.ts';
import { compileWat, EXACT_DOTS, KERNELS, PRODUCTS, readWat, RELAXED_SCAN, SCAN } from './wasm-kernels.mjs';

const committed = new Map([
  [PRODUCTS, productsKernel],
  [SCAN, scanKernel],
  [RELAXED_SCAN, relaxedScanKernel],
  [EXACT_DOTS, dotsKernel],
]);

test('each committed kernel is what its text compiles to', async () => {
  expect(KERNELS).toEqual([...committed.keys()]);
  for (const [kernel, base64] of committed) expect(await compileWat(readWat(kernel))).toBe(base64);
});
