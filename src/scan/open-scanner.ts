// Opens the scanner: the first backend of the chain WebGPU → WASM → JS that passes its self-test, and the next one when
// a GPU is lost. Without a wish of the caller's the vectors themselves decide: a GPU is used where it is faster on them.

import { EraError, isEraError, messageOf } from '../errors.ts';
import type { Refusal } from '../device.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import { assertScannable, cappedK } from './check-input.ts';
import { openJs } from './js.ts';
import { dotsWithRows, overfetch, quantizeQuery, rescore } from './rescore.ts';
import type {
  Accepted,
  Dots,
  OpenScanner,
  ScanBackend,
  ScanChoice,
  ScanHits,
  ScanKind,
  Scanner,
  ScannerOptions,
} from './scan.ts';
import { selfTest } from './self-test.ts';
import type { GpuFacts } from './webgpu/device.ts';

/**
 * A query that takes less is not tried on a GPU, which needs 0.5 to 1.5 ms to answer at all (Chrome; jax-js#124 for
 * Firefox).
 */
const GPU_LEAST_MS = 2;
/** Queries of a trial, and the time after which it ends in any case. */
const TRIALS = 5;
const TRIAL_MS = 50;
/** Results of a query of a trial, as a search by words and meaning asks for. */
const TRIAL_K = 1000;

/** A backend that may be tried. */
export interface Candidate {
  readonly kind: ScanKind;
  readonly open: (vectors: QuantizedVectors) => Promise<ScanBackend>;
  /** Opens few vectors as it opens many. @default open */
  readonly openForSelfTest?: Candidate['open'];
  /** Where it cannot run, the next one is tried without a word. @default it can */
  readonly isPossible?: () => Promise<boolean>;
}

/** The chain, best first. A backend is loaded only when it is tried. */
const CHAIN: readonly [Candidate, ...Candidate[]] = [
  {
    kind: 'webgpu',
    open: async (vectors) => (await import('./webgpu.ts')).openWebGpu(vectors),
    openForSelfTest: async (vectors) => (await import('./webgpu.ts')).openForSelfTest(vectors),
  },
  {
    kind: 'wasm',
    open: async (vectors) => openWasm(vectors, 'RELAXED'),
    isPossible: async () => (await import('./wasm.ts')).hasRelaxedSimd(),
  },
  { kind: 'wasm', open: async (vectors) => openWasm(vectors, 'PLAIN') },
  { kind: 'js', open: openJs },
];

async function openWasm(vectors: QuantizedVectors, variant: 'PLAIN' | 'RELAXED'): Promise<ScanBackend> {
  const wasm = await import('./wasm.ts');
  return wasm.openWasm(vectors, wasm[variant]);
}

/**
 * A requested backend that fails is replaced by the next of the chain; `refused` has the reason.
 * @throws EraError `empty-corpus`, `dimension-mismatch`, `not-finite`
 */
export const openScanner: OpenScanner = async (vectors, { backend = 'auto', choice = null } = {}) => {
  assertScannable(vectors);
  if (backend === 'auto')
    return openFastest(vectors, CHAIN, async () => (await import('./webgpu/device.ts')).gpuFacts(), choice);
  return openChain(vectors, CHAIN.slice(CHAIN.findIndex(({ kind }) => kind === backend)));
};

/**
 * The GPU where it passes its self-test and is faster on these very vectors than the rest of the chain, else that.
 * @param chain the GPU first
 * @param factsOf what is known of the GPU
 * @param choice an earlier one
 */
export async function openFastest(
  vectors: QuantizedVectors,
  chain: readonly [Candidate, ...Candidate[]],
  factsOf: () => Promise<GpuFacts>,
  choice: ScanChoice | null = null,
): Promise<Scanner> {
  const chosen = choice && (await openChosen(vectors, chain, factsOf, choice).catch(() => null));
  if (chosen) return chosen;
  const refused: Refusal[] = [];
  const others = chain.slice(1);
  const other = await openFirst(vectors, others, refused);
  const otherMs = await fastestMs(other, vectors, GPU_LEAST_MS);
  if (otherMs < GPU_LEAST_MS) return new ChainScanner(vectors, others, other, refused);
  try {
    const { name, refusal } = await factsOf();
    if (refusal !== null) throw new EraError('no-webgpu', refusal);
    const where = placeOf(name, vectors);
    const { gpu, reason } = await openIfFaster(otherMs, vectors, chain[0]);
    if (gpu) {
      other.dispose();
      return new ChainScanner(vectors, chain, gpu, refused, { where, reason });
    }
    refused.push({ device: chain[0].kind, reason });
    return new ChainScanner(vectors, others, other, refused, { where, reason });
  } catch (error) {
    refused.push({ device: chain[0].kind, reason: messageOf(error) });
    return new ChainScanner(vectors, others, other, refused);
  }
}

