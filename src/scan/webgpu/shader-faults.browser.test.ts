// One fault after another in each shader of the scan: the self-test before first use finds each.

import { expect, test } from 'vitest';
import { selfTest } from '../self-test.ts';
import { openInSegments } from '../webgpu.ts';
import { requestGpuDevice } from './device.ts';

/** Five columns, the last one not full. */
const DIMS = 70;

async function expectRefused(
  shader: 'score' | 'select',
  packedDot: boolean,
  right: string,
  wrong: string,
): Promise<void> {
  const device = await requestGpuDevice();
  const create = device.createShaderModule.bind(device);
  let spoilt = 0;
  device.createShaderModule = (descriptor) => {
    const code = descriptor.label === shader ? descriptor.code.replace(right, wrong) : descriptor.code;
    if (code !== descriptor.code) spoilt++;
    return create({ ...descriptor, code });
  };
  await expect(selfTest((vectors) => openInSegments(vectors, { device, packedDot }), DIMS)).rejects.toMatchObject({
    code: 'self-test-failed',
  });
  expect(spoilt).toBe(1);
  device.destroy();
}

test.each([true, false])('the shaders as they are pass, packed: %s', async (packedDot) => {
  await selfTest((vectors) => openInSegments(vectors, { packedDot }), DIMS);
});

test.each([
  ['takes bytes without their sign', 'dot4I8Packed(a, b)', 'i32(dot4U8Packed(a, b))'],
  ['multiplies a word with itself', 'dot4I8Packed(a, b)', 'dot4I8Packed(a, a)'],
])('a packed product that %s is not used', (_, right, wrong) => expectRefused('score', true, right, wrong));

test.each([
  [
    'takes bytes without their sign',
    '<< vec4<u32>(24u, 16u, 8u, 0u)) >> vec4<u32>(24u)',
    '>> vec4<u32>(0u, 8u, 16u, 24u)) & vec4<i32>(255)',
  ],
  ['takes the bytes of a word in another order', 'bytes(a) * bytes(b)', 'bytes(a) * bytes(b).yxzw'],
  ['takes a byte twice', 'vec4<u32>(24u, 16u, 8u, 0u)', 'vec4<u32>(24u, 16u, 8u, 8u)'],
  ['loses the last byte', 'p.z + p.w', 'p.z'],
])('an unpacked product that %s is not used', (_, right, wrong) => expectRefused('score', false, right, wrong));

test.each([
  ['leaves out the last word of a column', ' + dot4(a.w, b.w)', ''],
  ['takes a word twice', 'dot4(a.w, b.w)', 'dot4(a.z, b.z)'],
  ['leaves out the last column', 'column < segment.columns', 'column + 1u < segment.columns'],
  ['takes the same column of the query', 'query[column]', 'query[0]'],
  ['takes the next column of the query', 'query[column]', 'query[min(column + 1u, segment.columns - 1u)]'],
  ['keeps the last column alone', 'sum += dot4', 'sum = dot4'],
  ['stays at the first column', 'at += 64u', 'at += 0u'],
  ['takes a step that is too short', 'at += 64u', 'at += 63u'],
  ['starts one row too late', 'segment.columns * 64u + lane', 'segment.columns * 64u + lane + 1u'],
  ['takes blocks for rows', 'block.x * segment.columns * 64u + lane', '(block.x * 64u + lane) * segment.columns'],
  ['scores the first block alone', 'var at = block.x', 'var at = 0u'],
  ['stores all blocks over the first', 'let row = block.x', 'let row = 0u'],
  ['takes the scale of the next row', 'scales[row]', 'scales[min(row + 1u, segment.rowCount - 1u)]'],
  ['takes the scales of the first block', 'scales[row]', 'scales[lane]'],
  ['forgets the scale', 'f32(sum) * scale', 'f32(sum)'],
  ['computes in half the precision', 'f32(sum) * scale', 'quantizeToF16(f32(sum) * scale)'],
  ['sums in sixteen bits', 'f32(sum) * scale', 'f32((sum << 16u) >> 16u) * scale'],
  ['loses the last row', 'row < segment.rowCount', 'row + 1u < segment.rowCount'],
  ['loses a last block that is not full', 'row < segment.rowCount', 'row < segment.rowCount / 64u * 64u'],
  ['names rows as in the first segment', 'scale == 0.0), segment.firstRow + row', 'scale == 0.0), row'],
  ['stores segments over each other', 'hits[segment.firstRow + row] = hit', 'hits[row] = hit'],
  ['stores a row elsewhere', 'hits[segment.firstRow + row] = hit', 'hits[segment.firstRow + (row ^ 1u)] = hit'],
  ['does not filter', 'if (scale < 0.0)', 'if (scale < -1.0)'],
  ['filters zero vectors', 'if (scale < 0.0)', 'if (scale <= 0.0)'],
  [
    'lets a row that is not accepted keep its number',
    '+ row] = NONE',
    '+ row] = Hit(NONE.score, segment.firstRow + row)',
  ],
  ['gives a row that is not accepted a middling score', 'Hit(-3.40282346638528859812e+38', 'Hit(0.0'],
])('a score shader that %s is not used', (_, right, wrong) => expectRefused('score', true, right, wrong));

// Without its last barrier it computes rightly wherever threads run in order, as on a software adapter.
test.each([
  ['prefers the larger of two rows', 'a.row < b.row', 'a.row > b.row'],
  ['leaves the order of equal scores open', ' || (a.score == b.score && a.row < b.row)', ''],
  ['looks at rows alone where scores differ', 'a.score == b.score && ', 'a.score < b.score && '],
  ['sorts the other way', '(low & size) == 0u', '(low & size) != 0u'],
  ['sorts every part one way', '(low & size) == 0u', 'size > 0u'],
  ['leaves out the first step of a merge', 'var step = size >> 1u', 'var step = size >> 2u'],
  ['leaves out the last step of a merge', 'step > 0u', 'step > 1u'],
  ['leaves out the last merge', 'size <= 512u', 'size < 512u'],
  ['starts before the tile is full', '      workgroupBarrier();\n', ''],
  ['takes neighbours twice', 'thread & (step - 1u)', 'thread & step'],
  ['keeps one of two that it swaps', 'tile[low + step] = a;', ''],
  ['loads half a tile', 'candidate(first + 256u)', 'NONE'],
  ['loads the first tile alone', 'group.x * 512u + thread', 'thread'],
  ['loses the last candidate', 'i < selection.count', 'i + 1u < selection.count'],
  ['reads one candidate too many', 'i < selection.count', 'i <= selection.count'],
  ['reads whatever is there', 'i < selection.count', 'i < arrayLength(&candidates)'],
  ['loses the k-th', 'thread < selection.keep', 'thread + 1u < selection.keep'],
  ['writes tiles over each other', 'selected[group.x * selection.keep + thread]', 'selected[thread]'],
  ['writes tiles with gaps', 'group.x * selection.keep + thread]', 'group.x * (selection.keep + 1u) + thread]'],
  ['fills a tile with scores that are no least ones', 'Hit(-3.40282346638528859812e+38', 'Hit(0.0'],
  ['fills a tile with a row', '0xffffffffu', '0u'],
])('a select shader that %s is not used', async (_, right, wrong) => {
  await expectRefused('select', true, right, wrong);
});
