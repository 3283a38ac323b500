// Products in WebAssembly SIMD. Blocks of both operands are packed into a memory of 1.5 MB, whatever their size, so
// that the kernel (kernel.wat) reads them in order.

import { instantiateKernel } from '../wasm-kernel.ts';
import { jsProducts } from './js.ts';
import { kernelBase64 } from './kernel.ts';
import type { Products } from './products.ts';

/** Rows of A, rows of B and numbers of a row that are packed at once. A multiple of the panel. */
const BLOCK = 256;
/** Rows of A and of B that the kernel works on together. */
const PANEL = 4;
/** Products below this are not worth the packing. */
const LEAST_PRODUCTS = 2 ** 14;
const BLOCK_BYTES = BLOCK * BLOCK * 8;
const PAGE_BYTES = 65536;

type Kernel = (a: number, b: number, c: number, stride: number, k: number, panels: number) => void;

/**
 * @param base64 the kernel
 * @throws WebAssembly.CompileError where SIMD is missing or a content policy forbids WebAssembly, RangeError where
 * there is too little memory
 */
export function openWasmProducts(base64: string = kernelBase64): Products {
  const memory = new WebAssembly.Memory({ initial: (3 * BLOCK_BYTES) / PAGE_BYTES });
  const kernel = instantiateKernel(base64, memory, 'addProducts') as Kernel;
  const [aBlock, bBlock, cBlock] = [0, 1, 2].map((i) => new Float64Array(memory.buffer, i * BLOCK_BYTES, BLOCK ** 2));

  /** Rows i … iEnd by columns j … jEnd of A·Bᵀ. */
  const addBlock = (
    a: Float64Array,
    b: Float64Array,
    k: number,
    out: Float64Array,
    n: number,
    i: number,
    iEnd: number,
    j: number,
    jEnd: number,
  ): void => {
    const columns = jEnd - j;
    const panels = Math.ceil(columns / PANEL);
    const stride = panels * PANEL;
    for (let row = i; row < iEnd; row++) cBlock!.set(out.subarray(row * n + j, row * n + jEnd), (row - i) * stride);
    for (let t = 0; t < k; t += BLOCK) {
      const count = Math.min(BLOCK, k - t);
      pack(aBlock!, a, k, i, iEnd, t, count);
      pack(bBlock!, b, k, j, jEnd, t, count);
      for (let row = 0; row < iEnd - i; row += PANEL)
        kernel(row * count * 8, BLOCK_BYTES, 2 * BLOCK_BYTES + row * stride * 8, stride * 8, count, panels);
    }
    for (let row = i; row < iEnd; row++)
      out.set(cBlock!.subarray((row - i) * stride, (row - i) * stride + columns), row * n + j);
  };

  return {
    kind: 'wasm',
    addTransposed: (a, b, k, out, lower = false) => {
      const m = a.length / k;
      const n = b.length / k;
      if (Math.min(m, n) < PANEL || m * n * k < LEAST_PRODUCTS) {
        jsProducts.addTransposed(a, b, k, out, lower);
        return;
      }
      for (let i = 0; i < m; i += BLOCK) {
        const iEnd = Math.min(i + BLOCK, m);
        const columns = lower ? Math.min(n, iEnd) : n;
        for (let j = 0; j < columns; j += BLOCK) addBlock(a, b, k, out, n, i, iEnd, j, Math.min(j + BLOCK, columns));
      }
    },
  };
}

/** Numbers t … t + count of rows first … end, in panels: one number of each of four rows after the other. */
function pack(
  to: Float64Array,
  from: Float64Array,
  k: number,
  first: number,
  end: number,
  t: number,
  count: number,
): void {
  let at = 0;
  for (let row = first; row < end; row += PANEL) {
    // Where fewer than four rows are left, the last one fills the missing places; those sums are not read.
    const r0 = row * k + t;
    const r1 = Math.min(row + 1, end - 1) * k + t;
    const r2 = Math.min(row + 2, end - 1) * k + t;
    const r3 = Math.min(row + 3, end - 1) * k + t;
    for (let s = 0; s < count; s++) {
      to[at] = from[r0 + s]!;
      to[at + 1] = from[r1 + s]!;
      to[at + 2] = from[r2 + s]!;
      to[at + 3] = from[r3 + s]!;
      at += PANEL;
    }
  }
}
