// Inline elements that are words of their own though no space is written beside them: badges, keys, names and types of
// parameters. Style sets them apart.

import { closest, isElement, rawText, type HtmlElement, type HtmlNode } from './html-tree.ts';

/** Classes of badges and the like, which are set apart from text as well as from each other. */
const BADGE =
  /(?:^|[\s_-])(?:badges?|tags?|labels?|pills?|chips?|status|required|optional|deprecated|since|stability|type|tooltip\w*|sr-only|visually-hidden|kbd)(?:$|[\s_-])/i;
const BOXES = new Set(['span', 'a', 'kbd', 'button', 'label', 'small', 'strong', 'em', 'code', 'mark', 'b', 'i']);

/**
 * Whether an element begins and ends a word, wherever spaces are: a label does, before its box or after. Two such
 * neighbours are apart where both have a class, or both are links or keys; a letter alone is one of a word, and code has
 * its own spaces.
 */
export function isApart(element: HtmlElement): boolean {
  const { name, attribs } = element;
  if (!BOXES.has(name)) return false;
  const isBadge = name === 'label' || BADGE.test(attribs['class'] ?? '');
  if (!isBadge && ![element.prev, element.next].some((beside) => isPeer(element, beside))) return false;
  if (isElement(element.parent) && closest(element.parent, isCode)) return false;
  return name === 'kbd' || rawText(element).trim().length > 1;
}

function isCode({ name, attribs }: HtmlElement): boolean {
  return (
    /^(?:pre|code|samp|math|var)$/.test(name) ||
    /(?:^|\s)(?:highlight|katex|MathJax|sig|signature)/i.test(attribs['class'] ?? '')
  );
}

/** Directly beside it, of the same name, and set apart as it is. */
function isPeer({ name, attribs }: HtmlElement, beside: HtmlNode | null): boolean {
  if (!isElement(beside) || beside.name !== name) return false;
  if (name === 'kbd' || name === 'a' || name === 'code' || name === 'button') return true;
  return attribs['class'] !== undefined && beside.attribs['class'] !== undefined && rawText(beside).trim().length > 1;
}
