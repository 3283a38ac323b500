// An epoch of ERA's alignment on tfjs: WebGPU beside WebAssembly.

import { applyAdapter, type LinearAdapter } from '../../../../src/adapter/adapter.ts';
import { alignEra } from '../../../../src/era/align.ts';
import { openTrainingBackend, type TrainingDevice } from '../../../../src/era/backend.ts';
import { bundledWasmFile } from '../../../../src/era/wasm-file.ts';
import { Random } from '../../../../src/math/random.ts';
import { dot, normalizeRows, row } from '../../../../src/math/vector.ts';
import { median } from './timing.ts';

export interface EraTimes {
  /** Milliseconds of an epoch, the first one left out. */
  readonly gpuMs: number;
  readonly wasmMs: number;
  /** Least cosine of what the two adapters make of a text. */
  readonly leastCosine: number;
}

const COMPARED = 20;

export async function trainEra({
  texts,
  dIn,
  dOut,
  epochs,
}: Readonly<Record<'texts' | 'dIn' | 'dOut' | 'epochs', number>>): Promise<EraTimes> {
  const random = new Random(7);
  const unitRows = (dims: number): Float32Array<ArrayBuffer> => {
    const rows = Float32Array.from({ length: texts * dims }, () => random.float() - 0.5);
    normalizeRows(rows, dims);
    return rows;
  };
  const [x, y] = [unitRows(dIn), unitRows(dOut)];
  const trained = async (device: TrainingDevice): Promise<{ readonly adapter: LinearAdapter; readonly ms: number }> => {
    const backend = await openTrainingBackend({ device, wasmFile: bundledWasmFile });
    if (backend.kind !== device) throw new Error(backend.refused.map(({ reason }) => reason).join(' '));
    const ends: number[] = [];
    const onEpoch = (): void => void ends.push(performance.now());
    const adapter = await alignEra({ backend, x, y, dIn, dOut, from: ['large'], to: 'small', epochs, onEpoch });
    backend.dispose();
    return { adapter, ms: median(ends.slice(1).map((end, i) => end - ends[i]!)) };
  };
  const [gpu, wasm] = [await trained('webgpu'), await trained('wasm')];
  const cosines = Array.from({ length: Math.min(COMPARED, texts) }, (_, i) =>
    dot(applyAdapter(gpu.adapter, row(x, i, dIn)), applyAdapter(wasm.adapter, row(x, i, dIn))),
  );
  return { gpuMs: gpu.ms, wasmMs: wasm.ms, leastCosine: Math.min(...cosines) };
}
