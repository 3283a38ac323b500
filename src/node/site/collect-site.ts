// Turns pages into the content of a site's index: which pages count, in which order, cut into which passages.

import { setImmediate } from 'node:timers/promises';
import { byAddress, type SiteContent, type SitePage, type SitePassage } from '../../format/site.ts';
import type { WholePage } from '../../build/records.ts';
import { cutPassages } from '../../text/cut-passages.ts';
import type { CollectedPage, ExtractedPage, ExtractOptions, LeftOutPage } from './extracted-page.ts';
import { extractPage } from './extract/extract-page.ts';
import { isListing } from './extract/generators.ts';
import { withoutCopies } from './find-copies.ts';
import { withFallbacks } from './fallbacks.ts';
import { findDuplicates } from './find-duplicates.ts';
import { withOwnTitles } from './page-titles.ts';
import { withoutBoilerplate, type RemovedText } from './boilerplate.ts';
import { withSecondary } from './secondary-pages.ts';
import { VERSION_FILTER, withVersions } from './versions.ts';

/**
 * A page as HTML, one that was already extracted, one that is kept as given, or one that was left out before it was
 * read. `path` names it to the owner.
 */
export type SiteSource =
  | CollectedPage
  | { readonly path: string; readonly whole: WholePage }
  | { readonly path: string; readonly url: string; readonly html: string }
  | { readonly path: string; readonly reason: string };

export interface CollectOptions extends ExtractOptions {
  /** The version of the site that is searched where a query names none; `all` for all. @default see versions.ts */
  readonly currentVersion?: string | undefined;
  /** Tokens of a text, without the model's special tokens. */
  readonly countTokens: (text: string) => number;
  /** Most tokens of a passage with its titles, without the model's special tokens: 254 for a model of 256. */
  readonly maxTokens: number;
  readonly signal?: AbortSignal | undefined;
  /** Reads the HTML of a page. @default extractPage */
  readonly extract?: ((html: string) => ExtractedPage | LeftOutPage) | undefined;
  /** Cuts the sections of a page. @default cutPassages */
  readonly cut?: typeof cutPassages | undefined;
  /** Called after each page. */
  readonly onPage?: ((pages: number) => void) | undefined;
  /** Called after each page that was cut. */
  readonly onPassages?: ((passages: number) => void) | undefined;
}

/** A page that is not in the index. */
export interface LeftOut {
  /** Its path in the site, or its address. */
  readonly path: string;
  /** `no-body` where other pages of the site have a body attribute and this has none; `duplicate` where its text is that of
   * other pages; `not-found` for the page that a server sends in place of others. */
  readonly reason: LeftOutPage['reason'] | 'no-body' | 'duplicate' | 'not-found' | (string & {});
}

/** Placeholder for the root of the site when addresses are resolved. */
const ROOT = 'http://site.invalid/';
/** Pages between two yields to the event loop, at which the signal is checked. */
const PAGES_A_TURN = 50;

/**
 * Keeps the text of the pages, never their HTML. Pages are in code unit order of their addresses, those of the current
 * version first, then those that are kept as given, in their order.
 * @throws EraError `invalid-option` for an invalid selector, and for a version that no page has
 */
