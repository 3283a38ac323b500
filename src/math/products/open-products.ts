// The products that are used here: those of WebAssembly SIMD where they give the known answers, else JavaScript's.

import { messageOf } from '../../errors.ts';
import { jsProducts } from './js.ts';
import type { Products, ProductsKind } from './products.ts';
import { checkProducts } from './self-test.ts';
import { openWasmProducts } from './wasm.ts';

export interface OpenedProducts {
  readonly products: Products;
  /** What was tried before, and why it is not used. */
  readonly refused: readonly { readonly device: ProductsKind; readonly reason: string }[];
}

let opened: OpenedProducts | undefined;

/** Opened once for each worker. */
export function openProducts(): OpenedProducts {
  return (opened ??= firstSound());
}

function firstSound(): OpenedProducts {
  try {
    const products = openWasmProducts();
    checkProducts(products);
    return { products, refused: [] };
  } catch (error) {
    // No SIMD, no memory, a content policy without 'wasm-unsafe-eval', or other numbers.
    return { products: jsProducts, refused: [{ device: 'wasm', reason: messageOf(error) }] };
  }
}
