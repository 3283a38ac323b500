// Reads the page around the element, also through shadow roots: the language, whether the scheme is light or dark, and
// whether an open search could be seen.

export type Scheme = 'light' | 'dark' | 'system';

const SCHEME_ATTRIBUTES = ['data-theme', 'data-bs-theme', 'data-color-scheme', 'data-color-mode', 'data-mode'];

/** Attributes of `html` and `body` that can change the result. */
export const WATCHED: readonly string[] = [...SCHEME_ATTRIBUTES, 'class', 'style', 'lang', 'dir'];

/** The `lang` of the nearest element that has one; empty where none has. */
export function nearestLanguage(element: Element): string {
  for (const around of outwards(element)) {
    const language = around.getAttribute('lang');
    if (language) return language;
  }
  return '';
}

/**
 * The scheme that an ancestor names in one of the usual attributes or as a class; else `color-scheme` where it allows
 * only one; else the visitor's preference.
 */
export function surroundingScheme(element: Element): Scheme {
  for (const around of outwards(element)) {
    for (const name of SCHEME_ATTRIBUTES) {
      const value = around.getAttribute(name);
      if (value !== null && /dark|night/i.test(value)) return 'dark';
      if (value !== null && /light/i.test(value)) return 'light';
    }
    if (around.classList.contains('dark')) return 'dark';
    if (around.classList.contains('light')) return 'light';
  }
  const schemes = getComputedStyle(element).colorScheme.split(' ');
  if (schemes.includes('dark') !== schemes.includes('light')) return schemes.includes('dark') ? 'dark' : 'light';
  return 'system';
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
