// What a visitor can do with passages and queries; learn-actions.ts and label-actions.ts have the rest. Each action changes the state,
// calls the engine through its public API, and tells how it went.

import { parseQueries, type Collection, type QueryPath, type Stage, type TrainerName } from '../index.ts';
import { indexUrl, loadCorpora, loadLabels, loadPassagesText, type Corpus } from './corpora.ts';
import { LabelActions } from './label-actions.ts';
import { LearnActions } from './learn-actions.ts';
import { NONE } from './own-labels.ts';
import { follow } from '../page/progress.ts';
import { explain, Tasks } from '../page/tasks.ts';
import { relevantFor, type Column, type Kind, type Runner, type State } from './state.ts';

/** Hits in a column. */
const K = 8;
const OWN = 'own';

export class Actions {
  readonly learn: LearnActions;
  readonly labels: LabelActions;
  readonly #runner: Runner;
  readonly #state: State;

  constructor(state: State, render: () => void) {
    this.#state = state;
    this.#runner = new Tasks<Kind, State>(state, 'search', render);
    this.learn = new LearnActions(this.#runner, () => this.ask(this.#state.query));
    this.labels = new LabelActions(this.#runner);
  }

  async start(): Promise<void> {
    await this.#runner.attempt(async () => {
      this.#runner.set({ corpora: await loadCorpora() });
      const wanted = new URLSearchParams(location.search).get('corpus');
      const first = this.#state.corpora.find(({ name }) => name === wanted) ?? this.#state.corpora[0];
      if (first && this.#state.corpus === '') await this.chooseCorpus(first.name); // own files can be chosen before the list is here
    });
  }

  async chooseCorpus(name: string): Promise<void> {
    this.#runner.cancelAll();
    const corpus = this.#state.corpora.find((candidate) => candidate.name === name);
    this.#runner.set({ corpus: name, ...cleared });
    if (!corpus) return; // own files: the page asks for them
    await this.#runner.run('index', `Opening ${corpus.title}`, async (signal, show) => {
      const collection = await this.#state.engine.open(indexUrl(corpus), { name: corpus.name, signal });
      const { source } = collection.info;
      await collection.download({ signal, onProgress: follow(show) });
      this.#use(collection, source);
      await this.#loadLabels(corpus);
    });
    if (this.#state.query) await this.ask(this.#state.query);
  }

  /** Embeds the corpus here instead of taking the prepared index. */
  async buildHere(): Promise<void> {
    const corpus = this.#state.corpora.find(({ name }) => name === this.#state.corpus);
    if (!corpus) return;
    await this.#build(corpus.name, await loadPassagesText(corpus), corpus.title);
    await this.#loadLabels(corpus);
  }

  async openOwn(docs: File, queries: File | null): Promise<void> {
    this.#runner.cancelAll();
    this.#runner.set({ corpus: OWN, ...cleared });
    await this.#build(`${OWN}:${docs.name}`, await docs.text(), docs.name);
    if (!this.#state.collection) return;
    this.labels.restore();
    if (!queries) return;
    await this.#runner.attempt(async () => {
      const labels = parseQueries(await queries.text());
      this.#runner.set({ labels, notice: `${labels.length} labelled queries read.` });
    });
  }

  async ask(text: string): Promise<void> {
    const query = text.trim();
    this.#runner.cancel('search');
    this.#runner.set({ query: text, problem: null });
    const { collection } = this.#state;
    if (!query || !collection) return;
    this.#runner.set({ relevant: relevantFor(this.#state.labels, query) });
    await this.#runner.run('search', 'Searching', async (signal) => {
      const columns: Column[] = this.#rankings().map((ranking) => ({ ...ranking, result: null, problem: null }));
      this.#runner.set({ columns: [...columns] });
      const fill = async (i: number): Promise<void> => {
        const { path, stage, trainer } = columns[i]!;
        try {
          columns[i] = { path, stage, trainer, result: await collection.search(query, { mode: 'dense', limit: K, sections: 1, path, stage, trainer: trainer ?? undefined, signal }).best(), problem: null };
        } catch (error) {
          if (signal.aborted) throw error;
          columns[i] = { path, stage, trainer, result: null, problem: explain(error).message };
        }
        this.#runner.set({ columns: [...columns] });
      };
      await fill(0); // the others then find the query's vectors in the cache
      await Promise.all(columns.slice(1).map((_, i) => fill(i + 1)));
      this.#runner.set({ notice: `${columns.at(-1)?.result?.pages.length ?? 0} results.` });
    });
  }

  /** Keeps what stands in the search field, so that no render, however late, puts an earlier query there. */
  type(text: string): void {
    this.#state.typed = text;
  }

  /** A search field drops line breaks. */
  askExample(text: string): Promise<void> {
    this.type(text.replace(/\s*\n\s*/g, ' '));
    return this.ask(text);
  }

  setPath(path: QueryPath): void {
    this.#runner.set({ path });
    void this.ask(this.#state.query);
  }

  set(change: Partial<Pick<State, 'trainer' | 'share' | 'alignmentPassages'>>): void {
    this.#runner.set(change);
  }

  dismissProblem(): void {
    this.#runner.set({ problem: null });
  }

  async #build(name: string, text: string, title: string): Promise<void> {
    await this.#runner.run('index', `Building the index of ${title}`, async (signal, show) => {
      const { engine } = this.#state;
      const records = await engine.readRecords(text);
      const collection = await engine.build(records, { name, signal, onProgress: follow(show) });
      this.#use(collection, 'built');
    });
  }

  /** One collection is open at a time; the one before stays until it is there. */
  #use(collection: Collection, source: State['source']): void {
    this.#state.collection?.close();
    this.#runner.set({ collection, source });
  }

  async #loadLabels(corpus: Corpus): Promise<void> {
    await this.#runner.attempt(async () => {
      const labels = await loadLabels(corpus);
      if (this.#state.corpus !== corpus.name) return;
      this.#runner.set({ labels });
      this.labels.restore();
    });
  }

  /** The rankings to show: the small model alone, what has been learned for the chosen path, and ERA's best beside it. */
  #rankings(): Pick<Column, 'path' | 'stage' | 'trainer'>[] {
    const { path: chosen, status } = this.#state;
    const there = (path: QueryPath, trainer: TrainerName, stages: readonly Stage[]): Pick<Column, 'path' | 'stage' | 'trainer'>[] =>
      stages.filter((stage) => status.adapters.some((slot) => slot.path === path && slot.trainer === trainer && slot.stage === stage)).map((stage) => ({ path, stage, trainer }));
    return [{ path: chosen, stage: 'none', trainer: null }, ...there(chosen, 'closed-form', ['aligned', 'adapted']), ...there('remote', 'era', ['adapted', 'aligned']).slice(0, 1)];
  }
}

const cleared = {
  labels: [],
  own: NONE,
  labelNote: '',
  columns: [],
  relevant: new Map<string, number>(),
  losses: [],
  reports: [],
  evaluation: null,
  curve: null,
  problem: null,
  notice: '',
} satisfies Partial<State>;
