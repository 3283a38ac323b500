// The events of <era-search> by name. All bubble and cross shadow roots; `era-search:select` can be cancelled.

import type { EraError, PageHit, SectionHit, Answer, CollectionInfo } from '../index.ts';

export interface SelectDetail {
  readonly query: string;
  /** Null for a result without an address. */
  readonly url: string | null;
  readonly page: PageHit;
  /** Null where the page was chosen and its top was not among the hits. */
  readonly section: SectionHit | null;
}

export interface EraSearchEvents {
  /** The dialog was opened. */
  'era-search:open': CustomEvent<null>;
  'era-search:close': CustomEvent<null>;
  /** The index is open; searches can begin. */
  'era-search:ready': CustomEvent<{ readonly site: CollectionInfo }>;
  /** `isFirst` false: a better answer to the same question. */
  'era-search:results': CustomEvent<{ readonly answer: Answer; readonly isFirst: boolean }>;
  /**
   * Cancelled: the element does not follow the link, and the page handles the selection. Not cancelable where another
   * tab or window is opened.
   */
  'era-search:select': CustomEvent<SelectDetail>;
  'era-search:error': CustomEvent<{ readonly error: EraError }>;
}

/** @returns false when a listener cancelled it */
export function emit<K extends keyof EraSearchEvents>(
  element: HTMLElement,
  type: K,
  detail: EraSearchEvents[K]['detail'],
  cancelable = false,
): boolean {
  return element.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true, cancelable }));
}

declare global {
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type -- the DOM's own map takes its members from ours
  interface GlobalEventHandlersEventMap extends EraSearchEvents {}
}
