// Actions of training: align, adapt, measure, and the learning curve; reverting, and saving and loading adapters.

import { splitLabels } from '../evaluate/split.ts';
import {
  isEraError,
  type AdaptOptions,
  type Collection,
  type LabelledQuery,
  type LearningPoint,
  type OnProgress,
  type PathScores,
  type QueryPath,
  type SlotInfo,
  type TrainingOutcome,
} from '../index.ts';
import { adapterFile, shownPath } from './rankings.ts';
import { MAX_ADAPTER_BYTES, readBytes } from './read-file.ts';
import { saveFile } from './save-file.ts';
import type { RunOutcome, Measured, PathReport, State } from './state.ts';
import { explain, type Show, type Tasks } from './tasks.ts';
import {
  allTrainingLabels,
  FEWEST_FOR_TRIAL,
  pastQueries,
  trainingLabels,
  withoutLabel,
  ALL,
} from './training-labels.ts';
import { follow } from './view/progress.ts';

interface InUse {
  readonly stage: SlotInfo['stage'];
  readonly bytes: Uint8Array<ArrayBuffer>;
}

interface Labels {
  readonly train: readonly LabelledQuery[];
  readonly validation: readonly LabelledQuery[];
}

export class TrainActions {
  readonly #tasks: Tasks;
  readonly #state: State;
  /** Repeats the last question with the new adapters. */
  readonly #askAgain: () => Promise<void>;

  constructor(tasks: Tasks, askAgain: () => Promise<void>) {
    this.#tasks = tasks;
    this.#state = tasks.state;
    this.#askAgain = askAgain;
  }

