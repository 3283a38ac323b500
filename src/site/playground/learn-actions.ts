// Aligning, learning from labels, and what comes of it: measured, taken back, saved.

import { isEraError, splitLabels, type AdaptOptions, type Collection, type Evaluation, type LabelledQuery, type QueryPath, type Stage, type TrainingOutcome } from '../../index.ts';
import { usableLabels } from './owner-labels.ts';
import { saveFile } from '../../page/save-file.ts';
import { isBusy, type Lesson, type PathReport, type Runner, type State } from './state.ts';
import { follow } from '../../page/progress.ts';
import { explain, type Show } from '../../page/tasks.ts';

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

  /** The page offers learning only where the site is open. */
  get #collection(): Collection {
    return this.#state.collection!;
  }

  async align(): Promise<void> {
    if (isBusy(this.#state)) return;
    const { labels, unanswered } = this.#state;
    const queries = [...labels.map(({ query }) => query), ...unanswered];
    await this.#tasks.run('align', 'Aligning', async (signal, show) => {
      const outcome = await this.#collection.align({ queries, signal, onProgress: follow(show) });
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
    const isDone = await this.#tasks.run('learn', 'Learning', async (signal, show) => {
      const lesson = await this.#lesson({ force, signal, onProgress: follow(show) }, show);
      this.#tasks.set({ lesson, notice: 'Learned.' });
    });
    if (!isDone) await this.#putBack(before);
    await this.#askAgain();
  }

  /** Drops what labels taught, or all that was learned. */
  async revert(to: 'aligned' | 'none'): Promise<void> {
    try {
      await this.#collection.revert(to);
      this.#tasks.set({ lesson: null, notice: to === 'none' ? 'Back to the small model alone.' : 'Back to before the labels.' });
    } catch (error) {
      this.#tasks.set({ problem: explain(error) });
    }
    await this.#askAgain();
  }

  save(path: QueryPath, stage: Stage): void {
    try {
      saveFile(this.#collection.exportAdapter(path, stage), adapterFile(path, stage));
    } catch (error) {
      this.#tasks.set({ problem: explain(error) });
    }
  }

  /** Without the labels that name sections which the site, built anew since, has no more. */
  async #lesson(options: AdaptOptions, show: Show): Promise<Lesson> {
    let labels = usableLabels(this.#state.labels);
    for (let gone = 0; ; gone++) {
      try {
        const heldOut = await this.#trial(labels, options, show);
        show('Learning from all labels', null);
        return { reports: reportsOf(await this.#collection.adapt(labels, options)), heldOut, gone };
      } catch (error) {
        if (!isEraError(error, 'missing-id')) throw error;
        const { qid, id } = error.details;
        labels = usableLabels(labels.map((query) => (query.qid === qid ? { ...query, labels: query.labels.filter((label) => label.id !== id) } : query)));
      }
    }
  }

  async #trial(labels: readonly LabelledQuery[], options: AdaptOptions, show: Show): Promise<Evaluation | null> {
    if (labels.length < FEWEST_FOR_TRIAL) return null;
    const { train, validation, evaluation } = splitLabels(labels, SHARE);
    show('A trial with half of the labels', null);
    await this.#collection.adapt([...train, ...validation], options);
    show('Measuring on the other half', null);
    return this.#collection.evaluate(evaluation, { signal: options.signal });
  }

  #inUse(): InUse[] {
    const { status } = this.#state;
    return status.adapters.filter(({ stage }) => stage === 'adapted').map(({ path, stage }) => ({ stage, bytes: this.#collection.exportAdapter(path, stage) }));
  }

  async #putBack(adapters: readonly InUse[]): Promise<void> {
    try {
      await this.#collection.revert('aligned');
      for (const { stage, bytes } of adapters) await this.#collection.importAdapter(bytes, stage);
    } catch (error) {
      this.#tasks.set({ problem: explain(error) });
    }
  }
}

export function adapterFile(path: QueryPath, stage: Stage): string {
  return `${path}-${stage}.safetensors`;
}

function reportsOf(outcome: TrainingOutcome): PathReport[] {
  return (Object.keys(outcome) as QueryPath[]).map((path) => ({ path, ...outcome[path]! }));
}
