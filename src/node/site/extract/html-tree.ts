// The parsed page, and an iterative walk through it: pages may be nested more deeply than the call stack allows.

import type { CheerioAPI } from 'cheerio';

export type HtmlDocument = ReturnType<CheerioAPI['root']>[0];
export type HtmlNode = HtmlDocument['childNodes'][number];
export type HtmlElement = Extract<HtmlNode, { attribs: unknown }>;

export interface Visitor {
  /** Returns true to visit its children; `leave` is then called for it. */
  readonly enter: (element: HtmlElement) => boolean;
  readonly leave?: (element: HtmlElement) => void;
  readonly text?: (data: string) => void;
}

export function isElement(node: HtmlNode | null | undefined): node is HtmlElement {
  return node !== null && node !== undefined && 'attribs' in node;
}

/** Visits the element and all below it in the order of the page. */
export function walk(root: HtmlElement, { enter, leave, text }: Visitor): void {
  let node: HtmlNode = root;
  for (;;) {
    if (isElement(node)) {
      if (enter(node)) {
        const child: HtmlNode | undefined = node.children[0];
        if (child) {
          node = child;
          continue;
        }
        leave?.(node);
      }
    } else if (node.nodeType === 3) text?.(node.data);
    else if ('children' in node && node.children[0]) {
      node = node.children[0]; // the content of a template
      continue;
    }
    while (node !== root && !node.next) {
      const parent: HtmlNode = node.parent!;
      node = parent;
      if (isElement(parent)) leave?.(parent);
    }
    if (node === root) return;
    node = node.next!;
  }
}

/** The element, or the nearest one above it, for which a test holds, up to and without `body`. */
export function closest(element: HtmlElement, test: (element: HtmlElement) => boolean): HtmlElement | null {
  for (let at: HtmlNode | null = element; at; at = at.parent) {
    if (!isElement(at)) continue;
    if (at.name === 'body') return null;
    if (test(at)) return at;
  }
  return null;
}

/** Whether a test holds for the element or one below it. */
export function holds(element: HtmlElement, test: (element: HtmlElement) => boolean): boolean {
  let found = false;
  walk(element, { enter: (inner) => !(found ||= test(inner)) });
  return found;
}

/** The nearest element before it with the same parent; null where there is none, or text is between. */
export function elementBefore(element: HtmlElement): HtmlElement | null {
  let before = element.prev;
  while (before && !isElement(before)) {
    if (before.nodeType === 3 && before.data.trim() !== '') return null;
    before = before.prev;
  }
  return isElement(before) ? before : null;
}

/** All text below the element, as written, without that below `without`. */
export function rawText(element: HtmlElement, without?: HtmlElement): string {
  let all = '';
  walk(element, { enter: (inner) => inner !== without, text: (data) => (all += data) });
  return all;
}
