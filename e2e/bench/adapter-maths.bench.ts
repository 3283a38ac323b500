// Benchmark: what the adapter's mathematics costs where there is no GPU: products of matrices, an alignment, a query, and
// an epoch of ERA's alignment on tfjs.
// It prints and never passes or fails. Baselines run in the same run, in turn with ours: the same products in plain
// JavaScript and, where Python has it, in PyTorch on the CPU.
//   node e2e/bench/run.mjs adapter-maths [--pairs 40000] [--in 1024] [--out 384] [--texts 4000] [--repeats 5]
//     [--python python3]

import { execFileSync, spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { applyAdapter, type LinearAdapter } from '../../src/adapter/adapter.ts';
import { alignRidge } from '../../src/adapter/align/ridge.ts';
import { alignEra } from '../../src/era/align.ts';
import { openTrainingBackend } from '../../src/era/backend.ts';
import { jsProducts } from '../../src/math/products/js.ts';
import { openProducts } from '../../src/math/products/open-products.ts';
import type { Products } from '../../src/math/products/products.ts';
import { Random } from '../../src/math/random.ts';
import { normalizeRows } from '../../src/math/vector.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    pairs: { type: 'string', default: '40000' },
    in: { type: 'string', default: '1024' },
    out: { type: 'string', default: '384' },
    texts: { type: 'string', default: '4000' },
    repeats: { type: 'string', default: '5' },
    python: { type: 'string', default: 'python3' },
  },
});
const [pairs, dIn, dOut, repeats] = [values.pairs, values.in, values.out, values.repeats].map(Number) as [
  number,
  number,
  number,
  number,
];

const random = new Random(7);
const normals = (length: number): Float32Array<ArrayBuffer> =>
  Float32Array.from({ length }, () => random.float() - 0.5);
const unitRows = (n: number, dims: number): Float32Array<ArrayBuffer> => {
  const rows = normals(n * dims);
  normalizeRows(rows, dims);
  return rows;
};
const secondsOf = (work: () => unknown): number => {
  const begin = performance.now();
  work();
  return (performance.now() - begin) / 1000;
};
const median = (all: readonly number[]): number => [...all].sort((a, b) => a - b)[all.length >> 1]!;

const [cpu] = cpus();
console.log(
  `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${cpu?.model ?? 'unknown processor'} × ${String(cpus().length)}`,
);

// Products: [m, k] by [n, k], as they occur.
const { products } = openProducts();
for (const [what, m, n, k] of [
  ['200 labelled queries by 966 passages', 200, 966, 384],
  ['a Gram matrix of 1000 passages', 768, 768, 1000],
] as const) {
  const [a, b] = [Float64Array.from(normals(m * k)), Float64Array.from(normals(n * k))];
  const run = (by: Products): number => secondsOf(() => by.addTransposed(a, b, k, new Float64Array(m * n)));
  const times = Array.from({ length: 4 * repeats }, () => [run(products), run(jsProducts)] as const).slice(repeats);
  const [own, plain] = [median(times.map(([t]) => t)), median(times.map(([, t]) => t))];
  console.log(
    `${what}, ${String(m)} × ${String(n)} × ${String(k)}: ${products.kind} ${(own * 1000).toFixed(1)} ms (${((m * n * k) / own / 1e9).toFixed(1)} billion products a second), js ${(plain * 1000).toFixed(1)} ms, ratio ${(plain / own).toFixed(1)}`,
  );
}

// A query.
const adapter: LinearAdapter = {
  path: 'remote',
  from: ['large'],
  to: 'small',
  dIn,
  dOut,
  weight: normals(dIn * dOut),
  bias: new Float32Array(dOut),
  provenance: {},
};
const query = unitRows(1, dIn);
const applied = Array.from({ length: 400 }, () => secondsOf(() => applyAdapter(adapter, query))).slice(100);
console.log(`one query, ${String(dIn)} to ${String(dOut)} numbers: ${(median(applied) * 1000).toFixed(3)} ms`);

