import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { Random } from '../random.ts';
import { jsProducts } from './js.ts';
import type { Products } from './products.ts';
import { checkProducts } from './self-test.ts';
import { openWasmProducts } from './wasm.ts';

/** Every sum in the order of k, on top of what was there. */
function plain(a: Float64Array, b: Float64Array, k: number, before: Float64Array): Float64Array {
  const n = b.length / k;
  return before.map((start, at) => {
    const [i, j] = [Math.floor(at / n), at % n];
    let sum = start;
    for (let t = 0; t < k; t++) sum += a[i * k + t]! * b[j * k + t]!;
    return sum;
  });
}

const numbers = (seed: number, count: number): Float64Array => {
  const random = new Random(seed);
  return Float64Array.from({ length: count }, () => random.normal());
};

describe.each([
  ['js', jsProducts],
  ['wasm', openWasmProducts()],
] as const)('%s', (kind, products) => {
  test('has its name', () => expect(products.kind).toBe(kind));

  // Around the tile of JavaScript (36) and the panel (4) and block (256) of WebAssembly.
  test.each([
    [1, 1, 1],
    [4, 4, 2000],
    [37, 41, 13],
    [36, 35, 72],
    [255, 9, 257],
    [257, 6, 256],
    [5, 515, 40],
    [300, 300, 3],
  ])('%i × %i sums of %i products are bit for bit those in their order', (m, n, k) => {
    const [a, b, before] = [numbers(1, m * k), numbers(2, n * k), numbers(3, m * n)];
    const out = before.slice();
    products.addTransposed(a, b, k, out);
    expect(out).toEqual(plain(a, b, k, before));
  });

  test('any sizes, also with infinities, NaN and tiny numbers', () => {
    const size = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(size, size, size, fc.array(fc.double(), { minLength: 1, maxLength: 50 }), (m, n, k, values) => {
        const pick = (offset: number, count: number): Float64Array =>
          Float64Array.from({ length: count }, (_, i) => values[(i * 7 + offset) % values.length]!);
        const [a, b, before] = [pick(0, m * k), pick(3, n * k), pick(5, m * n)];
        const out = before.slice();
        products.addTransposed(a, b, k, out);
        expect(out).toEqual(plain(a, b, k, before));
      }),
    );
  });

  test.each([3, 40, 300, 520])('the lower part of %i by itself is complete', (n) => {
    const a = numbers(4, n * 5);
    const out = new Float64Array(n * n);
    products.addTransposed(a, a, 5, out, true);
    const whole = plain(a, a, 5, new Float64Array(n * n));
    for (let i = 0; i < n; i++)
      expect(out.subarray(i * n, i * n + i + 1)).toEqual(whole.subarray(i * n, i * n + i + 1));
  });

  test('no row gives no sum', () => {
    const out = new Float64Array(0);
    products.addTransposed(new Float64Array(0), numbers(1, 6), 3, out);
    expect(out.length).toBe(0);
  });

  test('passes the self-test', () => checkProducts(products));
});

test.each([
  ['another bit', (out: Float64Array) => (out[out.length >> 1]! *= 1 + 2e-16)],
  ['a missing column', (out: Float64Array) => (out[out.length - 1] = 0)],
])('the self-test finds %s', (_, spoil) => {
  const wrong: Products = {
    kind: 'wasm',
    addTransposed: (a, b, k, out) => {
      jsProducts.addTransposed(a, b, k, out);
      spoil(out);
    },
  };
  expect(() => checkProducts(wrong)).toThrow(expect.objectContaining({ code: 'self-test-failed' }));
});

describe('what is opened', () => {
  const opened = async (): Promise<typeof import('./open-products.ts')> => {
    vi.resetModules();
    return import('./open-products.ts');
  };

  test('WebAssembly, once', async () => {
    const { openProducts } = await opened();
    expect(openProducts()).toMatchObject({ products: { kind: 'wasm' }, refused: [] });
    expect(openProducts()).toBe(openProducts());
  });

  test('JavaScript where WebAssembly is forbidden, and says why', async () => {
    const { openProducts } = await opened();
    const forbidden = vi.spyOn(WebAssembly, 'Module').mockImplementation(function forbid() {
      throw new WebAssembly.CompileError('not allowed by the policy');
    });
    const { products, refused } = openProducts();
    forbidden.mockRestore();
    expect(products.kind).toBe('js');
    expect(refused).toEqual([{ device: 'wasm', reason: 'not allowed by the policy' }]);
  });

  test('JavaScript where WebAssembly computes wrongly', async () => {
    const { openProducts } = await opened();
    const wrong = vi.spyOn(WebAssembly, 'Instance').mockImplementation(function wrong(this: object) {
      Object.assign(this, { exports: { addProducts: () => undefined } });
    });
    const { products, refused } = openProducts();
    wrong.mockRestore();
    expect(products.kind).toBe('js');
    expect(refused).toEqual([
      { device: 'wasm', reason: expect.stringContaining('differ from plain JavaScript') as string },
    ]);
  });
});
