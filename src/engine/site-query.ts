// From the options of a site search to the question that the search worker gets: every default and limit in one place.

import { EraError } from '../errors.ts';
import type { SiteQuery } from '../rpc/site-messages.ts';
import type { SiteSearchOptions } from './site-search.ts';

/** @throws EraError `invalid-input` for an empty query, `invalid-option` */
export function toSiteQuery(text: string, options: SiteSearchOptions): Omit<SiteQuery, 'vectors'> {
  const trimmed = text.trim();
  if (trimmed === '') throw new EraError('invalid-input', 'The query is empty.');
  const { filters = {}, language = '', sort, limit = 10, sections = 3, snippetLength = 180, explain = false } = options;
  if (sort && (sort.by === '' || !['asc', 'desc'].includes(sort.order))) throw new EraError('invalid-option', '“sort” needs a key and the order asc or desc.', { details: { option: 'sort' } });
  return {
    text: trimmed,
    filters: Object.fromEntries(Object.entries(filters).map(([name, values]) => [name, typeof values === 'string' ? [values] : [...values]])),
    language: language === '' ? null : language.toLowerCase(),
    sort: sort ? { by: sort.by, order: sort.order } : null,
    limit: whole('limit', limit, 1, 100),
    sections: whole('sections', sections, 1, 10),
    snippetLength: whole('snippetLength', snippetLength, 40, 1000),
    explain,
  };
}

function whole(option: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new EraError('invalid-option', `“${option}” must be a whole number from ${String(least)} to ${String(most)}.`, { details: { option } });
  }
  return value;
}
