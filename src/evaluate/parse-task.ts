// Reads a task in the MAIR file format from text: `docs.jsonl` ({id, doc}) and `queries.jsonl` ({qid, instruction,
// query, labels}). A byte order mark, CRLF and blank lines are allowed; any other deviation is an error with its line
// number.

import { EraError, type ErrorCode, type ErrorDetails } from '../errors.ts';
import type { Label, LabelledQuery, Task, TaskDoc } from './task.ts';

/**
 * Limits that no real file reaches, so that a wrong file fails at once and not by memory. Characters are UTF-16 units.
 */
export const MAX_FILE_CHARS = 400_000_000;
export const MAX_TEXT_CHARS = 1_000_000;
export const MAX_ROWS = 2_000_000;

/** @throws EraError `malformed-jsonl`, `duplicate-id` (both with `line`), `empty-corpus`, `too-large` */
export function parseDocs(text: string): TaskDoc[] {
  const seen = new Set<string>();
  const docs = parseLines(text, (row) => {
    const doc = parseDoc(row, seen);
    seen.add(doc.id);
    return doc;
  });
  assertNotEmpty(docs);
  return docs;
}

/** One line of `docs.jsonl`. @param seen ids of the earlier lines @throws EraError `malformed-jsonl`, `duplicate-id` */
export function parseDoc(row: Row, seen: { readonly has: (id: string) => boolean }): TaskDoc {
  const id = row.text('id');
  if (seen.has(id)) row.fail('duplicate-id', `the passage id “${id}” is there twice`, { id });
  return { id, doc: row.text('doc') };
}

/**
 * `instruction` and `labels` may be missing. A label repeated with the same grade counts once.
 * @throws EraError `malformed-jsonl`, `duplicate-id` (both with `line`), `too-large`
 */
export function parseQueries(text: string): LabelledQuery[] {
  const seen = new Set<string>();
  return parseLines(text, (row) => {
    const qid = row.text('qid');
    if (seen.has(qid)) row.fail('duplicate-id', `the query id “${qid}” is there twice`, { id: qid });
    seen.add(qid);
    return { qid, instruction: row.optionalText('instruction'), query: row.text('query'), labels: parseLabels(row) };
  });
}

/** @throws EraError `empty-corpus`, `missing-id` for a label whose passage is not in the corpus */
export function makeTask(name: string, docs: readonly TaskDoc[], queries: readonly LabelledQuery[]): Task {
  assertNotEmpty(docs);
  assertLabels(name, new Set(docs.map((doc) => doc.id)), queries);
  return { name, docs, queries };
}

/** @param ids of the passages @throws EraError `missing-id` for a label whose passage is not in the corpus */
export function assertLabels(
  name: string,
  ids: { readonly has: (id: string) => boolean },
  queries: readonly LabelledQuery[],
): void {
  for (const { qid, labels } of queries) {
    for (const { id } of labels) {
      if (!ids.has(id)) {
        throw new EraError(
          'missing-id',
          `A label of query “${qid}” names the passage “${id}”, which is not in the corpus of ${name}.`,
          { details: { qid, id } },
        );
      }
    }
  }
}

/** @throws EraError `empty-corpus` */
export function assertNotEmpty(docs: { readonly length: number }): void {
  if (docs.length === 0) throw new EraError('empty-corpus', 'The corpus has no passages.');
}

function parseLabels(row: Row): Label[] {
  const labels = row.value('labels') ?? [];
  if (!Array.isArray(labels)) row.fail('malformed-jsonl', '“labels” is not a list');
  const grades = new Map<string, number>();
  for (const label of labels as unknown[]) {
    const { id, score } = (label ?? {}) as { id?: unknown; score?: unknown };
    if (typeof id !== 'string' || id === '') row.fail('malformed-jsonl', 'a label has no “id”');
    if (!Number.isSafeInteger(score) || (score as number) < 0)
      row.fail('malformed-jsonl', `the score of “${id}” is not a whole number of at least 0`);
    if (grades.has(id) && grades.get(id) !== score)
      row.fail('malformed-jsonl', `“${id}” is labelled twice with different scores`);
    grades.set(id, score as number);
  }
  return Array.from(grades, ([id, score]) => ({ id, score }));
}

/** The object of one line, with checked access to its fields. */
export class Row {
  readonly #line: number;
  readonly #fields: Record<string, unknown>;

  constructor(text: string, line: number) {
    this.#line = line;
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch (cause) {
      this.fail('malformed-jsonl', 'not JSON', {}, cause);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      this.fail('malformed-jsonl', 'not a JSON object');
    this.#fields = value as Record<string, unknown>;
  }

  value(field: string): unknown {
    return Object.hasOwn(this.#fields, field) ? this.#fields[field] : undefined;
  }

  text(field: string): string {
    const value = this.optionalText(field);
    if (value.trim() === '') this.fail('malformed-jsonl', `“${field}” is missing or empty`);
    return value;
  }

  optionalText(field: string): string {
    const value = this.value(field) ?? '';
    if (typeof value !== 'string') this.fail('malformed-jsonl', `“${field}” is not text`);
    if (value.length > MAX_TEXT_CHARS) this.fail('too-large', `“${field}” is longer than ${MAX_TEXT_CHARS} characters`);
    return value;
  }

  fail(code: ErrorCode, message: string, details: ErrorDetails = {}, cause?: unknown): never {
    throw new EraError(code, `Line ${this.#line}: ${message}.`, { details: { line: this.#line, ...details }, cause });
  }
}

/**
 * Calls `parse` for every line that is not blank.
 * @throws EraError `malformed-jsonl`, `too-large`, and what `parse` throws
 */
export function parseLines<T>(text: string, parse: (row: Row) => T): T[] {
  if (text.length > MAX_FILE_CHARS)
    throw new EraError('too-large', `A file of ${text.length} characters is over the limit of ${MAX_FILE_CHARS}.`);
  const rows: T[] = [];
  let line = 0;
  for (let start = text.startsWith('\uFEFF') ? 1 : 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline === -1 ? text.length : newline;
    const content = text.slice(start, end).trim();
    line++;
    start = end + 1;
    if (content === '') continue;
    if (rows.length === MAX_ROWS) throw new EraError('too-large', `More than ${MAX_ROWS} rows.`, { details: { line } });
    rows.push(parse(new Row(content, line)));
  }
  return rows;
}
