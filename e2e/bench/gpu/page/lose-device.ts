// A device that is lost while queries are answered and rankings made: every answer comes, and is that of WebAssembly.

import { dequantizeRows, quantizeRows } from '../../../../src/math/quantize.ts';
import { Random } from '../../../../src/math/random.ts';
import { row } from '../../../../src/math/vector.ts';
import { openRanker } from '../../../../src/scan/open-ranker.ts';
import { openChain, openScanner } from '../../../../src/scan/open-scanner.ts';
import { openWasm } from '../../../../src/scan/wasm.ts';
import { openWebGpu } from '../../../../src/scan/webgpu.ts';
import { requestGpuDevice } from '../../../../src/scan/webgpu/device.ts';
import { createDotsPipeline, GpuDots } from '../../../../src/scan/webgpu/row-dots.ts';
import { assertSame } from './timing.ts';

export interface LostDevice {
  readonly queries: number;
  /** What the scanner and the ranker say of it. */
  readonly reasons: readonly string[];
}

const [QUERIES, DIMS, K] = [50, 64, 10];

export async function loseDevice({ rows }: { readonly rows: number }): Promise<LostDevice> {
  const random = new Random(5);
  const vectors = quantizeRows(
    Float32Array.from({ length: rows * DIMS }, () => random.normal()),
    DIMS,
  );
  const queries = dequantizeRows(vectors).slice(0, QUERIES * DIMS);
  const each = Array.from({ length: QUERIES }, (_, i) => row(queries, i, DIMS));
  const wasm = await openScanner(vectors, { backend: 'wasm' });
  const expected = await Promise.all(each.map((query) => wasm.search(query, K)));

  const device = await requestGpuDevice();
  const scanner = await openChain(vectors, [
    { kind: 'webgpu', open: (own) => openWebGpu(own, { device }) },
    { kind: 'wasm', open: (own) => openWasm(own) },
  ]);
  if (scanner.kind !== 'webgpu') throw new Error(scanner.refused[0]?.reason ?? 'The GPU was not used.');
  const pending = each.map((query) => scanner.search(query, K));
  device.destroy();
  assertSame('a lost device', await Promise.all(pending), expected);

  const another = await requestGpuDevice();
  const ranker = await openRanker(vectors, 'always', async () => {
    const dots = await GpuDots.open(another, await createDotsPipeline(another), vectors);
    return { dots, lost: dots.lost, dispose: () => dots.dispose() };
  });
  if (ranker.kind !== 'webgpu') throw new Error(ranker.dots.refused[0]?.reason ?? 'The GPU was not used.');
  const ranking = ranker.rank(queries, K);
  another.destroy();
  assertSame(
    'a ranking whose device is lost',
    await ranking,
    await (await openRanker(vectors, 'never')).rank(queries, K),
  );
  return { queries: 2 * QUERIES, reasons: [scanner.refused[0]!.reason, ranker.dots.refused[0]!.reason] };
}
