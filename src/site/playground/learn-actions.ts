// Aligning, learning from labels, and what comes of it: measured, taken back, saved.

import { isEraError, splitLabels, type AdaptOptions, type Evaluation, type LabelledQuery, type QueryPath, type RunProgress, type Stage, type TrainingOutcome } from '../../index.ts';
import { usableLabels } from './owner-labels.ts';
import { saveFile } from '../../page/save-file.ts';
import { isBusy, type Lesson, type PathReport, type Runner, type State } from './state.ts';
import { explain, type Progress } from '../../page/tasks.ts';

/** Fewer leave a trial fewer than four queries to learn from or to measure on. */
export const FEWEST_FOR_TRIAL = 8;
/** The largest share of the labels that the split gives for learning: all but the held-out half and a tenth, which is learned from too. */
const SHARE = 0.4;

interface InUse {
  readonly stage: Stage;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

export class LearnActions {
  readonly #tasks: Runner;
  readonly #state: State;
  readonly #askAgain: () => Promise<void>;

  /** @param askAgain asks the last question with what is in use now */
  constructor(tasks: Runner, askAgain: () => Promise<void>) {
    this.#tasks = tasks;
    this.#state = tasks.state;
    this.#askAgain = askAgain;
  }

  async align(): Promise<void> {
    if (isBusy(this.#state)) return;
    const { engine, labels, unanswered } = this.#state;
    const queries = [...labels.map(({ query }) => query), ...unanswered];
    await this.#tasks.run('align', 'Aligning', async (signal, progress) => {
      const outcome = await engine.align({ queries, signal, onProgress: shown(progress) });
      this.#tasks.set({ lesson: { reports: reportsOf(outcome), heldOut: null, gone: 0 } });
    });
    await this.#askAgain();
  }

  /**
   * A trial first, which learns from one half of the labels and is measured on the other; then all labels are learned from, for use. What
   * was in use before comes back when either is cancelled or fails.
   * @param force uses what was learned even where it was not clearly better
   */
  async learn(force = false): Promise<void> {
    if (isBusy(this.#state)) return;
    const before = this.#inUse();
    const isDone = await this.#tasks.run('learn', 'Learning', async (signal, progress) => {
      const lesson = await this.#lesson({ force, signal, onProgress: shown(progress) }, progress);
      this.#tasks.set({ lesson, notice: 'Learned.' });
    });
    if (!isDone) await this.#putBack(before);
    await this.#askAgain();
  }

  /** Drops what labels taught, or all that was learned. */
  async revert(to: 'aligned' | 'none'): Promise<void> {
    try {
      await this.#state.engine.revert(to);
      this.#tasks.set({ lesson: null, notice: to === 'none' ? 'Back to the small model alone.' : 'Back to before the labels.' });
    } catch (error) {
      this.#tasks.set({ problem: explain(error) });
    }
    await this.#askAgain();
  }

  save(path: QueryPath, stage: Stage): void {
    try {
      saveFile(this.#state.engine.exportAdapter(path, stage), adapterFile(path, stage));
    } catch (error) {
      this.#tasks.set({ problem: explain(error) });
    }
  }

  /** Without the labels that name sections which the site, built anew since, has no more. */
  async #lesson(options: AdaptOptions, progress: Progress): Promise<Lesson> {
    let labels = usableLabels(this.#state.labels);
    for (let gone = 0; ; gone++) {
      try {
        const heldOut = await this.#trial(labels, options, progress);
        progress('Learning from all labels', null);
        return { reports: reportsOf(await this.#state.engine.adapt(labels, options)), heldOut, gone };
      } catch (error) {
        if (!isEraError(error, 'missing-id')) throw error;
        const { qid, id } = error.details;
        labels = usableLabels(labels.map((query) => (query.qid === qid ? { ...query, labels: query.labels.filter((label) => label.id !== id) } : query)));
      }
    }
  }

  async #trial(labels: readonly LabelledQuery[], options: AdaptOptions, progress: Progress): Promise<Evaluation | null> {
    if (labels.length < FEWEST_FOR_TRIAL) return null;
    const { engine } = this.#state;
    const { train, validation, evaluation } = splitLabels(labels, SHARE);
    progress('A trial with half of the labels', null);
    await engine.adapt([...train, ...validation], options);
    progress('Measuring on the other half', null);
    return engine.evaluate(evaluation, { signal: options.signal });
  }

  #inUse(): InUse[] {
    const { engine, status } = this.#state;
    return status.adapters.filter(({ stage }) => stage === 'adapted').map(({ path, stage }) => ({ stage, bytes: engine.exportAdapter(path, stage) }));
  }

  async #putBack(adapters: readonly InUse[]): Promise<void> {
    const { engine } = this.#state;
    try {
      await engine.revert('aligned');
      for (const { stage, bytes } of adapters) await engine.importAdapter(bytes, stage);
    } catch (error) {
      this.#tasks.set({ problem: explain(error) });
    }
  }
}

export function adapterFile(path: QueryPath, stage: Stage): string {
  return `${path}-${stage}.safetensors`;
}

const MODELS = { local: 'small model', remote: 'query API' } as const;

function shown(progress: Progress): (run: RunProgress) => void {
  return (run) => {
    if (run.kind === 'vectors') progress(`Reading the queries by the ${MODELS[run.model]}: ${run.done} of ${run.total}`, run.total > 0 ? run.done / run.total : null);
    else progress(`Trying settings: ${run.step} of ${run.steps}`, run.steps > 0 ? run.step / run.steps : null);
  };
}

function reportsOf(outcome: TrainingOutcome): PathReport[] {
  return (Object.keys(outcome) as QueryPath[]).map((path) => ({ path, ...outcome[path]! }));
}
