// ERA's adapters over groups of tasks: trained on demand, saved when complete, and continued from their last checkpoint
// where an earlier process was stopped.

import { createHash } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { LinearAdapter } from '../../adapter/adapter.ts';
import { readAdapter, writeAdapter } from '../../adapter/file.ts';
import { adaptEra, type EraQueries, type EraTask } from '../../era/adapt.ts';
import { alignEra } from '../../era/align.ts';
import { readCheckpoint, writeCheckpoint, type Checkpoint } from '../../era/checkpoint.ts';
import { randomAdapter } from '../../era/random-adapter.ts';
import type { EpochProgress, TrainingState } from '../../era/train.ts';
import { messageOf } from '../../errors.ts';
import { positiveIds } from '../../evaluate/seen.ts';
import type { LabelledQuery } from '../../evaluate/task.ts';
import { Random } from '../../math/random.ts';
import { spaceId, type Space } from '../../space.ts';
import type { CommandIo } from '../command-io.ts';
import { sampledTexts } from './sampled-texts.ts';
import type { SavedRun } from './saved-run.ts';
import { timeLeft } from './time-left.ts';
import { sharedBackend } from './training-backend.ts';
import { labelParts, queryRows, remoteOf, type TaskSource, type VectorTask } from './vector-tasks.ts';

const NOTE_EVERY_MS = 5000;

export interface EraSetting {
  readonly tasks: TaskSource;
  readonly small: Space;
  readonly queryModel: Space;
  readonly seed: number;
  readonly saved: SavedRun;
  /** Milliseconds between two checkpoints of a training. */
  readonly checkpointMs: number;
  readonly io: CommandIo;
}

/** The training data of one adapter. */
export interface EraTraining {
  /** Name of the group of tasks, for people. */
  readonly group: string;
  readonly names: readonly string[];
  /** `aligned`: stage 1 only. `both`: stage 2 from stage 1's map. `labels`: stage 2 from a random map. */
  readonly stages: 'aligned' | 'both' | 'labels';
  /** 0 for `aligned`. */
  readonly ratio: number;
}

export interface TrainedEra {
  readonly adapter: LinearAdapter;
  /** Seconds of this training and of the one that it starts from, in this and earlier processes. */
  readonly seconds: number;
}

type Resuming = Pick<Parameters<typeof alignEra>[0], 'resume' | 'onCheckpoint' | 'checkpointMs' | 'onEpoch' | 'signal'>;

export class EraAdapters {
  readonly #setting: EraSetting;
  readonly #trained = new Map<string, Promise<TrainedEra>>();

  constructor(setting: EraSetting) {
    this.#setting = setting;
  }

  /** @throws EraError of the training, `too-few-labels` among them; the signal's reason */
  get(training: EraTraining): Promise<TrainedEra> {
    const key = fileOf(training);
    const known = this.#trained.get(key) ?? this.#readOrTrain(training, key);
    this.#trained.set(key, known);
    return known;
  }

