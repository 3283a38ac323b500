// The WGSL of products of many queries with a block of rows. row-dots.ts defines the layouts.

/** Queries and rows of a thread, and what its sums are multiples of. */
export const GROUP = 4;
/** Threads of a workgroup along the groups of rows, which lie side by side in memory, and along those of queries. */
const ROW_THREADS = 16;
const QUERY_THREADS = 4;

/** Workgroups for a number of groups of rows and of queries. */
export function dotsWorkgroups(rowGroups: number, queryGroups: number): [number, number] {
  return [Math.ceil(rowGroups / ROW_THREADS), Math.ceil(queryGroups / QUERY_THREADS)];
}

export const dotsShader: string = /* wgsl */ `
struct Block {
  rowGroups: u32,
  queryGroups: u32,
  columns: u32, // of four numbers
}
// Column by column, group by group: four codes of each of the group's four rows.
@group(0) @binding(0) var<storage, read> codes: array<vec4<u32>>;
@group(0) @binding(1) var<storage, read> scales: array<vec4<f32>>;
@group(0) @binding(2) var<uniform> block: Block;
@group(0) @binding(3) var<storage, read> queries: array<vec4<f32>>;
// Query by query, group of rows by group of rows.
@group(0) @binding(4) var<storage, read_write> dots: array<vec4<f32>>;

// A left then a right shift of a signed number extends the sign of each byte.
fn numbers(word: u32) -> vec4<f32> {
  return vec4<f32>((vec4<i32>(bitcast<i32>(word)) << vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u));
}

@compute @workgroup_size(${ROW_THREADS}, ${QUERY_THREADS})
fn dots_of_block(@builtin(global_invocation_id) thread: vec3<u32>) {
  let rows = thread.x;
  if (rows >= block.rowGroups || thread.y >= block.queryGroups) {
    return;
  }
  let query = thread.y * ${GROUP}u;
  var sums = array<vec4<f32>, ${GROUP}>();
  for (var column = 0u; column < block.columns; column++) {
    let words = codes[column * block.rowGroups + rows];
    let a = numbers(words.x);
    let b = numbers(words.y);
    let c = numbers(words.z);
    let d = numbers(words.w);
    for (var i = 0u; i < ${GROUP}u; i++) {
      let q = queries[(query + i) * block.columns + column];
      sums[i] += vec4<f32>(dot(a, q), dot(b, q), dot(c, q), dot(d, q));
    }
  }
  for (var i = 0u; i < ${GROUP}u; i++) {
    dots[(query + i) * block.rowGroups + rows] = sums[i] * scales[rows];
  }
}`;
