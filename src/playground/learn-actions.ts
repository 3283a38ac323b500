// Aligning, adapting, measuring, and the learning curve, as a visitor asks for them.

import type { Collection, Evaluation, LearningPoint, OnProgress, PathScores, QueryPath, TrainingOutcome } from '../index.ts';
import { follow } from '../page/progress.ts';
import type { Show } from '../page/tasks.ts';
import { saveFile } from '../page/save-file.ts';
import type { PathReport, Runner, State } from './state.ts';
import { allTrainingLabels, trainingLabels } from './training-labels.ts';

export class LearnActions {
  readonly #runner: Runner;
  readonly #state: State;
  /** Asks the last query again, with what has been learned. */
  readonly #askAgain: () => Promise<void>;

  constructor(runner: Runner, askAgain: () => Promise<void>) {
    this.#runner = runner;
    this.#state = runner.state;
    this.#askAgain = askAgain;
  }

  /** The page offers learning only where a collection is open. */
  get #collection(): Collection {
    return this.#state.collection!;
  }

  async align(): Promise<void> {
    const { trainer, alignmentPassages: passages } = this.#state;
    this.#runner.set({ losses: [], lossStage: 'align', reports: [] });
    const finished = await this.#runner.run('align', 'Aligning', async (signal, show) => {
      const outcome = await this.#collection.align({ trainer, passages, queries: this.#pastQueries(), signal, onProgress: this.#training(show) });
      this.#runner.set({ reports: reportsOf(outcome), ...(trainer === 'closed-form' ? { curve: null } : {}) });
    });
    if (finished) await this.#measure();
  }

  /** @param force uses what was learned even where cross-validation did not find it better */
  async adapt(force = false): Promise<void> {
    const { trainer } = this.#state;
    const { train, validation } = trainingLabels(this.#state);
    this.#runner.set({ losses: [], lossStage: 'adapt', reports: [] });
    const finished = await this.#runner.run('adapt', 'Adapting', async (signal, show) => {
      const outcome = await this.#collection.adapt(train, { trainer, validation, queries: this.#pastQueries(), force, signal, onProgress: this.#training(show) });
      this.#runner.set({ reports: reportsOf(outcome) });
    });
    if (finished) await this.#measure();
  }

  /** The corpus's queries outside the held-out half, without their labels: what a site's search log would have. */
  #pastQueries(): string[] {
    return allTrainingLabels(this.#state).pool.map(({ query }) => query);
  }

  /** Drops what labels taught, or all that was learned. */
  async revert(to: 'aligned' | 'none'): Promise<void> {
    await this.#runner.attempt(async () => {
      await this.#collection.revert(to);
      const notice = to === 'none' ? 'Back to the small model alone.' : 'Back to before the labels.';
      this.#runner.set({ evaluation: this.#stillThere(), reports: [], losses: [], notice });
      await this.#askAgain();
    });
  }

  async drawCurve(): Promise<void> {
    const { path } = this.#state;
    const { pool, evaluation } = allTrainingLabels(this.#state);
    const points: LearningPoint[] = [];
    const heldOut = evaluation.length > 0 ? evaluation.length : Math.floor(pool.length / 3);
    const labels = evaluation.length > 0 ? pool.length : pool.length - heldOut;
    const sizes = curveSizes(labels);
    this.#runner.set({ curve: { path, points, labels, heldOut, finished: false } });
    const finished = await this.#runner.run('curve', 'Drawing the curve', async (signal, show) => {
      await this.#collection.learningCurve(pool, {
        path,
        sizes,
        holdOut: evaluation.length > 0 ? evaluation : undefined,
        signal,
        onProgress: this.#training(show),
        onPoint: (point) => {
          points.push(point);
          this.#runner.set({ curve: { path, points: [...points], labels, heldOut, finished: false } });
        },
      });
    });
    this.#runner.set({ curve: points.length > 0 ? { path, points: [...points], labels, heldOut, finished } : null });
  }

  saveAdapter(): void {
    void this.#runner.attempt(() => {
      const { path, corpus } = this.#state;
      saveFile(this.#collection.exportAdapter(path), `${corpus}-${path}.safetensors`);
    });
  }

  async loadAdapter(file: File): Promise<void> {
    await this.#runner.attempt(async () => {
      await this.#collection.importAdapter(new Uint8Array(await file.arrayBuffer()));
      this.#runner.set({ reports: [], notice: `${file.name} is in use.` });
      await this.#measure();
    });
  }

  async #measure(): Promise<void> {
    await this.#runner.run('evaluate', 'Measuring on the held-out half', async (signal, show) => {
      const { evaluation } = trainingLabels(this.#state);
      if (evaluation.length === 0) return;
      const measured = await this.#collection.evaluate(evaluation, { signal, onProgress: this.#training(show) });
      this.#runner.set({ evaluation: measured, notice: `Measured on ${measured.queries} held-out queries.` });
    });
    await this.#askAgain();
  }

  /** The last measurement without rows of adapters that are gone. */
  #stillThere(): Evaluation | null {
    const { evaluation, status } = this.#state;
    const isThere = ({ path, trainer, stage }: PathScores): boolean => stage === 'none' || status.adapters.some((slot) => slot.path === path && slot.trainer === trainer && slot.stage === stage);
    const rows = evaluation?.rows.filter(isThere) ?? [];
    return evaluation && rows.length > 1 ? { ...evaluation, rows } : null;
  }

  /** Shows how it goes, and draws the losses of trainers that have them. */
  #training(show: Show): OnProgress {
    const tell = follow(show);
    return (progress) => {
      tell(progress);
      const { loss, validationLoss, done: epoch } = progress;
      const points = [
        ...(typeof loss === 'number' ? [{ epoch, loss, set: 'training' as const }] : []),
        ...(typeof validationLoss === 'number' ? [{ epoch, loss: validationLoss, set: 'validation' as const }] : []),
      ];
      if (points.length > 0) this.#runner.set({ losses: [...this.#state.losses, ...points] });
    };
  }
}

function reportsOf(outcome: TrainingOutcome): PathReport[] {
  return (Object.keys(outcome) as QueryPath[]).map((path) => ({ path, ...outcome[path]! }));
}

/** 0, then 5 doubled, then all: without a last step so small that it would say nothing. */
function curveSizes(labels: number): number[] {
  const sizes = [0];
  for (let size = 5; size * 1.5 <= labels; size *= 2) sizes.push(size);
  return [...sizes, labels];
}
