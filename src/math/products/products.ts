// Products of dense matrices, which is where alignment, adaptation and the ranking of many queries spend their time.
// One interface with an implementation in plain JavaScript and one in WebAssembly SIMD. Both sum the products of a row
// with a row in the order of their numbers, so both give the same bits on every machine.

export type ProductsKind = 'js' | 'wasm';

export interface Products {
  readonly kind: ProductsKind;
  /**
   * Adds A·Bᵀ to `out`.
   * @param a [m, k] @param b [n, k] @param out [m, n], all row-major
   * @param lower what is right of the diagonal is not needed, and may be left as it is
   */
  readonly addTransposed: (a: Float64Array, b: Float64Array, k: number, out: Float64Array, lower?: boolean) => void;
}
