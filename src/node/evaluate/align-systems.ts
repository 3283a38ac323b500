// Alignments other than ERA's and the default trainer's: one general map each, fitted without labels on the input of
// ERA's stage 1.

import { performance } from 'node:perf_hooks';
import { applyAdapter } from '../../adapter/adapter.ts';
import type { TextPairs } from '../../adapter/align/text-pairs.ts';
import { EraError } from '../../errors.ts';
import { ALIGN_BASELINES, alignBaseline, type AlignBaseline } from '../../lab/baselines/align-trainers.ts';
import { bytesOf, isNonlinear, type LearnedMap } from '../../lab/baselines/nonlinear-map.ts';
import type { Space } from '../../space.ts';
import type { CommandIo } from '../command-io.ts';
import { sampledTexts } from './sampled-texts.ts';
import type { System } from './system.ts';
import type { Method } from './systems.ts';
import { sharedBackend } from './training-backend.ts';
import { queryRows, remoteOf, type TaskSource } from './vector-tasks.ts';

const NOTE_EVERY_STEPS = 200;

export interface AlignSetting {
  readonly tasks: TaskSource;
  readonly small: Space;
  readonly queryModel: Space;
  readonly seed: number;
  readonly io: CommandIo;
}

/** The alignments among `methods`. Each is fitted on first use; all share the texts. */
export function alignSystems(setting: AlignSetting, methods: readonly Method[]): System[] {
  const { tasks, queryModel, small } = setting;
  let pairs: Promise<TextPairs> | undefined;
  return ALIGN_BASELINES.filter((name) => methods.includes(name)).map((method) => {
    let fitted: Promise<LearnedMap> | undefined;
    const fit = async (): Promise<LearnedMap> =>
      train(method, await (pairs ??= sampledTexts(tasks, queryModel, small)), setting);
    return {
      method,
      path: 'remote',
      ratio: 0,
      learn: async () => {
        const startMs = performance.now();
        await (fitted ??= fit());
        return (performance.now() - startMs) / 1000;
      },
      answer: async (task, { evaluation }) => {
        const map = await (fitted ??= fit());
        const x = queryRows(task, remoteOf(task).queries, evaluation);
        return isNonlinear(map)
          ? { queries: await map.mapQueries(x, setting.io.signal), adapterBytes: bytesOf(map) }
          : { queries: applyAdapter(map, x) };
      },
    };
  });
}

async function train(method: AlignBaseline, pairs: TextPairs, { small, seed, io }: AlignSetting): Promise<LearnedMap> {
  const { remote } = await alignBaseline(method, sharedBackend).align(
    { pairs, to: small, documents: null, paths: ['remote'] },
    {
      seed,
      signal: io.signal,
      onProgress: ({ step, steps, loss }) => {
        if (loss !== null && step % NOTE_EVERY_STEPS === 0)
          io.note(`  ${method}: step ${step} of at most ${steps}, loss ${loss.toExponential(3)}`);
      },
    },
  );
  if (!remote) throw new EraError('internal', `${method} gave no map of the remote path.`);
  return remote.adapter;
}
