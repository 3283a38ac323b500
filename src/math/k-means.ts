// Lloyd's k-means with the seeding of k-means++ (Arthur & Vassilvitskii 2007). Deterministic: the same vectors give the
// same clusters.

import { openProducts } from './products/open-products.ts';
import { Random } from './random.ts';
import { row, stackRows } from './vector.ts';

export interface Clusters {
  /** [count, dims]: means of the clusters, none of which is empty. */
  readonly centres: Float32Array<ArrayBuffer>;
  /** [vectors]: cluster of each vector. */
  readonly clusterOf: Uint32Array<ArrayBuffer>;
}

export interface KMeansOptions {
  /** Most clusters; there are fewer where vectors are repeated. */
  readonly count: number;
  /** @default 12 */
  readonly rounds?: number | undefined;
  /** Vectors that the centres are made of, chosen at random; all are then assigned. @default 20,000 */
  readonly sample?: number | undefined;
  /** Awaited between pieces of work; rejects to stop. */
  readonly pause: () => Promise<void>;
}

const SEED = 7;
/** Vectors between two pauses. */
const TURN = 256;

/**
 * @param vectors [n, dims], row-major, n ≥ 1
 * @throws what `pause` rejects with
 */
export async function kMeans(
  vectors: Float32Array,
  dims: number,
  { count, rounds = 12, sample = 20_000, pause }: KMeansOptions,
): Promise<Clusters> {
  const n = vectors.length / dims;
  const random = new Random(SEED);
  const ids = random.sample(
    Array.from({ length: n }, (_, i) => i),
    sample,
  );
  const seen = stackRows(
    ids.map((id) => row(vectors, id, dims)),
    dims,
  );
  let centres = await seeds(seen, dims, Math.min(count, ids.length), random, pause);
  for (let round = 0; round < rounds; round++)
    centres = means(seen, dims, await assign(seen, dims, centres, pause), centres);
  const clusterOf = await assign(vectors, dims, centres, pause);
  return withoutEmpty(means(vectors, dims, clusterOf, centres), clusterOf, dims);
}

/** Each next centre is a vector that is chosen by its squared distance to the nearest centre so far. */
async function seeds(
  vectors: Float32Array,
  dims: number,
  count: number,
  random: Random,
  pause: () => Promise<void>,
): Promise<Float32Array<ArrayBuffer>> {
  const n = vectors.length / dims;
  const centres = new Float32Array(count * dims);
  const distances = new Float64Array(n).fill(Infinity);
  let chosen = random.below(n);
  for (let c = 0; c < count; c++) {
    await pause();
    centres.set(row(vectors, chosen, dims), c * dims);
    let sum = 0;
    for (let i = 0; i < n; i++) sum += distances[i] = Math.min(distances[i]!, distance(vectors, i, centres, c, dims));
    if (sum === 0) return centres.slice(0, (c + 1) * dims);
    let rest = random.float() * sum;
    chosen = 0;
    while (chosen + 1 < n && (rest -= distances[chosen]!) > 0) chosen++;
  }
  return centres;
}

/** The nearest centre of each vector, of those that are equally near the first. */
async function assign(
  vectors: Float32Array,
  dims: number,
  centres: Float32Array,
  pause: () => Promise<void>,
): Promise<Uint32Array<ArrayBuffer>> {
  const { products } = openProducts();
  const n = vectors.length / dims;
  const wide = Float64Array.from(centres);
  const count = wide.length / dims;
  /** |centre|² / 2: the nearest centre has the largest product less this. */
  const halves = Float64Array.from({ length: count }, (_, c) => product(centres, c, dims) / 2);
  const clusterOf = new Uint32Array(n);
  const dots = new Float64Array(TURN * count);
  for (let first = 0; first < n; first += TURN) {
    await pause();
    const block = Float64Array.from(vectors.subarray(first * dims, (first + TURN) * dims));
    const end = (block.length / dims) * count;
    const found = dots.subarray(0, end).fill(0);
    products.addTransposed(block, wide, dims, found);
    for (let at = 0, i = first; at < end; i++) {
      let best = -Infinity;
      for (let c = 0; c < count; c++, at++) {
        const near = found[at]! - halves[c]!;
        if (near <= best) continue;
        best = near;
        clusterOf[i] = c;
      }
    }
  }
  return clusterOf;
}

/** A cluster without vectors keeps its centre. */
function means(
  vectors: Float32Array,
  dims: number,
  clusterOf: Uint32Array,
  before: Float32Array,
): Float32Array<ArrayBuffer> {
  const sums = new Float64Array(before.length);
  const counts = new Uint32Array(before.length / dims);
  clusterOf.forEach((cluster, i) => {
    counts[cluster]!++;
    for (let j = 0; j < dims; j++) sums[cluster * dims + j]! += vectors[i * dims + j]!;
  });
  return Float32Array.from(sums, (sum, at) => {
    const members = counts[Math.floor(at / dims)]!;
    return members === 0 ? before[at]! : sum / members;
  });
}

function withoutEmpty(centres: Float32Array, clusterOf: Uint32Array<ArrayBuffer>, dims: number): Clusters {
  const used = [...new Set(clusterOf)].sort((a, b) => a - b);
  const places = new Map(used.map((cluster, place) => [cluster, place]));
  return {
    centres: stackRows(
      used.map((c) => row(centres, c, dims)),
      dims,
    ),
    clusterOf: clusterOf.map((cluster) => places.get(cluster)!),
  };
}

/** Of row i with itself. */
function product(a: Float32Array, i: number, dims: number): number {
  let sum = 0;
  for (let k = i * dims; k < (i + 1) * dims; k++) sum += a[k]! * a[k]!;
  return sum;
}

function distance(a: Float32Array, i: number, b: Float32Array, j: number, dims: number): number {
  let sum = 0;
  for (let k = 0; k < dims; k++) sum += (a[i * dims + k]! - b[j * dims + k]!) ** 2;
  return sum;
}
