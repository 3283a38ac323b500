// The small model on the GPU, beside WebAssembly. Each passes its test against known vectors when it opens.

import type { OpenedEncoder } from '../../../../src/encode/encoder.ts';
import { openEncoder } from '../../../../src/encode/open-encoder.ts';
import { dot, row } from '../../../../src/math/vector.ts';
import { median, timed } from './timing.ts';

export interface EncodeTimes {
  /** The format of the weights on either. */
  readonly gpuDtype: string;
  readonly wasmDtype: string;
  /** Least cosine of a text's two vectors; they differ as the weights' formats do. */
  readonly leastCosine: number;
  /** Milliseconds of all texts. */
  readonly gpuMs: number;
  readonly wasmMs: number;
}

async function opened(modelBase: string, device: 'webgpu' | 'wasm'): Promise<OpenedEncoder['encoder']> {
  const { encoder, refused } = await openEncoder({ modelBase, device });
  if (encoder.device !== device) throw new Error(refused.map(({ reason }) => reason).join(' '));
  return encoder;
}

export async function encodeTexts({
  texts,
  rounds,
}: {
  readonly texts: readonly string[];
  readonly rounds: number;
}): Promise<EncodeTimes> {
  const base = new URL('/models/', location.href).href;
  const [gpu, wasm] = [await opened(base, 'webgpu'), await opened(base, 'wasm')];
  const [onGpu, onWasm] = [await gpu.encode(texts, 'passage'), await wasm.encode(texts, 'passage')];
  const { dims } = gpu.space;
  const cosines = texts.map((_, i) => dot(row(onGpu, i, dims), row(onWasm, i, dims)));
  const [gpuMs, wasmMs]: [number[], number[]] = [[], []];
  for (let i = 0; i < rounds; i++) {
    gpuMs.push((await timed(() => gpu.encode(texts, 'passage'))).ms);
    wasmMs.push((await timed(() => wasm.encode(texts, 'passage'))).ms);
  }
  return {
    gpuDtype: gpu.space.dtype,
    wasmDtype: wasm.space.dtype,
    leastCosine: Math.min(...cosines),
    gpuMs: median(gpuMs),
    wasmMs: median(wasmMs),
  };
}
