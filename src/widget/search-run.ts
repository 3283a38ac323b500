// From typed text to shown results: waits, asks, drops stale answers, merges better ones. It knows no element and no
// HTML.

import { EraError, isEraError, type Answer, type ChosenFilters, type PageHit, type SearchOptions } from '../index.ts';
import { stableMerge } from './stable-merge.ts';

/** Milliseconds before a skeleton replaces the results: most answers are quicker. */
const SKELETON_AFTER_MS = 150;

export interface RunHost {
  /** Asks the site, and opens it first where needed. */
  readonly ask: (text: string, options: SearchOptions) => Promise<AsyncIterable<Answer>>;
  /** Filters that apply where the visitor has chosen no values of them. */
  readonly defaultFilters: () => ChosenFilters;
  /** Whether the visitor has moved within the shown list. */
  readonly isTouched: () => boolean;
  readonly changed: () => void;
  /** `isFirst`: the first answer to this question; better ones may follow. */
  readonly answered: (answer: Answer, isFirst: boolean) => void;
  readonly failed: (error: EraError) => void;
}

export class SearchRun {
  /** The last question; empty for none. */
  query = '';
  /** The shown pages, merged (stable-merge.ts). */
  pages: readonly PageHit[] = [];
  answer: Answer | null = null;
  error: EraError | null = null;
  /** A first answer is pending. */
  isBusy = false;
  /** A first answer is shown, a better one is pending. */
  isImproving = false;
  /** The answer has been pending for so long that a skeleton is shown. */
  isSlow = false;
  /** Filter → chosen values; of a filter with a default none stands for all. */
  filters: ChosenFilters = {};
  readonly #host: RunHost;
  #abort: AbortController | undefined;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #slow: ReturnType<typeof setTimeout> | undefined;

  constructor(host: RunHost) {
    this.#host = host;
  }

  /** Asks after `delayMs` without further typing; a pending question is dropped at once. */
  askSoon(text: string, delayMs: number): void {
    this.#stop();
    this.#waiting = setTimeout(() => void this.ask(text), delayMs);
  }

  /** @returns the best answer; null when there is none or another question was asked meanwhile */
  async ask(text: string): Promise<Answer | null> {
    this.#stop();
    this.query = text;
    this.isBusy = true;
    this.#slow = setTimeout(() => {
      this.isSlow = true;
      this.#host.changed();
    }, SKELETON_AFTER_MS);
    this.#host.changed();
    return this.#search(text, false);
  }

  /** Asks the same question again because a better answer is now possible. */
  async refine(): Promise<void> {
    if (this.answer && !this.isBusy && this.query === this.answer.query) {
      this.#abort?.abort();
      this.isImproving = true;
      this.#host.changed();
      await this.#search(this.query, true);
    }
  }

  retry(): Promise<Answer | null> {
    return this.ask(this.query);
  }

  /** The visitor's choice, and the defaults beside it. */
  get chosen(): ChosenFilters {
    return { ...this.#host.defaultFilters(), ...this.filters };
  }

  setFilter(name: string, value: string, isChosen: boolean): void {
    const others = (this.chosen[name] ?? []).filter((other) => other !== value);
    const values = isChosen ? [...others, value] : others;
    const rest = Object.fromEntries(Object.entries(this.filters).filter(([other]) => other !== name));
    if (values.some((some) => some !== '')) this.filters = { ...rest, [name]: values };
    else this.filters = name in this.#host.defaultFilters() ? { ...rest, [name]: [] } : rest;
    if (this.query !== '') void this.ask(this.query);
    else this.#host.changed();
  }

  clearFilters(): void {
    this.filters = {};
    if (this.query !== '') void this.ask(this.query);
    else this.#host.changed();
  }

  /** Clears the question; filters are kept. */
  clear(): void {
    this.#stop();
    this.query = '';
    this.pages = [];
    this.answer = null;
    this.error = null;
    this.#host.changed();
  }

  async #search(text: string, isBetter: boolean): Promise<Answer | null> {
    const abort = new AbortController();
    this.#abort = abort;
    let isFirst = !isBetter;
    const show = (answer: Answer): void => {
      this.#endWait();
      this.error = null;
      this.pages = isFirst ? answer.pages : stableMerge(this.pages, answer.pages, this.#host.isTouched());
      this.answer = answer;
      this.isImproving = !answer.isLast;
      this.#host.answered(answer, isFirst);
      isFirst = false;
      this.#host.changed();
    };
    try {
      let best: Answer | null = null;
      for await (const answer of await this.#host.ask(text, { filters: this.filters, signal: abort.signal })) {
        if (abort.signal.aborted) return null;
        best = answer;
        if (answer.isLast || !isBetter) show(answer);
      }
      return best;
    } catch (error) {
      if (abort.signal.aborted) return null;
      this.#endWait();
      if (!isFirst) return null; // the shown pages are still an answer
      const problem = toEraError(error);
      this.error = problem;
      this.answer = null;
      this.pages = [];
      this.#host.failed(problem);
      this.#host.changed();
      return null;
    }
  }

  #stop(): void {
    clearTimeout(this.#waiting);
    this.#endWait();
    this.#abort?.abort();
  }

  #endWait(): void {
    clearTimeout(this.#slow);
    this.isBusy = false;
    this.isSlow = false;
    this.isImproving = false;
  }
}

function toEraError(error: unknown): EraError {
  if (isEraError(error)) return error;
  return new EraError('internal', error instanceof Error ? error.message : String(error), { cause: error });
}
