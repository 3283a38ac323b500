// The script that a site includes: it defines <era-search> and <era-search-trigger>.

import { EraSearch } from './search-element.ts';
import { EraSearchTrigger } from './trigger-element.ts';

export { EraSearch, EraSearchTrigger };
export type { EraSearchEvents, SelectDetail } from './events.ts';
export type { Texts } from './interface-texts.ts';

// A page that loads the script twice keeps the first one's elements.
if (!customElements.get('era-search')) customElements.define('era-search', EraSearch);
if (!customElements.get('era-search-trigger')) customElements.define('era-search-trigger', EraSearchTrigger);

declare global {
  interface HTMLElementTagNameMap {
    'era-search': EraSearch;
    'era-search-trigger': EraSearchTrigger;
  }
}
