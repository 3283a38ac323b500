// The answer as a listbox: a group for each page, an option for the page and for each of its sections. Every option is
// a link.

import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { SnippetPiece } from '../../index.ts';
import { enterIcon, pageIcon, sectionIcon } from './icons.ts';
import type { Option, OptionGroup } from './options.ts';

export interface ResultsView {
  readonly groups: readonly OptionGroup[];
  readonly activeKey: string | null;
  readonly label: string;
  readonly linkTarget: string;
  readonly isBusy: boolean;
  readonly select: (event: MouseEvent, option: Option) => void;
  readonly touch: (event: Event) => void;
}

export function resultsList(view: ResultsView): TemplateResult {
  let n = 0;
  return html`<div
    id="results"
    class="results"
    part="results"
    role="listbox"
    aria-label=${view.label}
    aria-busy=${view.isBusy ? 'true' : 'false'}
    @pointermove=${view.touch}
    @pointerdown=${view.touch}
    @scroll=${view.touch}
  >
    ${repeat(
      view.groups,
      ({ page }) => page.page,
      ({ options }) => {
        const start = n;
        n += options.length;
        return html`<div class="page" part="page" role="group" aria-labelledby="title-${start}">${options.map((option, i) => optionRow(view, option, start + i))}</div>`;
      },
    )}
  </div>`;
}

function optionRow(view: ResultsView, option: Option, n: number): TemplateResult {
  const { section, page, isPage } = option;
  return html`<a
    id="option-${n}"
    class=${isPage ? 'option' : 'option section'}
    part=${isPage ? 'option option-page' : 'option option-section'}
    role="option"
    tabindex="-1"
    href=${option.href ?? nothing}
    target=${view.linkTarget === '' ? nothing : view.linkTarget}
    rel=${view.linkTarget === '' ? nothing : 'noopener'}
    aria-selected=${option.key === view.activeKey ? 'true' : 'false'}
    @click=${(event: MouseEvent) => view.select(event, option)}
  >
    <span class="kind">${isPage ? pageIcon : sectionIcon}</span>
    <span class="words" dir="auto">
      ${
        isPage
          ? html`<span id="title-${n}" class="title" part="title">${page.titlePieces.length > 0 ? pieces(page.titlePieces) : page.title}</span>
            ${option.url === null ? nothing : html`<bdi class="address" part="address">${addressText(option.url)}</bdi>`}`
          : html`<span class="heading" part="heading">${trail(section?.headings ?? [])}</span>`
      }
      ${section && section.snippet.length > 0 ? html`<span class="snippet" part="snippet">${pieces(section.snippet)}</span>` : nothing}
    </span>
    <span class="enter">${enterIcon}</span>
  </a>`;
}

function pieces(snippet: readonly SnippetPiece[]): (TemplateResult | string)[] {
  return snippet.map(({ text, mark }) => (mark ? html`<mark part="mark">${text}</mark>` : text));
}

function trail(headings: readonly string[]): (TemplateResult | string)[] {
  return headings.flatMap((heading, i) => (i === 0 ? [heading] : [html`<span class="of"> › </span>`, heading]));
}

/** `guide › restore` for `https://…/guide/restore.html`. */
function addressText(url: string): string {
  const { pathname, host } = new URL(url);
  const path = pathname
    .replace(/(?:^|\/)index\.\w+$|\.x?html?$/, '')
    .split('/')
    .filter((part) => part !== '');
  try {
    return path.length === 0 ? host : decodeURIComponent(path.join(' › '));
  } catch {
    return path.join(' › ');
  }
}

export function skeleton(): TemplateResult {
  return html`<div class="skeleton" part="skeleton" aria-hidden="true">${[1, 2, 3].map(() => html`<div class="bone"></div>`)}</div>`;
}
