// Extracts from the HTML of a page its text in sections, its title and the author's attributes.

import { load, type Cheerio, type CheerioAPI } from 'cheerio';
import { EraError, messageOf } from '../../../errors.ts';
import { MAX_HEADING_LENGTH, plainText, shortened } from '../../../text/plain-text.ts';
import { HALF_WEIGHT, primaryLanguage, weighed } from '../collected-page.ts';
import { canonicalLanguage } from './canonical-language.ts';
import type { ExtractedPage, ExtractedSection, ExtractOptions, LeftOutPage } from '../extracted-page.ts';
import { ignored } from './annotations.ts';
import { NO_RULES, rulesOf } from './generators.ts';
import { isElement, type HtmlElement } from './html-tree.ts';
import type { PageControls } from './left-out.ts';
import { isText, isTooDeep } from './parseable.ts';
import { readContent } from './read-content.ts';
import { survey, textOf } from './survey.ts';

type Elements = Cheerio<HtmlElement>;

/** Faster redirects count as redirects; slower ones are pages that reload themselves. */
const MAX_REDIRECT_SECONDS = 10;

/**
 * Of text and headings in UTF-8, in which a sentence takes about as much in every language. With more, a page that sends browsers
 * without scripts elsewhere is what readers see.
 */
const MAX_REDIRECT_BYTES = 150;

/**
 * Pages that are indexes (of terms, of contents, of tags) lead to answers and contain none: their text gets half the
 * weight.
 */
const MIN_INDEX_LINKS = 50;
const INDEX_LINK_SHARE = 0.8;
/** A list of hundreds of links is an index too where it says a few words beside each. */
const MIN_LONG_INDEX_LINKS = 500;
const LONG_INDEX_LINK_SHARE = 0.4;
/** Share of the links in lists of pages with dates or summaries; texts have a tenth. */
const LIST_LINK_SHARE = 0.25;

/**
 * Parses broken HTML like browsers do. Scripts are not run.
 * @throws EraError `invalid-option` for an invalid selector
 */
export function extractPage(html: string, options: ExtractOptions = {}): ExtractedPage | LeftOutPage {
  if (!isText(html)) return leftOut('not-html');
  if (isTooDeep(html)) return leftOut('too-deep');
  const $ = load(html);
  const document = $.root().children('html');
  const head = document.children('head');
  if (isNoindex(head)) return leftOut('noindex');
  if (redirects(head.children('meta').toArray())) return leftOut('redirect');
  const { rules, leftOut: noText } = options.generatorRules === false ? NO_RULES : rulesOf($);
  if (rules?.listing !== undefined && $(rules.listing).length > 0) return leftOut('listing');

  const roots = options.rootSelector === undefined ? document.toArray() : outermost(select($, options.rootSelector));
  const { bodies, mains, h1s, meta, defaultMeta, filters, sort, controls } = survey(roots);
  const hasBody = bodies.length > 0;
  const content = (hasBody ? bodies : mains.length === 1 ? mains : roots).filter((element) => !isInIgnored(element));
  if (
    content.length === 0 ||
    (!hasBody &&
      document
        .children('body')
        .toArray()
        .some((body) => ignored(body) !== null))
  )
    return leftOut('ignored');

  const documentTitle = plainText(head.children('title').first().text());
  const named = rules?.title === undefined ? '' : plainText($(rules.title).first().text());
  const title = shortened(
    meta.get('title') ??
      (named ||
        titleOf(documentTitle, h1s, content, controls) ||
        (defaultMeta.get('title') ?? firstHeading($, controls))),
    MAX_HEADING_LENGTH,
  );
  const excluded = new Set([...noText, ...(options.excludeSelectors ?? [])].flatMap((selector) => select($, selector)));
  const languages = languageOf(document, content, options.forceLanguage);
  const { sections, image, hasText, links, linkShare } = readContent(content, {
    title,
    language: languages.language,
    leftOut: excluded,
    controls,
  });
  if (redirectsWithoutScripts(head) && textBytes(sections) <= MAX_REDIRECT_BYTES) return leftOut('redirect');
  if (!hasText) return leftOut('no-text');

  const pictured =
    image && !meta.has('image') ? [['image', image.src] as const, ['image_alt', plainText(image.alt)] as const] : [];
  const all = new Map([...defaultMeta, ...pictured, ...meta]);
  all.delete('title');
  return {
    kind: 'page',
    canonical: head.children('link[rel~="canonical" i]').attr('href')?.trim() ?? null,
    page: {
      title,
      ...languages,
      meta: Object.fromEntries(all),
      filters: Object.fromEntries(filters),
      sort: Object.fromEntries(sort),
    },
    documentTitle,
    versions: listed(contentOf(head, 'docsearch:version')),
    generator: rules?.name ?? null,
    isLinks: linkShare >= LIST_LINK_SHARE || sections.every(({ blocks }) => blocks.length === 0),
    isTitleSaid: meta.has('title') || named !== '',
    sections: isIndex(links, linkShare) ? weighed(sections, HALF_WEIGHT) : sections,
    hasBody,
  };
}