  /** Training actions are available only with an open collection. */
  get #collection(): Collection {
    return this.#state.collection!;
  }

  async align(): Promise<void> {
    const { trainer, alignmentPassages: passages } = this.#state;
    this.#tasks.set({ losses: [], lossStage: 'align', lastRun: null });
    const finished = await this.#tasks.run('align', 'Aligning', async (signal, show) => {
      const outcome = await this.#collection.align({
        trainer,
        passages,
        queries: pastQueries(this.#state),
        signal,
        onProgress: this.#training(show),
      });
      this.#tasks.set({
        lastRun: { reports: reportsOf(outcome), gone: 0 },
        ...(trainer === 'closed-form' ? { curve: null } : {}),
      });
    });
    if (finished) await this.#measure();
  }

  /**
   * Where nothing is held out, a trial is run first, which learns from one half of the labels and is measured on the
   * other; then all labels are learned from. When either is cancelled or fails, the previous adapters are restored.
   * @param force uses the adapter even where cross-validation did not find it better
   */
  async adapt(force = false): Promise<void> {
    const { trainer } = this.#state;
    const labels = trainingLabels(this.#state);
    const before = this.#inUse();
    const isTrial =
      trainer === 'closed-form' &&
      labels.evaluation.length === 0 &&
      labels.train.length + labels.validation.length >= FEWEST_FOR_TRIAL;
    this.#tasks.set({ losses: [], lossStage: 'adapt', lastRun: null });
    const finished = await this.#tasks.run('adapt', 'Adapting', async (signal, show) => {
      const options = { trainer, queries: pastQueries(this.#state), force, signal, onProgress: this.#training(show) };
      try {
        const lastRun = await learnedFromKnown(labels, async (known) => {
          if (isTrial) {
            this.#tasks.set({ measured: await this.#trial(known, options, show) });
            show('Learning from all labels', null);
          }
          return this.#collection.adapt(known.train, { ...options, validation: known.validation });
        });
        this.#tasks.set({ lastRun });
      } catch (error) {
        if (isTrial) await this.#putBack(before);
        throw error;
      }
    });
    if (finished) await this.#measure();
    else await this.#askAgain();
  }

  /** Removes the adapters learned from labels, or all adapters. */
  async revert(to: 'aligned' | 'none'): Promise<void> {
    await this.#tasks.attempt(async () => {
      await this.#collection.revert(to);
      const notice = to === 'none' ? 'Back to the small model alone.' : 'Back to before the labels.';
      this.#tasks.set({ measured: this.#stillThere(), lastRun: null, losses: [], notice });
    });
    await this.#askAgain();
  }

  async drawCurve(): Promise<void> {
    const path = shownPath(this.#state);
    const { pool, evaluation } = allTrainingLabels(this.#state);
    const points: LearningPoint[] = [];
    const heldOut = evaluation.length > 0 ? evaluation.length : Math.floor(pool.length / 3);
    const labels = evaluation.length > 0 ? pool.length : pool.length - heldOut;
    const sizes = curveSizes(labels);
    this.#tasks.set({ curve: { path, points, labels, heldOut, finished: false } });
    const finished = await this.#tasks.run('curve', 'Drawing the curve', async (signal, show) => {
      await this.#collection.learningCurve(pool, {
        path,
        sizes,
        holdOut: evaluation.length > 0 ? evaluation : undefined,
        signal,
        onProgress: this.#training(show),
        onPoint: (point) => {
          points.push(point);
          this.#tasks.set({ curve: { path, points: [...points], labels, heldOut, finished: false } });
        },
      });
    });
    this.#tasks.set({ curve: points.length > 0 ? { path, points: [...points], labels, heldOut, finished } : null });
  }

  async saveAdapter(slot: Omit<SlotInfo, 'provenance' | 'isKept'>): Promise<void> {
    await this.#tasks.attempt(() =>
      saveFile(this.#collection.exportAdapter(slot.path, slot.stage, slot.trainer), adapterFile(slot)),
    );
  }

  async loadAdapter(file: File): Promise<void> {
    await this.#tasks.attempt(async () => {
      await this.#collection.importAdapter(await readBytes(file, MAX_ADAPTER_BYTES));
      const isKept = this.#collection.status.adapters.every((adapter) => adapter.isKept);
      const until = isKept ? '' : ' It is lost with this page: the browser has no room for it.';
      this.#tasks.set({ lastRun: null, notice: `${file.name} is in use.${until}` });
      await this.#measure();
    });
  }

  /** Measures the adapters in use, by vectors alone and as a visitor gets them. */
  async #measure(): Promise<void> {
    const { evaluation } = trainingLabels(this.#state);
    if (evaluation.length > 0) {
      await this.#tasks.run('evaluate', 'Measuring on the held-out half', async (signal, show) => {
        const measured = await this.#collection.evaluate(evaluation, {
          modes: ['keyword', 'hybrid'],
          signal,
          onProgress: this.#training(show),
        });
        this.#tasks.set({
          measured: { ...measured, on: 'held-out' },
          notice: `Measured on ${measured.queries} held-out queries.`,
        });
      });
    }
    await this.#askAgain();
  }

  async #trial({ train, validation }: Labels, options: AdaptOptions, show: Show): Promise<Measured> {
    const half = splitLabels([...train, ...validation], ALL);
    show('A trial with half of the labels', null);
    await this.#collection.adapt(half.train, { ...options, validation: half.validation });
    show('Measuring on the other half', null);
    const { signal, onProgress } = options;
    return {
      ...(await this.#collection.evaluate(half.evaluation, { modes: ['keyword', 'hybrid'], signal, onProgress })),
      on: 'trial',
    };
  }

  #inUse(): InUse[] {
    const { status, trainer } = this.#state;
    return status.adapters
      .filter((slot) => slot.stage === 'adapted' && slot.trainer === trainer)
      .map(({ path, stage }) => ({ stage, bytes: this.#collection.exportAdapter(path, stage, trainer) }));
  }

  async #putBack(adapters: readonly InUse[]): Promise<void> {
    const { trainer } = this.#state;
    try {
      await this.#collection.revert('aligned', trainer);
      for (const { stage, bytes } of adapters) await this.#collection.importAdapter(bytes, stage, trainer);
    } catch (error) {
      this.#tasks.set({ problem: explain(error) });
    }
    this.#tasks.set({ measured: null });
  }

  /** The last measurement without rows of adapters that were removed. */
  #stillThere(): Measured | null {
    const { measured, status } = this.#state;
    const isThere = ({ path, trainer, stage }: PathScores): boolean =>
      stage === 'none' ||
      status.adapters.some((slot) => slot.path === path && slot.trainer === trainer && slot.stage === stage);
    const rows = measured?.rows.filter(isThere) ?? [];
    return measured && rows.some(({ stage }) => stage !== 'none') ? { ...measured, rows } : null;
  }

  /** Shows progress, and draws the losses of trainers that report them. */
  #training(show: Show): OnProgress {
    const tell = follow(show);
    return (progress) => {
      tell(progress);
      const { loss, validationLoss, done: epoch } = progress;
      const points = [
        ...(typeof loss === 'number' ? [{ epoch, loss, set: 'training' as const }] : []),
        ...(typeof validationLoss === 'number' ? [{ epoch, loss: validationLoss, set: 'validation' as const }] : []),
      ];
      if (points.length > 0) this.#tasks.set({ losses: [...this.#state.losses, ...points] });
    };
  }
}

/** Repeats the run without each label whose passage is no longer in the collection, which may have been built again. */
async function learnedFromKnown(
  labels: Labels,
  learn: (labels: Labels) => Promise<TrainingOutcome>,
): Promise<RunOutcome> {
  let known = labels;
  for (let gone = 0; ; gone++) {
    try {
      return { reports: reportsOf(await learn(known)), gone };
    } catch (error) {
      if (!isEraError(error, 'missing-id')) throw error;
      const { qid, id } = error.details as { qid: string; id: string };
      known = { train: withoutLabel(known.train, qid, id), validation: withoutLabel(known.validation, qid, id) };
    }
  }
}

function reportsOf(outcome: TrainingOutcome): PathReport[] {
  return (Object.keys(outcome) as QueryPath[]).map((path) => ({ path, ...outcome[path]! }));
}

/** 0, then 5 doubled, then all, without a last step too small to show anything. */
function curveSizes(labels: number): number[] {
  const sizes = [0];
  for (let size = 5; size * 1.5 <= labels; size *= 2) sizes.push(size);
  return [...sizes, labels];
}
