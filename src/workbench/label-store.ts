// A person's own judgements of one collection: marks, imported labels, clicks. They are plain records, so that each can
// be taken back; a LabelBook makes labelled queries from them. Stored in localStorage under the collection's name,
// which is its address, so that both faces of the workbench share them. Queries without a matching word are stored
// beside them.

import { parseQueries, type LabelledQuery } from '../index.ts';
import type { Click } from '../labels/click-evidence.ts';
import { parseClickLog } from '../labels/click-log.ts';
import { LabelBook } from '../labels/label-book.ts';
import { queryKey } from '../labels/query-key.ts';
import { decoded } from './numbers.ts';

export interface OwnMark {
  readonly query: string;
  readonly passageId: string;
  readonly relevant: boolean;
  readonly atMs: number;
}

export interface OwnLabels {
  readonly marks: readonly OwnMark[];
  readonly imported: readonly LabelledQuery[];
  readonly clicks: readonly Click[];
  /** The labelled queries of these records. */
  readonly book: LabelBook;
  readonly queries: readonly LabelledQuery[];
}

type Records = Pick<OwnLabels, 'marks' | 'imported' | 'clicks'>;

export const NONE: OwnLabels = together({ marks: [], imported: [], clicks: [] });

/** Judgements for a query: passage id → relevant or not. */
export function judgement({ queries }: OwnLabels, query: string): ReadonlyMap<string, boolean> {
  const key = queryKey(query);
  const found = queries.find((own) => queryKey(own.query) === key);
  return new Map(found?.labels.map(({ id, score }) => [id, score > 0]));
}

export function withMark(own: OwnLabels, mark: OwnMark): OwnLabels {
  return together({ ...own, marks: [...own.marks.filter((other) => !isAbout(other, mark)), mark] });
}

/** Removes all judgements of one passage for one query, whatever their source. */
export function without(own: OwnLabels, pair: Pick<OwnMark, 'query' | 'passageId'>): OwnLabels {
  const key = queryKey(pair.query);
  return together({
    marks: own.marks.filter((mark) => !isAbout(mark, pair)),
    imported: own.imported.flatMap((query) => {
      if (queryKey(query.query) !== key) return [query];
      const labels = query.labels.filter(({ id }) => id !== pair.passageId);
      return labels.length > 0 ? [{ ...query, labels }] : [];
    }),
    clicks: own.clicks.filter((click) => !isAbout(click, pair)),
  });
}

export function withoutQuery(own: OwnLabels, query: string): OwnLabels {
  const key = queryKey(query);
  const isOther = (record: { readonly query: string }): boolean => queryKey(record.query) !== key;
  return together({
    marks: own.marks.filter(isOther),
    imported: own.imported.filter(isOther),
    clicks: own.clicks.filter(isOther),
  });
}

export function withImported(own: OwnLabels, queries: readonly LabelledQuery[]): OwnLabels {
  const book = new LabelBook();
  book.import([...own.imported, ...queries]);
  return together({ ...own, imported: book.labels() });
}

/** A log that is imported twice counts once. */
export function withClicks(own: OwnLabels, clicks: readonly Click[]): OwnLabels {
  const known = new Map([...own.clicks, ...clicks].map((click) => [JSON.stringify(toLine(click)), click]));
  return together({ ...own, clicks: [...known.values()] });
}

/**
 * Keys of an earlier release: the playground used the name of its corpus, a site's owner a file of labels. The next
 * save removes them.
 */
const formerKeys = (collection: string): readonly string[] => {
  const corpus = /\/indexes\/([^/]+)\/$/.exec(collection)?.[1];
  return [`era-search:owner:labels:${collection}`, ...(corpus === undefined ? [] : [keyOf(decoded(corpus))])];
};

/** @returns the saved records of the collection; empty where there are none, or where they cannot be read */
export function loadOwn(collection: string): OwnLabels {
  for (const key of [keyOf(collection), ...formerKeys(collection)]) {
    try {
      const saved = localStorage.getItem(key);
      if (saved) return parseOwn(saved);
    } catch {
      // The next key may be readable.
    }
  }
  return NONE;
}

/** @returns false where the browser stores nothing: no room, or not allowed */
export function saveOwn(collection: string, { marks, imported, clicks }: OwnLabels): boolean {
  try {
    if (marks.length + imported.length + clicks.length === 0) localStorage.removeItem(keyOf(collection));
    else
      localStorage.setItem(
        keyOf(collection),
        JSON.stringify({ marks, imported: jsonl(imported), clicks: jsonl(clicks.map(toLine)) }),
      );
    for (const key of formerKeys(collection)) localStorage.removeItem(key);
    return true;
  } catch {
    return false;
  }
}

/** Queries without a matching word in the collection, the latest first. */
export function loadUnanswered(collection: string): readonly string[] {
  try {
    return (localStorage.getItem(unansweredKey(collection)) ?? '').split('\n').filter((line) => line !== '');
  } catch {
    return [];
  }
}

/** Without storage the list lasts for this visit. @param unanswered without line breaks */
export function saveUnanswered(collection: string, unanswered: readonly string[]): void {
  try {
    if (unanswered.length === 0) localStorage.removeItem(unansweredKey(collection));
    else localStorage.setItem(unansweredKey(collection), unanswered.join('\n'));
  } catch {
    // The list lasts for this visit.
  }
}

/** Whether a change of this key in another tab concerns the collection's labels. Null: everything was cleared. */
export function isLabelsKey(collection: string, key: string | null): boolean {
  return key === null || key === keyOf(collection);
}

function parseOwn(saved: string): OwnLabels {
  if (!saved.startsWith('{"marks"')) return together({ marks: [], imported: parseQueries(saved), clicks: [] });
  const { marks, imported, clicks } = JSON.parse(saved) as {
    marks: readonly OwnMark[];
    imported: string;
    clicks: string;
  };
  return together({ marks, imported: parseQueries(imported), clicks: parseClickLog(clicks) });
}

/** @throws EraError `invalid-input` for records that are not judgements */
function together({ marks, imported, clicks }: Records): OwnLabels {
  const book = new LabelBook();
  book.import(imported);
  for (const click of clicks) book.click(click);
  for (const mark of marks) book.mark(mark);
  return { marks, imported, clicks, book, queries: book.labels() };
}

function isAbout(
  record: Pick<OwnMark, 'query' | 'passageId'>,
  { query, passageId }: Pick<OwnMark, 'query' | 'passageId'>,
): boolean {
  return record.passageId === passageId && queryKey(record.query) === queryKey(query);
}

/** A line in the format of `parseClickLog`. */
function toLine({ query, passageId, rank, source, atMs }: Click): Record<string, string | number> {
  return { query, passageId, rank, source, ...(atMs === undefined ? {} : { time: atMs }) };
}

const jsonl = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
const keyOf = (collection: string): string => `era-search:labels:${collection}`;
const unansweredKey = (collection: string): string => `era-search:owner:unanswered:${collection}`;
