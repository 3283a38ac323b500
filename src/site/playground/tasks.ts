// Runs what takes time: as a visible task that can be cancelled, with its failure told in the page.

import { isEraError } from '../../index.ts';
import type { Problem, State, Task } from './state.ts';

export type Progress = (text: string, done: number | null) => void;

export class Tasks {
  readonly state: State;
  readonly #render: () => void;

  constructor(state: State, render: () => void) {
    this.state = state;
    this.#render = render;
  }

  set(change: Partial<State>): void {
    Object.assign(this.state, change);
    this.#render();
  }

  /** A task of the same kind that still runs is cancelled. @returns whether `work` ended well */
  async run(what: Task['what'], text: string, work: (signal: AbortSignal, progress: Progress) => Promise<void>): Promise<boolean> {
    this.cancel(what);
    const controller = new AbortController();
    const { signal } = controller;
    const show = (task: Task | null): void => this.set({ tasks: [...this.state.tasks.filter((other) => other.controller !== controller), ...(task ? [task] : [])] });
    show({ what, text, done: null, controller });
    try {
      await work(signal, (now, done) => {
        if (!signal.aborted) show({ what, text: now, done, controller });
      });
      return true;
    } catch (error) {
      if (!signal.aborted) this.set({ problem: explain(error) });
      else if (what !== 'ask') this.set({ notice: 'Cancelled.' });
      return false;
    } finally {
      show(null);
    }
  }

  cancel(what: Task['what']): void {
    for (const task of this.state.tasks) if (task.what === what) task.controller.abort();
  }
}

export function explain(error: unknown): Problem {
  if (isEraError(error)) return { message: error.message, hint: error.hint, code: error.code };
  return { message: error instanceof Error ? error.message : String(error), hint: 'This should not happen: please report it.', code: 'internal' };
}
