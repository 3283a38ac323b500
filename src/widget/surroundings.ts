// Reads the page around the element, also through shadow roots: the language, whether the scheme is light or dark, and
// whether an open search could be seen.

import { brightness } from './brightness.ts';

export type Scheme = 'light' | 'dark' | 'system';

const SCHEME_ATTRIBUTES = ['data-theme', 'data-bs-theme', 'data-color-scheme', 'data-color-mode', 'data-mode'];

/** Alpha from which on a background hides what is behind it well enough. */
const OPAQUE = 0.5;

/** The `lang` of the nearest element that has one; empty where none has. */
export function nearestLanguage(element: Element): string {
  for (const around of outwards(element)) {
    const language = around.getAttribute('lang');
    if (language) return language;
  }
  return '';
}

/**
 * The scheme that can be seen around the element: that of the nearest opaque background. Where nothing is painted, what
 * an ancestor names in one of the usual attributes or as a class; else that of the canvas.
 * @param isAbove it is drawn above the page, so that the page's own background counts before that of its parents
 */
export function surroundingScheme(element: Element, isAbove: boolean): Scheme {
  const { body, documentElement } = document;
  return (
    (isAbove ? paintedScheme([body, documentElement]) : null) ??
    paintedScheme(outwards(element)) ??
    namedScheme(element) ??
    canvasScheme(element)
  );
}

function paintedScheme(elements: Iterable<Element>): Scheme | null {
  for (const element of elements) {
    const { backgroundColor, backgroundImage, color } = getComputedStyle(element);
    const background = brightness(backgroundColor);
    // What an image shows is not known: light text is on a dark one. Dark text may be a default that nothing is written in.
    if (backgroundImage !== 'none' && brightness(color)?.isLight) return 'dark';
    if (background && background.alpha >= OPAQUE) return background.isLight ? 'light' : 'dark';
    if (backgroundImage !== 'none') return 'light';
  }
  return null;
}

function namedScheme(element: Element): Scheme | null {
  for (const around of outwards(element)) {
    for (const name of SCHEME_ATTRIBUTES) {
      const value = around.getAttribute(name);
      if (value !== null && /dark|night/i.test(value)) return 'dark';
      if (value !== null && /light/i.test(value)) return 'light';
    }
    if (around.classList.contains('dark')) return 'dark';
    if (around.classList.contains('light')) return 'light';
  }
  return null;
}

/** Without a `color-scheme` the canvas is white, unless a `<meta>` names schemes, which the colour of text shows. */
function canvasScheme(element: Element): Scheme {
  const { colorScheme, color } = getComputedStyle(element);
  const schemes = colorScheme.split(' ');
  if (schemes.includes('dark')) return schemes.includes('light') ? 'system' : 'dark';
  return brightness(color)?.isLight && !schemes.includes('light') ? 'dark' : 'light';
}

/**
 * Whether a search that lies in the page here can be seen and used once it is open: it is rendered, and nothing around
 * it is inert. A dialog is drawn above the page, so that size, clipping and opacity of what is around it do not matter.
 */
export function canBeSeen(element: Element): boolean {
  if (getComputedStyle(element).visibility !== 'visible') return false; // also outside the flat tree: it has no style there
  let inner: Element | null = null;
  for (const around of outwards(element)) {
    const { display, contentVisibility } = getComputedStyle(around);
    if (display === 'none' || contentVisibility === 'hidden' || around.hasAttribute('inert')) return false;
    if (around instanceof HTMLDetailsElement && !around.open && !isSummary(inner, around)) return false;
    inner = around;
  }
  return true;
}

function isSummary(element: Element | null, details: HTMLDetailsElement): boolean {
  return element !== null && element === details.querySelector(':scope > summary');
}

function* outwards(element: Element): Generator<Element> {
  for (let at: Element | null = element; at; at = at.assignedSlot ?? at.parentElement ?? hostOf(at)) yield at;
}

function hostOf(element: Element): Element | null {
  const root = element.getRootNode();
  return root instanceof ShadowRoot ? root.host : null;
}
