// Actions on a collection and a question, common to both faces; label-actions.ts and train-actions.ts have further
// ones, corpus-actions.ts and site-actions.ts those of one face. Each action changes the state, calls the engine
// through its public API, and reports its outcome.

import type { Answer, Collection } from '../index.ts';
import { LabelActions } from './label-actions.ts';
import { loadUnanswered, saveUnanswered } from './label-store.ts';
import { isWithoutWords, rankings } from './rankings.ts';
import { CLEARED, NO_QUESTION, type Column, type Question, type State } from './state.ts';
import { explain, Tasks } from './tasks.ts';
import { TrainActions } from './train-actions.ts';

/** Search options of a column. */
const SHOWN = { limit: 8, sections: 3, snippetLength: 240, explain: true } as const;
const MOST_UNANSWERED = 100;

export class Actions {
  readonly train: TrainActions;
  readonly labels: LabelActions;
  readonly tasks: Tasks;
  /** Runs before a question is answered, with a search by its first column. */
  beforeAnswer: ((search: () => Promise<Answer>) => Promise<void>) | undefined;
  readonly #state: State;

  constructor(state: State, render: () => void) {
    this.#state = state;
    this.tasks = new Tasks(state, render);
    this.train = new TrainActions(this.tasks, () => this.askAgain());
    this.labels = new LabelActions(this.tasks);
  }

  /** Keeps the form's content, so that no later render restores an earlier question. */
  type(question: Question): void {
    this.#state.question = question;
  }

  ask(question: Question): Promise<void> {
    this.type(question);
    this.tasks.set({ problem: null }); // for an automatic repetition the last error stays visible
    return this.#answer(question);
  }

  /** Another query with the same filters. A search field drops line breaks. */
  askText(text: string): Promise<void> {
    return this.ask({ ...this.#state.question, text: text.replace(/\s*\n\s*/g, ' ') });
  }

  compare(change: Partial<Pick<State, 'path' | 'compare'>>): void {
    this.tasks.set(change);
    void this.askAgain();
  }

  set(change: Partial<Pick<State, 'trainer' | 'share' | 'alignmentPassages' | 'use'>>): void {
    this.tasks.set(change);
  }

  forgetUnanswered(query: string): void {
    this.#keepUnanswered(this.#state.unanswered.filter((other) => other !== query));
  }

  dismissProblem(): void {
    this.tasks.set({ problem: null });
  }

  async #answer(asked: Question): Promise<void> {
    this.tasks.cancel('search');
    this.tasks.set({ asked });
    const { collection } = this.#state;
    if (asked.text.trim() === '' || !collection) return;
    await this.tasks.run('search', 'Searching', async (signal) => {
      const columns: Column[] = rankings(this.#state).map((ranking) => ({ ...ranking, answer: null, problem: null }));
      this.tasks.set({ columns: [...columns] });
      const options = {
        ...SHOWN,
        encoder: this.#state.face === 'site' ? 'if-ready' : 'load',
        language: asked.language || undefined,
        filters: asked.filters,
        signal,
      } as const;
      const search = (i: number): Promise<Answer> => {
        const { mode, path, stage, trainer } = columns[i]!;
        return collection.search(asked.text, { ...options, mode, path, stage, trainer: trainer ?? undefined }).best();
      };
      const fill = async (i: number): Promise<void> => {
        try {
          const answer = await search(i);
          columns[i] = { ...columns[i]!, answer };
        } catch (error) {
          if (signal.aborted) throw error;
          columns[i] = { ...columns[i]!, problem: explain(error).message };
        }
        this.tasks.set({ columns: [...columns] });
      };
      await this.beforeAnswer?.(() => search(0));
      await fill(0); // the others then find the query's vectors in the cache
      await Promise.all(columns.slice(1).map((_, i) => fill(i + 1)));
      const answers = columns.map(({ answer }) => answer);
      const total = answers[0]?.total ?? 0;
      this.tasks.set({ notice: total === 1 ? '1 result.' : `${total} results.` });
      if (asked.language === '' && Object.keys(asked.filters).length === 0)
        this.#noteWords(asked.text, isWithoutWords(answers));
    });
  }

  async askAgain(): Promise<void> {
    if (this.#state.asked.text !== '') await this.#answer(this.#state.asked);
  }

  /** One collection is open at a time. */
  use(collection: Collection, source: State['source']): void {
    this.#state.collection?.close();
    const { question, asked } = this.#state;
    const inAll = ({ text }: Question): Question => ({ ...NO_QUESTION, text }); // its languages and filters differ
    this.tasks.set({
      ...CLEARED,
      collection,
      source,
      question: inAll(question),
      asked: inAll(asked),
      unanswered: this.#state.keeps ? loadUnanswered(collection.info.name) : [],
    });
    this.labels.restore();
  }

  #noteWords(text: string, isUnanswered: boolean | null): void {
    if (isUnanswered === null) return;
    const query = text.trim().replace(/\s+/g, ' ');
    const others = this.#state.unanswered.filter((other) => other !== query);
    this.#keepUnanswered(isUnanswered ? [query, ...others].slice(0, MOST_UNANSWERED) : others);
  }

  #keepUnanswered(unanswered: readonly string[]): void {
    const { collection, keeps } = this.#state;
    this.tasks.set({ unanswered });
    if (keeps && collection) saveUnanswered(collection.info.name, unanswered);
  }
}
