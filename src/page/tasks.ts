// Runs what takes time: as a visible task that can be cancelled, with its failure told in the page.

import { isEraError } from '../index.ts';

export interface Task<Kind extends string> {
  readonly what: Kind;
  readonly text: string;
  /** 0 to 1; null where it cannot be told. */
  readonly done: number | null;
  readonly controller: AbortController;
}

export interface Problem {
  readonly message: string;
  readonly hint: string;
  readonly code: string;
}

/** What of a page's state tells how its tasks go. */
export interface TaskState<Kind extends string> {
  tasks: readonly Task<Kind>[];
  problem: Problem | null;
  /** Said politely. */
  notice: string;
}

export type Show = (text: string, done: number | null) => void;

export class Tasks<Kind extends string, State extends TaskState<Kind>> {
  readonly state: State;
  readonly #quiet: Kind;
  readonly #render: () => void;

  /** @param quiet tasks of this kind give way to the next one, and their cancelling is not told */
  constructor(state: State, quiet: Kind, render: () => void) {
    this.state = state;
    this.#quiet = quiet;
    this.#render = render;
  }

  set(change: Partial<State> | Partial<TaskState<Kind>>): void {
    Object.assign(this.state, change);
    this.#render();
  }

  /** @returns whether `work` ended well */
  async run(what: Kind, text: string, work: (signal: AbortSignal, show: Show) => Promise<void>): Promise<boolean> {
    const controller = new AbortController();
    const { signal } = controller;
    const put = (task: Task<Kind> | null): void => this.set({ tasks: [...this.state.tasks.filter((other) => other.controller !== controller), ...(task ? [task] : [])] });
    put({ what, text, done: null, controller });
    try {
      await work(signal, (now, done) => {
        if (!signal.aborted) put({ what, text: now, done, controller });
      });
      return true;
    } catch (error) {
      if (!signal.aborted) this.set({ problem: explain(error) });
      else if (what !== this.#quiet) this.set({ notice: 'Cancelled.' });
      return false;
    } finally {
      put(null);
    }
  }

  async attempt(work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.set({ problem: explain(error) });
    }
  }

  cancel(what: Kind): void {
    for (const task of this.state.tasks) if (task.what === what) task.controller.abort();
  }

  cancelAll(): void {
    for (const task of this.state.tasks) task.controller.abort();
  }
}

export function explain(error: unknown): Problem {
  if (isEraError(error)) return { message: error.message, hint: error.hint, code: error.code };
  return { message: error instanceof Error ? error.message : String(error), hint: 'This should not happen: please report it.', code: 'internal' };
}