function isIndex(links: number, linkShare: number): boolean {
  return (
    (links >= MIN_INDEX_LINKS && linkShare > INDEX_LINK_SHARE) ||
    (links >= MIN_LONG_INDEX_LINKS && linkShare > LONG_INDEX_LINK_SHARE)
  );
}

function leftOut(reason: LeftOutPage['reason']): LeftOutPage {
  return { kind: 'left-out', reason };
}

function isNoindex(head: Elements): boolean {
  const robots = head
    .children('meta[name="robots" i]')
    .toArray()
    .map((element) => element.attribs['content'] ?? '');
  return robots.some((content) =>
    content
      .toLowerCase()
      .split(/[\s,]+/)
      .some((word) => word === 'noindex' || word === 'none'),
  );
}

/** Where scripts redirect, `<noscript>` is for browsers without them; where they show the page, it leads to another one. */
function redirectsWithoutScripts(head: Elements): boolean {
  const unscripted = head.children('noscript').text();
  return unscripted !== '' && redirects(load(unscripted)('meta').toArray());
}

function redirects(metas: readonly HtmlElement[]): boolean {
  const refreshes = metas
    .filter(({ attribs }) => attribs['http-equiv']?.toLowerCase() === 'refresh')
    .map(({ attribs }) => attribs['content'] ?? '');
  return refreshes.some((content) => {
    const [, seconds] = /^\s*(\d+)(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?\S/i.exec(content) ?? [];
    return seconds !== undefined && Number(seconds) <= MAX_REDIRECT_SECONDS;
  });
}

function textBytes(sections: readonly ExtractedSection[]): number {
  const texts = sections.flatMap(({ headings, blocks }) => [headings.at(-1) ?? '', ...blocks.map(({ text }) => text)]);
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function select($: CheerioAPI, selector: string): HtmlElement[] {
  try {
    return $(selector).toArray().filter(isElement);
  } catch (cause) {
    throw new EraError('invalid-option', `“${selector}” is not a selector: ${messageOf(cause)}`, {
      details: { selector },
      cause,
    });
  }
}

function outermost(elements: readonly HtmlElement[]): HtmlElement[] {
  const all = new Set<unknown>(elements);
  return elements.filter((element) => !ancestors(element).some((above) => all.has(above)));
}

function isInIgnored(element: HtmlElement): boolean {
  return [element, ...ancestors(element)].some((above) => ignored(above) !== null);
}

function ancestors(element: HtmlElement): HtmlElement[] {
  const found: HtmlElement[] = [];
  for (let above = element.parent; above; above = above.parent) if (isElement(above)) found.push(above);
  return found;
}

/**
 * The first `<h1>`, of the content if it has one. Where it is the first of several, or has a number, it heads a part,
 * and the title is that of `<title>`, unless that names the heading.
 */
function titleOf(
  documentTitle: string,
  h1s: readonly HtmlElement[],
  content: readonly HtmlElement[],
  controls: PageControls,
): string {
  const inContent = new Set<unknown>(content);
  const titles = (elements: readonly HtmlElement[]): string[] =>
    elements.map((element) => textOf(element, controls)).filter((text) => text !== '');
  const own = titles(h1s.filter((h1) => ancestors(h1).some((above) => inContent.has(above))));
  const first = (own.length > 0 ? own : titles(h1s))[0] ?? '';
  const isPart = own.length > 1 || /^\d+(?:\.\d+)*\.?\s/.test(first);
  return first === '' || (isPart && !documentTitle.includes(first)) ? documentTitle || first : first;
}

function firstHeading($: CheerioAPI, controls: PageControls): string {
  const heading = select($, 'h2, h3')[0];
  return heading ? textOf(heading, controls) : '';
}

/** A page that is not translated has the language of its text where that begins, and that of the site above it. */
function languageOf(
  document: Elements,
  content: readonly HtmlElement[],
  forced: string | undefined,
): Pick<ExtractedPage['page'], 'language' | 'fallbackFor'> {
  const head = document.children('head');
  const ofPage = canonicalLanguage(
    forced ??
      document.attr('lang') ??
      document.attr('xml:lang') ??
      (contentOf(head, 'docsearch:language') ||
        (head.children('meta[http-equiv="content-language" i]').attr('content') ?? '')),
  );
  const [only] = content.length === 1 && forced === undefined ? content : [];
  const said = [...(only ? [only, ...ancestors(only)] : [])].find(({ attribs }) => attribs['lang'] !== undefined);
  const language = canonicalLanguage(said?.attribs['lang'] ?? '') || ofPage;
  return primaryLanguage(language) === primaryLanguage(ofPage) || ofPage === ''
    ? { language }
    : { language, fallbackFor: ofPage };
}

/** Of the first `<meta>` with this name; empty for none. */
function contentOf(head: Elements, name: string): string {
  return head.children(`meta[name="${name}" i]`).attr('content')?.trim() ?? '';
}

function listed(value: string): string[] {
  return [...new Set(value.split(',').map((part) => plainText(part)))].filter((part) => part !== '');
}
