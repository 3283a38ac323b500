// What the GPU benchmark prints, as Markdown.

import { quantile } from '../peers/tables.ts';
import type { EncodeTimes } from './page/encode.ts';
import type { LearnTimes } from './page/learn.ts';
import type { LostDevice } from './page/lose-device.ts';
import type { ScanTimes } from './page/scan.ts';
import type { EraTimes } from './page/train-era.ts';

export interface Measured {
  /** Of a shader that only reads. */
  bytesPerSecond?: number;
  scans?: (ScanTimes & { readonly rows: number })[];
  encoder?: EncodeTimes & { readonly texts: number };
  learn?: LearnTimes & Readonly<Record<'passages' | 'dims' | 'queries', number>>;
  era?: EraTimes & Readonly<Record<'texts' | 'dIn' | 'dOut' | 'epochs', number>>;
  lost?: LostDevice;
}

export function partRow(
  what: string,
  { gpuMs, wasmMs }: { readonly gpuMs: number; readonly wasmMs: number },
  checked: string,
): string {
  return `| ${what} | ${gpuMs.toFixed(1)} | ${wasmMs.toFixed(1)} | ${(wasmMs / gpuMs).toFixed(2)} | ${checked} |`;
}

/** @param bytesPerSecond of the card's memory; undefined where it was not measured */
export function scanTable(scans: NonNullable<Measured['scans']>, bytesPerSecond: number | undefined): string {
  const share = (bytes: number, ms: number): string =>
    bytesPerSecond === undefined ? '' : `${((100 * bytes) / (ms / 1000) / bytesPerSecond).toFixed(0)} %`;
  const lines = scans.flatMap(({ rows, bytes, ofK }) =>
    ofK.map(({ k, gpuMs, wasmMs, togetherMs }) => {
      const [gpu, wasm] = [quantile(gpuMs, 0.5), quantile(wasmMs, 0.5)];
      const cells = [
        rows,
        k,
        gpu.toFixed(2),
        quantile(gpuMs, 0.99).toFixed(2),
        wasm.toFixed(2),
        (wasm / gpu).toFixed(2),
        share(bytes, gpu),
        togetherMs.toFixed(2),
        (bytes / togetherMs / 1e6).toFixed(1),
        share(bytes, togetherMs),
      ];
      return `| ${cells.join(' | ')} |`;
    }),
  );
  return [
    '| rows | k | GPU p50, ms | p99, ms | WebAssembly p50, ms | ratio | of reading | 16 at once, ms each | GB/s | of reading |',
    `|${'--:|'.repeat(10)}`,
    ...lines,
  ].join('\n');
}
