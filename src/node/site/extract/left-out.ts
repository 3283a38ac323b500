// Which elements have no text for readers: text for programs, menus, forms, hidden elements, and signs that link to a
// heading.

import { closest, elementBefore, holds, isElement, rawText, walk, type HtmlElement } from './html-tree.ts';

/** Elements that Pagefind leaves out, and others whose text is not read in its place. */
const NO_TEXT = new Set(
  'head style script noscript nav iframe select textarea datalist canvas audio video object annotation annotation-xml rp'.split(
    ' ',
  ),
);
const NO_TEXT_ROLES = new Set('navigation search contentinfo menu menubar toolbar doc-toc doc-pagelist'.split(' '));

/** Inline elements of HTML and MathML. */
const INLINE = new Set(
  'a abbr acronym b bdi bdo big br button cite code data del dfn em font i img input ins kbd label mark math meter nobr output picture progress q rb rp rt rtc ruby s samp slot small source span strike strong sub sup time tt u var wbr mi mo mn mrow msup msub mfrac mtext semantics tspan'.split(
    ' ',
  ),
);
/** The other elements that a parser of HTML knows. */
const BLOCK = new Set(
  'address article aside blockquote body caption center col colgroup dd details dialog dir div dl dt fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup option p pre search section select summary svg table tbody td template text tfoot th thead title desc tr ul'.split(
    ' ',
  ),
);
const HEADING = /^h[1-6]$/;

/**
 * Inline elements continue a line; all others begin and end a block. An element that HTML does not know is inline if
 * text is directly beside it, as browsers show it.
 */
export function isInline(element: HtmlElement): boolean {
  const { name } = element;
  if (INLINE.has(name)) return true;
  if (BLOCK.has(name)) return false;
  return [element.prev, element.next].some((beside) => beside?.nodeType === 3 && beside.data.trim() !== '');
}

/** What a page says elsewhere about its elements. */
export interface PageControls {
  /** Ids of elements that a click on another shows. */
  readonly shown: ReadonlySet<string>;
  /** Ids of boxes that can be ticked: their labels are text. */
  readonly boxes: ReadonlySet<string>;
}

export function controlsOf(roots: readonly HtmlElement[]): PageControls {
  const shown = new Set<string>();
  const boxes = new Set<string>();
  const enter = (element: HtmlElement): boolean => {
    const { attribs } = element;
    for (const id of (attribs['aria-controls'] ?? '').split(/\s+/)) shown.add(id);
    for (const target of [attribs['data-bs-target'], attribs['data-target']])
      if (target?.startsWith('#')) shown.add(target.slice(1));
    const toggles = attribs['role'] === 'tab' || (attribs['data-toggle'] ?? attribs['data-bs-toggle']) !== undefined;
    if (toggles && attribs['href']?.startsWith('#')) shown.add(attribs['href'].slice(1));
    if (isBox(element)) boxes.add(attribs['id'] ?? '');
    return true;
  };
  for (const root of roots) walk(root, { enter });
  shown.delete('');
  boxes.delete('');
  return { shown, boxes };
}

function isBox({ name, attribs }: HtmlElement): boolean {
  return name === 'input' && /^(?:checkbox|radio)$/i.test(attribs['type'] ?? '');
}

/** @param inHeading whether the element is in a heading */
export function holdsNoText(element: HtmlElement, inHeading: boolean, controls: PageControls): boolean {
  const { name, attribs } = element;
  if (NO_TEXT.has(name) || isHidden(element, controls) || attribs['data-nosnippet'] !== undefined) return true;
  if (name === 'template') return (attribs['shadowrootmode'] ?? attribs['shadowroot']) === undefined;
  if (name === 'svg')
    return inHeading || closest(element, ({ name: above }) => above === 'a' || above === 'button') !== null;
  if (isInDrawing(element)) return !isTextOfDrawing(element);
  if (name === 'button') return inHeading ? isBesideHeading(element) : !isQuestion(element, controls);
  if (name === 'label') return !isLabelOfBox(element, controls);
  if (name === 'form') return !holdsThePage(element) && !holdsProse(element);
  if (name === 'footer') return !isPartOfContent(element) || !holdsProse(element);
  if (name === 'dialog') return attribs['open'] === undefined;
  if (isNoteMark(element)) return true;
  if (name === 'a') return isPermalink(element);
  const role = attribs['role'];
  return (role !== undefined && NO_TEXT_ROLES.has(role)) || isGutter(element);
}

/** Classes of panels that a tab, a button or a script of the page shows. */
const PANEL =
  /(?:^|[\s_-])(?:tab-?pane|tab-?panel|tab-?content|tab-?item|tabbed-(?:block|content)|panel|accordion|collaps\w*|expand\w*|toggle-content|details?|faq|answer|spoiler)(?:$|[\s_-])/i;

