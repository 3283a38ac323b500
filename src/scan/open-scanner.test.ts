import { afterEach, describe, expect, test, vi } from 'vitest';
import { EraError } from '../errors.ts';
import { dequantizeRows, quantizeRows, type QuantizedVectors } from '../math/quantize.ts';
import { Random } from '../math/random.ts';
import { dot, normalizeRows, row } from '../math/vector.ts';
import { openJs } from './js.ts';
import { openChain, openFastest, openScanner, type Candidate } from './open-scanner.ts';
import { overfetch } from './rescore.ts';
import type { Accepted, ScanBackend, ScanChoice, ScanHits } from './scan.ts';
import { randomVectors } from './scan.contract.ts';
import { openWasm } from './wasm.ts';

/** The expected result: every dequantised row scored with the float query in float64, sorted. */
function rankInFloat(vectors: QuantizedVectors, query: Float32Array, k: number): ScanHits {
  const matrix = dequantizeRows(vectors);
  const scores = Float32Array.from(vectors.scales, (_, i) => dot(query, row(matrix, i, vectors.dims)));
  const rows = Int32Array.from(scores.keys())
    .sort((a, b) => scores[b]! - scores[a]! || a - b)
    .slice(0, k);
  return { rows, scores: Float32Array.from(rows, (id) => scores[id]!) };
}

/**
 * Unit vectors in groups around common centres, like passages of one site.
 * @param spread 0: all equal; large: no groups
 */
function clustered(random: Random, count: number, dims: number, centres: Float32Array, spread: number): Float32Array {
  const groups = centres.length / dims;
  const out = Float32Array.from(
    { length: count * dims },
    (_, i) => centres[(Math.floor(i / dims) % groups) * dims + (i % dims)]! + spread * random.normal(),
  );
  return normalizeRows(out, dims);
}

const SEED = 7;

test.each([
  { name: 'spread out', spread: 3 },
  { name: 'in groups', spread: 0.7 },
  { name: 'crowded: 100 near neighbours each', spread: 0.2 },
])(
  'over-fetching and rescoring find what a full float search finds: 500 queries, passages $name',
  async ({ spread }) => {
    const dims = 96;
    const count = 2000;
    const random = new Random(SEED);
    const centres = Float32Array.from({ length: 20 * dims }, () => random.normal());
    const vectors = quantizeRows(clustered(random, count, dims, centres, spread), dims);
    const queries = clustered(random, 500, dims, centres, spread);
    const scanner = await openScanner(vectors, { backend: 'wasm' });
    for (let i = 0; i < 500; i++) {
      const query = row(queries, i, dims);
      expect(await scanner.search(query, 10), `seed ${String(SEED)}, query ${String(i)}`).toEqual(
        rankInFloat(vectors, query, 10),
      );
    }
    scanner.dispose();
  },
);

test('gives the same with either backend, for every k', async () => {
  const vectors = randomVectors(700, 40, 1);
  const query = row(dequantizeRows(randomVectors(1, 40, 2)), 0, 40);
  const js = await openScanner(vectors, { backend: 'js' });
  const wasm = await openScanner(vectors, { backend: 'wasm' });
  expect([js.kind, wasm.kind]).toEqual(['js', 'wasm']);
  for (const k of [0, 1, 10, 300, 700, 5000]) {
    const hits = await js.search(query, k);
    expect(await wasm.search(query, k)).toEqual(hits);
    expect(hits.rows).toHaveLength(Math.min(k, 700));
  }
  expect(await js.search(query, 5000)).toEqual(rankInFloat(vectors, query, 5000));
  expect(wasm.bytesLive).toBeGreaterThan(700 * 40);
  wasm.dispose();
  js.dispose();
  expect(wasm.bytesLive).toBe(0);
  await expect(wasm.search(query, 1)).rejects.toMatchObject({ code: 'closed' });
});

test('duplicates come in the order of their rows, zero vectors score 0', async () => {
  const matrix = new Float32Array(8 * 4);
  for (const i of [1, 3, 6]) matrix.set([0.5, 0.5, 0.5, 0.5], i * 4);
  matrix.set([-1, 0, 0, 0], 5 * 4);
  const scanner = await openScanner(quantizeRows(matrix, 4));
  const { rows, scores } = await scanner.search(new Float32Array([0.5, 0.5, 0.5, 0.5]), 8);
  expect([...rows]).toEqual([1, 3, 6, 0, 2, 4, 7, 5]);
  expect([...scores].slice(3, 7)).toEqual([0, 0, 0, 0]);
});

test('auto takes WASM for a small index and refuses nothing', async () => {
  const scanner = await openScanner(randomVectors(10, 8, 1));
  expect(scanner).toMatchObject({ kind: 'wasm', refused: [] });
});

