import { expect, test } from 'vitest';
import { compileKernel } from './build-kernel.mjs';
import { kernelBase64 } from './kernel.ts';

test('the committed kernel is what kernel.wat compiles to', async () => {
  expect(kernelBase64).toBe(Buffer.from(await compileKernel()).toString('base64'));
});
