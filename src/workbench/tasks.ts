// Runs long work as a visible task that can be cancelled, and shows its failure in the page.

import { isEraError } from '../index.ts';
import type { Kind, Problem, State, Task } from './state.ts';

export type Show = (text: string, done: number | null) => void;

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

  /** @returns whether `work` succeeded */
  async run(what: Kind, text: string, work: (signal: AbortSignal, show: Show) => Promise<void>): Promise<boolean> {
    const controller = new AbortController();
    const { signal } = controller;
    const put = (task: Task | null): void =>
      this.set({
        tasks: [...this.state.tasks.filter((other) => other.controller !== controller), ...(task ? [task] : [])],
      });
    put({ what, text, done: null, controller });
    try {
      await work(signal, (now, done) => {
        if (!signal.aborted) put({ what, text: now, done, controller });
      });
      return true;
    } catch (error) {
      if (!signal.aborted) this.set({ problem: explain(error) });
      else if (what !== 'search') this.set({ notice: 'Cancelled.' }); // a new search replaces the previous one
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
  return {
    message: error instanceof Error ? error.message : String(error),
    hint: 'This should not happen: please report it.',
    code: 'internal',
  };
}
