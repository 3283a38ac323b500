// Alignments other than ERA's and ours: one general map each, fitted without labels on what ERA's stage 1 is given.

import { performance } from 'node:perf_hooks';
import { applyAdapter, type LinearAdapter } from '../../adapter/adapter.ts';
import { alignChoosingRidge } from '../../lab/baselines/choose-ridge.ts';
import { alignProcrustes } from '../../lab/baselines/procrustes.ts';
import type { TextPairs } from '../../adapter/align/text-pairs.ts';
import type { DriftOptions } from '../../lab/baselines/drift/fit-pairs.ts';
import { driftLowRank } from '../../lab/baselines/drift/low-rank.ts';
import { driftOrthogonal } from '../../lab/baselines/drift/orthogonal.ts';
import { driftMlp } from '../../lab/baselines/drift/residual-mlp.ts';
import type { Space } from '../../space.ts';
import type { CommandIo } from '../command-io.ts';
import type { System } from './system.ts';
import type { Method } from './systems.ts';
import { sampledTexts } from './sampled-texts.ts';
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

interface QueryMap {
  /** [n, dIn] → [n, dOut], unit rows. */
  readonly map: (x: Float32Array) => Float32Array<ArrayBuffer>;
  /** Of a map that is not linear. */
  readonly bytes?: number | undefined;
}

type Fit = (pairs: TextPairs, setting: AlignSetting) => QueryMap | Promise<QueryMap>;

const FITS: Partial<Record<Method, Fit>> = {
  'align-ridge': (pairs, { seed }) => mapOf(alignChoosingRidge(pairs, { alpha: 1, beta: 0 }, { seed })),
  'align-procrustes': (pairs) => mapOf(alignProcrustes(pairs)),
  'align-whitened': (pairs, { seed }) => mapOf(alignChoosingRidge(pairs, { alpha: 0.5, beta: 0.5 }, { seed })),
  'align-scores': (pairs, { seed }) => mapOf(alignChoosingRidge(pairs, { alpha: 0, beta: 1 }, { by: 'scores', seed })),
  'drift-procrustes': (pairs) => mapOf(driftOrthogonal(pairs)),
  'drift-low-rank': async (pairs, setting) => mapOf(await driftLowRank(await driftOptions(pairs, setting, 'low rank'))),
  'drift-mlp': async (pairs, setting) => driftMlp(await driftOptions(pairs, setting, 'MLP')),
};

/** Those of `methods` that are such alignments. Each is fitted when it is first asked; all share the texts. */
export function alignSystems(setting: AlignSetting, methods: readonly Method[]): System[] {
  const { tasks, queryModel, small } = setting;
  let pairs: Promise<TextPairs> | undefined;
  return methods.flatMap((method) => {
    const fit = FITS[method];
    if (!fit) return [];
    let fitted: Promise<QueryMap> | undefined;
    const map = async (): Promise<QueryMap> => fit(await (pairs ??= sampledTexts(tasks, queryModel, small)), setting);
    return {
      method,
      path: 'remote',
      ratio: 0,
      learn: async () => {
        const startMs = performance.now();
        await (fitted ??= map());
        return (performance.now() - startMs) / 1000;
      },
      answer: async (task, { evaluation }) => {
        const { map: apply, bytes } = await (fitted ??= map());
        return { queries: apply(queryRows(task, remoteOf(task).queries, evaluation)), adapterBytes: bytes };
      },
    };
  });
}

function mapOf(adapter: LinearAdapter): QueryMap {
  return { map: (x) => applyAdapter(adapter, x) };
}

async function driftOptions(pairs: TextPairs, { seed, io }: AlignSetting, what: string): Promise<DriftOptions> {
  return {
    ...pairs,
    backend: await sharedBackend(),
    seed,
    signal: io.signal,
    onStep: ({ step, steps, loss }) => {
      if (step % NOTE_EVERY_STEPS === 0) io.note(`  Drift-Adapter, ${what}: step ${step} of at most ${steps}, loss ${loss.toExponential(3)}`);
    },
  };
}
