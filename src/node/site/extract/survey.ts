// The first pass over a page: everything but its text. It finds where the text is, the title, and the author's
// attributes. The second is read-content.ts.

import { plainText } from '../../../text/plain-text.ts';
import { annotation, captures, ignored, type Annotation } from './annotations.ts';
import { walk, type HtmlElement } from './html-tree.ts';
import { isApart } from './apart.ts';
import { controlsOf, holdsNoText, type PageControls } from './left-out.ts';

export interface Survey {
  /** Elements with a body attribute, none inside another. */
  readonly bodies: readonly HtmlElement[];
  /** `<main>` and `role=main`. */
  readonly mains: readonly HtmlElement[];
  readonly h1s: readonly HtmlElement[];
  readonly meta: ReadonlyMap<string, string>;
  readonly defaultMeta: ReadonlyMap<string, string>;
  readonly filters: ReadonlyMap<string, readonly string[]>;
  readonly sort: ReadonlyMap<string, string>;
  readonly controls: PageControls;
}

/** @param roots none inside another */
export function survey(roots: readonly HtmlElement[]): Survey {
  const bodies: HtmlElement[] = [];
  const mains: HtmlElement[] = [];
  const h1s: HtmlElement[] = [];
  const meta = new Map<string, string>();
  const defaultMeta = new Map<string, string>();
  const filters = new Map<string, string[]>();
  const sort = new Map<string, string>();

  const captured = (element: HtmlElement, name: Annotation, take: (key: string, value: string) => void): void => {
    const said = annotation(element, name);
    if (said === undefined) return;
    for (const { key, value } of captures(said, element)) {
      const text = value === null ? textOf(element, controls) : plainText(value);
      if (text !== '') take(key, text);
    }
  };

  const controls = controlsOf(roots);
  let inBody = 0;
  for (const root of roots) {
    walk(root, {
      enter(element) {
        if (ignored(element) === 'all') return false;
        captured(element, 'meta', (key, value) => meta.set(key, value));
        captured(element, 'default-meta', (key, value) => defaultMeta.set(key, value));
        captured(element, 'sort', (key, value) => sort.set(key, value));
        captured(element, 'filter', (key, value) => {
          const values = filters.get(key);
          if (!values) filters.set(key, [value]);
          else if (!values.includes(value)) values.push(value);
        });
        if (annotation(element, 'body') !== undefined && inBody++ === 0) bodies.push(element);
        if (element.name === 'h1') h1s.push(element);
        if ((element.name === 'main' || element.attribs['role'] === 'main') && !holdsNoText(element, false, controls))
          mains.push(element);
        return element.name !== 'template' || !holdsNoText(element, false, controls);
      },
      leave(element) {
        if (annotation(element, 'body') !== undefined) inBody--;
      },
    });
  }
  return { bodies, mains, h1s, meta, defaultMeta, filters, sort, controls };
}

/** The text of an element in one line, whether or not the element itself is hidden. */
export function textOf(element: HtmlElement, controls: PageControls): string {
  let text = '';
  walk(element, {
    enter(inner) {
      if (inner === element) return true;
      if (isApart(inner)) text += ' ';
      if (ignored(inner) !== null || holdsNoText(inner, true, controls)) return false;
      if (inner.name === 'br') text += ' ';
      return true;
    },
    leave(inner) {
      if (inner !== element && isApart(inner)) text += ' ';
    },
    text: (data) => (text += data),
  });
  return plainText(text);
}
