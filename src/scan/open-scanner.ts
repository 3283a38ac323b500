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
 * jax-js#124 for Firefox). This is an estimate, to be replaced by a measurement on real GPUs.
 */
export const WEBGPU_FROM_CODES: number = 2 ** 26;

/** A backend that may be tried. */
export interface Candidate {
  readonly kind: ScanKind;
  readonly open: (vectors: QuantizedVectors) => Promise<ScanBackend>;
}

/** The chain, best first. A backend is loaded only when it is tried. */
const CHAIN: readonly Candidate[] = [
  { kind: 'webgpu', open: async (vectors) => (await import('./webgpu.ts')).openWebGpu(vectors) },
  { kind: 'wasm', open: async (vectors) => (await import('./wasm.ts')).openWasm(vectors) },
  { kind: 'js', open: openJs },
];

/**
 * A requested backend that fails is replaced by the next of the chain; `refused` has the reason.
 * @throws EraError `empty-corpus`, `dimension-mismatch`, `not-finite`
 */
export const openScanner: OpenScanner = async (vectors, { backend = 'auto' } = {}) => {
  assertScannable(vectors);
  const refused: Refusal[] = [];
  const first = backend === 'auto' ? await autoKind(vectors, refused) : backend;
  return openChain(vectors, CHAIN.slice(CHAIN.findIndex(({ kind }) => kind === first)), refused);
};

/** `openScanner` over a given chain. @param refused failed backends are added to it */
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
  /** Pending while a successor opens: all queries that lost the GPU wait for the same one. */
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
