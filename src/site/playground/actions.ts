// What the owner can do: open, load the model, ask. Labels and learning have files of their own.

import { encoderDownloadBytes } from '../../index.ts';
import { follow } from '../../page/progress.ts';
import { allowModel, isModelAllowed } from '../../widget/consent.ts';
import { isWithoutWords } from './columns.ts';
import { keep, loadKept } from './kept.ts';
import { LabelActions } from './label-actions.ts';
import { LearnActions } from './learn-actions.ts';
import type { Kind, Question, Runner, State } from './state.ts';
import { Tasks } from '../../page/tasks.ts';

/** Enough for both legs to be whole where a person looks. */
const WIDE = { limit: 100, sections: 10, snippetLength: 140, explain: true } as const;
const MOST_UNANSWERED = 100;

export class Actions {
  readonly labels: LabelActions;
  readonly learn: LearnActions;
  readonly #tasks: Runner;
  readonly #state: State;
  readonly #site: string;

  /** @param site address of the folder with the site's index */
  constructor(state: State, site: string, render: () => void) {
    this.#state = state;
    this.#site = site;
    this.#tasks = new Tasks<Kind, State>(state, 'ask', render);
    this.labels = new LabelActions(this.#tasks, site);
    this.learn = new LearnActions(this.#tasks, () => this.#askAgain());
  }

  /** Opens the site, brings it here whole, and asks what the address asks. */
  async start(): Promise<void> {
    const { engine } = this.#state;
    this.#tasks.set(loadKept(this.#site));
    const isOpen = await this.#tasks.run('open', 'Opening the site', async (signal, show) => {
      const collection = await engine.open(this.#site, { signal });
      this.#tasks.set({ collection });
      this.#loadAllowedModel();
      await collection.download({ signal, onProgress: follow(show) });
    });
    const text = new URLSearchParams(location.search).get('q') ?? '';
    if (isOpen && text.trim() !== '') await this.ask({ ...this.#state.question, text });
  }

  /** The owner allows the download, here and for the site's own search in this browser. */
  loadModel(): void {
    allowModel();
    this.#warmUp();
  }

  /** Keeps what stands in the form, so that no render, however late, puts an earlier query there. */
  type(question: Question): void {
    this.#state.question = question;
  }

  ask(question: Question): Promise<void> {
    this.type(question);
    return this.#answer(question);
  }

  forgetUnanswered(query: string): void {
    this.#keepUnanswered(this.#state.unanswered.filter((other) => other !== query));
  }

  dismissProblem(): void {
    this.#tasks.set({ problem: null });
  }

  async #answer(question: Question): Promise<void> {
    this.#tasks.set({ problem: null });
    const { collection } = this.#state;
    if (question.text.trim() === '' || !collection) return;
    this.#tasks.cancel('ask');
    await this.#tasks.run('ask', 'Searching', async (signal) => {
      const options = { ...WIDE, encoder: 'if-ready', language: question.language, filters: question.filters, signal } as const;
      const best = await collection.search(question.text, options).best();
      const plain = best.source.stage === 'none' ? null : await collection.search(question.text, { ...options, path: 'local', stage: 'none' }).best();
      this.#tasks.set({ answers: { question, best, plain }, notice: best.total === 1 ? '1 page.' : `${best.total} pages.` });
      if (question.language === '' && Object.keys(question.filters).length === 0) this.#noteWords(best.query, isWithoutWords(best));
    });
  }

  async #askAgain(): Promise<void> {
    if (this.#state.answers) await this.#answer(this.#state.answers.question);
  }

  #noteWords(query: string, isUnanswered: boolean): void {
    const others = this.#state.unanswered.filter((other) => other !== query);
    this.#keepUnanswered(isUnanswered ? [query.replace(/\s+/g, ' '), ...others].slice(0, MOST_UNANSWERED) : others);
  }

  #keepUnanswered(unanswered: readonly string[]): void {
    this.#tasks.set({ unanswered });
    keep(this.#site, { unanswered }); // a browser that keeps nothing shows the list for this visit
  }

  #loadAllowedModel(): void {
    const published = this.#state.status.info?.encoder;
    if (!published || published.modelBase === null) return;
    if (isModelAllowed()) this.#warmUp();
    const size = encoderDownloadBytes({ model: published.model, modelBase: published.modelBase });
    void size.catch(() => 0).then((modelBytes) => this.#tasks.set({ modelBytes }));
  }

  #warmUp(): void {
    const ready = this.#state.engine.warmUp();
    void ready.then(
      () => this.#askAgain(),
      () => undefined, // status.encoder tells what went wrong
    );
  }
}
