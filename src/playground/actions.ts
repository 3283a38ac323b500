// What a visitor can do. Each action changes the state, calls the engine through its public API, and tells how it went.

import { isEraError, parseQueries, splitLabels, type LabelledQuery, type QueryPath, type RunProgress, type Stage } from '../index.ts';
import { indexUrl, loadCorpora, loadLabels, loadPassagesText, type Corpus } from './corpora.ts';
import { relevantFor, type Column, type Share, type State, type Task } from './state.ts';

/** Hits in a column. */
const K = 8;
const OWN = 'own';

export class Actions {
  readonly #state: State;
  readonly #render: () => void;

  constructor(state: State, render: () => void) {
    this.#state = state;
    this.#render = render;
  }

  async start(): Promise<void> {
    await this.#try(async () => {
      this.#set({ corpora: await loadCorpora() });
      const wanted = new URLSearchParams(location.search).get('corpus');
      const first = this.#state.corpora.find(({ name }) => name === wanted) ?? this.#state.corpora[0];
      if (first) await this.chooseCorpus(first.name);
    });
  }

  async chooseCorpus(name: string): Promise<void> {
    this.cancelAll();
    const corpus = this.#state.corpora.find((candidate) => candidate.name === name);
    this.#set({ corpus: name, ...cleared });
    if (!corpus) return; // own files: the page asks for them
    await this.#run('index', `Opening ${corpus.title}`, async ({ signal }, progress) => {
      await this.#state.engine.openIndex({
        name: corpus.name,
        url: indexUrl(corpus),
        signal,
        onProgress: ({ loadedBytes, totalBytes }) => progress(`Loading the index: ${megabytes(loadedBytes)} of ${megabytes(totalBytes)}`, share(loadedBytes, totalBytes)),
      });
      await this.#loadLabels(corpus);
    });
    if (this.#state.query) await this.ask(this.#state.query);
  }

  /** Embeds the corpus here instead of taking the prepared index. */
  async buildHere(): Promise<void> {
    const corpus = this.#corpus();
    if (!corpus) return;
    await this.#build(corpus.name, await loadPassagesText(corpus), (text) => `${text} of ${corpus.title}`);
    await this.#loadLabels(corpus);
  }

  async openOwn(docs: File, queries: File | null): Promise<void> {
    this.cancelAll();
    this.#set({ corpus: OWN, ...cleared });
    await this.#build(`${OWN}:${docs.name}`, await docs.text(), (text) => `${text} of ${docs.name}`);
    if (!queries || !this.#state.status.index) return;
    await this.#try(async () => {
      const labels = parseQueries(await queries.text());
      this.#set({ labels, notice: `${labels.length} labelled queries read.` });
    });
  }

  async ask(text: string): Promise<void> {
    const query = text.trim();
    this.#cancel('search');
    this.#set({ query: text, problem: null });
    if (!query || !this.#state.status.index) return;
    this.#set({ relevant: relevantFor(this.#state.labels, query) });
    await this.#run('search', 'Searching', async ({ signal }) => {
      const stages = this.#stages();
      const columns: Column[] = stages.map((stage) => ({ stage, result: null, problem: null }));
      this.#set({ columns: [...columns] });
      const fill = async (i: number): Promise<void> => {
        try {
          const result = await this.#state.engine.search(query, { k: K, path: this.#state.path, stage: stages[i]!, signal });
          columns[i] = { stage: stages[i]!, result, problem: null };
        } catch (error) {
          if (signal.aborted) throw error;
          columns[i] = { stage: stages[i]!, result: null, problem: explain(error).message };
        }
        this.#set({ columns: [...columns] });
      };
      await fill(0); // the others then find the query's vectors in the cache
      await Promise.all(stages.slice(1).map((_, i) => fill(i + 1)));
      const hits = this.#state.columns.at(-1)?.result?.hits.length ?? 0;
      this.#set({ notice: `${hits} results.` });
    });
  }

  setPath(path: QueryPath): void {
    this.#set({ path });
    void this.ask(this.#state.query);
  }

  set(change: Partial<Pick<State, 'method' | 'share' | 'alignmentPassages'>>): void {
    this.#set(change);
  }

  async align(): Promise<void> {
    const { engine, method } = this.#state;
    this.#set({ losses: [], lossStage: 'align', notes: [] });
    const finished = await this.#run('align', 'Aligning', async ({ signal }, progress) => {
      const outcome = await engine.align({ method, passages: this.#state.alignmentPassages, signal, onProgress: this.#training(progress) });
      this.#set({ notes: notesOf(outcome) });
    });
    if (finished) await this.#afterTraining(`${method === 'era' ? 'ERA, ' : ''}aligned, no labels`);
  }

  async adapt(): Promise<void> {
    const { engine, method } = this.#state;
    const { train, validation } = this.#split();
    this.#set({ losses: [], lossStage: 'adapt', notes: [] });
    const finished = await this.#run('adapt', 'Adapting', async ({ signal }, progress) => {
      const outcome = await engine.adapt(train, { method, validation, signal, onProgress: this.#training(progress) });
      this.#set({ notes: notesOf(outcome) });
    });
    if (finished) await this.#afterTraining(`${method === 'era' ? 'ERA, ' : ''}adapted with ${percent(this.#state.share)} of the labels`);
  }

  async revert(): Promise<void> {
    await this.#try(async () => {
      await this.#state.engine.revert('none');
      this.#set({ evaluation: null, notes: [], losses: [], notice: 'Back to the small model alone.' });
      await this.ask(this.#state.query);
    });
  }

  saveAdapter(): void {
    void this.#try(() => {
      const { engine, path, corpus } = this.#state;
      save(engine.exportAdapter(path), `${corpus}-${path}.safetensors`);
    });
  }

  async loadAdapter(file: File): Promise<void> {
    await this.#try(async () => {
      await this.#state.engine.importAdapter(new Uint8Array(await file.arrayBuffer()));
      this.#set({ notice: `${file.name} is in use.` });
      await this.#afterTraining(`from ${file.name}`);
    });
  }

  cancel(what: Task['what']): void {
    this.#cancel(what);
  }

  cancelAll(): void {
    for (const task of this.#state.tasks) task.controller.abort();
  }

  dismissProblem(): void {
    this.#set({ problem: null });
  }

  async #build(name: string, text: string, label: (text: string) => string): Promise<void> {
    await this.#run('index', label('Building the index'), async ({ signal }, progress) => {
      const passages = await this.#state.engine.readPassages(text);
      await this.#state.engine.buildIndex(passages, {
        name,
        signal,
        onProgress: ({ donePassages, totalPassages }) =>
          progress(label(`${donePassages.toLocaleString('en')} of ${totalPassages.toLocaleString('en')} passages embedded`), share(donePassages, totalPassages)),
      });
    });
  }

  async #loadLabels(corpus: Corpus): Promise<void> {
    await this.#try(async () => {
      const labels = await loadLabels(corpus);
      if (this.#state.corpus === corpus.name) this.#set({ labels });
    });
  }

  async #afterTraining(label: string): Promise<void> {
    await this.#run('evaluate', 'Measuring on the held-out half', async ({ signal }, progress) => {
      const { evaluation } = this.#split();
      if (evaluation.length === 0) return;
      const measured = await this.#state.engine.evaluate(evaluation, { signal, onProgress: this.#training(progress) });
      this.#set({ evaluation: measured, evaluationLabel: label, notice: `Measured on ${measured.queries} held-out queries.` });
    });
    if (this.#state.query) await this.ask(this.#state.query);
  }

  #split(): { train: readonly LabelledQuery[]; validation: readonly LabelledQuery[]; evaluation: readonly LabelledQuery[] } {
    return splitLabels(
      this.#state.labels.filter(({ labels }) => labels.some(({ score }) => score > 0)),
      this.#state.share,
    );
  }

  /** The rankings to show: the small model alone, then what has been learned for the chosen path. */
  #stages(): (Stage | 'none')[] {
    const has = (stage: Stage): boolean => this.#state.status.adapters.some((slot) => slot.path === this.#state.path && slot.stage === stage);
    return ['none', ...(['aligned', 'adapted'] as const).filter(has)];
  }

  #training(progress: (text: string, done: number | null) => void): (run: RunProgress) => void {
    return (run) => {
      if (run.kind === 'vectors') {
        progress(`${run.model === 'local' ? 'Small' : 'Remote'} model: ${run.done} of ${run.total} texts`, share(run.done, run.total));
        return;
      }
      progress(`${run.path}: ${run.stage === 'align' ? 'aligning' : 'adapting'}, step ${run.step} of ${run.steps}`, share(run.step, run.steps));
      if (run.loss === null) return;
      const points = [{ epoch: run.step, loss: run.loss, set: 'training' as const }];
      if (run.validationLoss !== null) this.#set({ losses: [...this.#state.losses, ...points, { epoch: run.step, loss: run.validationLoss, set: 'validation' }] });
      else this.#set({ losses: [...this.#state.losses, ...points] });
    };
  }

  #corpus(): Corpus | undefined {
    return this.#state.corpora.find(({ name }) => name === this.#state.corpus);
  }

  /** Runs `work` as a visible, cancellable task; true when it ended well. */
  async #run(what: Task['what'], text: string, work: (controller: AbortController, progress: (text: string, done: number | null) => void) => Promise<void>): Promise<boolean> {
    const controller = new AbortController();
    let task: Task = { what, text, done: null, controller };
    const replace = (next: Task | null): void => {
      this.#set({ tasks: [...this.#state.tasks.filter((other) => other.controller !== controller), ...(next ? [next] : [])] });
    };
    replace(task);
    try {
      await work(controller, (progressText, done) => {
        if (controller.signal.aborted) return;
        task = { ...task, text: progressText, done };
        replace(task);
      });
      return true;
    } catch (error) {
      if (!controller.signal.aborted) this.#set({ problem: explain(error) });
      else if (what !== 'search') this.#set({ notice: 'Cancelled.' });
      return false;
    } finally {
      replace(null);
    }
  }

  async #try(work: () => void | Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.#set({ problem: explain(error) });
    }
  }

  #cancel(what: Task['what']): void {
    for (const task of this.#state.tasks) if (task.what === what) task.controller.abort();
  }

  #set(change: Partial<State>): void {
    Object.assign(this.#state, change);
    this.#render();
  }
}

const cleared = {
  labels: [],
  columns: [],
  relevant: new Map<string, number>(),
  losses: [],
  notes: [],
  evaluation: null,
  problem: null,
  notice: '',
} satisfies Partial<State>;

function notesOf(outcome: Record<string, { readonly note: string } | undefined>): string[] {
  return Object.entries(outcome).map(([path, report]) => `${path}: ${report?.note ?? ''}`);
}

function explain(error: unknown): { message: string; hint: string; code: string } {
  if (isEraError(error)) return { message: error.message, hint: error.hint, code: error.code };
  return { message: error instanceof Error ? error.message : String(error), hint: 'This should not happen: please report it.', code: 'internal' };
}

function share(done: number, total: number): number | null {
  return total > 0 ? done / total : null;
}

export const percent = (value: Share): string => `${Math.round(value * 100)} %`;
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function save(bytes: Uint8Array<ArrayBuffer>, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([bytes], { type: 'application/octet-stream' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
