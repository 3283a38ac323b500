// The second pass over a page: reads its text in sections. The first is survey.ts.

import { plainText } from '../../../text/plain-text.ts';
import { annotation, ignored, indexedAttributes, weightOf } from './annotations.ts';
import { isElement, walk, type HtmlElement } from './html-tree.ts';
import { isApart } from './apart.ts';
import { canonicalLanguage } from './canonical-language.ts';
import { holdsNoText, isInline, tablesOfContents, type PageControls } from './left-out.ts';
import { RubyReader } from './ruby-reader.ts';
import { SectionWriter, TERM_LEVEL } from './section-writer.ts';
import type { ExtractedSection } from '../extracted-page.ts';

export interface ReadContent {
  readonly sections: readonly ExtractedSection[];
  /** True with a block or a heading, even if that is only the title of the page. */
  readonly hasText: boolean;
  readonly links: number;
  /** Share of its characters that are in links. */
  readonly linkShare: number;
  /** The first picture in it. */
  readonly image: { readonly src: string; readonly alt: string } | null;
}

/** Rows of a table with a longer cell are layout, or prose in columns: their cells are not joined. */
const MAX_CELL_LENGTH = 400;

export interface ReadOptions {
  readonly title: string;
  /** Of the page, BCP 47 in lower case. */
  readonly language: string;
  /** Elements whose text is not wanted. */
  readonly leftOut: ReadonlySet<HtmlElement>;
  readonly controls: PageControls;
}

/** @param roots in the order of the page, none inside another */
export function readContent(
  roots: readonly HtmlElement[],
  { title, language: ofPage, leftOut, controls }: ReadOptions,
): ReadContent {
  const writer = new SectionWriter(title);
  let image: ReadContent['image'] = null;
  const weights = [1];
  /** Languages of the open elements; empty for that of the page. */
  const languages = [''];
  let characters = 0;
  let linked = 0;
  let links = 0;
  let inLink = false;
  let codeDepth = 0;
  const ruby = new RubyReader();
  /** Open definition lists; `anchored` where the last terms have an address. */
  const lists: { readonly depth: number; anchored: boolean }[] = [];
  const rows: SectionWriter['position'][] = [];
  let contents: ReadonlySet<HtmlElement>;

  /** The first of the terms of a definition is its heading, if it has an address. */
  const enterTerm = (term: HtmlElement): void => {
    const list = lists.at(-1);
    if (!list || isSecondTerm(term)) return;
    writer.truncate(list.depth);
    const address = addressOf(term) || writer.anchorBefore;
    list.anchored = address !== '';
    if (list.anchored) writer.beginHeading(TERM_LEVEL + lists.length - 1, address);
  };

  /** In code, a block is a line. */
  const endBlock = (): void => {
    if (codeDepth > 0) writer.endLine();
    else writer.flush();
  };

  const enter = (element: HtmlElement): boolean => {
    const { name, attribs } = element;
    if (name === 'a' && writer.inHeading) writer.mark(attribs['id'] ?? '', 'anchor'); // the id may be on a sign
    if (
      leftOut.has(element) ||
      ignored(element) !== null ||
      contents.has(element) ||
      holdsNoText(element, writer.inHeading, controls)
    )
      return false;
    const weight = weightOf(element) ?? weights.at(-1)!;
    const id = attribs['id'] ?? '';
    const said = id === '' ? '' : (annotation(element, 'title') ?? '');
    const level = headingLevel(element);
    if (!isInline(element)) endBlock();
    else if (isApart(element)) writer.text(' ', weight);
    ruby.enter(name);
    if (level !== null) writer.beginHeading(level, id, plainText(said));
    else if (name === 'dt') enterTerm(element);
    else if (said !== '') writer.announce(plainText(said), id);
    else if (name === 'a') writer.mark(id || (attribs['name'] ?? ''), 'anchor');
    else writer.mark(id, name === 'section' ? 'section' : 'other');
    if (name === 'hr') writer.rule();
    for (const value of indexedAttributes(element))
      writer.text(` ${value}${/[\p{L}\p{N}'")]$/u.test(value) ? '.' : ''} `, weight);
    if (name === 'img') {
      const src = attribs['src'] ?? '';
      if (src !== '' && !src.startsWith('data:')) image ??= { src, alt: attribs['alt'] ?? '' };
      return false;
    }
    if (name === 'br') writer.text(codeDepth > 0 ? '\n' : ' ', weight);
    if (isCode(element)) codeDepth++;
    if (name === 'a' && attribs['href'] !== undefined) {
      inLink = true;
      links++;
    }
    if (name === 'dl') lists.push({ depth: writer.depth, anchored: false });
    if (name === 'tr') rows.push(writer.position);
    weights.push(weight);
    languages.push(languageIn(element, ofPage) ?? languages.at(-1)!);
    return true;
  };

  const leave = (element: HtmlElement): void => {
    const { name } = element;
    const isCodeDone = isCode(element);
    const weight = weights.pop()!;
    languages.pop();
    writer.text(ruby.leave(element), weight);
    if (isApart(element)) writer.text(' ', weight);
    if (name === 'a') inLink = false;
    if (headingLevel(element) !== null) writer.endHeading();
    else if (name === 'dt' && !lists.at(-1)?.anchored) writer.endTerm();
    else if (name === 'dt') writer.endHeading();
    else if (!isInline(element)) {
      if (isCodeDone) writer.flush(true);
      else endBlock();
      if (element.children.length > 0) writer.unmark(element.attribs['id'] ?? '');
    }
    if (isCodeDone) codeDepth--;
    if (name === 'dl') writer.truncate(lists.pop()!.depth);
    if (name === 'tr') writer.join(rows.pop()!, ' | ', MAX_CELL_LENGTH);
  };

  const text = (data: string): void => {
    if (ruby.text(data)) return;
    writer.text(data, weights.at(-1)!, languages.at(-1));
    const count = data.trim().length;
    characters += count;
    if (inLink) linked += count;
  };

  for (const root of roots) {
    contents = tablesOfContents(root);
    walk(root, { enter, leave, text });
    writer.truncate(writer.depth);
  }
  return {
    sections: writer.sections,
    image,
    hasText: writer.hasText,
    links,
    linkShare: linked / Math.max(1, characters),
  };
}

