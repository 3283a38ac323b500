// Makes the pages and passages of a collection from records.

import { EraError } from '../errors.ts';
import { byAddress, type SiteContent, type SitePage, type SitePassage } from '../format/site.ts';
import { cutPassages } from '../text/cut-passages.ts';
import { checkContent } from './check-content.ts';
import { checkRecord, divideRecords, type CollectionRecord } from './records.ts';

export interface CollectedRecords {
  readonly content: SiteContent;
  /** Ids or addresses of records without text. */
  readonly leftOut: readonly string[];
}

export interface CutOptions {
  /** Tokens of a text, without the model's special tokens. */
  readonly countTokens: (text: string) => number;
  /** Most tokens of a passage with its titles, without the model's special tokens. */
  readonly maxTokens: number;
  /** Whether records may be none, or have no text: those that are put into a collection. @default false */
  readonly mayBeEmpty?: boolean | undefined;
}

/**
 * Pages are in code unit order of their addresses, then records with ids in the order given.
 * @throws EraError `empty-corpus`, `invalid-input` with the number of the record, `duplicate-id`
 */
export function collectRecords(
  records: readonly CollectionRecord[],
  { countTokens, maxTokens, mayBeEmpty = false }: CutOptions,
): CollectedRecords {
  if (records.length === 0 && !mayBeEmpty)
    throw new EraError('empty-corpus', 'There are no records, and so no passages.');
  records.forEach((record, i) => checkRecord(record, `Record ${i + 1}`));
  const pages: SitePage[] = [];
  const passages: SitePassage[] = [];
  const leftOut: string[] = [];
  const add = (name: string, page: SitePage, own: readonly Omit<SitePassage, 'page'>[]): void => {
    if (own.length === 0) leftOut.push(name);
    else {
      for (const passage of own) passages.push({ page: pages.length, ...passage });
      pages.push(page);
    }
  };
  const { pages: cut, whole: uncut } = divideRecords(records);
  for (const {
    url,
    page: { page, sections },
  } of cut.sort(byAddress)) {
    add(
      url,
      { url, ...page },
      cutPassages(sections, { title: page.title, language: page.language, countTokens, maxTokens }),
    );
  }
  for (const { id, whole } of uncut) {
    if (whole) add(id, whole.page, whole.passages);
    else leftOut.push(id);
  }
  const content = { pages, passages };
  if (passages.length > 0 || !mayBeEmpty) checkContent(content);
  return { content, leftOut };
}
