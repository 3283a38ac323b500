// The WGSL of the GPU backend. Every row is scored and put into a bin by its score; the bins are counted, the least bin
// that belongs to the k best is found, and the rows of it and of those above it are collected. Which of these are the k
// best, JavaScript decides. segments.ts defines the layout of the vectors.

/** Rows of a block, and threads of the workgroup that scores it: one thread a row. */
export const BLOCK_ROWS = 64;
/**
 * Bins of equal width from 0 to about the highest possible score; lower and higher ones are in the first and the last.
 * More take software adapters seconds to compile.
 */
export const BINS = 512;
/** The bin of a row that is not accepted. */
export const NO_BIN = 0xffffffff;
/** Threads that count and collect; every device has as many. */
const THREADS = 256;
const MOST_WORKGROUPS = 1024;
/** Workgroups that count or collect share all hits. */
export function selectWorkgroups(hits: number): number {
  return Math.min(MOST_WORKGROUPS, Math.ceil(hits / (4 * THREADS)));
}

const HIT = /* wgsl */ `
struct Hit {
  score: f32,
  bin: u32,
}`;

const DOT4_PACKED = /* wgsl */ `
fn dot4(a: u32, b: u32) -> i32 {
  return dot4I8Packed(a, b);
}`;

/** The same in plain arithmetic: a left then a right shift of a signed number extends the sign of each byte. */
const DOT4_UNPACKED = /* wgsl */ `
fn bytes(word: u32) -> vec4<i32> {
  return (vec4<i32>(bitcast<i32>(word)) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u);
}
fn dot4(a: u32, b: u32) -> i32 {
  let p = bytes(a) * bytes(b);
  return p.x + p.y + p.z + p.w;
}`;

/** @param packed use the built-in 4 × int8 dot product (language feature packed_4x8_integer_dot_product) */
export function scoreShader(packed: boolean): string {
  return /* wgsl */ `${packed ? 'requires packed_4x8_integer_dot_product;' : ''}
${HIT}
struct Segment {
  firstRow: u32,
  rowCount: u32,
  columns: u32, // of 16 codes
}
struct Query {
  binsPerScore: f32,
  codes: array<vec4<u32>>,
}
// Block by block, column by column, row by row: adjacent threads read adjacent memory.
@group(0) @binding(0) var<storage, read> codes: array<vec4<u32>>;
// Below 0 for a row that is not accepted.
@group(0) @binding(1) var<storage, read> scales: array<f32>;
@group(0) @binding(2) var<uniform> segment: Segment;
@group(0) @binding(3) var<storage, read> query: Query;
@group(0) @binding(4) var<storage, read_write> hits: array<Hit>;
${packed ? DOT4_PACKED : DOT4_UNPACKED}

@compute @workgroup_size(${BLOCK_ROWS})
fn score(@builtin(workgroup_id) block: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  var sum = 0i;
  var at = block.x * segment.columns * ${BLOCK_ROWS}u + lane;
  for (var column = 0u; column < segment.columns; column++) {
    let a = codes[at];
    let b = query.codes[column];
    sum += dot4(a.x, b.x) + dot4(a.y, b.y) + dot4(a.z, b.z) + dot4(a.w, b.w);
    at += ${BLOCK_ROWS}u;
  }
  let row = block.x * ${BLOCK_ROWS}u + lane;
  if (row < segment.rowCount) {
    let scale = scales[row];
    let score = select(f32(sum) * scale, 0.0, scale == 0.0);
    let bin = min(u32(max(score * query.binsPerScore, 0.0)), ${BINS - 1}u);
    hits[segment.firstRow + row] = Hit(score, select(bin, ${NO_BIN}u, scale < 0.0));
  }
}`;
}

/** Adds the number of hits of each bin. */
export const countShader: string = /* wgsl */ `${HIT}
@group(0) @binding(0) var<storage, read> hits: array<Hit>;
@group(0) @binding(1) var<storage, read_write> counts: array<atomic<u32>, ${BINS}>;
var<workgroup> own: array<atomic<u32>, ${BINS}>;

@compute @workgroup_size(${THREADS})
fn count(
  @builtin(global_invocation_id) first: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
  @builtin(local_invocation_index) thread: u32,
) {
  for (var i = first.x; i < arrayLength(&hits); i += workgroups.x * ${THREADS}u) {
    let bin = hits[i].bin;
    if (bin < ${BINS}u) {
      atomicAdd(&own[bin], 1u);
    }
  }
  workgroupBarrier();
  for (var bin = thread; bin < ${BINS}u; bin += ${THREADS}u) {
    let found = atomicLoad(&own[bin]);
    if (found > 0u) {
      atomicAdd(&counts[bin], found);
    }
  }
}`;

/** Finds the highest bin that has the k-th hit in it or above it; the first bin where there are fewer hits. */
export const leastBinShader: string = /* wgsl */ `
struct Selection {
  k: u32,
}
@group(0) @binding(0) var<storage, read> counts: array<u32, ${BINS}>;
@group(0) @binding(1) var<storage, read_write> leastBin: u32;
@group(0) @binding(2) var<uniform> selection: Selection;
var<workgroup> sums: array<u32, ${THREADS}>;

@compute @workgroup_size(${THREADS})
fn find_least_bin(@builtin(local_invocation_index) thread: u32) {
  for (var i = 0u; i < ${BINS / THREADS}u; i++) {
    sums[thread] += counts[thread * ${BINS / THREADS}u + i];
  }
  workgroupBarrier();
  if (thread == 0u) {
    var found = 0u;
    var part = ${THREADS - 1}u;
    while (part > 0u && found + sums[part] < selection.k) {
      found += sums[part];
      part--;
    }
    var bin = part * ${BINS / THREADS}u + ${BINS / THREADS - 1}u;
    while (bin > part * ${BINS / THREADS}u && found + counts[bin] < selection.k) {
      found += counts[bin];
      bin--;
    }
    leastBin = bin;
  }
}`;

/** Writes the hits of the least bin and above, in any order, and how many there are, also where they do not fit. */
export const collectShader: string = /* wgsl */ `${HIT}
struct Row {
  score: f32,
  row: u32,
}
struct Collected {
  count: atomic<u32>,
  rows: array<Row>,
}
@group(0) @binding(0) var<storage, read> hits: array<Hit>;
@group(0) @binding(1) var<storage, read> leastBin: u32;
@group(0) @binding(2) var<storage, read_write> collected: Collected;

@compute @workgroup_size(${THREADS})
fn collect(
  @builtin(global_invocation_id) first: vec3<u32>,
  @builtin(num_workgroups) workgroups: vec3<u32>,
) {
  for (var i = first.x; i < arrayLength(&hits); i += workgroups.x * ${THREADS}u) {
    let hit = hits[i];
    if (hit.bin >= leastBin && hit.bin < ${BINS}u) {
      let at = atomicAdd(&collected.count, 1u);
      if (at < arrayLength(&collected.rows)) {
        collected.rows[at] = Row(hit.score, i);
      }
    }
  }
}`;
