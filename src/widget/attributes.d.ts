// Types of the elements' attributes and events for frameworks' templates. attributes.test.ts compares them with the
// elements.

import type { EraSearchEvents } from 'era-search/element';

export interface EraSearchAttributes {
  bundle?: string;
  mode?: 'modal' | 'inline';
  placeholder?: string;
  lang?: string;
  language?: string;
  shortcut?: string;
  limit?: number | string;
  sections?: number | string;
  filters?: string;
  semantic?: 'auto' | 'off';
  literal?: string;
  encoder?: 'ask' | 'auto' | 'off';
  'query-url'?: string;
  'query-model'?: string;
  'query-prompt'?: string;
  'query-dimensions'?: number | string;
  'query-options'?: string;
  extension?: string;
  recent?: number | string;
  'link-target'?: string;
  theme?: 'auto' | 'light' | 'dark';
  'min-length'?: number | string;
  debounce?: number | string;
}

export interface EraSearchTriggerAttributes {
  for?: string;
  label?: string;
  theme?: 'auto' | 'light' | 'dark';
}

/** `onera-search:results` in React 19 and Preact; Vue turns `@era-search:results` into the same. */
export type EraSearchListeners = { [K in keyof EraSearchEvents as `on${K}`]?: (event: EraSearchEvents[K]) => void };