/**
 * Hidden for good: a panel that a click shows is not. Inline elements hidden from screen readers are signs and
 * duplicates; blocks hidden from them may be unfolded by a click.
 */
function isHidden(element: HtmlElement, { shown }: PageControls): boolean {
  const { hidden, style, role, id } = element.attribs;
  if (element.attribs['aria-hidden'] === 'true' && (INLINE.has(element.name) || element.name === 'svg')) return true;
  const isNotDisplayed =
    (hidden !== undefined && hidden.toLowerCase() !== 'until-found') ||
    (style !== undefined && /(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)/i.test(style));
  if (!isNotDisplayed) return false;
  const isPanel =
    role === 'tabpanel' ||
    (id !== undefined && shown.has(id)) ||
    (!INLINE.has(element.name) && PANEL.test(element.attribs['class'] ?? '')) ||
    isNamedPanel(element);
  return !isPanel || isMenu(element);
}

/** `data-tab` and the like: the name by which a script shows a block. */
function isNamedPanel(element: HtmlElement): boolean {
  return (
    !INLINE.has(element.name) &&
    Object.keys(element.attribs).some((name) => /^data-(?:tab|panel|pane|tabs?-\w+)$/.test(name))
  );
}

/** Holds controls of the page, such as a menu or a dialog, and no text of it. */
function isMenu(element: HtmlElement): boolean {
  return holds(element, ({ name, attribs: { role = '' } }) => {
    return name === 'nav' || NO_TEXT_ROLES.has(role) || role === 'listbox' || role === 'dialog';
  });
}

function isInDrawing({ name, namespace }: HtmlElement): boolean {
  return namespace === 'http://www.w3.org/2000/svg' && name !== 'svg';
}

/** Text that is drawn, and the name of a drawing; what else has a title repeats it. */
function isTextOfDrawing({ name, parent }: HtmlElement): boolean {
  const isName = name === 'title' || name === 'desc';
  return isName ? isElement(parent) && parent.name === 'svg' : !/^(?:style|script|metadata|defs)$/.test(name);
}

/** In a heading that has other text, a button is a tool of the page: headings of accordions are buttons whole. */
function isBesideHeading(button: HtmlElement): boolean {
  const heading = closest(button, ({ name }) => HEADING.test(name));
  return heading !== null && hasWords(rawText(heading, button));
}

