import { expect, test } from 'vitest';
import { kernelBase64 as scanKernel } from '../scan/wasm/kernel.ts';
import { kernelBase64 as productsKernel } from './products/kernel.ts';
import { compileWat, KERNELS, readWat } from './wasm-kernels.mjs';

const committed = new Map([
  ['src/math/products', productsKernel],
  ['src/scan/wasm', scanKernel],
]);

test('each committed kernel is what its kernel.wat compiles to', async () => {
  expect(KERNELS).toEqual([...committed.keys()]);
  for (const [folder, base64] of committed) expect(await compileWat(readWat(folder))).toBe(base64);
});