/** Null where an element says none; empty for that of the page. Text of any language, such as code, is said with `und`. */
function languageIn({ attribs }: HtmlElement, ofPage: string): string | null {
  if (attribs['lang'] === undefined) return null;
  const language = canonicalLanguage(attribs['lang']);
  return language === ofPage || language === '' ? '' : language;
}

/** Doxygen has a block for each line of code. */
function isCode({ name, attribs, children }: HtmlElement): boolean {
  if (name === 'pre') return true;
  return (
    /(?:^|\s)fragment(?:\s|$)/.test(attribs['class'] ?? '') &&
    children.some((child) => isElement(child) && child.attribs['class'] === 'line')
  );
}

function headingLevel({ name }: HtmlElement): number | null {
  return name.length === 2 && name >= 'h1' && name <= 'h6' ? Number(name[1]) : null;
}

/** Its id, or that of an element in it before its text. */
function addressOf(term: HtmlElement): string {
  if (term.attribs['id'] !== undefined) return term.attribs['id'];
  const first = term.children.find((child) => isElement(child) || (child.nodeType === 3 && child.data.trim() !== ''));
  return first && isElement(first)
    ? (first.attribs['id'] ?? (first.name === 'a' ? first.attribs['name'] : undefined) ?? '')
    : '';
}

/** One definition may have several terms, the first of which is its heading. */
function isSecondTerm(term: HtmlElement): boolean {
  let before = term.prev;
  while (before && !isElement(before)) before = before.prev;
  return isElement(before) && before.name === 'dt';
}
