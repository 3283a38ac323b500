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
    while (node !== root && !node.next) {
      node = node.parent as HtmlElement;
      leave?.(node);
    }
    if (node === root) return;
    node = node.next!;
  }
}
