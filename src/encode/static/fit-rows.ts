// Fits the rows of a table to vectors of texts, so that the weighted sum of a text's rows is near its vector: ridge
// regression that is pulled towards the rows of another table, by conjugate gradients. It is convex, has no randomness
// and no learning rate, and a word that no text has keeps its row.

import type { Bags } from './bags.ts';

export interface FitOptions {
  /** Pull towards `prior`: as much as this many texts that have the word alone. */
  readonly lambda: number;
  /** Rounds of conjugate gradients; the result is stopped early, which also regularises. */
  readonly rounds: number;
  /** Awaited between pieces of work; rejects to stop the fit. */
  readonly pause: () => Promise<void>;
}

/** Texts between two pauses: some ten milliseconds of work. */
const TEXTS_A_TURN = 1024;

/**
 * Minimises Σ ‖y − x·T‖² + λ ‖T − T₀‖² over T.
 * @param bags x, one for each text
 * @param targets y: [texts, dims], row-major
 * @param prior T₀: [rows, dims], row-major; not changed
 * @returns [rows, dims]
 * @throws what `pause` rejects with
 */
export async function fitRows(
  bags: Bags,
  targets: Float32Array,
  prior: Float32Array,
  dims: number,
  { lambda, rounds, pause }: FitOptions,
): Promise<Float32Array<ArrayBuffer>> {
  const { used, places } = usedRows(bags, prior.length / dims);
  const texts = bags.starts.length - 1;
  const diagonal = new Float64Array(used.length).fill(lambda);
  places.forEach((place, i) => (diagonal[place]! += bags.weights[i]! ** 2));
  const start = new Float32Array(used.length * dims);
  used.forEach((row, place) => start.set(prior.subarray(row * dims, (row + 1) * dims), place * dims));

  /** Adds Σ over texts of xᵀ·(base + sign · x·T) to `out`. */
  const addNormal = async (
    table: Float32Array,
    base: Float32Array | null,
    sign: number,
    out: Float32Array,
  ): Promise<void> => {
    const made = new Float32Array(dims);
    for (let text = 0; text < texts; text++) {
      if (text % TEXTS_A_TURN === 0) await pause();
      if (base) made.set(base.subarray(text * dims, (text + 1) * dims));
      else made.fill(0);
      const from = bags.starts[text]!;
      const end = bags.starts[text + 1]!;
      for (let i = from; i < end; i++) addScaled(made, 0, table, places[i]! * dims, sign * bags.weights[i]!, dims);
      for (let i = from; i < end; i++) addScaled(out, places[i]! * dims, made, 0, bags.weights[i]!, dims);
    }
  };

  const fitted = start.slice();
  const residual = new Float32Array(start.length);
  await addNormal(start, targets, -1, residual);
  const direction = preconditioned(residual, diagonal, dims);
  let before = columnDots(residual, direction, dims);
  for (let round = 0; round < rounds; round++) {
    const product = direction.map((value) => lambda * value);
    await addNormal(direction, null, 1, product);
    const step = divided(before, columnDots(direction, product, dims));
    addByColumn(fitted, direction, step, 1, dims);
    addByColumn(residual, product, step, -1, dims);
    const scaled = preconditioned(residual, diagonal, dims);
    const after = columnDots(residual, scaled, dims);
    addByColumn(scaled, direction, divided(after, before), 1, dims);
    direction.set(scaled);
    before = after;
  }
  const rows = Float32Array.from(prior);
  used.forEach((row, place) => rows.set(fitted.subarray(place * dims, (place + 1) * dims), row * dims));
  return rows;
}

/** The rows that some text has, ascending, and the place of each entry's row among them. */
function usedRows(
  { rows }: Bags,
  count: number,
): { readonly used: Uint32Array<ArrayBuffer>; readonly places: Uint32Array<ArrayBuffer> } {
  const placeOf = new Uint32Array(count);
  for (const row of rows) placeOf[row] = 1;
  const used = Uint32Array.from(placeOf.keys()).filter((row) => placeOf[row] === 1);
  used.forEach((row, place) => (placeOf[row] = place));
  return { used, places: rows.map((row) => placeOf[row]!) };
}

function addScaled(to: Float32Array, at: number, from: Float32Array, start: number, scale: number, dims: number): void {
  for (let j = 0; j < dims; j++) to[at + j] = to[at + j]! + scale * from[start + j]!;
}

function preconditioned(values: Float32Array, diagonal: Float64Array, dims: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length);
  diagonal.forEach((scale, row) => {
    for (let i = row * dims; i < (row + 1) * dims; i++) out[i] = values[i]! / scale;
  });
  return out;
}

/** The columns are separate problems with one matrix, so each has its own steps. */
function columnDots(a: Float32Array, b: Float32Array, dims: number): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(dims);
  for (let at = 0; at < a.length; at += dims) for (let j = 0; j < dims; j++) sums[j]! += a[at + j]! * b[at + j]!;
  return sums;
}

function divided(a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> {
  return a.map((value, j) => (b[j]! > 0 ? value / b[j]! : 0));
}

function addByColumn(to: Float32Array, from: Float32Array, scales: Float64Array, sign: number, dims: number): void {
  for (let at = 0; at < to.length; at += dims)
    for (let j = 0; j < dims; j++) to[at + j] = to[at + j]! + sign * scales[j]! * from[at + j]!;
}
