// What every page of the benchmark runs: it fetches the vectors, lets one engine build from them, and times its answers.

/** One engine that has been built. */
export interface Engine {
  /** Numbers of the best rows, best first; empty where the engine does not rank. */
  readonly search: (query: Float32Array<ArrayBuffer>, k: number) => Promise<readonly number[]> | readonly number[];
  /** Bytes that neither the heap of the page nor a WebAssembly memory has, as those of a GPU. */
  readonly otherBytes?: number;
}

/** @param vectors [rows, dims], row-major, of unit length; the engine may keep them */
export type OpenEngine = (vectors: Float32Array<ArrayBuffer>, dims: number) => Promise<Engine> | Engine;

export interface Answered {
  readonly ms: readonly number[];
  readonly rows: readonly (readonly number[])[];
}

/** What the benchmark calls in a page. */
export interface BenchPage {
  readonly load: (shape: {
    readonly rows: number;
    readonly dims: number;
    readonly chunks: number;
    readonly queries: number;
  }) => Promise<void>;
  /** @returns milliseconds, and bytes outside the heap and WebAssembly */
  readonly build: () => Promise<{ readonly ms: number; readonly otherBytes: number }>;
  /** Queries `from` to `to` (exclusive), one after the other. */
  readonly ask: (from: number, to: number, k: number) => Promise<Answered>;
}

async function numbersOf(path: string): Promise<Float32Array<ArrayBuffer>> {
  const response = await fetch(path);
  if (!response.ok) throw new Error(`${path} is answered with the status ${response.status}.`);
  return new Float32Array(await response.arrayBuffer());
}

/** What is thrown in WebAssembly is often no error, and the benchmark would see nothing of it. */
async function withErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (thrown) {
    if (thrown instanceof Error) throw thrown;
    const { message } = Object(thrown) as { readonly message?: unknown };
    throw new Error(typeof message === 'string' ? message : `${JSON.stringify(thrown)} was thrown.`);
  }
}

export function serve(open: OpenEngine): void {
  let vectors: Float32Array<ArrayBuffer> | undefined;
  let dims = 0;
  const queries: Float32Array<ArrayBuffer>[] = [];
  let engine: Engine | undefined;
  const page: BenchPage = {
    load: async (shape) => {
      dims = shape.dims;
      const all = await numbersOf('/queries.bin');
      for (let i = 0; i < shape.queries; i++) queries.push(all.slice(i * dims, (i + 1) * dims));
      vectors = new Float32Array(shape.rows * dims);
      let at = 0;
      for (let chunk = 0; chunk < shape.chunks; chunk++) {
        const numbers = await numbersOf(`/vectors/${chunk}.bin`);
        vectors.set(numbers, at);
        at += numbers.length;
      }
    },
    build: async () => {
      const start = performance.now();
      engine = await withErrors(async () => open(vectors!, dims));
      const ms = performance.now() - start;
      vectors = undefined;
      return { ms, otherBytes: engine.otherBytes ?? 0 };
    },
    ask: (from, to, k) =>
      withErrors(async () => {
        const ms: number[] = [];
        const rows: (readonly number[])[] = [];
        for (let i = from; i < to; i++) {
          const start = performance.now();
          const found = await engine!.search(queries[i]!, k);
          ms.push(performance.now() - start);
          rows.push(found);
        }
        return { ms, rows };
      }),
  };
  (globalThis as unknown as { bench: BenchPage }).bench = page;
}