test('what cannot run here is passed over without a word, what computes wrongly with the reason', async () => {
  const vectors = randomVectors(10, 8, 1);
  const wrong: Candidate['open'] = async (own) => {
    const backend = await openWasm(own);
    return {
      ...backend,
      topK: (query, ...rest) =>
        backend.topK(
          query.map((code) => -code),
          ...rest,
        ),
    };
  };
  const relaxed = (isPossible: boolean): Candidate => ({
    kind: 'wasm',
    open: wrong,
    isPossible: () => Promise.resolve(isPossible),
  });
  const plain: Candidate = { kind: 'wasm', open: (own) => openWasm(own) };
  expect(await openChain(vectors, [relaxed(false), plain])).toMatchObject({ kind: 'wasm', refused: [] });
  expect(await openChain(vectors, [relaxed(true), plain])).toMatchObject({
    kind: 'wasm',
    refused: [{ device: 'wasm', reason: expect.stringContaining('another result') as string }],
  });
});

test('two candidates that fail alike are refused once', async () => {
  const vectors = randomVectors(10, 8, 1);
  const forbidden: Candidate = { kind: 'wasm', open: () => Promise.reject(new Error('forbidden by the policy')) };
  const scanner = await openChain(vectors, [forbidden, { ...forbidden }, { kind: 'js', open: openJs }]);
  expect(scanner).toMatchObject({ kind: 'js', refused: [{ device: 'wasm', reason: 'forbidden by the policy' }] });
});

describe('auto, by a clock that queries alone move', () => {
  const vectors = randomVectors(10, 8, 1);
  let nowMs = 0;
  const disposed: string[] = [];
  afterEach(() => {
    vi.restoreAllMocks();
    disposed.length = 0;
  });
  /** @param msOf the time of the n-th query of the real vectors; the self-test has others */
  const candidate = (kind: 'webgpu' | 'wasm', msOf: (n: number) => number): Candidate => ({
    kind,
    open: async (own) => {
      const backend = await openJs(own);
      let queries = 0;
      const topK: ScanBackend['topK'] = (query, ...rest) => {
        if (own === vectors) nowMs += msOf(queries++);
        return backend.topK(query, ...rest);
      };
      const dispose = (): void => {
        if (own === vectors) disposed.push(kind);
        backend.dispose();
      };
      return { ...backend, kind, topK, dispose };
    },
  });
  const opened = async (
    gpu: Candidate,
    wasmMs: (n: number) => number,
    { refusal = null, kept = null }: { refusal?: string | null; kept?: ScanChoice | null } = {},
  ) => {
    vi.spyOn(performance, 'now').mockImplementation(() => nowMs);
    const factsOf = vi.fn(() => Promise.resolve({ name: 'a browser, a GPU', refusal }));
    const { kind, refused, choice } = await openFastest(vectors, [gpu, candidate('wasm', wasmMs)], factsOf, kept);
    return { kind, refused, choice, asked: factsOf.mock.calls.length };
  };
  const where = 'a browser, a GPU, 10 × 8';

  test('does not ask for a GPU where a query takes less than a GPU needs to answer', async () => {
    expect(
      await opened(
        candidate('webgpu', () => 0),
        () => 1.9,
      ),
    ).toEqual({ kind: 'wasm', refused: [], choice: null, asked: 0 });
    expect(disposed).toEqual([]);
  });

  test('takes a GPU that is faster, judged by the fastest of its queries, and lets the other go', async () => {
    const gpu = candidate('webgpu', (n) => (n === 0 ? 40 : 3));
    expect(await opened(gpu, () => 4)).toEqual({
      kind: 'webgpu',
      refused: [],
      choice: { where, reason: null },
      asked: 1,
    });
    expect(disposed).toEqual(['wasm']);
  });

  test('leaves a GPU that is slower, says so, and releases it', async () => {
    expect(
      await opened(
        candidate('webgpu', () => 9),
        () => 4,
      ),
    ).toEqual({
      kind: 'wasm',
      refused: [{ device: 'webgpu', reason: 'A query takes 9.0 ms there and 4.0 ms here.' }],
      choice: { where, reason: 'A query takes 9.0 ms there and 4.0 ms here.' },
      asked: 1,
    });
    expect(disposed).toEqual(['webgpu']);
  });

  test('a trial ends after its time, however slow a query is', async () => {
    const before = nowMs;
    await opened(
      candidate('webgpu', () => 60),
      () => 60,
    );
    expect(nowMs - before).toBe(120);
  });

  test.each([
    ['The WebGPU adapter is software.', candidate('webgpu', () => 1), 'The WebGPU adapter is software.'],
    [
      'no device',
      { kind: 'webgpu', open: () => Promise.reject(new EraError('no-webgpu', 'no device')) } as const,
      null,
    ],
  ])('says why a GPU was not tried or did not open, which is no choice: %s', async (expected, gpu, refusal) => {
    expect(await opened(gpu, () => 4, { refusal })).toEqual({
      kind: 'wasm',
      refused: [{ device: 'webgpu', reason: expected }],
      choice: null,
      asked: 1,
    });
    expect(disposed).toEqual([]);
  });

  const slow = candidate('webgpu', () => 9);
  const fast = candidate('webgpu', () => 1);
  const before: ScanChoice = { where, reason: null };
  const beforeIsSlow: ScanChoice = { where, reason: 'A query takes 9.0 ms there and 4.0 ms here.' };

  test('a choice that was kept is followed without a query', async () => {
    const start = nowMs;
    expect(await opened(slow, () => 4, { kept: before })).toEqual({
      kind: 'webgpu',
      refused: [],
      choice: before,
      asked: 1,
    });
    expect(await opened(fast, () => 4, { kept: beforeIsSlow })).toEqual({
      kind: 'wasm',
      refused: [{ device: 'webgpu', reason: beforeIsSlow.reason }],
      choice: beforeIsSlow,
      asked: 1,
    });
    expect(nowMs).toBe(start);
  });

  test('a choice of another place is made anew', async () => {
    const elsewhere = { ...beforeIsSlow, where: 'a browser, another GPU, 10 × 8' };
    expect(await opened(fast, () => 4, { kept: elsewhere })).toMatchObject({ kind: 'webgpu', choice: before });
  });

  test('a GPU that was chosen is tested all the same, and dropped where it fails', async () => {
    const wrong: Candidate = {
      kind: 'webgpu',
      open: async (own) => {
        const backend = await openJs(own);
        return { ...backend, kind: 'webgpu', topK: (query, k) => backend.topK(query, k - 1) };
      },
    };
    expect(await opened(wrong, () => 4, { kept: before })).toMatchObject({
      kind: 'wasm',
      refused: [{ device: 'webgpu', reason: expect.stringContaining('another result') as string }],
      choice: null,
    });
  });

  test('a GPU that is lost during its trial is released, and its error told', async () => {
    const lost = candidate('webgpu', () => {
      throw new EraError('gpu-lost', 'it went away');
    });
    expect(await opened(lost, () => 4)).toMatchObject({ kind: 'wasm', refused: [{ reason: 'it went away' }] });
    expect(disposed).toEqual(['webgpu']);
  });
});

