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

/** Columns that are fitted together: those of the rows of a large site stay in the processor's cache. */
const COLUMNS = 8;
/** Texts between two pauses: some ten milliseconds of work. */
const TEXTS_A_TURN = 16_384;

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
  options: FitOptions,
): Promise<Float32Array<ArrayBuffer>> {
  const { used, places } = usedRows(bags, prior.length / dims);
  const texts = bags.starts.length - 1;
  const rows = Float32Array.from(prior);
  const [y, table] = [new Float32Array(texts * COLUMNS), new Float32Array(used.length * COLUMNS)];
  for (let first = 0; first < dims; first += COLUMNS) {
    // Columns beyond the last are 0, and stay so.
    const count = Math.min(COLUMNS, dims - first);
    if (count < COLUMNS) for (const block of [y, table]) block.fill(0);
    for (let text = 0; text < texts; text++)
      for (let j = 0; j < count; j++) y[text * COLUMNS + j] = targets[text * dims + first + j]!;
    used.forEach((row, place) => {
      for (let j = 0; j < count; j++) table[place * COLUMNS + j] = prior[row * dims + first + j]!;
    });
    const fitted = await fitColumns({ ...bags, rows: places }, y, table, options);
    used.forEach((row, place) => {
      for (let j = 0; j < count; j++) rows[row * dims + first + j] = fitted[place * COLUMNS + j]!;
    });
  }
  return rows;
}

/** As `fitRows`, of eight columns. */
async function fitColumns(
  bags: Bags,
  targets: Float32Array,
  prior: Float32Array,
  { lambda, rounds, pause }: FitOptions,
): Promise<Float32Array<ArrayBuffer>> {
  const diagonal = new Float64Array(prior.length / COLUMNS).fill(lambda);
  bags.rows.forEach((row, i) => (diagonal[row]! += bags.weights[i]! ** 2));
  const fitted = Float32Array.from(prior);
  const residual = new Float32Array(prior.length);
  await addNormal(bags, prior, targets, residual, pause);
  const direction = preconditioned(residual, diagonal);
  let before = columnDots(residual, direction);
  for (let round = 0; round < rounds; round++) {
    const product = direction.map((value) => lambda * value);
    await addNormal(bags, direction, null, product, pause);
    const step = divided(before, columnDots(direction, product));
    addByColumn(fitted, direction, step, 1);
    addByColumn(residual, product, step, -1);
    const scaled = preconditioned(residual, diagonal);
    const after = columnDots(residual, scaled);
    addByColumn(scaled, direction, divided(after, before), 1);
    direction.set(scaled);
    before = after;
  }
  return fitted;
}

/** Adds Σ over texts of xᵀ·(base − x·T) to `out`, or of xᵀ·x·T without a base. */
async function addNormal(
  { starts, rows, weights }: Bags,
  table: Float32Array,
  base: Float32Array | null,
  out: Float32Array,
  pause: () => Promise<void>,
): Promise<void> {
  for (let first = 0; first < starts.length - 1; first += TEXTS_A_TURN) {
    await pause();
    const end = Math.min(starts.length - 1, first + TEXTS_A_TURN);
    addTexts(starts.subarray(first, end + 1), rows, weights, table, base?.subarray(first * COLUMNS), out);
  }
}

/** The eight sums of a text stay in registers. @param starts of some texts, and the end of the last @param base of these */
function addTexts(
  starts: Uint32Array,
  rows: Uint32Array,
  weights: Float32Array,
  table: Float32Array,
  base: Float32Array | undefined,
  out: Float32Array,
): void {
  for (let text = 0; text < starts.length - 1; text++) {
    const from = starts[text]!;
    const end = starts[text + 1]!;
    let [s0, s1, s2, s3, s4, s5, s6, s7] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let i = from; i < end; i++) {
      const weight = weights[i]!;
      const at = rows[i]! * COLUMNS;
      s0 += weight * table[at]!;
      s1 += weight * table[at + 1]!;
      s2 += weight * table[at + 2]!;
      s3 += weight * table[at + 3]!;
      s4 += weight * table[at + 4]!;
      s5 += weight * table[at + 5]!;
      s6 += weight * table[at + 6]!;
      s7 += weight * table[at + 7]!;
    }
    if (base) {
      const at = text * COLUMNS;
      s0 = base[at]! - s0;
      s1 = base[at + 1]! - s1;
      s2 = base[at + 2]! - s2;
      s3 = base[at + 3]! - s3;
      s4 = base[at + 4]! - s4;
      s5 = base[at + 5]! - s5;
      s6 = base[at + 6]! - s6;
      s7 = base[at + 7]! - s7;
    }
    for (let i = from; i < end; i++) {
      const weight = weights[i]!;
      const at = rows[i]! * COLUMNS;
      out[at] = out[at]! + weight * s0;
      out[at + 1] = out[at + 1]! + weight * s1;
      out[at + 2] = out[at + 2]! + weight * s2;
      out[at + 3] = out[at + 3]! + weight * s3;
      out[at + 4] = out[at + 4]! + weight * s4;
      out[at + 5] = out[at + 5]! + weight * s5;
      out[at + 6] = out[at + 6]! + weight * s6;
      out[at + 7] = out[at + 7]! + weight * s7;
    }
  }
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

function preconditioned(values: Float32Array, diagonal: Float64Array): Float32Array<ArrayBuffer> {
  const out = new Float32Array(values.length);
  diagonal.forEach((scale, row) => {
    for (let i = row * COLUMNS; i < (row + 1) * COLUMNS; i++) out[i] = values[i]! / scale;
  });
  return out;
}

/** The columns are separate problems with one matrix, so each has its own steps. */
function columnDots(a: Float32Array, b: Float32Array): Float64Array<ArrayBuffer> {
  const sums = new Float64Array(COLUMNS);
  for (let at = 0; at < a.length; at += COLUMNS) for (let j = 0; j < COLUMNS; j++) sums[j]! += a[at + j]! * b[at + j]!;
  return sums;
}

function divided(a: Float64Array, b: Float64Array): Float64Array<ArrayBuffer> {
  return a.map((value, j) => (b[j]! > 0 ? value / b[j]! : 0));
}

function addByColumn(to: Float32Array, from: Float32Array, scales: Float64Array, sign: number): void {
  for (let at = 0; at < to.length; at += COLUMNS)
    for (let j = 0; j < COLUMNS; j++) to[at + j] = to[at + j]! + sign * scales[j]! * from[at + j]!;
}