function placeOf(gpu: string, { scales, dims }: QuantizedVectors): string {
  return `${gpu}, ${scales.length} × ${dims}`;
}

/** @returns null where the choice does not hold here @throws where a GPU that was chosen fails */
async function openChosen(
  vectors: QuantizedVectors,
  chain: readonly [Candidate, ...Candidate[]],
  factsOf: () => Promise<GpuFacts>,
  choice: ScanChoice,
): Promise<Scanner | null> {
  const { name, refusal } = await factsOf();
  if (refusal !== null || choice.where !== placeOf(name, vectors)) return null;
  const [gpu, ...others] = chain;
  if (choice.reason !== null) {
    const refused = [{ device: gpu.kind, reason: choice.reason }];
    return new ChainScanner(vectors, others, await openFirst(vectors, others, refused), refused, choice);
  }
  await tested(gpu, vectors.dims);
  return new ChainScanner(vectors, chain, await gpu.open(vectors), [], choice);
}

type IfFaster = { readonly gpu: ScanBackend; readonly reason: null } | { readonly gpu: null; readonly reason: string };

/** @throws what opening, its self-test and its queries throw */
async function openIfFaster(limitMs: number, vectors: QuantizedVectors, candidate: Candidate): Promise<IfFaster> {
  await tested(candidate, vectors.dims);
  const gpu = await candidate.open(vectors);
  try {
    const ms = await fastestMs(gpu, vectors, limitMs);
    if (ms < limitMs) return { gpu, reason: null };
    gpu.dispose();
    return { gpu: null, reason: `A query takes ${ms.toFixed(1)} ms there and ${limitMs.toFixed(1)} ms here.` };
  } catch (error) {
    gpu.dispose();
    throw error;
  }
}

/**
 * Shortest time of some queries: what else the machine does makes others longer. One below `enoughMs` decides.
 */
async function fastestMs(
  backend: ScanBackend,
  { codes, dims, scales }: QuantizedVectors,
  enoughMs: number,
): Promise<number> {
  const start = performance.now();
  let fastest = Infinity;
  for (let i = 0; i < TRIALS; i++) {
    const row = Math.floor((i * scales.length) / TRIALS);
    const begin = performance.now();
    const query = codes.subarray(row * dims, (row + 1) * dims).map((code) => code >> 1);
    await backend.topK(query, overfetch(TRIAL_K, scales.length));
    fastest = Math.min(fastest, performance.now() - begin);
    if (fastest < enoughMs || performance.now() - start > TRIAL_MS) break;
  }
  return fastest;
}

/** Candidates whose known-answer test of a width has passed. A GPU is tested each time: it may be another one. */
const passed = new WeakMap<Candidate, Map<number, Promise<void>>>();

function tested(candidate: Candidate, dims: number): Promise<void> {
  const { open, openForSelfTest = open } = candidate;
  if (candidate.kind === 'webgpu') return selfTest(openForSelfTest, dims);
  const widths = passed.get(candidate) ?? new Map<number, Promise<void>>();
  passed.set(candidate, widths);
  let test = widths.get(dims);
  if (!test) {
    test = selfTest(openForSelfTest, dims);
    widths.set(dims, test);
    test.catch(() => widths.delete(dims));
  }
  return test;
}

/** Does what `openScanner` can do before the vectors are here: the known-answer test. Its outcome is told there. */
export async function prepareScanner(dims: number, { backend = 'auto' }: ScannerOptions = {}): Promise<void> {
  const kind = backend === 'auto' ? 'wasm' : backend;
  for (const candidate of CHAIN.slice(CHAIN.findIndex((one) => one.kind === kind))) {
    if (candidate.kind === 'webgpu') return;
    if (candidate.isPossible && !(await candidate.isPossible().catch(() => false))) continue;
    return tested(candidate, dims).catch(() => undefined);
  }
}

