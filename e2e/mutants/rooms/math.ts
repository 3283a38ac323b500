import type { Mutant } from '../mutant.ts';

export const math: readonly Mutant[] = [
  {
    id: 'products-without-self-test',
    file: 'products/open-products.ts',
    find: `
    checkProducts(products);`,
    replace: '',
    breaks: 'A WebAssembly engine that computes wrongly trains and ranks in the trainer and in evaluations.',
    isNamed: true,
  },
  {
    id: 'lower-part-cut',
    file: 'products/wasm.ts',
    find: `lower ? Math.min(n, iEnd) : n`,
    replace: `lower ? Math.min(n, i) : n`,
    breaks: 'The diagonal blocks of large Gram matrices are missing.',
  },
  {
    id: 'second-block-of-k-is-first',
    file: 'products/wasm.ts',
    find: `pack(bBlock!, b, k, j, jEnd, t, count);`,
    replace: `pack(bBlock!, b, k, j, jEnd, 0, count);`,
    breaks: 'Rows of more than 256 numbers are multiplied with the beginnings of others.',
  },
  {
    id: 'sums-start-anew',
    file: 'products/js.ts',
    find: `let sum = to[i * n + j]!;`,
    replace: `let sum = 0;`,
    breaks: 'Without WebAssembly a product forgets what it is added to, at the edges.',
  },
  {
    id: 'edge-of-tile-left-out',
    file: 'products/js.ts',
    find: `j = i < iWhole ? jWhole : jStart`,
    replace: `j = jWhole`,
    breaks: 'Without WebAssembly the last rows of a product are zero.',
  },
  {
    id: 'gram-not-mirrored',
    file: 'matrix.ts',
    find: `out.values[i * n + j] = out.values[j * n + i]!`,
    replace: `out.values[i * n + j] = out.values[i * n + j]!`,
    breaks: 'The upper half of a Gram matrix is empty.',
  },
  {
    id: 'solve-forgets-known',
    file: 'cholesky.ts',
    find: `takeKnown(sides, part(upper, first, end, end, n), first, end);`,
    replace: ``,
    breaks: 'Systems of more than one block are solved wrongly.',
  },
  {
    id: 'jitter-of-every-matrix',
    file: 'cholesky.ts',
    find: `const JITTERS = [0, 1e-12, 1e-10, 1e-8];`,
    replace: `const JITTERS = [1e-4, 1e-2];`,
    breaks: 'Every solution is a little off.',
  },
  {
    id: 'ties-to-larger-id',
    file: 'top-k.ts',
    find: `scoreA < scoreB || (scoreA === scoreB && idA > idB)`,
    replace: `scoreA <= scoreB`,
    breaks: 'Of equal scores any may be kept.',
  },
  {
    id: 'code-of-minus-128',
    file: 'quantize.ts',
    find: `Math.max(-127, Math.min(127, Math.round(vectors[j]! * inverse)))`,
    replace: `Math.floor(vectors[j]! * inverse)`,
    breaks: 'Codes are rounded down, and half a step off.',
  },
];