// An alignment, beside PyTorch's on a matrix of the same size.
const TORCH = `
import sys, time, torch
n, d, m, threads = map(int, sys.argv[1:])
torch.set_num_threads(threads)
torch.manual_seed(7)
x = torch.nn.functional.normalize(torch.randn(n, d), dim=1)
y = torch.nn.functional.normalize(torch.randn(n, m), dim=1)
begin = time.perf_counter()
x = x.double(); y = y.double()
x = x - x.mean(0); y = y - y.mean(0)
inner = x.T @ x + 0.5 * torch.eye(d, dtype=torch.float64)
w = torch.cholesky_solve(x.T @ y, torch.linalg.cholesky(inner))
print(time.perf_counter() - begin)
`;
const torchVersion = spawnSync(values.python, ['-W', 'ignore', '-c', 'import torch; print(torch.__version__)'], {
  encoding: 'utf8',
});
const hasTorch = torchVersion.status === 0;
const torch = (threads: number): number =>
  Number(
    execFileSync(
      values.python,
      ['-W', 'ignore', '-c', TORCH, String(pairs), String(dIn), String(dOut), String(threads)],
      {
        encoding: 'utf8',
      },
    ),
  );
const [x, y] = [unitRows(pairs, dIn), unitRows(pairs, dOut)];
const rounds = Array.from({ length: Math.min(3, repeats) }, () => ({
  own: secondsOf(() => alignRidge({ x, y, dIn, dOut, lambda: 0.5, path: 'remote', from: ['large'], to: 'small' })),
  one: hasTorch ? torch(1) : NaN,
  two: hasTorch ? torch(2) : NaN,
}));
const align = median(rounds.map(({ own }) => own));
const beside = hasTorch
  ? ` PyTorch ${torchVersion.stdout.trim()}, float64: ${[1, 2]
      .map((threads) => {
        const seconds = median(rounds.map((round) => (threads === 1 ? round.one : round.two)));
        return `${seconds.toFixed(2)} s on ${String(threads)} thread${threads > 1 ? 's' : ''} (ratio ${(align / seconds).toFixed(1)})`;
      })
      .join(', ')}`
  : ` PyTorch: not here (${values.python})`;
console.log(
  `alignment of ${String(pairs)} texts, ${String(dIn)} to ${String(dOut)}: ${align.toFixed(2)} s on one thread;${beside}`,
);

// An epoch of ERA's alignment, beside the same in PyTorch: linear layer, cosine, AdamW, batches of 256 of nine tenths of
// the texts, and a look at the loss of the others. The first epoch of either is left out.
const EPOCHS = 5;
const TORCH_ERA = `
import sys, time, torch
n, d, m, epochs, threads = map(int, sys.argv[1:])
torch.set_num_threads(threads)
torch.manual_seed(7)
x = torch.nn.functional.normalize(torch.randn(n, d), dim=1)
y = torch.nn.functional.normalize(torch.randn(n, m), dim=1)
held = n // 10
layer = torch.nn.Linear(d, m)
adam = torch.optim.AdamW(layer.parameters(), lr=1e-3, weight_decay=0.01)
loss_of = lambda x, y: 1 - torch.nn.functional.cosine_similarity(layer(x), y).mean()
times = []
for _ in range(epochs):
    begin = time.perf_counter()
    order = torch.randperm(n - held) + held
    for batch in order.split(256):
        adam.zero_grad()
        loss_of(x[batch], y[batch]).backward()
        adam.step()
    with torch.no_grad():
        loss_of(x[:held], y[:held]).item()
    times.append(time.perf_counter() - begin)
print(sorted(times[1:])[(epochs - 1) // 2])
`;
const texts = Number(values.texts);
const backend = await openTrainingBackend({
  device: 'wasm',
  wasmFile: createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'),
});
const [eraX, eraY] = [unitRows(texts, dIn), unitRows(texts, dOut)];
const ends: number[] = [];
await alignEra({
  backend,
  x: eraX,
  y: eraY,
  dIn,
  dOut,
  from: ['large'],
  to: 'small',
  epochs: EPOCHS,
  onEpoch: () => ends.push(performance.now()),
});
const epoch = median(ends.slice(1).map((end, i) => (end - ends[i]!) / 1000));
const torchEpoch = (threads: number): number => {
  const sizes = [texts, dIn, dOut, EPOCHS, threads].map(String);
  return Number(execFileSync(values.python, ['-W', 'ignore', '-c', TORCH_ERA, ...sizes], { encoding: 'utf8' }));
};
const besideEpoch = hasTorch
  ? ` PyTorch ${[1, 2]
      .map((threads) => {
        const seconds = torchEpoch(threads);
        return `${seconds.toFixed(2)} s on ${threads} thread${threads > 1 ? 's' : ''} (ratio ${(epoch / seconds).toFixed(1)})`;
      })
      .join(', ')}`
  : '';
console.log(
  `an epoch of ERA's alignment, ${texts} texts, ${dIn} to ${dOut}, tfjs on ${backend.kind}: ${epoch.toFixed(2)} s;${besideEpoch}`,
);
backend.dispose();
