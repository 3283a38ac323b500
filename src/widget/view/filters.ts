// Filters: a button that opens them, and for each a group of checkboxes with the number of pages that would remain.

import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { FilterCounts } from '../../index.ts';
import { numberText } from '../texts.ts';
import type { Texts } from '../interface-texts.ts';
import { filterIcon } from './icons.ts';

export interface FiltersView {
  readonly texts: Texts;
  readonly language: string;
  /** Filters to show, in this order. */
  readonly names: readonly string[];
  /** All values of the site with the pages that have them. */
  readonly all: FilterCounts;
  /** Counts for the current question; null without one. */
  readonly counts: FilterCounts | null;
  /** With those that apply where the visitor has chosen none. */
  readonly chosen: Readonly<Record<string, readonly string[]>>;
  /** Whether the visitor has chosen some. */
  readonly isChanged: boolean;
  readonly isOpen: boolean;
  readonly toggle: () => void;
  readonly choose: (name: string, value: string, isChosen: boolean) => void;
  readonly clear: () => void;
}

export function filterButton(view: FiltersView): TemplateResult {
  const chosen = view.isChanged
    ? Object.values(view.chosen)
        .flat()
        .filter((value) => value !== '').length
    : 0;
  return html`<button class="quiet" part="filter-button" type="button" aria-expanded=${view.isOpen ? 'true' : 'false'} aria-controls="filters" @click=${view.toggle}>
    ${filterIcon} ${view.texts.filters} ${chosen > 0 ? html`<span class="badge">${numberText(chosen, view.language)}</span>` : nothing}
  </button>`;
}

export function filterPanel(view: FiltersView): TemplateResult {
  return html`<div id="filters" class="filters" part="filters" ?hidden=${!view.isOpen}>
    ${view.names.map((name) => filterGroup(view, name))}
    ${view.isChanged ? html`<button class="quiet" part="filter-clear" type="button" @click=${view.clear}>${view.texts.clearFilters}</button>` : nothing}
  </div>`;
}

/** Values without remaining pages are left out. */
function filterGroup(view: FiltersView, name: string): TemplateResult | typeof nothing {
  const chosen = view.chosen[name] ?? [];
  const countOf = (value: string, ofSite: number): number => (view.counts ? (view.counts[name]?.[value] ?? 0) : ofSite);
  const values = Object.entries(view.all[name] ?? {})
    .map(([value, ofSite]) => ({ value, count: countOf(value, ofSite), isChosen: chosen.includes(value) }))
    .filter(({ count, isChosen }) => count > 0 || isChosen);
  if (values.length === 0) return nothing;
  return html`<fieldset class="filter" part="filter">
    <legend>${name}</legend>
    ${repeat(
      values,
      ({ value }) => value,
      ({ value, count, isChosen }) =>
        html`<label class="choice" part="filter-value">
          <input type="checkbox" .checked=${live(isChosen)} @change=${(event: Event) => view.choose(name, value, (event.target as HTMLInputElement).checked)} />
          <span dir="auto">${value}</span> <span class="pages" part="filter-count">${numberText(count, view.language)}</span>
        </label>`,
    )}
  </fieldset>`;
}
