// Collects judgements of passages and makes labelled queries from them. For one query and passage a person's mark has
// priority over an imported label, and that over clicks. Nothing is stored between visits: save the result of
// `toJsonl`.

import { EraError } from '../errors.ts';
import type { Label, LabelledQuery } from '../evaluate/task.ts';
import { acceptedClicks, type Click, type ClickRules } from './click-evidence.ts';
import { queryKey } from './query-key.ts';

/** A person's judgement of a passage. */
export interface Mark {
  /** The query as it was asked. */
  readonly query: string;
  /** @default '' */
  readonly instruction?: string | undefined;
  /** Id of the passage that was judged. */
  readonly passageId: string;
  /** False is grade 0, true grade 1; a grade is a whole number from 0 up. */
  readonly relevant: boolean | number;
  /** Who judges: one vote each. @default '' */
  readonly source?: string | undefined;
  /** Milliseconds since 1970; a later mark of one source replaces an earlier one. @default now */
  readonly atMs?: number | undefined;
}

interface Entry {
  qid: string;
  instruction: string;
  /** Time of the mark that the instruction is from. */
  instructionAtMs: number;
  query: string;
  /** Whether qid and texts come from a file: they are then kept unchanged. */
  imported: boolean;
  /** Passage id → source → mark. */
  readonly marks: Map<string, Map<string, { readonly grade: number; readonly atMs: number }>>;
  /** Passage id → grade. */
  readonly labels: Map<string, number>;
}

/**
 * Collects marks, imported labels and clicks, and makes labelled queries of them. For one query and passage a mark beats
 * an imported label, and that beats clicks. It keeps nothing between visits: save what `toJsonl` gives.
 */
export class LabelBook {
  /** By query key: imported queries and those marked or clicked later, in the order in which they were added. */
  readonly #entries = new Map<string, Entry>();
  #clicks: Click[] = [];

  /** Number of judgements: marks, imported labels and clicks. */
  get size(): number {
    let size = this.#clicks.length;
    for (const { marks, labels } of this.#entries.values()) {
      size += labels.size;
      for (const bySource of marks.values()) size += bySource.size;
    }
    return size;
  }

  /** Adds a person's judgement. @throws EraError `invalid-input` */
  mark({ query, instruction = '', passageId, relevant, source = '', atMs = Date.now() }: Mark): void {
    const grade = Number(relevant);
    if (!Number.isSafeInteger(grade) || grade < 0)
      throw new EraError('invalid-input', `A grade is a whole number from 0 up, not ${grade}.`);
    if (!Number.isFinite(atMs)) throw new EraError('invalid-input', `The time of a mark is ${atMs}.`);
    const entry = this.#entry(query, passageId);
    if (instruction !== '' && !entry.imported && entry.instructionAtMs <= atMs)
      Object.assign(entry, { instruction, instructionAtMs: atMs });
    const bySource = entry.marks.get(passageId) ?? new Map<string, { grade: number; atMs: number }>();
    entry.marks.set(passageId, bySource);
    const before = bySource.get(source);
    if (!before || before.atMs <= atMs) bySource.set(source, { grade, atMs });
  }

  /** Removes a source's mark; imported labels and clicks then apply again. */
  unmark({ query, passageId, source = '' }: Pick<Mark, 'query' | 'passageId' | 'source'>): void {
    this.#entries.get(queryKey(query))?.marks.get(passageId)?.delete(source);
  }

  /** Adds a click on a result. @throws EraError `invalid-input` */
  click(click: Click): void {
    const { rank, source, atMs = 0 } = click;
    if (!Number.isSafeInteger(rank) || rank < 1)
      throw new EraError('invalid-input', `The best rank is 1; there is no rank ${rank}.`);
    if (source === '' || !Number.isFinite(atMs))
      throw new EraError('invalid-input', 'A click needs a source and a time that is a number.');
    this.#entry(click.query, click.passageId);
    this.#clicks.push(click);
  }

  /**
   * Adds labelled queries, such as `parseQueries` reads. Queries with the same text are merged; of two labels for one
   * passage the later counts. @throws EraError `invalid-input`
   */
  import(queries: readonly LabelledQuery[]): void {
    for (const { qid, instruction, query, labels } of queries) {
      for (const { id, score } of labels) {
        if (!Number.isSafeInteger(score) || score < 0)
          throw new EraError('invalid-input', `Query “${qid}” gives “${id}” the grade ${score}.`);
      }
      const entry = this.#entry(query, ...labels.map(({ id }) => id));
      if (!entry.imported) Object.assign(entry, { qid, instruction, query, imported: true });
      for (const { id, score } of labels) entry.labels.set(id, score);
    }
  }

  /**
   * The present labels: imported queries first, in their order, with their ids; then the others in the order of their
   * texts, which are their ids. Queries without any label are left out. The result does not depend on the order in
   * which clicks, and marks of different times, were added.
   * @throws EraError `invalid-option`
   */
  labels(rules: ClickRules = {}): LabelledQuery[] {
    const clicked = acceptedClicks(this.#clicks, rules);
    const entries = [...this.#entries].sort(
      ([a, { imported: first }], [b, { imported: second }]) =>
        Number(second) - Number(first) || (first ? 0 : compare(a, b)),
    );
    const taken = new Set<string>();
    return entries.flatMap(([key, { qid, instruction, query, marks, labels }]) => {
      const grades = new Map<string, number | null>([...(clicked.get(key) ?? [])].map((id) => [id, 1]));
      for (const [id, grade] of labels) grades.set(id, grade);
      for (const [id, bySource] of marks)
        if (bySource.size > 0) grades.set(id, majority([...bySource.values()].map(({ grade }) => grade)));
      const judged: Label[] = [...grades]
        .flatMap(([id, score]) => (score === null ? [] : [{ id, score }]))
        .sort((a, b) => compare(a.id, b.id));
      return judged.length > 0 ? [{ qid: unusedId(qid, taken), instruction, query, labels: judged }] : [];
    });
  }

  /** One line for each query, in MAIR's format, which `parseQueries` reads. */
  toJsonl(rules: ClickRules = {}): string {
    return this.labels(rules)
      .map((query) => `${JSON.stringify(query)}\n`)
      .join('');
  }

  #entry(query: string, ...passageIds: readonly string[]): Entry {
    const key = queryKey(query);
    if (key === '' || passageIds.includes(''))
      throw new EraError('invalid-input', 'A judgement needs a query and a passage id.');
    const known = this.#entries.get(key);
    if (known) return known;
    const entry: Entry = {
      qid: key,
      instruction: '',
      instructionAtMs: -Infinity,
      query: key,
      imported: false,
      marks: new Map(),
      labels: new Map(),
    };
    this.#entries.set(key, entry);
    return entry;
  }
}

/** The lower median of the larger side, relevant or not; null for a tie. */
function majority(grades: readonly number[]): number | null {
  const relevant = grades.filter((grade) => grade > 0).sort((a, b) => a - b);
  const against = grades.length - relevant.length;
  if (relevant.length === against) return null;
  return relevant.length > against ? relevant[Math.floor((relevant.length - 1) / 2)]! : 0;
}

/** Two files may use one id for different queries. */
function unusedId(qid: string, taken: Set<string>): string {
  let id = qid;
  for (let n = 2; taken.has(id); n++) id = `${qid} (${n})`;
  taken.add(id);
  return id;
}

/** By code units, the same on every platform. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
