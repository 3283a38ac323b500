// This project's exact search as an engine of the benchmark, one backend at a time, and what it is measured against: a
// plain loop in JavaScript, and a loop in WebAssembly that only reads the same bytes.

import { quantizeRows } from '../../../../src/math/quantize.ts';
import { TopK } from '../../../../src/math/top-k.ts';
import { openScanner } from '../../../../src/scan/open-scanner.ts';
import type { ScanKind } from '../../../../src/scan/scan.ts';
import { gpuFacts } from '../../../../src/scan/webgpu/device.ts';
import type { OpenEngine } from './serve.ts';

/** Quantises the vectors, which a site does when it is indexed, and opens a scanner with its self-test. */
export function ours(backend: ScanKind): OpenEngine {
  return async (vectors, dims) => {
    if (backend === 'webgpu') {
      const { refusal } = await gpuFacts();
      if (refusal !== null) throw new Error(refusal);
    }
    const scanner = await openScanner(quantizeRows(vectors, dims), { backend });
    if (scanner.kind !== backend)
      throw new Error(scanner.refused.find(({ device }) => device === backend)?.reason ?? `${backend} was refused.`);
    return {
      search: async (query, k) => Array.from((await scanner.search(query, k)).rows),
      otherBytes: backend === 'webgpu' ? scanner.bytesLive : 0,
    };
  };
}

/** The dot product of float32 numbers, row by row, as one writes it without a library. */
export const plainLoop: OpenEngine = (vectors, dims) => ({
  search: (query, k) => {
    const best = new TopK(k);
    for (let row = 0, at = 0; at < vectors.length; row++) {
      let dot = 0;
      for (let j = 0; j < dims; j++) dot += vectors[at++]! * query[j]!;
      best.push(row, dot);
    }
    return Array.from(best.sorted().ids);
  },
});

/** Reads as many bytes as there are codes and ranks nothing: no scan of these codes is faster on one core. */
export function readBytes(kernelBase64: string): OpenEngine {
  return async (vectors, dims) => {
    const { codes } = quantizeRows(vectors, dims);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(codes.length / 65536) + 1 });
    new Int8Array(memory.buffer).set(codes);
    const bytes = Uint8Array.from(atob(kernelBase64), (character) => character.charCodeAt(0));
    const { instance } = await WebAssembly.instantiate(bytes, { bench: { memory } });
    const read = instance.exports['read'] as (end: number) => number;
    const end = Math.ceil(codes.length / 128) * 128;
    return {
      search: () => {
        read(end);
        return [];
      },
    };
  };
}
