// Which elements have no text for readers: text for programs, menus, forms, hidden elements, and signs that link to a
// heading.

import { isElement, walk, type HtmlElement } from './html-tree.ts';

/** Elements that Pagefind leaves out, and others whose text is not read in its place. */
const NO_TEXT = new Set(
  'head style script noscript label svg footer nav iframe template select textarea datalist canvas audio video object annotation annotation-xml rp'.split(
    ' ',
  ),
);
const NO_TEXT_ROLES = new Set('navigation search contentinfo menu menubar toolbar doc-toc doc-pagelist'.split(' '));
/** Line numbers beside code. */
const NO_TEXT_CLASSES = /(?:^|\s)(?:linenos?|line-?numbers?|lineno)(?:\s|$)/;

/** Inline elements. All others begin and end a block. */
export const INLINE = new Set(
  'a abbr acronym b bdi bdo big br button cite code data del dfn em font i img input ins kbd label mark math meter nobr output picture progress q rp rt ruby s samp small source span strike strong sub sup time tt u var wbr mi mo mn mrow msup msub mfrac mtext semantics'.split(
    ' ',
  ),
);

/** @param inHeading headings of accordions are buttons */
export function holdsNoText(element: HtmlElement, inHeading: boolean): boolean {
  const { name, attribs } = element;
  if (NO_TEXT.has(name) || isHidden(element)) return true;
  if (name === 'button') return !inHeading;
  if (name === 'form') return !holdsThePage(element);
  if (name === 'dialog') return attribs['open'] === undefined;
  if (name === 'a') return isPermalink(element, inHeading);
  const role = attribs['role'];
  const classes = attribs['class'];
  return (role !== undefined && NO_TEXT_ROLES.has(role)) || (classes !== undefined && NO_TEXT_CLASSES.test(classes));
}

/** Inline elements hidden from screen readers are signs and duplicates; hidden blocks may be unfolded by a click. */
function isHidden({ name, attribs }: HtmlElement): boolean {
  const { hidden, style } = attribs;
  if (hidden !== undefined && hidden.toLowerCase() !== 'until-found') return true;
  if (attribs['aria-hidden'] === 'true' && INLINE.has(name)) return true;
  return style !== undefined && /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(style);
}

/** Some servers wrap the whole page in one form, which must be kept. */
function holdsThePage(form: HtmlElement): boolean {
  let found = false;
  walk(form, {
    enter({ name, attribs }) {
      found ||= name === 'main' || name === 'h1' || attribs['role'] === 'main';
      return !found;
    },
  });
  return found;
}

function isPermalink(link: HtmlElement, inHeading: boolean): boolean {
  if (!link.attribs['href']?.includes('#')) return false;
  let text = '';
  walk(link, { enter: () => text.length < 20, text: (data) => (text += data) });
  return /^[¶#§🔗⚓☍\s\p{Cf}]*$/u.test(text)
    ? !hasPicture(link)
    : inHeading && /^\s*(?:permalink|link|anchor)\s*$/i.test(text);
}

function hasPicture(element: HtmlElement): boolean {
  return element.children.some((child) => isElement(child) && child.name === 'img');
}

/** Most letters beside the links of a table of contents, which are its title. */
const MAX_CONTENTS_TITLE = 24;

/**
 * Tables of contents: elements whose words are links into this page, three or more of them, but for a title. They
 * repeat the headings in another place.
 */
export function tablesOfContents(root: HtmlElement): Set<HtmlElement> {
  const found = new Set<HtmlElement>();
  const open: { letters: number; linked: number; links: number }[] = [];
  let letters = 0;
  let linked = 0;
  let links = 0;
  let inLink = false;
  walk(root, {
    enter(element) {
      if (NO_TEXT.has(element.name)) return false;
      if (!INLINE.has(element.name)) open.push({ letters, linked, links });
      if (element.name === 'a' && element.attribs['href']?.startsWith('#')) {
        inLink = true;
        links++;
      }
      return true;
    },
    leave(element) {
      if (element.name === 'a') inLink = false;
      if (INLINE.has(element.name)) return;
      const before = open.pop()!;
      if (links - before.links < 3) return;
      const inLinks = linked - before.linked;
      const beside = letters - before.letters - inLinks;
      if (beside <= MAX_CONTENTS_TITLE && beside * 2 < inLinks) found.add(element);
    },
    text(data) {
      let count = 0;
      for (const [run] of data.matchAll(/\p{L}+/gu)) count += run.length;
      letters += count;
      if (inLink) linked += count;
    },
  });
  return found;
}
