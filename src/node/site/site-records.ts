// Records of a corpus that is no HTML: checked, and made into pages. Records whose addresses differ in their fragment alone are sections of a page.

import { EraError, messageOf } from '../../errors.ts';
import { recordPage } from './extract/record-page.ts';
import type { ExtractedPage } from './extracted-page.ts';

export interface SiteRecord {
  /** Relative to the site's root, or http(s). */
  readonly url: string;
  /** Plain text; an empty line begins a new paragraph. */
  readonly content: string;
  readonly title?: string | undefined;
  /** BCP 47. */
  readonly language?: string | undefined;
  readonly meta?: Readonly<Record<string, string>> | undefined;
  readonly filters?: Readonly<Record<string, string | readonly string[]>> | undefined;
  readonly sort?: Readonly<Record<string, string | number>> | undefined;
}

const FIELDS: readonly string[] = ['id', 'url', 'text', 'content', 'doc', 'title', 'language', 'meta', 'filters', 'sort'];

/**
 * @param text a JSON array, or a JSON object a line
 * @param name of the file, for messages
 * @throws EraError `malformed-jsonl` with the number of the record
 */
export function parseRecords(text: string, name: string): SiteRecord[] {
  const plain = text.replace(/^\uFEFF/, '');
  if (plain.trimStart().startsWith('[')) {
    const values = parsed(plain, name);
    return (Array.isArray(values) ? values : [values]).map((value: unknown, i) => fromCorpus(value, `Record ${i + 1} of ${name}`));
  }
  const records: SiteRecord[] = [];
  plain.split('\n').forEach((line, i) => {
    const where = `Line ${i + 1} of ${name}`;
    if (line.trim() !== '') records.push(fromCorpus(parsed(line, where), where));
  });
  return records;
}

/** @param where begins the message @throws EraError `invalid-input` */
export function checkRecord(record: SiteRecord, where: string): SiteRecord {
  const refuse = (what: string): never => {
    throw new EraError('invalid-input', `${where}: ${what}.`, { details: { where } });
  };
  const { url, content, title, language, meta, filters, sort } = record as Partial<Record<keyof SiteRecord, unknown>>;
  if (typeof url !== 'string' || /^(#|$)/.test(url) || !isWebAddress(url)) refuse('“url” is neither relative nor http(s)');
  if (typeof content !== 'string') refuse('there is no text');
  if (title !== undefined && typeof title !== 'string') refuse('“title” is not a text');
  if (language !== undefined && typeof language !== 'string') refuse('“language” is not a text');
  const isText = (value: unknown): boolean => typeof value === 'string';
  if (!isRecordOf(meta, isText)) refuse('“meta” is not an object of texts');
  if (!isRecordOf(filters, (value) => isText(value) || (Array.isArray(value) && value.every(isText)))) refuse('“filters” is not an object of texts or lists of texts');
  if (!isRecordOf(sort, (value) => isText(value) || (typeof value === 'number' && Number.isFinite(value)))) refuse('“sort” is not an object of texts or numbers');
  return record;
}

/** Page by page, in the order in which each is first named. */
export function pagesOfRecords(records: readonly SiteRecord[]): { url: string; page: ExtractedPage }[] {
  const pages = new Map<string, ExtractedPage>();
  for (const record of records) {
    const { url, anchor } = splitFragment(record.url);
    const lists = Object.entries(record.filters ?? {}).map(([name, values]) => [name, typeof values === 'string' ? [values] : values] as const);
    const keys = Object.entries(record.sort ?? {}).map(([name, value]) => [name, String(value)] as const);
    const own = recordPage({ ...record, filters: Object.fromEntries(lists), sort: Object.fromEntries(keys) });
    const known = pages.get(url);
    const heading = known && own.page.title !== known.page.title ? own.page.title : '';
    const sections = own.sections.map((section) => ({ ...section, anchor, headings: heading === '' ? [] : [heading] }));
    pages.set(url, known ? { ...known, sections: [...known.sections, ...sections] } : { ...own, sections });
  }
  return [...pages].map(([url, page]) => ({ url, page }));
}

function fromCorpus(value: unknown, where: string): SiteRecord {
  const refuse = (what: string, cause?: unknown): EraError => new EraError('malformed-jsonl', `${where}: ${what}`, { details: { where }, cause });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('not an object.');
  const unknown = Object.keys(value).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined) throw refuse(`“${unknown}” is none of ${FIELDS.join(', ')}.`);
  const { id, url = id, text, content = text, doc = content, ...rest } = value as Record<string, unknown>;
  try {
    return checkRecord({ ...rest, url, content: doc } as SiteRecord, where);
  } catch (cause) {
    throw new EraError('malformed-jsonl', messageOf(cause), { details: { where }, cause });
  }
}

function parsed(json: string, where: string): unknown {
  try {
    return JSON.parse(json);
  } catch (cause) {
    throw new EraError('malformed-jsonl', `${where} is not JSON: ${messageOf(cause)}`, { details: { where }, cause });
  }
}

function splitFragment(address: string): { url: string; anchor: string } {
  const at = address.indexOf('#');
  if (at < 0) return { url: address, anchor: '' };
  const fragment = address.slice(at + 1);
  try {
    return { url: address.slice(0, at), anchor: decodeURIComponent(fragment) };
  } catch {
    return { url: address.slice(0, at), anchor: fragment };
  }
}

/** Links are made of these: `javascript:` and the like must not get in. */
function isWebAddress(url: string): boolean {
  return URL.canParse(url, 'https://site.example/') && /^https?:$/.test(new URL(url, 'https://site.example/').protocol);
}

function isRecordOf(value: unknown, accepts: (item: unknown) => boolean): boolean {
  return value === undefined || (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(accepts));
}
