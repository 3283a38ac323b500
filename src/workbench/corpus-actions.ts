// Actions of the playground alone: choose a bundled corpus, build it in the page, use own files.

import { parseQueries } from '../index.ts';
import type { Actions } from './actions.ts';
import { CollectionStates, type CollectionState } from './collection-states.ts';
import { indexUrl, loadCorpora, loadLabels, loadPassagesText, type Corpus } from './corpora.ts';
import { readText } from './read-file.ts';
import type { State } from './state.ts';
import { follow } from './view/progress.ts';

/** Of the demo corpora, whose records do not say it; their published collections have it too. */
const DEMO_LANGUAGE = 'en';

const OWN = 'own';

export class CorpusActions {
  readonly #actions: Actions;
  readonly #state: State;
  readonly #states: CollectionStates;

  constructor(actions: Actions) {
    this.#actions = actions;
    this.#state = actions.tasks.state;
    this.#states = new CollectionStates((states) => this.#learn(states));
  }

  /** Loads the list of corpora, then the wanted one, or the first that is ready. */
  async open(wanted: string | null): Promise<void> {
    const { tasks } = this.#actions;
    await tasks.attempt(async () => {
      const [corpora] = await Promise.all([loadCorpora(), this.#states.follow()]);
      tasks.set({ corpora });
      await this.#openFirst(wanted);
    });
  }

  /** Does nothing where a corpus is chosen: own files can be chosen before the list has arrived. */
  async #openFirst(wanted: string | null = null): Promise<void> {
    const ready = this.#state.corpora.filter(({ name }) => !Object.hasOwn(this.#state.unfinished, name));
    const first = ready.find(({ name }) => name === wanted) ?? ready[0];
    if (first && this.#state.corpus === '') await this.choose(first.name);
  }

  #learn(states: readonly CollectionState[]): void {
    const { tasks } = this.#actions;
    const before = this.#state.unfinished;
    const unfinished = Object.fromEntries(
      states.filter(({ state }) => state !== 'ready').map((state) => [state.name, state]),
    );
    const ready = this.#state.corpora.filter(
      ({ name }) => Object.hasOwn(before, name) && !Object.hasOwn(unfinished, name),
    );
    tasks.set({ unfinished });
    if (ready.length === 0) return;
    tasks.set({ notice: `Ready to choose: ${ready.map(({ title }) => title).join(', ')}.` });
    void this.#openFirst();
  }

  /** The open corpus and all its state stay until the next one is loaded. */
  async choose(name: string): Promise<void> {
    const { tasks } = this.#actions;
    const before = this.#state.corpus;
    const corpus = this.#state.corpora.find((candidate) => candidate.name === name);
    tasks.cancelAll();
    tasks.set({ corpus: name, problem: null });
    if (!corpus) return; // own files: the page asks for them
    const isOpen = await tasks.run('open', `Opening ${corpus.title}`, async (signal, show) => {
      const collection = await this.#state.engine.open(indexUrl(corpus), { signal });
      const { source } = collection.info;
      await collection.download({ signal, onProgress: follow(show) });
      this.#actions.use(collection, source);
      await this.#loadLabels(corpus);
    });
    if (isOpen) await this.#actions.askAgain();
    else if (this.#state.corpus === name) {
      tasks.set({ corpus: before });
      void this.#states.follow(); // the server may have begun to make it anew
    }
  }

  /** Embeds the corpus in the page instead of using the prepared collection. */
  async buildHere(): Promise<void> {
    const corpus = this.#state.corpora.find(({ name }) => name === this.#state.corpus);
    if (!corpus) return;
    const isBuilt = await this.#build(indexUrl(corpus), await loadPassagesText(corpus), corpus.title, DEMO_LANGUAGE);
    if (isBuilt) await this.#loadLabels(corpus);
  }

  async openOwn(docs: File, queries: File | null): Promise<void> {
    const { tasks } = this.#actions;
    tasks.cancelAll();
    tasks.set({ problem: null });
    await tasks.attempt(async () => {
      const isBuilt = await this.#build(`${OWN}:${docs.name}`, await readText(docs), docs.name);
      if (!isBuilt || !queries) return;
      const labels = parseQueries(await readText(queries));
      tasks.set({ labels, notice: `${labels.length} labelled queries read.` });
    });
  }

  /** @param language of records that do not say theirs @default none */
  async #build(name: string, text: string, title: string, language?: string): Promise<boolean> {
    return this.#actions.tasks.run('open', `Building the index of ${title}`, async (signal, show) => {
      const { engine } = this.#state;
      const records = (await engine.readRecords(text)).map((record) => ({ language, ...record }));
      this.#actions.use(await engine.build(records, { name, signal, onProgress: follow(show) }), 'built');
    });
  }

  async #loadLabels(corpus: Corpus): Promise<void> {
    const { tasks } = this.#actions;
    const { collection } = this.#state;
    await tasks.attempt(async () => {
      const labels = await loadLabels(corpus);
      if (this.#state.collection === collection) tasks.set({ labels });
    });
  }
}