export async function collectSite(
  sources: AsyncIterable<SiteSource>,
  options: CollectOptions,
): Promise<{ content: SiteContent; leftOut: LeftOut[]; boilerplate: RemovedText[] }> {
  const { signal, onPage } = options;
  const leftOut: LeftOut[] = [];
  const read: CollectedPage[] = [];
  const whole: WholePage[] = [];
  let count = 0;
  for await (const source of sources) {
    if (++count % PAGES_A_TURN === 0) await setImmediate();
    signal?.throwIfAborted();
    if ('reason' in source) leftOut.push(source);
    else if ('whole' in source) whole.push(source.whole);
    else {
      const page = readSource(source, options);
      if ('reason' in page) leftOut.push({ path: source.path, reason: page.reason });
      else read.push(page);
    }
    onPage?.(count);
  }
  read.sort(byAddress);

  const anyBody = read.some(({ extracted, isRecord }) => extracted.hasBody && !isRecord);
  const withBody = read.filter(({ path, extracted, isRecord }) => {
    const kept = !anyBody || extracted.hasBody || isRecord;
    if (!kept) leftOut.push({ path, reason: 'no-body' });
    return kept;
  });
  const generators = new Set(withBody.flatMap(({ extracted: { generator } }) => generator ?? []));
  const answers = withBody.filter((page) => {
    const isAnswer = page.isRecord || !isListing(page, generators);
    if (!isAnswer) leftOut.push({ path: page.path, reason: 'listing' });
    return isAnswer;
  });
  const duplicates = findDuplicates(answers);
  const { pages: versioned, current } = withVersions(
    answers.filter((page) => !duplicates.has(page)),
    options.currentVersion,
  );
  const { pages: cleared, removed } = withoutBoilerplate(versioned);
  const { pages: unique, copies } = withoutCopies(withFallbacks(withOwnTitles(cleared)));
  const kept = unique.filter((page) => {
    const isKept = !isNotFoundPage(page);
    if (!isKept) leftOut.push({ path: page.path, reason: 'not-found' });
    return isKept;
  });
  for (const { path } of [...duplicates, ...copies]) leftOut.push({ path, reason: 'duplicate' });

  const cut = await cutPages(withSecondary(kept), leftOut, options);
  const content: SiteContent = {
    ...withWhole(cut, whole),
    ...(current === null ? {} : { defaultFilters: { [VERSION_FILTER]: [current, ''] } }),
  };
  leftOut.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
  return { content, leftOut, boilerplate: removed };
}

/**
 * The page that a server sends for addresses that it does not know: `404.html` and the like at the root of the site, or
 * of a language or a version. A page about the status 404 is elsewhere, or has more sections.
 */
function isNotFoundPage({ url, isRecord, extracted: { sections } }: CollectedPage): boolean {
  const name =
    /^(?:[a-z]{2,3}(?:-[a-z]{2,4})?\/|(?:v\d[\w.]*|\d+(?:\.\d+)+)\/|latest\/|stable\/|next\/)*(?:404|_?not-found|page-not-found)(?:\.x?html?|\/)?$/i;
  return !isRecord && sections.length <= 2 && name.test(url.replace(/^https?:\/\/[^/]*\//i, ''));
}

function readSource(
  source: Exclude<SiteSource, { reason: string } | { whole: WholePage }>,
  options: CollectOptions,
): CollectedPage | LeftOutPage {
  if ('extracted' in source) return source;
  const { path, url, html } = source;
  const extracted = options.extract?.(html) ?? extractPage(html, options);
  return extracted.kind === 'page' ? { path, url, extracted, isRecord: false } : extracted;
}

async function cutPages(
  collected: readonly CollectedPage[],
  leftOut: LeftOut[],
  { countTokens, maxTokens, signal, cut: cutSections = cutPassages, onPassages }: CollectOptions,
): Promise<SiteContent> {
  const pages: SitePage[] = [];
  const passages: SitePassage[] = [];
  for (const [i, { path, url, extracted }] of collected.entries()) {
    if (i % PAGES_A_TURN === 0) await setImmediate();
    signal?.throwIfAborted();
    const { title, language } = extracted.page;
    const cut = cutSections(extracted.sections, { title, language, countTokens, maxTokens });
    if (cut.length === 0) leftOut.push({ path, reason: 'no-text' });
    else {
      for (const passage of cut) passages.push({ page: pages.length, ...passage });
      pages.push({ url, ...extracted.page, meta: withImage(extracted.page.meta, url) });
    }
    onPassages?.(passages.length);
  }
  return { pages, passages };
}

function withWhole({ pages, passages }: SiteContent, whole: readonly WholePage[]): SiteContent {
  return {
    pages: [...pages, ...whole.map(({ page }) => page)],
    passages: [
      ...passages,
      ...whole.flatMap((more, i) => more.passages.map((passage) => ({ page: pages.length + i, ...passage }))),
    ],
  };
}

/** Makes the picture's address relative to the site's root where it was relative to the page. */
function withImage(meta: SitePage['meta'], url: string): SitePage['meta'] {
  const image = meta['image'];
  if (image === undefined || /^(?:[a-z][a-z\d+.-]*:|\/)/i.test(image) || !URL.canParse(url, ROOT)) return meta;
  return { ...meta, image: new URL(image, new URL(url, ROOT)).href.replace(ROOT, '') };
}
