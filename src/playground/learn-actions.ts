// Aligning, adapting, measuring, and the learning curve, as a visitor asks for them.

import type { Evaluation, LearningPoint, PathScores, QueryPath, RunProgress, TrainingOutcome } from '../index.ts';
import { share } from '../page/numbers.ts';
import type { Progress } from '../page/tasks.ts';
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

  async align(): Promise<void> {
    const { engine, trainer, alignmentPassages: passages } = this.#state;
    this.#runner.set({ losses: [], lossStage: 'align', reports: [] });
    const finished = await this.#runner.run('align', 'Aligning', async (signal, progress) => {
      const outcome = await engine.align({ trainer, passages, queries: this.#pastQueries(), signal, onProgress: this.#training(progress) });
      this.#runner.set({ reports: reportsOf(outcome), ...(trainer === 'closed-form' ? { curve: null } : {}) });
    });
    if (finished) await this.#measure();
  }

  /** @param force uses what was learned even where cross-validation did not find it better */
  async adapt(force = false): Promise<void> {
    const { engine, trainer } = this.#state;
    const { train, validation } = trainingLabels(this.#state);
    this.#runner.set({ losses: [], lossStage: 'adapt', reports: [] });
    const finished = await this.#runner.run('adapt', 'Adapting', async (signal, progress) => {
      const outcome = await engine.adapt(train, { trainer, validation, queries: this.#pastQueries(), force, signal, onProgress: this.#training(progress) });
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
      await this.#state.engine.revert(to);
      const notice = to === 'none' ? 'Back to the small model alone.' : 'Back to before the labels.';
      this.#runner.set({ evaluation: this.#stillThere(), reports: [], losses: [], notice });
      await this.#askAgain();
    });
  }

  async drawCurve(): Promise<void> {
    const { engine, path } = this.#state;
    const { pool, evaluation } = allTrainingLabels(this.#state);
    const points: LearningPoint[] = [];
    const heldOut = evaluation.length > 0 ? evaluation.length : Math.floor(pool.length / 3);
    const labels = evaluation.length > 0 ? pool.length : pool.length - heldOut;
    const sizes = curveSizes(labels);
    this.#runner.set({ curve: { path, points, labels, heldOut, finished: false } });
    const text = (done: number): string => `Training on parts of the labels: ${done} of ${sizes.length} points`;
    const finished = await this.#runner.run('curve', text(0), async (signal, progress) => {
      progress(text(0), 0);
      await engine.learningCurve(pool, {
        path,
        sizes,
        holdOut: evaluation.length > 0 ? evaluation : undefined,
        signal,
        onProgress: this.#training(progress),
        onPoint: (point) => {
          points.push(point);
          this.#runner.set({ curve: { path, points: [...points], labels, heldOut, finished: false } });
          progress(text(points.length), points.length / sizes.length);
        },
      });
    });
    this.#runner.set({ curve: points.length > 0 ? { path, points: [...points], labels, heldOut, finished } : null });
  }

  saveAdapter(): void {
    void this.#runner.attempt(() => {
      const { engine, path, corpus } = this.#state;
      saveFile(engine.exportAdapter(path), `${corpus}-${path}.safetensors`);
    });
  }

  async loadAdapter(file: File): Promise<void> {
    await this.#runner.attempt(async () => {
      await this.#state.engine.importAdapter(new Uint8Array(await file.arrayBuffer()));
      this.#runner.set({ reports: [], notice: `${file.name} is in use.` });
      await this.#measure();
    });
  }

  async #measure(): Promise<void> {
    await this.#runner.run('evaluate', 'Measuring on the held-out half', async (signal, progress) => {
      const { evaluation } = trainingLabels(this.#state);
      if (evaluation.length === 0) return;
      const measured = await this.#state.engine.evaluate(evaluation, { signal, onProgress: this.#training(progress) });
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

  #training(progress: Progress): (run: RunProgress) => void {
    return (run) => {
      if (run.kind === 'vectors') {
        progress(`${run.model === 'local' ? 'Small' : 'Remote'} model: ${run.done} of ${run.total} texts`, share(run.done, run.total));
        return;
      }
      progress(`${run.path}: ${run.stage === 'align' ? 'aligning' : 'adapting'}, step ${run.step} of ${run.steps}`, share(run.step, run.steps));
      if (run.loss === null) return;
      const points = [{ epoch: run.step, loss: run.loss, set: 'training' as const }];
      if (run.validationLoss !== null) this.#runner.set({ losses: [...this.#state.losses, ...points, { epoch: run.step, loss: run.validationLoss, set: 'validation' }] });
      else this.#runner.set({ losses: [...this.#state.losses, ...points] });
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
