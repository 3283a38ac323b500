// Actions on the owner's `synonyms.json`: edit its text, try it on the open collection, go back, save it. What it changes
// is seen against the answer of the published one to the same question.

import type { Answer, Curation, CurationReport } from '../index.ts';
import type { Actions } from './actions.ts';
import { counted } from './numbers.ts';
import { MAX_CURATION_BYTES, readText } from './read-file.ts';
import { saveFile } from './save-file.ts';
import type { State } from './state.ts';
import { explain, type Tasks } from './tasks.ts';

const FILE = 'synonyms.json';
const NOTHING: Curation = { synonyms: [], boosts: {}, pins: {}, excluded: [] };

export class TuneActions {
  readonly #actions: Actions;
  readonly #tasks: Tasks;
  readonly #state: State;
  /** The collection is tuned by one call after the other. */
  #turn: Promise<unknown> = Promise.resolve();
  #tried: string | null = null;

  constructor(actions: Actions) {
    this.#actions = actions;
    this.#tasks = actions.tasks;
    this.#state = actions.tasks.state;
    actions.beforeAnswer = (search) => this.#inTurn(() => this.#askPublished(search));
  }

  /** Shows the published file of the collection that was opened. */
  begin(): void {
    this.#set({ text: textOf(this.#state.status.info?.curation ?? NOTHING) });
  }

  /** Keeps the field's content, so that no later render restores an earlier one. */
  edit(text: string): void {
    this.#state.tuning = { ...this.#state.tuning, text };
  }

  /** Uses the text for every search until it is taken back. */
  async try(): Promise<void> {
    await this.#tune(this.#state.tuning.text, (report) => `Tried on this page: ${said(report)}.`);
  }

  /** Goes back to the published file. */
  async takeBack(): Promise<void> {
    await this.#tune(null, () => 'As published.');
    this.begin();
  }

  async open(file: File): Promise<void> {
    await this.#tasks.attempt(async () => {
      const text = await readText(file, MAX_CURATION_BYTES);
      this.#set({ text, problem: null, note: `${file.name} is open, and not yet tried.` });
    });
  }

  save(): void {
    saveFile(this.#state.tuning.text, FILE);
  }

  async #tune(text: string | null, note: (report: CurationReport) => string): Promise<void> {
    const { collection } = this.#state;
    if (!collection) return;
    try {
      const report = await this.#inTurn(() => collection.tune(text));
      this.#tried = text;
      const missing = report.missing.map((name) => `“${name}”`).join(', ');
      this.#set({
        isTried: text !== null,
        problem: null,
        note: `${note(report)}${missing === '' ? '' : ` No page matches ${missing}.`}`,
        before: text === null ? null : this.#state.tuning.before,
      });
      this.#tasks.set({ notice: this.#state.tuning.note });
      await this.#actions.askAgain();
    } catch (error) {
      this.#set({ problem: explain(error).message });
    }
  }

  /** The published collection's answer, before that of the one that is tried. */
  async #askPublished(search: () => Promise<Answer>): Promise<void> {
    const { collection } = this.#state;
    if (!collection || !this.#tried) return;
    this.#set({ before: null });
    await collection.tune(null);
    // Where it fails, the first column says why.
    const before = await search().catch(() => null);
    await collection.tune(this.#tried);
    this.#set({ before });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(work);
    this.#turn = done.catch(() => undefined); // the caller gets it
    return done;
  }

  #set(change: Partial<State['tuning']>): void {
    this.#tasks.set({ tuning: { ...this.#state.tuning, ...change } });
  }
}

function said({ synonyms, boosted, pinned, excluded }: CurationReport): string {
  return [
    counted(synonyms, 'line of synonyms', 'lines of synonyms'),
    counted(boosted, 'boosted page'),
    counted(pinned, 'pinned query', 'pinned queries'),
    counted(excluded, 'excluded word'),
  ].join(', ');
}

/** As a person edits it. */
function textOf(curation: Curation): string {
  return `${JSON.stringify(curation, null, 2)}\n`;
}