/** `openScanner` over a given chain. @param refused failed backends are added to it */
export async function openChain(
  vectors: QuantizedVectors,
  chain: readonly Candidate[],
  refused: Refusal[] = [],
): Promise<Scanner> {
  return new ChainScanner(vectors, chain, await openFirst(vectors, chain, refused), refused);
}

async function openFirst(
  vectors: QuantizedVectors,
  chain: readonly Candidate[],
  refused: Refusal[],
): Promise<ScanBackend> {
  let cause: unknown;
  for (const candidate of chain) {
    try {
      if (candidate.isPossible && !(await candidate.isPossible())) continue;
      await tested(candidate, vectors.dims);
      return await candidate.open(vectors);
    } catch (error) {
      cause = error;
      const refusal = { device: candidate.kind, reason: messageOf(error) };
      // Both variants of WebAssembly are refused alike where a content policy forbids it.
      if (!refused.some(({ device, reason }) => device === refusal.device && reason === refusal.reason))
        refused.push(refusal);
    }
  }
  throw new EraError('internal', 'No scan backend works here.', { cause });
}

class ChainScanner implements Scanner {
  readonly #vectors: QuantizedVectors;
  readonly #refused: Refusal[];
  #chain: readonly Candidate[];
  #backend: ScanBackend;
  /** Pending while a successor opens: all queries that lost the GPU wait for the same one. */
  #replacing: Promise<void> | undefined;
  #closed = false;
  /** Whether sets of accepted rows leave any out. */
  readonly #narrowing = new WeakMap<Accepted, boolean>();

  readonly choice: ScanChoice | null;

  constructor(
    vectors: QuantizedVectors,
    chain: readonly Candidate[],
    backend: ScanBackend,
    refused: Refusal[],
    choice: ScanChoice | null = null,
  ) {
    this.choice = choice;
    this.#vectors = vectors;
    this.#chain = chain;
    this.#backend = backend;
    this.#refused = refused;
  }

  get kind(): ScanKind {
    return this.#backend.kind;
  }

  get refused(): readonly Refusal[] {
    return this.#refused;
  }

  get bytesLive(): number {
    return this.#backend.bytesLive;
  }

  async search(query: Float32Array, k: number, accepted?: Accepted): Promise<ScanHits> {
    const codes = quantizeQuery(query, this.#vectors.dims);
    const { count } = this.#backend;
    const kept = cappedK(k, count);
    const candidates = await this.#candidates(codes, overfetch(kept, count), accepted);
    return rescore(query, candidates.rows, kept, this.dots);
  }

  readonly dots: Dots = (query, rows) => this.#backend.dots?.(query, rows) ?? dotsWithRows(query, this.#vectors, rows);

  dispose(): void {
    this.#closed = true;
    this.#backend.dispose();
  }

  async #candidates(codes: Int8Array, k: number, accepted?: Accepted): Promise<ScanHits> {
    for (;;) {
      if (this.#closed) throw new EraError('closed', 'The scanner is closed.');
      const backend = this.#backend;
      try {
        return await backend.topK(codes, k, accepted && this.#narrows(accepted) ? accepted : undefined);
      } catch (error) {
        if (!isEraError(error, 'gpu-lost')) throw error;
        if (backend === this.#backend)
          await (this.#replacing ??= this.#replace(error).finally(() => (this.#replacing = undefined)));
      }
    }
  }

  /** Backends prepare for a set, which is not worth it for all rows. */
  #narrows(accepted: Accepted): boolean {
    const known = this.#narrowing.get(accepted);
    if (known !== undefined) return known;
    const narrows = accepted.length !== this.#backend.count || accepted.includes(0);
    this.#narrowing.set(accepted, narrows);
    return narrows;
  }

  /** Replaces a lost backend with the next of the chain. It terminates, since the chain gets shorter each time. */
  async #replace(error: EraError): Promise<void> {
    const lost = this.#backend;
    this.#refused.push({ device: lost.kind, reason: error.message });
    this.#chain = this.#chain.slice(this.#chain.findIndex(({ kind }) => kind === lost.kind) + 1);
    const next = await openFirst(this.#vectors, this.#chain, this.#refused);
    lost.dispose();
    if (this.#closed) next.dispose();
    this.#backend = next;
  }
}
