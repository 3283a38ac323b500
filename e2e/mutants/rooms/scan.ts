import type { Mutant } from '../mutant.ts';

export const scan: readonly Mutant[] = [
  {
    id: 'ranker-block-twice',
    file: 'rank-many.ts',
    find: `queries.subarray(first * dims, (first + BLOCK_QUERIES) * dims)`,
    replace: `queries.subarray(0, Math.min(BLOCK_QUERIES, m - first) * dims)`,
    breaks: 'Queries after the first 256 are ranked like those before.',
  },
  {
    id: 'too-few-candidates',
    file: 'rescore.ts',
    find: `Math.max(4 * k, k + 64)`,
    replace: `Math.min(4 * k, k + 64)`,
    breaks: 'Of few results some are missed that the float query ranks higher.',
  },
  {
    id: 'scale-of-other-row',
    file: 'rescore.ts',
    find: `Math.fround(codes[a2 + j]! * c2)`,
    replace: `Math.fround(codes[a2 + j]! * c1)`,
    breaks: 'Every third candidate of four has the scale of its neighbour.',
  },
  {
    id: 'refusal-unreported',
    file: 'open-scanner.ts',
    find: `
    refused.push({ device: chain[0].kind, reason: messageOf(error) });`,
    replace: '',
    breaks: 'Nothing says why a large index is not scanned on the GPU.',
  },
  {
    id: 'choice-of-another-gpu',
    file: 'open-scanner.ts',
    find: `refusal !== null || choice.where !== placeOf(name, vectors)`,
    replace: `refusal !== null`,
    breaks: 'After a GPU was exchanged, the one that was timed before decides.',
  },
  {
    id: 'collected-is-enough',
    file: 'webgpu.ts',
    find: `
  if (count * 2 > rows.length) return null;`,
    replace: '',
    breaks: 'Where many rows have about the same score, any of them are found on a GPU.',
  },
  {
    id: 'lost-backend-kept',
    file: 'open-scanner.ts',
    find: `
    lost.dispose();`,
    replace: '',
    breaks: 'The memory of a lost GPU is never released.',
  },
  {
    id: 'successor-outlives-close',
    file: 'open-scanner.ts',
    find: `
    if (this.#closed) next.dispose();`,
    replace: '',
    breaks: 'A scanner that is closed while its successor opens never releases that one.',
  },
  {
    id: 'pending-on-lost-device',
    file: 'webgpu.ts',
    find: `
    for (const reject of this.#pending) reject(reason);`,
    replace: '',
    breaks: 'A query that runs while the scanner is closed or the device is lost gets another error, or none.',
  },
  {
    id: 'scales-of-first-segment',
    file: 'webgpu/segments.ts',
    find: `device.queue.writeBuffer(scaleBuffer, 0, scales, first, rowCount);`,
    replace: `device.queue.writeBuffer(scaleBuffer, 0, scales, 0, rowCount);`,
    breaks: 'Rows after the first 64 MiB have the scales of the first ones.',
  },
  {
    id: 'padding-is-a-row',
    file: 'wasm.ts',
    find: `scales[row] ?? NaN`,
    replace: `scales[row] ?? 1`,
    breaks: 'Rows that only fill the last group are found where all others are unlike the query.',
  },
  {
    id: 'missing-ranks-are-row-0',
    file: 'rank-many.ts',
    find: `new Int32Array(m * k).fill(-1)`,
    replace: `new Int32Array(m * k)`,
    breaks: 'Where there are fewer rows than asked for, row 0 is at the end of every ranking.',
  },
];
