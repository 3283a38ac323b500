// The visitor's last queries, shown while the field is empty.

import { html, type TemplateResult } from 'lit';
import { fill } from '../texts.ts';
import type { Texts } from '../interface-texts.ts';
import { clockIcon, closeIcon } from './icons.ts';

export interface RecentView {
  readonly texts: Texts;
  readonly queries: readonly string[];
  readonly search: (query: string) => void;
  readonly remove: (query: string) => void;
}

export function recentList({ texts, queries, search, remove }: RecentView): TemplateResult {
  return html`<div class="recent" part="recent" role="group" aria-labelledby="recent-title">
    <p id="recent-title" class="recent-title">${texts.recent}</p>
    <ul>
      ${queries.map(
        (query) =>
          html`<li>
            <button class="again" part="recent-query" type="button" @click=${() => search(query)}>${clockIcon}<span dir="auto">${query}</span></button>
            <button class="round" part="recent-remove" type="button" aria-label=${fill(texts.remove, { query })} @click=${() => remove(query)}>${closeIcon}</button>
          </li>`,
      )}
    </ul>
  </div>`;
}
