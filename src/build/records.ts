// Records of a corpus that is not HTML: checked, and made into pages. The text of a record with an id is not cut, and
// its id is that of its passage. Records without an id are pages whose text is cut; those whose addresses differ in
// their fragment alone are sections of one page.

import { EraError, messageOf } from '../errors.ts';
import type { SitePage, SitePassage } from '../format/site.ts';
import { recordPage, type PageText, type RecordText } from './record-page.ts';

/** A part of a record under a heading of its own. */
export interface RecordSection {
  /** Headings above it, outermost first, without the title of the page. @default none */
  readonly headings?: readonly string[] | undefined;
  /** Fragment of its address, without `#`. @default none */
  readonly anchor?: string | undefined;
  /** Plain text; an empty line begins a new paragraph. */
  readonly content: string;
}

/** One document that is no HTML page. It needs an id or an address, and `content` or `sections`. */
export interface CollectionRecord {
  /**
   * Id that labels use: the text is then kept as one passage, or one for each section. Without an id the text is cut
   * into passages that fit the model.
   */
  readonly id?: string | undefined;
  /** Relative to the site's root, or http(s). A record with an id may have none. */
  readonly url?: string | undefined;
  /** Plain text; an empty line begins a new paragraph. Alternative to `sections`. */
  readonly content?: string | undefined;
  /** The text in parts with headings of their own, instead of `content`. */
  readonly sections?: readonly RecordSection[] | undefined;
  /** Title of its page. @default its address or id */
  readonly title?: string | undefined;
  /** BCP 47. */
  readonly language?: string | undefined;
  /** What results show besides, such as an author: name → text. @default none */
  readonly meta?: Readonly<Record<string, string>> | undefined;
  /** Filter → value or values. @default none */
  readonly filters?: Readonly<Record<string, string | readonly string[]>> | undefined;
  /** Key → value that results can be sorted by. @default none */
  readonly sort?: Readonly<Record<string, string | number>> | undefined;
}

/** Most characters of a file of records, as of a task: no page holds a larger collection. */
const MAX_CHARS = 400_000_000;

/** A page with its passages as given. */
export interface WholePage {
  readonly page: SitePage;
  readonly passages: readonly Omit<SitePassage, 'page'>[];
}

const FIELDS: readonly string[] = [
  'id',
  'url',
  'text',
  'content',
  'doc',
  'sections',
  'title',
  'language',
  'meta',
  'filters',
  'sort',
];

/**
 * @param text a JSON array, or a JSON object a line
 * @param name of the file, for messages
 * @throws EraError `malformed-jsonl` with the number of the record, `too-large`
 */
export function parseRecords(text: string, name: string): CollectionRecord[] {
  if (text.length > MAX_CHARS)
    throw new EraError('too-large', `${name} has ${text.length} characters, more than ${MAX_CHARS}: divide it.`, {
      details: { length: text.length },
    });
  const plain = text.replace(/^\uFEFF/, '');
  if (plain.trimStart().startsWith('[')) {
    const values = parsed(plain, name);
    return (Array.isArray(values) ? values : [values]).map((value: unknown, i) =>
      fromCorpus(value, `Record ${i + 1} of ${name}`),
    );
  }
  const records: CollectionRecord[] = [];
  for (let start = 0, number = 1; start < plain.length; number++) {
    const newline = plain.indexOf('\n', start);
    const end = newline < 0 ? plain.length : newline;
    const line = plain.slice(start, end);
    const where = `Line ${number} of ${name}`;
    if (line.trim() !== '') records.push(fromCorpus(parsed(line, where), where));
    start = end + 1;
  }
  return records;
}

