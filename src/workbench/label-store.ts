// A person's own judgements of one collection: marks, imported labels, clicks. Plain records, so that any of them can
// be taken back; a LabelBook makes labelled queries of them. Kept in localStorage under the collection's name, which is
// its address: both faces of the workbench share them. The queries that found no word are kept beside.

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
  /** What these come to. */
  readonly book: LabelBook;
  readonly queries: readonly LabelledQuery[];
}

type Records = Pick<OwnLabels, 'marks' | 'imported' | 'clicks'>;

export const NONE: OwnLabels = together({ marks: [], imported: [], clicks: [] });

/** What is said of passages for a query: passage id → relevant or not. */
export function judgement({ queries }: OwnLabels, query: string): ReadonlyMap<string, boolean> {
  const key = queryKey(query);
  const found = queries.find((own) => queryKey(own.query) === key);
  return new Map(found?.labels.map(({ id, score }) => [id, score > 0]));
}

export function withMark(own: OwnLabels, mark: OwnMark): OwnLabels {
  return together({ ...own, marks: [...own.marks.filter((other) => !isAbout(other, mark)), mark] });
}

/** Forgets all that was said about one passage for one query, from wherever it came. */
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

/** A log that is taken up twice counts once. */
export function withClicks(own: OwnLabels, clicks: readonly Click[]): OwnLabels {
  const known = new Map([...own.clicks, ...clicks].map((click) => [JSON.stringify(toLine(click)), click]));
  return together({ ...own, clicks: [...known.values()] });
}

/**
 * Under what an earlier release kept the same: the playground by the name of its corpus, a site's owner in a file of
 * labels. Removed by the next save.
 */
const formerKeys = (collection: string): readonly string[] => {
  const corpus = /\/indexes\/([^/]+)\/$/.exec(collection)?.[1];
  return [`era-search:owner:labels:${collection}`, ...(corpus === undefined ? [] : [keyOf(decoded(corpus))])];
};

/** @returns what was saved for the collection; nothing where there is none, or where it cannot be read */
export function loadOwn(collection: string): OwnLabels {
  for (const key of [keyOf(collection), ...formerKeys(collection)]) {
    try {
      const saved = localStorage.getItem(key);
      if (saved) return parseOwn(saved);
    } catch {
      // The next one may be readable.
    }
  }
  return NONE;
}

/** @returns false where the browser keeps nothing: no room, or not allowed */
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

/** Queries without a word in the collection, the latest first. */
export function loadUnanswered(collection: string): readonly string[] {
  try {
    return (localStorage.getItem(unansweredKey(collection)) ?? '').split('\n').filter((line) => line !== '');
  } catch {
    return [];
  }
}

/** A browser that keeps nothing shows the list for this visit. @param unanswered without line breaks */
export function saveUnanswered(collection: string, unanswered: readonly string[]): void {
  try {
    if (unanswered.length === 0) localStorage.removeItem(unansweredKey(collection));
    else localStorage.setItem(unansweredKey(collection), unanswered.join('\n'));
  } catch {
    // It is a list for this visit.
  }
}

/** Whether a change of this key, in another tab, is one of the collection's labels. Null: everything was cleared. */
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

/** @throws EraError `invalid-input` for records that are no judgements */
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

/** As `parseClickLog` reads it. */
function toLine({ query, passageId, rank, source, atMs }: Click): Record<string, string | number> {
  return { query, passageId, rank, source, ...(atMs === undefined ? {} : { time: atMs }) };
}

const jsonl = (rows: readonly unknown[]): string => rows.map((row) => JSON.stringify(row)).join('\n');
const keyOf = (collection: string): string => `era-search:labels:${collection}`;
const unansweredKey = (collection: string): string => `era-search:owner:unanswered:${collection}`;