function hasWords(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/** A button that shows a text of the page, which it heads. */
function isQuestion({ attribs, next }: HtmlElement, { shown }: PageControls): boolean {
  if (attribs['aria-haspopup'] !== undefined) return false;
  if (attribs['role'] === 'tab') return true;
  const opens =
    attribs['aria-expanded'] !== undefined ||
    attribs['aria-controls'] !== undefined ||
    /(?:^|[\s_-])(?:accordion|collaps\w*|faq|question)(?:$|[\s_-])/i.test(attribs['class'] ?? '');
  if (!opens) return false;
  let beside = next;
  while (beside && !isElement(beside)) beside = beside.next;
  if (isElement(beside) && isMenu(beside)) return false;
  return (isElement(beside) && /\p{L}/u.test(rawText(beside))) || shown.has(attribs['aria-controls'] ?? '');
}

/** The line of a task list, or the name of a tab that is shown without a script. */
function isLabelOfBox(label: HtmlElement, { boxes }: PageControls): boolean {
  if (closest(label, ({ name }) => name === 'form')) return false;
  return boxes.has(label.attribs['for'] ?? '') || holds(label, isBox);
}

/** Some servers wrap the whole page in one form, which must be kept. */
function holdsThePage(form: HtmlElement): boolean {
  return holds(form, ({ name, attribs }) => name === 'main' || name === 'h1' || attribs['role'] === 'main');
}

/** Least letters of prose, about a dozen words. */
const MIN_PROSE = 60;

/** Whether there is text beside links and fields: a form or a footer with content. */
function holdsProse(element: HtmlElement): boolean {
  let letters = 0;
  walk(element, {
    enter: ({ name }) => !NO_TEXT.has(name) && !/^(?:a|label|button|legend)$/.test(name),
    text: (data) => (letters += data.match(/\p{L}/gu)?.length ?? 0),
  });
  return letters >= MIN_PROSE || (isElement(element.parent) && /^(?:blockquote|figure)$/.test(element.parent.name));
}

/** A footer of an article or a quotation, and not of the page. */
function isPartOfContent(footer: HtmlElement): boolean {
  return (
    closest(
      footer,
      ({ name, attribs }) => /^(?:main|article|blockquote|figure)$/.test(name) || attribs['role'] === 'main',
    ) !== null
  );
}

/** Classes of line numbers beside code, in Pygments, docutils, Chroma, Rouge, Hexo, Prism and Shiki. */
const GUTTER = /(?:^|[\s_-])(?:ln|lnt|linenos?|lineno|line-?num(?:ber)?s?|linenodiv|gutter|blob-num)(?:$|[\s_-])/i;

/**
 * The class alone says little: some highlighters put it on the code, to turn the numbers on. Hugo's default has a style.
 */
function isGutter(element: HtmlElement): boolean {
  const { class: names = '', style = '' } = element.attribs;
  return (GUTTER.test(names) || /(?:^|[;-])user-select\s*:\s*none/.test(style)) && /^[\d\s+-]*$/.test(rawText(element));
}

/** A mark that leads to a note, or from it back. A heading that leads back to the table of contents is none. */
function isNoteMark(element: HtmlElement): boolean {
  const { name, attribs } = element;
  if (name !== 'a' && name !== 'sup') return false;
  if (/^doc-(?:noteref|backlink)$/.test(attribs['role'] ?? '')) return !isWholeHeading(element);
  const text = rawText(element).trim();
  if (text.length > 6) return false;
  if (name === 'a' && /^[↩↑^\uFE0E\s]+$/.test(text) && attribs['href']?.includes('#')) return true;
  if (!/^(?:\[\s*)?(?:\d+|[a-z]|[*†‡§¶]+|[ivx]+)(?:\s*\])?$/i.test(text)) return false;
  if (name === 'sup') return element.children.some((child) => isElement(child) && isLinkInPage(child));
  return isLinkInPage(element) && /(?:^|[\s_-])(?:foot-?note|note-?ref|fn-?ref|citation)/i.test(attribs['class'] ?? '');
}

/** Whether a heading has no other words. */
function isWholeHeading(element: HtmlElement): boolean {
  const heading = closest(element, isHeadingOrTerm);
  return heading !== null && !/\p{L}/u.test(rawText(heading, element));
}

function isLinkInPage({ name, attribs }: HtmlElement): boolean {
  return name === 'a' && attribs['href']?.startsWith('#') === true;
}

/** Signs that themes show beside a heading; icon fonts use letters for private use. */
const SIGN = /^[¶#§🔗⚓☍◆\s\p{Cf}\p{Co}]*$/u;

/** A link from a heading to itself, told by its target, unless it is all of the heading. */
function isPermalink(link: HtmlElement): boolean {
  const target = /#(.*)$/s.exec(link.attribs['href'] ?? '')?.[1];
  if (target === undefined) return false;
  if (SIGN.test(rawText(link))) return !hasPicture(link);
  const leadsTo = (heading: HtmlElement): boolean => !isSignature(heading) && idsOf(heading).has(decoded(target));
  const before = elementBefore(link);
  if (before && isHeadingOrTerm(before) && leadsTo(before)) return true;
  const heading = closest(link, isHeadingOrTerm);
  return heading !== null && hasWords(rawText(heading, link)) && leadsTo(heading);
}

/** rustdoc links the name in the signature of a function to itself. */
function isSignature({ attribs }: HtmlElement): boolean {
  return /(?:^|\s)code-header(?:\s|$)/.test(attribs['class'] ?? '');
}

function isHeadingOrTerm({ name }: HtmlElement): boolean {
  return HEADING.test(name) || name === 'dt';
}

/** Ids of an element, of those in it, and of those that begin with it. */
function idsOf(heading: HtmlElement): Set<string> {
  const ids = new Set<string>();
  walk(heading, {
    enter({ attribs }) {
      if (attribs['id'] !== undefined) ids.add(attribs['id']);
      if (attribs['name'] !== undefined) ids.add(attribs['name']);
      return true;
    },
  });
  for (let at: HtmlElement = heading; isElement(at.parent) && at.parent.name !== 'body'; at = at.parent) {
    const first = at.parent.children.find((child) => isElement(child) && child.name !== 'a');
    if (first !== at) break;
    if (at.parent.attribs['id'] !== undefined) ids.add(at.parent.attribs['id']);
  }
  return ids;
}

function decoded(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function hasPicture(element: HtmlElement): boolean {
  return element.children.some((child) => isElement(child) && child.name === 'img');
}

/** Classes of tables of contents, which may have one link. */
const CONTENTS = /(?:^|[\s_-])(?:toc|table-?of-?contents|on-this-page|page-toc)(?:$|[\s_-])/i;

/** Most letters beside the links of a table of contents, which are its title. */
const MAX_CONTENTS_TITLE = 24;

/**
 * Tables of contents: elements whose words are links into this page, three or more of them or one where the class says
 * so, but for a title. They repeat the headings in another place.
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
      if (!isInline(element)) open.push({ letters, linked, links });
      if (element.name === 'a' && element.attribs['href']?.startsWith('#')) {
        inLink = true;
        links++;
      }
      return true;
    },
    leave(element) {
      if (element.name === 'a') inLink = false;
      if (isInline(element)) return;
      const before = open.pop()!;
      const own = links - before.links;
      if (own < 3 && (own === 0 || !CONTENTS.test(element.attribs['class'] ?? ''))) return;
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
