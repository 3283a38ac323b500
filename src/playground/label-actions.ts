// What a visitor can do with own labels: mark, take back, import, export. Each change is kept at once.

import { parseClickLog, parseQueries, type LabelledQuery } from '../index.ts';
import { loadOwn, NONE, saveOwn, withClicks, withImported, withMark, without, withoutQuery, type OwnLabels } from './own-labels.ts';
import { saveFile } from '../page/save-file.ts';
import type { LabelUse, Runner, State } from './state.ts';
import { counted } from '../page/numbers.ts';

export class LabelActions {
  readonly #runner: Runner;
  readonly #state: State;

  constructor(runner: Runner) {
    this.#runner = runner;
    this.#state = runner.state;
  }

  /** Takes up what an earlier visit left for the index that is open. */
  restore(): void {
    const name = this.#state.collection?.info.name;
    this.#runner.set({ own: name === undefined || !this.#state.keeps ? NONE : loadOwn(name) });
  }

  /** The judgement that stands is taken back by giving it again. */
  mark(passageId: string, relevant: boolean, stands: boolean | undefined): void {
    const { own, query } = this.#state;
    if (stands === relevant) this.#change(without(own, { query, passageId }), 'Taken back.');
    else this.#change(withMark(own, { query, passageId, relevant, atMs: Date.now() }), relevant ? 'Marked as right.' : 'Marked as wrong.');
  }

  remove({ query }: LabelledQuery): void {
    this.#change(withoutQuery(this.#state.own, query), 'Removed.');
  }

  removeAll(): void {
    this.#change(NONE, 'All your labels are removed.');
  }

  async importLabels(file: File): Promise<void> {
    await this.#runner.attempt(async () => {
      const queries = parseQueries(await file.text());
      const note = `${counted(queries.length, 'labelled query', 'labelled queries')} imported.`;
      this.#change(withImported(this.#state.own, queries), note, note);
    });
  }

  async importClicks(file: File): Promise<void> {
    await this.#runner.attempt(async () => {
      const clicks = parseClickLog(await file.text());
      const before = countLabels(this.#state.own);
      const own = withClicks(this.#state.own, clicks);
      const note = `${counted(clicks.length, 'click')} read; ${counted(countLabels(own) - before, 'new label')} could be believed.`;
      this.#change(own, note, note);
    });
  }

  exportLabels(): void {
    saveFile(this.#state.own.book.toJsonl(), `${this.#state.corpus}-labels.jsonl`);
  }

  use(use: LabelUse): void {
    this.#runner.set({ use });
  }

  /** @param note what cannot be seen from the labels themselves */
  #change(own: OwnLabels, notice: string, note = ''): void {
    const name = this.#state.collection?.info.name;
    const kept = !this.#state.keeps || name === undefined || saveOwn(name, own);
    this.#runner.set({ own, notice, labelNote: kept ? note : `${note} This browser has no room for your labels: they are gone after this visit unless you export them.` });
  }
}

export function countLabels({ queries }: OwnLabels): number {
  return queries.reduce((sum, { labels }) => sum + labels.length, 0);
}
