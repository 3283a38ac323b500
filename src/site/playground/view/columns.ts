// The columns: keywords, meaning, both together, and both without the adapter; each section can be judged where it stands.

import { html, nothing, type TemplateResult } from 'lit';
import type { PageHit, SectionHit, Answer, SnippetPiece } from '../../../index.ts';
import type { Actions } from '../actions.ts';
import { legOf, placesOf, type RankedSection } from '../columns.ts';
import { judgedFor } from '../owner-labels.ts';
import type { Answers, State } from '../state.ts';

const SHOWN_SECTIONS = 8;
const SHOWN_PAGES = 6;
const SECTIONS_A_PAGE = 2;

interface Context {
  readonly judged: ReadonlyMap<string, boolean>;
  readonly judge: (id: string, isRight: boolean) => void;
}

export function columns(state: State, { best, plain }: Answers, actions: Actions): TemplateResult {
  const context: Context = { judged: judgedFor(state.labels, best.query), judge: (id, isRight) => actions.labels.judge(id, isRight) };
  const isHybrid = best.source.ranking === 'hybrid';
  return html`
    <div class="columns" data-query=${best.query}>
      ${column('fused', 'Together', 'as a visitor sees it', pages(best, plain, context))}
      ${plain ? column('plain', 'Without the adapter', 'together, small model as it is', pages(plain, null, context)) : nothing}
      ${column('keyword', 'Keywords', 'BM25', leg(legOf(best, 'keyword', SHOWN_SECTIONS), 2, context))}
      ${column('dense', 'Meaning', isHybrid ? 'cosine' : '', isHybrid ? leg(legOf(best, 'dense', SHOWN_SECTIONS), 3, context) : html`<p class="hint">Load the small model to see this leg.</p>`)}
    </div>
  `;
}

function column(kind: string, title: string, note: string, content: TemplateResult): TemplateResult {
  return html`<article class="column" data-column=${kind} aria-labelledby=${`column-${kind}`}><h3 id=${`column-${kind}`}>${title} <small>${note}</small></h3>${content}</article>`;
}

function leg(sections: readonly RankedSection[], digits: number, context: Context): TemplateResult {
  if (sections.length === 0) return html`<p class="hint">Nothing.</p>`;
  return html`<ol>
    ${sections.map(
      ({ section, page, rank, score }) => html`<li class="hit" data-id=${section.id}>
        <p class="place"><span>${rank}</span> <span>${score.toFixed(digits)}</span></p>
        ${sectionView(page, section, context, true)}
      </li>`,
    )}
  </ol>`;
}

/** @param before the same without the adapter; null for no comparison */
function pages(answer: Answer, before: Answer | null, context: Context): TemplateResult {
  if (answer.pages.length === 0) return html`<p class="hint">Nothing.</p>`;
  const places = before && placesOf(before);
  return html`<ol>
    ${answer.pages.slice(0, SHOWN_PAGES).map((page, i) => {
      const was = places?.get(page.page);
      return html`<li class="hit" data-page=${page.page}>
        <p class="place">
          <span>${i + 1}</span> ${places && was !== i + 1 ? html`<span class=${was === undefined || was > i + 1 ? 'better' : 'worse'}>${was === undefined ? 'new' : `was ${was}`}</span>` : nothing}
        </p>
        <div>
          ${page.sections.slice(0, SECTIONS_A_PAGE).map((section, nth) => html`<div class="section" data-id=${section.id}>${sectionView(page, section, context, nth === 0)}${explanation(section)}</div>`)}
        </div>
      </li>`;
    })}
  </ol>`;
}

function sectionView(page: PageHit, section: SectionHit, { judged, judge }: Context, withTitle: boolean): TemplateResult {
  const trail = section.headings.join(' › ');
  const name = [page.title, trail].filter((part) => part !== '').join(' › ');
  const said = judged.get(section.id);
  const button = (isRight: boolean, word: string): TemplateResult => html`<button
    type="button"
    class=${isRight ? 'say right' : 'say wrong'}
    aria-pressed=${said === isRight}
    aria-label=${`${word}: ${name}`}
    @click=${() => judge(section.id, isRight)}
  >${word}</button>`;
  return html`<div class="what">
    <a href=${section.url ?? nothing} target="_blank" rel="noopener">${withTitle || trail === '' ? page.title : trail}</a>${withTitle && trail !== '' ? html` <span class="trail">› ${trail}</span>` : nothing}
    <p class="snippet">${pieces(section.snippet)}</p>
    <p class="says">${button(true, 'Right')}${button(false, 'Wrong')}</p>
  </div>`;
}

function explanation({ explanation: why }: SectionHit): TemplateResult | typeof nothing {
  if (!why) return nothing;
  const { keyword, dense, fused, exact, terms } = why;
  return html`<p class="why">
    ${exact ? html`<strong>exact ${exact}</strong> · ` : nothing}keywords ${keyword ? `${keyword.rank} (${keyword.score.toFixed(2)})` : '–'} · meaning ${dense ? `${dense.rank} (${dense.score.toFixed(3)})` : '–'} · together
    ${fused.toFixed(3)}${terms.length > 0 ? html` · <span class="terms">${terms.join(' ')}</span>` : nothing}
  </p>`;
}

function pieces(snippet: readonly SnippetPiece[]): (TemplateResult | string)[] {
  return snippet.map(({ text, mark }) => (mark ? html`<mark>${text}</mark>` : text));
}
