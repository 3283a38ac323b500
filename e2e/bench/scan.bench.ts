// Benchmark: how long one query and many queries in one call take in plain JavaScript and in WASM SIMD. It prints and
// never passes or fails.
//   node e2e/bench/run.mjs scan [--rows 10000,100000] [--dims 384] [--repeats 15] [--seed 1]
// The backends alternate, so that load on the machine affects both; medians, the fastest time and the ratio are
// printed.

import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { quantizeRows, type QuantizedVectors } from '../../src/math/quantize.ts';
import { Random } from '../../src/math/random.ts';
import { openJs } from '../../src/scan/js.ts';
import { createRanker } from '../../src/scan/rank-many.ts';
import { overfetch } from '../../src/scan/rescore.ts';
import { hasRelaxedSimd, openWasm, PLAIN, RELAXED } from '../../src/scan/wasm.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    rows: { type: 'string', default: '10000,100000' },
    dims: { type: 'string', default: '384' },
    repeats: { type: 'string', default: '15' },
    seed: { type: 'string', default: '1' },
  },
});
const dims = Number(values.dims);
const repeats = Number(values.repeats);
const k = 10;
const warmUps = 3;

const random = new Random(Number(values.seed));
const randomRows = (count: number): Float32Array =>
  Float32Array.from({ length: count * dims }, () => random.float() - 0.5);
const randomVectors = (count: number): QuantizedVectors => quantizeRows(randomRows(count), dims);

async function elapsedMs(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[times.length >> 1]!;
}

function summary(times: readonly number[]): string {
  return `${median(times).toFixed(2)} ms (fastest ${Math.min(...times).toFixed(2)})`;
}

const [cpu] = cpus();
console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpu?.model ?? 'unknown processor'} × ${String(cpus().length)}, seed ${values.seed}`,
);
console.log(
  `median of ${String(repeats)} queries, ${String(dims)} dimensions, ${String(overfetch(k, Infinity))} candidates for k = ${String(k)}`,
);

for (const count of values.rows.split(',').map(Number)) {
  const vectors = randomVectors(count);
  const js = { backend: await openJs(vectors), times: [] as number[] };
  const wasm = { backend: await openWasm(vectors, hasRelaxedSimd() ? RELAXED : PLAIN), times: [] as number[] };
  for (let i = -warmUps; i < repeats; i++) {
    const query = randomVectors(1).codes;
    for (const { backend, times } of [js, wasm]) {
      const ms = await elapsedMs(() => backend.topK(query, overfetch(k, count)));
      if (i >= 0) times.push(ms);
    }
  }
  console.log(
    `${String(count).padStart(8)} rows: js ${summary(js.times)}, wasm ${summary(wasm.times)}, ratio ${(median(js.times) / median(wasm.times)).toFixed(1)}`,
  );
}

const passages = randomVectors(6000);
const queries = randomRows(250);
const ranker = createRanker(passages);
const calls: number[] = [];
for (let i = 0; i < repeats; i++) calls.push(await elapsedMs(() => ranker.rank(queries, k)));
console.log(`250 queries × 6000 rows in one call (${ranker.kind}): ${summary(calls)}`);
