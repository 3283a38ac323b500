// The scan of an index on the GPU, beside WebAssembly: the same rows and scores first, then both in turns.

import type { QuantizedVectors } from '../../../../src/math/quantize.ts';
import { overfetch } from '../../../../src/scan/rescore.ts';
import type { ScanBackend } from '../../../../src/scan/scan.ts';
import { selfTest } from '../../../../src/scan/self-test.ts';
import { hasRelaxedSimd, openWasm, PLAIN, RELAXED } from '../../../../src/scan/wasm.ts';
import { allocateVectors, placeOf } from '../../../../src/scan/wasm/place.ts';
import { openForSelfTest, openWebGpu } from '../../../../src/scan/webgpu.ts';
import { assertSame, timed } from './timing.ts';

export interface ScanTimes {
  readonly bytes: number;
  readonly openMs: number;
  /** Of each k: a query alone, by turns; and of so many at once, the time of each. */
  readonly ofK: readonly {
    readonly k: number;
    readonly gpuMs: readonly number[];
    readonly wasmMs: readonly number[];
    readonly togetherMs: number;
  }[];
}

/** Results of the search by meaning alone, and of that by words and meaning. */
const KS = [10, 1000];
const TOGETHER = 16;
const WARM_UPS = 2;

/** Any bytes: a scan takes as long for random codes as for real ones. Xorshift; Marsaglia 2003. */
function fill({ codes, scales }: QuantizedVectors, seed: number): void {
  let state = seed | 1;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    return (state ^= state << 5);
  };
  const words = new Int32Array(codes.buffer, codes.byteOffset, codes.length / 4);
  for (let i = 0; i < words.length; i++) words[i] = next();
  for (let i = 0; i < scales.length; i++) scales[i] = 0.002 + (next() >>> 8) / 2 ** 34;
}

/** Codes of a query near a row. */
function queryAt({ codes, scales, dims }: QuantizedVectors, i: number): Int8Array {
  const row = Math.floor((i * 0.618 * scales.length) % scales.length);
  return codes.slice(row * dims, (row + 1) * dims).map((code) => code >> 1);
}

async function assertSameHits(vectors: QuantizedVectors, gpu: ScanBackend, wasm: ScanBackend): Promise<void> {
  const some = Uint8Array.from(vectors.scales, (_, row) => Number(row % 3 === 1));
  for (const accepted of [undefined, some])
    for (const k of KS.map((each) => overfetch(each, vectors.scales.length))) {
      const query = queryAt(vectors, k);
      assertSame(`scan, k ${k}`, await gpu.topK(query, k, accepted), await wasm.topK(query, k, accepted));
    }
}

export async function scan({
  rows,
  dims,
  queries,
  seed,
}: Readonly<Record<'rows' | 'dims' | 'queries' | 'seed', number>>): Promise<ScanTimes> {
  const vectors = allocateVectors(rows, dims);
  if (!placeOf(vectors)) throw new Error('There is too little memory for WebAssembly.');
  fill(vectors, seed);
  const wasm = await openWasm(vectors, hasRelaxedSimd() ? RELAXED : PLAIN);
  await selfTest(openForSelfTest, dims);
  const { ms: openMs, value: gpu } = await timed(() => openWebGpu(vectors));
  await assertSameHits(vectors, gpu, wasm);
  const ofK = [];
  for (const k of KS) {
    const kept = overfetch(k, rows);
    const [gpuMs, wasmMs]: [number[], number[]] = [[], []];
    for (let i = -WARM_UPS; i < queries; i++) {
      const query = queryAt(vectors, i + WARM_UPS);
      const [onGpu, onWasm] = [await timed(() => gpu.topK(query, kept)), await timed(() => wasm.topK(query, kept))];
      if (i < 0) continue;
      gpuMs.push(onGpu.ms);
      wasmMs.push(onWasm.ms);
    }
    const several = Array.from({ length: TOGETHER }, (_, i) => queryAt(vectors, i));
    const together = await timed(() => Promise.all(several.map((query) => gpu.topK(query, kept))));
    ofK.push({ k, gpuMs, wasmMs, togetherMs: together.ms / TOGETHER });
  }
  gpu.dispose();
  return { bytes: rows * dims, openMs, ofK };
}
