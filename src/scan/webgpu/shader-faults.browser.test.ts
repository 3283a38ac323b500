// One fault after another in each shader of the scan: the self-test before first use finds each.

import { expect, test } from 'vitest';
import { selfTest } from '../self-test.ts';
import { openForSelfTest } from '../webgpu.ts';
import { requestGpuDevice } from './device.ts';

/** Five columns, the last one not full. */
const DIMS = 70;

async function expectRefused(
  shader: 'score' | 'count' | 'leastBin' | 'collect',
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
  await expect(selfTest((vectors) => openForSelfTest(vectors, { device, packedDot }), DIMS)).rejects.toMatchObject({
    code: 'self-test-failed',
  });
  expect(spoilt).toBe(1);
  device.destroy();
}

test.each([true, false])('the shaders as they are pass, packed: %s', async (packedDot) => {
  await selfTest((vectors) => openForSelfTest(vectors, { packedDot }), DIMS);
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
  ['takes the same column of the query', 'query.codes[column]', 'query.codes[0]'],
  ['takes the next column of the query', 'query.codes[column]', 'query.codes[min(column + 1u, segment.columns - 1u)]'],
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
  ['stores segments over each other', 'hits[segment.firstRow + row]', 'hits[row]'],
  ['stores a row elsewhere', 'hits[segment.firstRow + row]', 'hits[segment.firstRow + (row ^ 1u)]'],
  ['does not filter', 'scale < 0.0', 'scale < -1.0'],
  ['filters zero vectors', 'scale < 0.0', 'scale <= 0.0'],
  ['filters every other bin', 'select(bin,', 'select(select(bin, 4294967295u, (bin & 1u) == 1u),'],
  ['puts rows below 0 into a high bin', 'max(score * query.binsPerScore, 0.0)', 'abs(score * query.binsPerScore)'],
  [
    'lets bins run over',
    'min(u32(max(score * query.binsPerScore, 0.0)), 511u)',
    'u32(max(score * query.binsPerScore, 0.0)) & 255u',
  ],
])('a score shader that %s is not used', (_, right, wrong) => expectRefused('score', true, right, wrong));

// A count that is too small, or a least bin that is too low, costs time and no answer: more rows are collected, or all.
test.each([
  ['counts all hits in every workgroup', 'i = first.x', 'i = thread'],
  ['counts hits of other workgroups', 'workgroups.x * 256u', '256u'],
  ['counts the bin above', 'own[bin], 1u', 'own[min(bin + 1u, 511u)], 1u'],
  ['counts in twos', 'own[bin], 1u', 'own[bin], 2u'],
  ['writes more than it has counted', 'counts[bin], found', 'counts[bin], found + 1u'],
  ['writes into the bin above', 'counts[bin], found', 'counts[min(bin + 1u, 511u)], found'],
])('a count shader that %s is not used', (_, right, wrong) => expectRefused('count', true, right, wrong));

test.each([
  ['takes the bin above', 'leastBin = bin;', 'leastBin = bin + 1u;'],
  ['takes one too few', 'found + counts[bin] < selection.k', 'found + counts[bin] + 1u < selection.k'],
  ['takes a part too few', 'found + sums[part] < selection.k', 'found + sums[part] < selection.k / 4u'],
  ['ends with the part', 'leastBin = bin;', 'leastBin = part * 2u + 1u;'],
  ['takes sums of another part', 'counts[thread * 2u + i]', 'counts[thread + i * 256u]'],
])('a least bin shader that %s is not used', (_, right, wrong) => expectRefused('leastBin', true, right, wrong));

test.each([
  ['leaves out the least bin', 'hit.bin >= leastBin', 'hit.bin > leastBin'],
  ['collects the least bin alone', 'hit.bin >= leastBin', 'hit.bin == leastBin'],
  ['collects what is not accepted', ' && hit.bin < 512u', ''],
  ['leaves out the last hit', 'arrayLength(&hits)', 'arrayLength(&hits) - 1u'],
  ['leaves out most hits', 'workgroups.x * 256u', 'workgroups.x * 512u'],
  ['collects hits twice', 'workgroups.x * 256u', '256u'],
  ['names rows by their thread', 'Row(hit.score, i)', 'Row(hit.score, i & 255u)'],
  ['gives the bin for the score', 'Row(hit.score, i)', 'Row(f32(hit.bin), i)'],
  [
    'writes rows over each other',
    'let at = atomicAdd(&collected.count, 1u)',
    'let at = min(atomicAdd(&collected.count, 1u), 4u)',
  ],
  ['counts in twos', 'collected.count, 1u', 'collected.count, 2u'],
  ['loses the last that fit', 'at < arrayLength', 'at + 690u < arrayLength'],
])('a collect shader that %s is not used', (_, right, wrong) => expectRefused('collect', true, right, wrong));
