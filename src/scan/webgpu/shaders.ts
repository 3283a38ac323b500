// The WGSL of the GPU backend: one pass scores the rows of a segment, another keeps the best of every tile and is
// repeated until one tile is left. segments.ts defines the layouts.

/** Rows of a block, and threads of the workgroup that scores it: one thread a row. */
export const BLOCK_ROWS = 64;
/**
 * Hits that one workgroup selects from: two for each of the 256 threads that every device has. Larger tiles take
 * software adapters seconds to compile.
 */
export const TILE_HITS = 512;
/** Most hits a tile may keep: every pass then leaves at most half. */
export const MAX_SELECTED = 256;

/** Order everywhere: higher score first, smaller row first where scores are equal. */
const HIT = /* wgsl */ `
struct Hit {
  score: f32,
  row: u32,
}`;

/** Sorts after every real hit. */
const NONE = /* wgsl */ `
const NONE = Hit(-3.40282346638528859812e+38, 0xffffffffu);`;

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
${NONE}
struct Segment {
  firstRow: u32,
  rowCount: u32,
  columns: u32, // of 16 codes
}
// Block by block, column by column, row by row; the scale of a row that is not accepted is below 0: adjacent threads read adjacent memory.
@group(0) @binding(0) var<storage, read> codes: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> scales: array<f32>;
@group(0) @binding(2) var<uniform> segment: Segment;
@group(0) @binding(3) var<storage, read> query: array<vec4<u32>>;
@group(0) @binding(4) var<storage, read_write> hits: array<Hit>;
${packed ? DOT4_PACKED : DOT4_UNPACKED}

@compute @workgroup_size(${BLOCK_ROWS})
fn score(@builtin(workgroup_id) block: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
  var sum = 0i;
  var at = block.x * segment.columns * ${BLOCK_ROWS}u + lane;
  for (var column = 0u; column < segment.columns; column++) {
    let a = codes[at];
    let b = query[column];
    sum += dot4(a.x, b.x) + dot4(a.y, b.y) + dot4(a.z, b.z) + dot4(a.w, b.w);
    at += ${BLOCK_ROWS}u;
  }
  let row = block.x * ${BLOCK_ROWS}u + lane;
  if (row < segment.rowCount) {
    let scale = scales[row];
    let hit = Hit(select(f32(sum) * scale, 0.0, scale == 0.0), segment.firstRow + row);
    if (scale < 0.0) {
      hits[segment.firstRow + row] = NONE;
    } else {
      hits[segment.firstRow + row] = hit;
    }
  }
}`;
}

/** Sorts each tile of hits in workgroup memory (bitonic) and writes its first `keep`. */
export const selectShader: string = /* wgsl */ `${HIT}
${NONE}
struct Selection {
  count: u32, // hits to select from
  keep: u32, // hits each tile writes
}
@group(0) @binding(0) var<storage, read> candidates: array<Hit>;
@group(0) @binding(1) var<storage, read_write> selected: array<Hit>;
@group(0) @binding(2) var<uniform> selection: Selection;
var<workgroup> tile: array<Hit, ${TILE_HITS}>;

fn precedes(a: Hit, b: Hit) -> bool {
  return a.score > b.score || (a.score == b.score && a.row < b.row);
}

fn candidate(i: u32) -> Hit {
  if (i < selection.count) {
    return candidates[i];
  }
  return NONE;
}

@compute @workgroup_size(${TILE_HITS / 2})
fn select_best(@builtin(workgroup_id) group: vec3<u32>, @builtin(local_invocation_index) thread: u32) {
  let first = group.x * ${TILE_HITS}u + thread;
  tile[thread] = candidate(first);
  tile[thread + ${TILE_HITS / 2}u] = candidate(first + ${TILE_HITS / 2}u);
  for (var size = 2u; size <= ${TILE_HITS}u; size <<= 1u) {
    for (var step = size >> 1u; step > 0u; step >>= 1u) {
      workgroupBarrier();
      let low = 2u * thread - (thread & (step - 1u));
      let a = tile[low];
      let b = tile[low + step];
      let bestFirst = (low & size) == 0u;
      if (precedes(b, a) == bestFirst) {
        tile[low] = b;
        tile[low + step] = a;
      }
    }
  }
  workgroupBarrier();
  if (thread < selection.keep) {
    selected[group.x * selection.keep + thread] = tile[thread];
  }
}`;