test('WebGPU asked for where there is none: the next of the chain, with the reason', async () => {
  const scanner = await openScanner(randomVectors(10, 8, 1), { backend: 'webgpu' });
  expect(scanner.kind).toBe('wasm');
  expect(scanner.refused).toEqual([{ device: 'webgpu', reason: expect.any(String) as string }]);
});

test('refuses invalid queries and invalid vectors', async () => {
  const scanner = await openScanner(randomVectors(10, 8, 1));
  await expect(scanner.search(new Float32Array(16).fill(1), 1)).rejects.toMatchObject({ code: 'dimension-mismatch' });
  await expect(scanner.search(new Float32Array(8), 1)).rejects.toMatchObject({ code: 'not-finite' });
  await expect(scanner.search(new Float32Array(8).fill(NaN), 1)).rejects.toMatchObject({ code: 'not-finite' });
  await expect(scanner.search(new Float32Array(8).fill(1), -1)).rejects.toMatchObject({ code: 'invalid-input' });
  await expect(openScanner({ codes: new Int8Array(0), scales: new Float32Array(0), dims: 8 })).rejects.toMatchObject({
    code: 'empty-corpus',
  });
  await expect(openScanner({ codes: new Int8Array(9), scales: new Float32Array(1), dims: 8 })).rejects.toMatchObject({
    code: 'dimension-mismatch',
  });
});

test('a backend that ranks wrongly fails its self-test and is not used', async () => {
  const swapped = async (vectors: QuantizedVectors): Promise<ScanBackend> => {
    const backend = await openJs(vectors);
    const topK: ScanBackend['topK'] = async (query, ...rest) => {
      const { rows, scores } = await backend.topK(query, ...rest);
      return { rows: rows.reverse(), scores };
    };
    return { ...backend, topK };
  };
  const scanner = await openChain(randomVectors(10, 8, 1), [
    { kind: 'wasm', open: swapped },
    { kind: 'js', open: openJs },
  ]);
  expect(scanner.kind).toBe('js');
  expect(scanner.refused).toEqual([{ device: 'wasm', reason: expect.stringContaining('rank 1') as string }]);
});

