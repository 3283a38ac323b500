// A known-answer test of products before their first use: a processor or a browser that computes them differently would
// give other adapters without a word.

import { EraError } from '../../errors.ts';
import { Random } from '../random.ts';
import { jsProducts } from './js.ts';
import type { Products } from './products.ts';

/** Whole panels and blocks and less than these: [m, n, k]. */
const SIZES = [
  [13, 259, 21],
  [6, 5, 600],
] as const;

/** Compares with plain JavaScript, bit for bit. @throws EraError `self-test-failed` */
export function checkProducts(products: Products): void {
  const random = new Random(20261);
  const numbers = (count: number): Float64Array => Float64Array.from({ length: count }, () => random.normal());
  for (const [m, n, k] of SIZES) {
    const [a, b, expected] = [numbers(m * k), numbers(n * k), numbers(m * n)];
    const actual = expected.slice();
    jsProducts.addTransposed(a, b, k, expected);
    products.addTransposed(a, b, k, actual);
    const at = expected.findIndex((value, i) => !Object.is(value, actual[i]));
    if (at >= 0)
      throw new EraError(
        'self-test-failed',
        `Products by ${products.kind} differ from plain JavaScript at ${String(at)} of ${String(m)} × ${String(n)}.`,
      );
  }
}
