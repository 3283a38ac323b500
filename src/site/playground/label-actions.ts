// Marking, removing, importing and exporting labels. Each change is kept at once.

import { parseQueries, type LabelledQuery } from '../../index.ts';
import { keep } from './kept.ts';
import { toJsonl, withImported, withJudgement, withoutQuery } from './owner-labels.ts';
import { saveFile } from '../../page/save-file.ts';
import type { Runner, State } from './state.ts';
import { explain } from '../../page/tasks.ts';

export class LabelActions {
  readonly #tasks: Runner;
  readonly #state: State;
  readonly #site: string;

  constructor(tasks: Runner, site: string) {
    this.#tasks = tasks;
    this.#state = tasks.state;
    this.#site = site;
  }

  /** For the question that is answered on the page. The judgement that stands is taken back by giving it again. */
  judge(id: string, isRight: boolean): void {
    const query = this.#state.answers?.best.query;
    if (query === undefined) return;
    this.#change(withJudgement(this.#state.labels, { query, id, isRight }), `Marked for “${query}”.`);
  }

  remove({ query }: LabelledQuery): void {
    this.#change(withoutQuery(this.#state.labels, query), 'Removed.');
  }

  removeAll(): void {
    this.#change([], 'All labels are removed.');
  }

  export(): void {
    saveFile(toJsonl(this.#state.labels), 'labels.jsonl');
  }

  async import(file: File): Promise<void> {
    try {
      const more = parseQueries(await file.text());
      const note = more.length === 1 ? '1 labelled query imported.' : `${more.length} labelled queries imported.`;
      this.#change(withImported(this.#state.labels, more), note, note);
    } catch (error) {
      this.#tasks.set({ problem: explain(error) });
    }
  }

  #change(labels: readonly LabelledQuery[], notice: string, note = ''): void {
    const isKept = keep(this.#site, { labels });
    this.#tasks.set({ labels, notice, labelNote: isKept ? note : `${note} This browser keeps nothing: export the labels before you leave.` });
  }
}