test('queries that lose the GPU together all get their answer from one successor', async () => {
  const vectors = randomVectors(50, 8, 1);
  let lost = false;
  let opened = 0;
  const losable = async (rows: QuantizedVectors): Promise<ScanBackend> => {
    const backend = await openJs(rows);
    const topK: ScanBackend['topK'] = (...asked) =>
      lost ? Promise.reject(new EraError('gpu-lost', 'lost')) : backend.topK(...asked);
    return { ...backend, kind: 'webgpu', topK };
  };
  const counted = (rows: QuantizedVectors): Promise<ScanBackend> => {
    if (rows === vectors) opened++;
    return openWasm(rows);
  };
  const scanner = await openChain(vectors, [
    { kind: 'webgpu', open: losable },
    { kind: 'wasm', open: counted },
  ]);
  const queries = dequantizeRows(randomVectors(5, 8, 2));
  lost = true;
  const answers = await Promise.all(Array.from({ length: 5 }, (_, i) => scanner.search(row(queries, i, 8), 10)));
  expect(answers).toEqual(Array.from({ length: 5 }, (_, i) => rankInFloat(vectors, row(queries, i, 8), 10)));
  expect(scanner.kind).toBe('wasm');
  expect(scanner.refused).toEqual([{ device: 'webgpu', reason: 'lost' }]);
  expect(opened).toBe(1);
});

/** A GPU that `lose` takes away, and whether its memory has been released. */
function losableGpu(): {
  readonly candidate: Candidate;
  readonly lose: () => void;
  readonly isReleased: () => boolean;
} {
  let isLost = false;
  let isReleased = false;
  const open = async (rows: QuantizedVectors): Promise<ScanBackend> => {
    const backend = await openJs(rows);
    const topK: ScanBackend['topK'] = (...asked) =>
      isLost ? Promise.reject(new EraError('gpu-lost', 'lost')) : backend.topK(...asked);
    const dispose = (): void => {
      isReleased = isLost; // not those of the self-test
      backend.dispose();
    };
    return { ...backend, kind: 'webgpu', topK, dispose };
  };
  return { candidate: { kind: 'webgpu', open }, lose: () => (isLost = true), isReleased: () => isReleased };
}

test('a backend is given the sets that leave rows out', async () => {
  const vectors = randomVectors(50, 8, 1);
  const given: (Accepted | undefined)[] = [];
  const open = async (rows: QuantizedVectors): Promise<ScanBackend> => {
    const backend = await openJs(rows);
    const topK: ScanBackend['topK'] = (query, k, accepted) => {
      if (rows === vectors) given.push(accepted);
      return backend.topK(query, k, accepted);
    };
    return { ...backend, topK };
  };
  const scanner = await openChain(vectors, [{ kind: 'js', open }]);
  const query = row(dequantizeRows(randomVectors(1, 8, 2)), 0, 8);
  const [all, some] = [new Uint8Array(50).fill(1), Uint8Array.from({ length: 50 }, (_, i) => Number(i > 3))];
  expect(await scanner.search(query, 5, all)).toEqual(await scanner.search(query, 5));
  await scanner.search(query, 5, some);
  await scanner.search(query, 5, all);
  expect(given).toEqual([undefined, undefined, some, undefined]);
  await expect(scanner.search(query, 5, new Uint8Array(49).fill(1))).rejects.toMatchObject({
    code: 'dimension-mismatch',
  });
});

test('what a lost GPU has allocated is released once there is a successor', async () => {
  const { candidate, lose, isReleased } = losableGpu();
  const scanner = await openChain(randomVectors(50, 8, 1), [candidate, { kind: 'js', open: openJs }]);
  lose();
  await scanner.search(row(dequantizeRows(randomVectors(1, 8, 2)), 0, 8), 5);
  expect([scanner.kind, isReleased()]).toEqual(['js', true]);
});

test('a successor that opens after the scanner was closed is released too', async () => {
  const vectors = randomVectors(50, 8, 1);
  const { candidate, lose } = losableGpu();
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  let successor: ScanBackend | undefined;
  const open = async (rows: QuantizedVectors): Promise<ScanBackend> => {
    if (rows !== vectors) return openWasm(rows);
    await held;
    return (successor = await openWasm(rows));
  };
  const scanner = await openChain(vectors, [candidate, { kind: 'wasm', open }]);
  lose();
  const search = scanner.search(row(dequantizeRows(randomVectors(1, 8, 2)), 0, 8), 5);
  const outcome = expect(search).rejects.toMatchObject({ code: 'closed' });
  scanner.dispose();
  release();
  await outcome;
  expect(successor?.bytesLive).toBe(0);
});

test('fetches four times as many as asked, at least 64 more, at most all', () => {
  expect([
    overfetch(0, 1000),
    overfetch(1, 1000),
    overfetch(10, 1000),
    overfetch(100, 1000),
    overfetch(300, 1000),
    overfetch(10, 30),
  ]).toEqual([0, 65, 74, 400, 1000, 30]);
});
