// Opens the scanner: the first backend of the chain WebGPU → WASM → JS that passes its self-test, and the next one when
// a GPU is lost.

import { EraError, isEraError, messageOf } from '../errors.ts';
import type { Refusal } from '../device.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import { assertScannable, cappedK } from './check-input.ts';
import { openJs } from './js.ts';
import { overfetch, quantizeQuery, rescore } from './rescore.ts';
import type { OpenScanner, ScanBackend, ScanHits, ScanKind, Scanner } from './scan.ts';
import { selfTest } from './self-test.ts';

/**
 * Codes (vectors × dims) from which `auto` tries WebGPU: about 175 000 vectors of 384. WASM SIMD needs some
 * milliseconds for these (e2e/bench/scan.bench.ts), while a GPU query costs 0.5 to 1.5 ms before the first row (Chrome;
 * jax-js#124 for Firefox). An estimate: to be replaced by a measurement on real GPUs.
 */
export const WEBGPU_FROM_CODES: number = 2 ** 26;

/** A backend that may be tried. */
export interface Candidate {
  readonly kind: ScanKind;
  readonly open: (vectors: QuantizedVectors) => Promise<ScanBackend>;
}

/** The chain, best first. Only what is tried is loaded. */
const CHAIN: readonly Candidate[] = [
  { kind: 'webgpu', open: async (vectors) => (await import('./webgpu.ts')).openWebGpu(vectors) },
  { kind: 'wasm', open: async (vectors) => (await import('./wasm.ts')).openWasm(vectors) },
  { kind: 'js', open: openJs },
];

/**
 * A backend that is asked for and fails is replaced by the next of the chain; `refused` says why.
 * @throws EraError `empty-corpus`, `dimension-mismatch`, `not-finite`
 */
export const openScanner: OpenScanner = async (vectors, { backend = 'auto' } = {}) => {
  assertScannable(vectors);
  const refused: Refusal[] = [];
  const first = backend === 'auto' ? await autoKind(vectors, refused) : backend;
  return openChain(vectors, CHAIN.slice(CHAIN.findIndex(({ kind }) => kind === first)), refused);
};

/** `openScanner` over a given chain. @param refused is added to */
export async function openChain(
  vectors: QuantizedVectors,
  chain: readonly Candidate[],
  refused: Refusal[] = [],
): Promise<Scanner> {
  return new ChainScanner(vectors, chain, await openFirst(vectors, chain, refused), refused);
}

async function autoKind({ codes }: QuantizedVectors, refused: Refusal[]): Promise<ScanKind> {
  if (codes.length < WEBGPU_FROM_CODES) return 'wasm';
  const { refusalOfGpu } = await import('./webgpu/device.ts');
  const reason = await refusalOfGpu();
  if (reason === undefined) return 'webgpu';
  refused.push({ device: 'webgpu', reason });
  return 'wasm';
}

async function openFirst(
  vectors: QuantizedVectors,
  chain: readonly Candidate[],
  refused: Refusal[],
): Promise<ScanBackend> {
  let cause: unknown;
  for (const { kind, open } of chain) {
    try {
      await selfTest(open, vectors.dims);
      return await open(vectors);
    } catch (error) {
      cause = error;
      refused.push({ device: kind, reason: messageOf(error) });
    }
  }
  throw new EraError('internal', 'No scan backend works here.', { cause });
}

class ChainScanner implements Scanner {
  readonly #vectors: QuantizedVectors;
  readonly #refused: Refusal[];
  #chain: readonly Candidate[];
  #backend: ScanBackend;
  /** The opening of a successor, while it lasts: all queries that lost the GPU wait for the same one. */
  #replacing: Promise<void> | undefined;
  #closed = false;

  constructor(vectors: QuantizedVectors, chain: readonly Candidate[], backend: ScanBackend, refused: Refusal[]) {
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

  async search(query: Float32Array, k: number): Promise<ScanHits> {
    const codes = quantizeQuery(query, this.#vectors.dims);
    const { count } = this.#backend;
    const kept = cappedK(k, count);
    const candidates = await this.#candidates(codes, overfetch(kept, count));
    return rescore(this.#vectors, query, candidates.rows, kept);
  }

  dispose(): void {
    this.#closed = true;
    this.#backend.dispose();
  }

  async #candidates(codes: Int8Array, k: number): Promise<ScanHits> {
    for (;;) {
      if (this.#closed) throw new EraError('closed', 'The scanner is closed.');
      const backend = this.#backend;
      try {
        return await backend.topK(codes, k);
      } catch (error) {
        if (!isEraError(error, 'gpu-lost')) throw error;
        if (backend === this.#backend)
          await (this.#replacing ??= this.#replace(error).finally(() => (this.#replacing = undefined)));
      }
    }
  }

  /** The next of the chain takes over from a backend that is lost. Ends: the chain gets shorter every time. */
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
