// JS and WASM in Node. webgpu.browser.test.ts tests all three in Chromium.

import { expect, test } from 'vitest';
import { openJs } from './js.ts';
import { allowRelaxedSimd } from './relaxed-simd.fixture.ts';
import { scanContract } from './scan.contract.ts';
import { hasRelaxedSimd, openWasm, PLAIN, RELAXED } from './wasm.ts';

allowRelaxedSimd();

test('both variants of the kernel run here', () => {
  expect(hasRelaxedSimd()).toBe(true);
});

scanContract('JS', openJs, false);
scanContract('WASM', (vectors) => openWasm(vectors, PLAIN), true);
scanContract('WASM with relaxed SIMD', (vectors) => openWasm(vectors, RELAXED), true);
