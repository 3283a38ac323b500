// Actions on own labels: mark, take back, import, export. Each change is saved at once.

import { parseQueries, type LabelledQuery } from '../index.ts';
import { parseClickLog } from '../labels/click-log.ts';
import {
  isLabelsKey,
  loadOwn,
  NONE,
  saveOwn,
  withClicks,
  withImported,
  withMark,
  without,
  withoutQuery,
  type OwnLabels,
} from './label-store.ts';
import { counted, decoded } from './numbers.ts';
import { readText } from './read-file.ts';
import { saveFile } from './save-file.ts';
import type { State } from './state.ts';
import type { Tasks } from './tasks.ts';

export class LabelActions {
  readonly #tasks: Tasks;
  readonly #state: State;

  constructor(tasks: Tasks) {
    this.#tasks = tasks;
    this.#state = tasks.state;
  }

  /** Loads the labels that earlier visits saved for the open collection. */
  restore(): void {
    const name = this.#state.collection?.info.name;
    this.#tasks.set({ own: name === undefined || !this.#state.keeps ? NONE : loadOwn(name) });
  }

  /** Applies a change made in another tab or in the other face. */
  follow({ key }: Pick<StorageEvent, 'key'>): void {
    const name = this.#state.collection?.info.name;
    if (name !== undefined && isLabelsKey(name, key)) this.restore();
  }

  /** Marks a passage for the question that the columns answer. Giving the present judgement again removes it. */
  mark(passageId: string, relevant: boolean, stands: boolean | undefined): void {
    const { own, asked } = this.#state;
    const query = asked.text;
    if (stands === relevant) this.#change(without(own, { query, passageId }), 'Taken back.');
    else
      this.#change(
        withMark(own, { query, passageId, relevant, atMs: Date.now() }),
        relevant ? 'Marked as right.' : 'Marked as wrong.',
      );
  }

  remove({ query }: LabelledQuery): void {
    this.#change(withoutQuery(this.#state.own, query), 'Removed.');
  }

  removeAll(): void {
    this.#change(NONE, 'All your labels are removed.');
  }

  async importLabels(file: File): Promise<void> {
    await this.#tasks.attempt(async () => {
      const queries = parseQueries(await readText(file));
      const note = `${counted(queries.length, 'labelled query', 'labelled queries')} imported.`;
      this.#change(withImported(this.#state.own, queries), note, note);
    });
  }

  async importClicks(file: File): Promise<void> {
    await this.#tasks.attempt(async () => {
      const clicks = parseClickLog(await readText(file));
      const before = countLabels(this.#state.own);
      const own = withClicks(this.#state.own, clicks);
      const note = `${counted(clicks.length, 'click')} read; ${counted(countLabels(own) - before, 'new label')} accepted.`;
      this.#change(own, note, note);
    });
  }

  exportLabels(): void {
    const { own, collection } = this.#state;
    const name = collection?.info.name.replace(/\/$/, '').split(/[/:]/).at(-1) ?? 'own';
    saveFile(own.book.toJsonl(), `${decoded(name)}-labels.jsonl`);
  }

  /** @param note information that the labels themselves do not show */
  #change(own: OwnLabels, notice: string, note = ''): void {
    const name = this.#state.collection?.info.name;
    const kept = !this.#state.keeps || name === undefined || saveOwn(name, own);
    this.#tasks.set({
      own,
      notice,
      labelNote: kept
        ? note
        : `${note} This browser has no room for your labels: they are gone after this visit unless you export them.`,
    });
  }
}

export function countLabels({ queries }: OwnLabels): number {
  return queries.reduce((sum, { labels }) => sum + labels.length, 0);
}
