// The exact scores of `dotsWithRows`, computed where the vectors lie, the same bits in a third of the time: a search by
// words and meaning scores thousands of candidates again.

import { instantiateKernel } from '../../math/wasm-kernel.ts';
import type { Dots } from '../scan.ts';
import { kernelBase64 } from './dots/kernel.ts';
import { BLOCK_ROWS, GROUP_ROWS, type Place } from './place.ts';

type Kernel = (asked: number, end: number, query: number, queryEnd: number) => void;

/** @param scales [n] @param base64 another kernel, in tests of faults @throws WebAssembly.CompileError */
export function exactDots(
  { memory, stride, hitsAt, exactAt, rowsAt }: Place,
  scales: Float32Array,
  base64: string = kernelBase64,
): Dots {
  const kernel = instantiateKernel(base64, memory, 'dots') as Kernel;
  const numbers = new Float64Array(memory.buffer, exactAt, stride);
  // They take the place of hits, which are read before rows are scored again.
  const addresses = new Uint32Array(memory.buffer, hitsAt, 2 * BLOCK_ROWS);
  const floats = new Float32Array(memory.buffer, hitsAt, 2 * BLOCK_ROWS);
  const placeOf = (i: number): number => Math.floor(i / GROUP_ROWS) * 2 * GROUP_ROWS + (i % GROUP_ROWS);
  return (query, rows) => {
    const dots = new Float32Array(rows.length);
    numbers.set(query);
    for (let first = 0; first < rows.length; first += BLOCK_ROWS) {
      const count = Math.min(BLOCK_ROWS, rows.length - first);
      const groups = Math.ceil(count / GROUP_ROWS);
      for (let i = 0; i < groups * GROUP_ROWS; i++) {
        const row = rows[first + Math.min(i, count - 1)]!;
        addresses[placeOf(i)] = rowsAt + row * stride;
        floats[placeOf(i) + GROUP_ROWS] = scales[row]!;
      }
      kernel(hitsAt, hitsAt + groups * 2 * GROUP_ROWS * 4, exactAt, exactAt + stride * 8);
      for (let i = 0; i < count; i++) dots[first + i] = floats[placeOf(i)]!;
    }
    return dots;
  };
}