/** @param where beginning of the message @throws EraError `invalid-input` */
export function checkRecord(record: CollectionRecord, where: string): CollectionRecord {
  const refuse = (what: string): never => {
    throw new EraError('invalid-input', `${where}: ${what}.`, { details: { where } });
  };
  if (typeof record !== 'object' || (record as unknown) === null) refuse('not an object');
  const { id, url, content, sections, title, language, meta, filters, sort } = record as Partial<
    Record<keyof CollectionRecord, unknown>
  >;
  if (id !== undefined && (typeof id !== 'string' || id === '')) refuse('“id” is not a text, or an empty one');
  if (!(url === undefined && id !== undefined) && (typeof url !== 'string' || /^(#|$)/.test(url) || !isWebAddress(url)))
    refuse('“url” is neither relative nor http(s)');
  if (sections === undefined ? typeof content !== 'string' : content !== undefined)
    refuse(
      sections === undefined
        ? 'there is no text: it needs “content” or “sections”'
        : 'its text is either “content” or “sections”',
    );
  if (sections !== undefined && !(Array.isArray(sections) && sections.length > 0 && sections.every(isSection)))
    refuse('“sections” is not a list of {"headings"?, "anchor"?, "content"}');
  if (sections !== undefined && typeof url === 'string' && url.includes('#'))
    refuse('“url” has a fragment, which its sections have');
  if (title !== undefined && typeof title !== 'string') refuse('“title” is not a text');
  if (language !== undefined && typeof language !== 'string') refuse('“language” is not a text');
  if (!isRecordOf(meta, isText)) refuse('“meta” is not an object of texts');
  if (!isRecordOf(filters, (value) => isText(value) || (Array.isArray(value) && value.every(isText))))
    refuse('“filters” is not an object of texts or lists of texts');
  if (!isRecordOf(sort, (value) => isText(value) || (typeof value === 'number' && Number.isFinite(value))))
    refuse('“sort” is not an object of texts or numbers');
  return record;
}

/** Pages whose text is to be cut, and records that are kept as given, null for those without text. */
export function divideRecords(records: readonly CollectionRecord[]): {
  pages: ReturnType<typeof pagesOfRecords>;
  whole: { id: string; whole: WholePage | null }[];
} {
  return {
    pages: pagesOfRecords(records.filter(({ id }) => id === undefined)),
    whole: records.flatMap((record) =>
      record.id === undefined ? [] : [{ id: record.id, whole: wholePage({ ...record, id: record.id }) }],
    ),
  };
}

/** Pages of records without an id, in the order in which each page is first named. */
export function pagesOfRecords(records: readonly CollectionRecord[]): { url: string; page: PageText }[] {
  const pages = new Map<string, PageText>();
  for (const record of records) {
    const { url, anchor } = splitFragment(record.url ?? '');
    const { sections = [{ content: record.content ?? '', anchor }] } = record;
    const own = recordPage({
      title: record.title,
      language: record.language,
      ...factsOf(record),
      sections: sections.map(sectionOf),
    });
    const known = pages.get(url);
    const heading = known && own.page.title !== known.page.title ? own.page.title : '';
    const below = own.sections.map((section) => ({
      ...section,
      headings: heading === '' ? section.headings : [heading, ...section.headings],
    }));
    pages.set(url, known ? { ...known, sections: [...known.sections, ...below] } : own);
  }
  return [...pages].map(([url, page]) => ({ url, page }));
}

/**
 * The page of a record with an id. Sections without text are left out; null where none has text and there is no title.
 */
export function wholePage(record: CollectionRecord & { readonly id: string }): WholePage | null {
  const { id, url = '', title = '', language = '', content = '', sections = [{ content }] } = record;
  const passages = sections.map(sectionOf).map(({ content: text, ...place }) => ({ ...place, text, weight: 1 }));
  const withText = passages.filter(({ text }) => text.trim() !== '');
  if (withText.length === 0 && title.trim() === '') return null;
  return {
    page: { id, url, title, language: language.toLowerCase(), ...factsOf(record) },
    passages: withText.length === 0 ? passages.slice(0, 1) : withText,
  };
}

function factsOf({
  meta = {},
  filters = {},
  sort = {},
}: CollectionRecord): Pick<SitePage, 'meta' | 'filters' | 'sort'> {
  const lists = Object.entries(filters).map(
    ([name, values]) => [name, typeof values === 'string' ? [values] : values] as const,
  );
  const keys = Object.entries(sort).map(([name, value]) => [name, String(value)] as const);
  return { meta, filters: Object.fromEntries(lists), sort: Object.fromEntries(keys) };
}

function sectionOf({ headings = [], anchor = '', content }: RecordSection): RecordText['sections'][number] {
  return { headings, anchor, content };
}

function fromCorpus(value: unknown, where: string): CollectionRecord {
  const refuse = (what: string, cause?: unknown): EraError =>
    new EraError('malformed-jsonl', `${where}: ${what}`, { details: { where }, cause });
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse('not an object.');
  const unknown = Object.keys(value).find((key) => !FIELDS.includes(key));
  if (unknown !== undefined) throw refuse(`“${unknown}” is none of ${FIELDS.join(', ')}.`);
  const { text, content = text, doc = content, ...rest } = value as Record<string, unknown>;
  try {
    return checkRecord(doc === undefined ? rest : { ...rest, content: doc }, where);
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

/** Links are made from these addresses, so `javascript:` and similar schemes are refused. */
function isWebAddress(url: string): boolean {
  return URL.canParse(url, 'https://site.example/') && /^https?:$/.test(new URL(url, 'https://site.example/').protocol);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isSection(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { headings = [], anchor = '', content } = value as Partial<Record<keyof RecordSection, unknown>>;
  return isText(content) && isText(anchor) && Array.isArray(headings) && headings.every(isText);
}

function isRecordOf(value: unknown, accepts: (item: unknown) => boolean): boolean {
  return (
    value === undefined ||
    (typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every(accepts))
  );
}
