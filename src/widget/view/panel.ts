// The open search: field, filters, answer or its placeholder, status line. Slots and parts are named here.

import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { EraError, ErrorCode } from '../../index.ts';
import { fill } from '../texts.ts';
import type { Texts } from '../interface-texts.ts';
import { filterButton, filterPanel, type FiltersView } from './filters.ts';
import { closeIcon, searchIcon } from './icons.ts';
import { recentList } from './recent.ts';
import { resultsList, skeleton, type ResultsView } from './results.ts';
import { stateLine, type StateView } from './state-line.ts';

export interface PanelView {
  readonly texts: Texts;
  readonly isModal: boolean;
  readonly placeholder: string;
  /** Text in the field. */
  readonly text: string;
  readonly activeIndex: number;
  readonly isSlow: boolean;
  /** The question of the shown answer; empty for none. */
  readonly query: string;
  readonly isAnswered: boolean;
  readonly countText: string;
  readonly corrections: readonly { readonly typed: string; readonly used: string }[];
  /** The pages may not answer the question. */
  readonly isDoubtful: boolean;
  readonly error: EraError | null;
  readonly isOnline: boolean;
  readonly recent: readonly string[];
  readonly results: ResultsView;
  readonly filters: FiltersView | null;
  readonly state: StateView;
  readonly live: readonly [string, string];
  readonly typed: (event: Event) => void;
  readonly focused: () => void;
  readonly clear: () => void;
  readonly close: () => void;
  readonly retry: () => void;
  readonly searchAgain: (query: string) => void;
  readonly forget: (query: string) => void;
}

export function panel(view: PanelView): TemplateResult {
  const isEmpty = view.query === '' && view.recent.length === 0 && !view.filters;
  return html`<div class=${isEmpty ? 'panel empty' : 'panel'} part="panel">
    <slot name="header"></slot>
    ${field(view)} ${bar(view)} ${view.filters ? filterPanel(view.filters) : nothing} ${body(view)}
    <div class="foot" part="footer">
      ${stateLine(view.state)}
      ${view.isModal ? keyHints(view.texts) : nothing}
      <slot name="footer"></slot>
    </div>
    ${view.live.map((text) => html`<div class="unseen" role="status" aria-live="polite" aria-atomic="true">${text}</div>`)}
  </div>`;
}

function field(view: PanelView): TemplateResult {
  const { texts, results, activeIndex } = view;
  const hasOptions = results.groups.length > 0;
  return html`<div class="search" part="search" role="search" aria-label=${texts.search}>
    ${searchIcon}
    <input
      class="field"
      part="input"
      type="text"
      role="combobox"
      aria-label=${view.placeholder}
      aria-autocomplete="list"
      aria-haspopup="listbox"
      aria-expanded=${hasOptions ? 'true' : 'false'}
      aria-controls=${hasOptions ? 'results' : nothing}
      aria-activedescendant=${activeIndex >= 0 ? `option-${activeIndex}` : nothing}
      autocomplete="off"
      autocapitalize="off"
      autocorrect="off"
      spellcheck="false"
      inputmode="search"
      enterkeyhint="search"
      dir=${view.text === '' ? nothing : 'auto'}
      placeholder=${view.placeholder}
      .value=${live(view.text)}
      @input=${view.typed}
      @compositionend=${view.typed}
      @focus=${view.focused}
    />
    <button class="round" part="clear" type="button" ?hidden=${view.text === ''} aria-label=${texts.clear} @click=${view.clear}>${closeIcon}</button>
    ${
      view.isModal
        ? html`<button class="round escape" part="close" type="button" @click=${view.close}>
          <kbd>Esc</kbd> <span class="word">${texts.close}</span>
        </button>`
        : nothing
    }
  </div>`;
}

function bar(view: PanelView): TemplateResult | typeof nothing {
  if (!view.filters && !view.isAnswered) return nothing;
  return html`<div class="bar" part="bar">
    ${view.filters ? filterButton(view.filters) : nothing}
    ${view.isAnswered ? html`<p class="count" part="count">${view.countText}</p>` : nothing}
    ${view.corrections.map((correction) => html`<p class="corrected" part="correction" dir="auto">${fill(view.texts.corrected, correction)}</p>`)}
    ${view.isDoubtful ? html`<p class="doubt" part="doubt">${view.texts.doubtful}</p>` : nothing}
  </div>`;
}

/** Errors that another try may end; for a visitor all others are the site's. */
const PASSING: ReadonlySet<ErrorCode> = new Set([
  'network',
  'timeout',
  'server-error',
  'rate-limited',
  'worker-died',
  'gpu-lost',
  'busy',
  'closed',
]);

function body(view: PanelView): TemplateResult | typeof nothing {
  const { texts, error, query } = view;
  if (error) {
    const isOffline = !view.isOnline && error.code === 'network';
    const isOld = error.code === 'protocol-mismatch'; // no other try helps this page
    const hint = isOld ? texts.errorOld : PASSING.has(error.code) ? texts.errorConnection : texts.errorSite;
    return html`<div class="message failed" part="error" role="alert">
      <slot name="error">
        <p class="headline">${isOffline ? texts.errorOffline : texts.error}</p>
        ${isOffline ? nothing : html`<p class="hint">${hint}</p>`}
      </slot>
      ${isOld ? nothing : html`<button class="solid" part="retry" type="button" @click=${view.retry}>${texts.retry}</button>`}
    </div>`;
  }
  if (view.results.groups.length > 0) return resultsList(view.results);
  if (view.isSlow) return skeleton();
  if (view.isAnswered) {
    return html`<div class="message" part="empty">
      <slot name="empty">
        <p class="headline" dir="auto">${fill(texts.none, { query })}</p>
        <p>${texts.noneHint}</p>
      </slot>
    </div>`;
  }
  if (query === '' && view.recent.length > 0)
    return recentList({ texts, queries: view.recent, search: view.searchAgain, remove: view.forget });
  return nothing;
}

function keyHints(texts: Texts): TemplateResult {
  return html`<div class="keys" part="keys" aria-hidden="true">
    <span><kbd>↑</kbd> <kbd>↓</kbd> ${texts.toMove}</span>
    <span><kbd>↵</kbd> ${texts.toOpen}</span>
    <span><kbd>Esc</kbd> ${texts.toClose}</span>
  </div>`;
}
