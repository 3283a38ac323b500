// Pagefind's attributes and the same names under `data-era-`: the author's markup for search.

import type { HtmlElement } from './html-tree.ts';

const NAMES = ['body', 'ignore', 'meta', 'default-meta', 'filter', 'sort', 'weight', 'title', 'index-attrs'] as const;
export type Annotation = (typeof NAMES)[number];

const ATTRIBUTES = Object.fromEntries(
  NAMES.map((name) => [name, [`data-era-${name}`, `data-pagefind-${name}`]]),
) as Record<Annotation, [string, string]>;

/** The value of an attribute; `data-era-` has priority over Pagefind's. Undefined where there is none. */
export function annotation(element: HtmlElement, name: Annotation): string | undefined {
  const [ours, theirs] = ATTRIBUTES[name];
  return element.attribs[ours] ?? element.attribs[theirs];
}

/**
 * `index` leaves out the text, `all` everything inside. As in Pagefind, a body is not ignored, and an unknown value
 * means all.
 */
export function ignored(element: HtmlElement): 'index' | 'all' | null {
  const value = annotation(element, 'ignore')?.toLowerCase();
  if (value === undefined || annotation(element, 'body') !== undefined) return null;
  return value === '' || value === 'index' || value === 'true' ? 'index' : 'all';
}

/** Weight of the text; null where none is given. Quadratic, as in Pagefind: 2 counts four times. */
export function weightOf(element: HtmlElement): number | null {
  const value = annotation(element, 'weight');
  const weight = value === undefined || value.trim() === '' ? NaN : Number(value);
  return Number.isNaN(weight) ? null : Math.min(10, Math.max(0, weight)) ** 2;
}

export interface Capture {
  readonly key: string;
  /** Null for the text of the element. */
  readonly value: string | null;
}

/** Parses `key`, `key[attribute]`, comma lists of these, and `key:value`, whose value extends to the end. */
export function captures(value: string, element: HtmlElement): Capture[] {
  const colon = value.indexOf(':');
  const list = (colon < 0 ? value : value.slice(0, colon)).split(',').map((part): Capture => {
    const [, key, attribute] = /^\s*([^[\]]+)\[(.+)\]\s*$/.exec(part) ?? [];
    return key !== undefined && attribute !== undefined
      ? { key: key.trim(), value: element.attribs[attribute.trim()] ?? '' }
      : { key: part.trim(), value: null };
  });
  if (colon >= 0) list.push({ key: list.pop()!.key, value: value.slice(colon + 1) });
  return list.filter(({ key }) => key !== '');
}

/** Attributes whose values are indexed as part of the text. */
export function indexedAttributes(element: HtmlElement): string[] {
  const names = annotation(element, 'index-attrs')?.split(',') ?? [];
  return names.map((name) => element.attribs[name.trim()] ?? '').filter((value) => value.trim() !== '');
}
