// The input of alignment without labels: every task's sampled passages by both models, pooled (ERA's stage 1).

import type { TextPairs } from '../../adapter/align/text-pairs.ts';
import { dequantizeRows } from '../../math/quantize.ts';
import { concatRows } from '../../math/vector.ts';
import { spaceId, type Space } from '../../space.ts';
import { remoteOf, type TaskSource } from './vector-tasks.ts';

/** Reads one task after the other. @throws EraError of the tasks; the signal's reason */
export async function sampledTexts({ names, load }: TaskSource, queryModel: Space, small: Space): Promise<TextPairs> {
  const x: Float32Array[] = [];
  const y: Float32Array[] = [];
  for (const name of names) {
    const task = await load(name);
    x.push(remoteOf(task).sample);
    y.push(dequantizeRows(task.vectors, task.sample));
  }
  return {
    x: concatRows(...x),
    y: concatRows(...y),
    dIn: queryModel.dims,
    dOut: small.dims,
    path: 'remote',
    from: [spaceId(queryModel)],
    to: spaceId(small),
  };
}