  async #readOrTrain(training: EraTraining, key: string): Promise<TrainedEra> {
    const { saved } = this.#setting;
    const name = `${key}.safetensors`;
    const bytes = saved.readFile(name);
    if (bytes) {
      const adapter = readAdapter(bytes);
      return { adapter, seconds: Number(adapter.provenance['seconds']) };
    }
    const { adapter, seconds } = await this.#train(training, `${key}.checkpoint.safetensors`);
    saved.writeFile(
      name,
      writeAdapter({ ...adapter, provenance: { ...adapter.provenance, seconds: String(seconds) } }),
    );
    saved.removeFile(`${key}.checkpoint.safetensors`);
    return { adapter, seconds };
  }

  async #train(training: EraTraining, checkpointFile: string): Promise<TrainedEra> {
    const { tasks, small, queryModel, seed, saved, checkpointMs, io } = this.#setting;
    const { names, stages, ratio } = training;
    const aligned = stages === 'both' ? await this.get({ ...training, stages: 'aligned', ratio: 0 }) : null;
    const what = titleOf(training);
    const checkpoint = this.#readCheckpoint(checkpointFile, what);
    const startMs = performance.now();
    const secondsBefore = Number(checkpoint?.metadata['seconds'] ?? 0);
    const seconds = (): number => secondsBefore + (performance.now() - startMs) / 1000;
    const resuming: Resuming = {
      resume: checkpoint?.state,
      checkpointMs,
      onCheckpoint: (state: TrainingState) =>
        saved.writeFile(checkpointFile, writeCheckpoint(state, { seconds: String(seconds()) })),
      onEpoch: epochNotes(what, io),
      signal: io.signal,
    };
    const backend = await sharedBackend();
    const own: TaskSource = { names, load: tasks.load };
    if (stages === 'aligned')
      return {
        adapter: await alignEra({ backend, ...(await sampledTexts(own, queryModel, small)), seed, ...resuming }),
        seconds: seconds(),
      };
    const frame = {
      path: 'remote',
      from: [spaceId(queryModel)],
      to: spaceId(small),
      dIn: queryModel.dims,
      dOut: small.dims,
    } as const;
    const start = aligned?.adapter ?? randomAdapter(frame, new Random(seed));
    const adapter = await adaptEra({
      backend,
      tasks: eraTasks(own, ratio),
      start,
      mineWith: aligned ? 'start' : 'local',
      seed,
      ...resuming,
    });
    return { adapter, seconds: seconds() + (aligned?.seconds ?? 0) };
  }

  /** A damaged checkpoint is ignored: the training starts again. */
  #readCheckpoint(file: string, what: string): Checkpoint | undefined {
    const { saved, io } = this.#setting;
    const bytes = saved.readFile(file);
    if (!bytes) return undefined;
    try {
      const checkpoint = readCheckpoint(bytes);
      io.note(`  ${what}: continues after epoch ${checkpoint.state.epoch}`);
      return checkpoint;
    } catch (error) {
      io.note(`  ${what}: starts again, since its checkpoint cannot be read: ${messageOf(error)}`);
      return undefined;
    }
  }
}

function titleOf({ group, stages, ratio }: EraTraining): string {
  return `ERA, ${group}, ${stages === 'aligned' ? 'alignment' : `${Number((100 * ratio).toFixed(2))} % of labels${stages === 'labels' ? ' only' : ''}`}`;
}

/** Names of domains may contain any character; names of files may not. */
function fileOf({ names, stages, ratio }: EraTraining): string {
  return `era-${stages}-${ratio}-${createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 16)}`;
}

function epochNotes(what: string, io: CommandIo): (progress: EpochProgress) => void {
  const startMs = Date.now();
  let lastNoteMs = startMs;
  let firstEpoch: number | undefined;
  return ({ epoch, epochs, loss, validationLoss }) => {
    firstEpoch ??= epoch;
    if (Date.now() - lastNoteMs < NOTE_EVERY_MS) return;
    lastNoteMs = Date.now();
    const left = timeLeft(startMs, epoch - firstEpoch + 1, epochs - epoch);
    io.note(
      `  ${what}: epoch ${epoch} of at most ${epochs}, loss ${loss.toFixed(4)}, validation ${validationLoss?.toFixed(4) ?? 'none'}, ${left}`,
    );
  };
}

async function* eraTasks({ names, load }: TaskSource, ratio: number): AsyncGenerator<EraTask> {
  for (const name of names) {
    const task = await load(name);
    const { train, validation } = labelParts(task, ratio);
    yield { documents: task.vectors, training: eraQueries(task, train), validation: eraQueries(task, validation) };
  }
}

function eraQueries(task: VectorTask, queries: readonly LabelledQuery[]): EraQueries {
  const rows = (ids: readonly string[]): number[] => ids.map((id) => task.rowOf.get(id)!);
  return {
    x: queryRows(task, remoteOf(task).queries, queries),
    local: queryRows(task, task.local, queries),
    positives: queries.map((query) => rows(positiveIds(query))),
    judged: queries.map((query) => rows(query.labels.map(({ id }) => id))),
  };
}
