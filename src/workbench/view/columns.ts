// The rankings in columns: each result with its rank, its explanation, and buttons to judge it.

import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import type { Answer, PageHit, SectionHit, SnippetPiece } from '../../index.ts';
import type { Actions } from '../actions.ts';
import { judgement } from '../label-store.ts';
import { counted, milliseconds } from '../numbers.ts';
import { placesOf } from '../rankings.ts';
import type { Column, State } from '../state.ts';
import { PATHS, rankingWords } from './titles.ts';

interface Context {
  readonly mode: Column['mode'];
  readonly state: State;
  readonly actions: Actions;
  readonly relevant: ReadonlyMap<string, number>;
  /** Passage id → the person's judgement. */
  readonly mine: ReadonlyMap<string, boolean>;
}

/** @param relevant passage id → grade in the corpus's labels */
export function columns(state: State, actions: Actions, relevant: ReadonlyMap<string, number>): TemplateResult {
  const { text } = state.asked;
  const context: Omit<Context, 'mode'> = { state, actions, relevant, mine: judgement(state.own, text) };
  return html`<div class="columns" data-testid="columns" data-query=${text}>${state.columns.map((column) => ranking(column, { ...context, mode: column.mode }))}</div>`;
}

function ranking(column: Column, context: Context): TemplateResult {
  const { name, mode, stage, trainer, answer, problem, against } = column;
  const { title, note } = rankingWords(column, context.state.compare);
  const before = context.state.columns.find((other) => other.name === against)?.answer ?? null;
  return html`
    <article class="ranking" data-column=${name} data-mode=${mode} data-stage=${stage} data-trainer=${trainer ?? nothing} aria-busy=${answer === null && problem === null} aria-labelledby=${`column-${name}`}>
      <h3 id=${`column-${name}`}>${title} <small>${note}</small></h3>
      ${problem ? html`<p class="warn">${problem}</p>` : nothing} ${answer ? found(answer, before, context) : nothing}
    </article>
  `;
}

/** @param before the ranking to compare with; null for none */
function found(answer: Answer, before: Answer | null, context: Context): TemplateResult {
  const { pages, corrections } = answer;
  const places = before && placesOf(before);
  return html`
    ${degradation(answer, context)}
    ${corrections.length > 0 ? html`<p class="hint">${corrections.map(({ typed, used }) => html`“${typed}” was taken for “${used}”. `)}</p>` : nothing}
    ${pages.length === 0 ? html`<p class="hint">Nothing.</p>` : keyed(answer.query, html`<ol>${pages.map((page, i) => pageItem(page, i + 1, places, context))}</ol>`)}
    <p class="timing" data-testid="source" data-vector=${answer.source.vector} data-stage=${answer.source.stage}>${readBy(answer)}</p>
  `;
}

function degradation({ degraded, source }: Answer, { state }: Context): TemplateResult | typeof nothing {
  if (!degraded || degraded.code === 'no-adapter') return nothing;
  const instead = source.ranking === 'keyword' ? 'keywords alone rank' : 'this is the small model’s answer';
  return state.status.remote.state === 'away'
    ? html`<p class="warn">The remote model is unavailable (${degraded.code}); ${instead}.</p>`
    : html`<p class="warn">${degraded.message} <code>${degraded.code}</code></p>`;
}

function pageItem(
  page: PageHit,
  place: number,
  places: ReadonlyMap<number, number> | null,
  context: Context,
): TemplateResult {
  const [first, ...rest] = page.sections;
  const was = places?.get(page.page);
  const isRelevant = page.sections.some(({ id }) => context.relevant.has(id));
  return html`
    <li class=${isRelevant ? 'hit relevant' : 'hit'} data-id=${first!.id} data-page=${page.page}>
      <p class="place">
        <span>${place}</span>
        ${places && was !== place ? html`<span class=${was === undefined || was > place ? 'better' : 'worse'}>${was === undefined ? 'new' : `was ${was}`}</span>` : nothing}
      </p>
      <div>
        ${sectionView(page, first!, true, context)}
        ${rest.length > 0 ? html`<details class="rest"><summary>${counted(rest.length, 'more section')}</summary>${rest.map((section) => sectionView(page, section, false, context))}</details>` : nothing}
      </div>
    </li>
  `;
}

function sectionView(
  page: PageHit,
  section: SectionHit,
  isFirst: boolean,
  { state, actions, relevant, mine, mode }: Context,
): TemplateResult {
  const { id, url, text, snippet, score } = section;
  const trail = section.headings.join(' › ');
  const name = [page.title, trail].filter((part) => part !== '').join(' › ') || id;
  const said = mine.get(id);
  const say = (isRight: boolean, word: string): TemplateResult => html`
    <button type="button" class=${isRight ? 'say right' : 'say wrong'} aria-pressed=${said === isRight} aria-label=${`${word}: ${name}`} @click=${() => actions.labels.mark(id, isRight, said)}>${word}</button>
  `;
  const heading = isFirst || trail === '' ? page.title : trail;
  return html`
    <div class="section" data-id=${id}>
      ${heading === '' ? nothing : html`<p class="name">${url === null ? html`<strong>${heading}</strong>` : html`<a href=${url} target="_blank" rel="noopener">${heading}</a>`}${isFirst && trail !== '' ? html` <span class="trail">› ${trail}</span>` : nothing}</p>`}
      <p class="text" title=${text}>${pieces(snippet)}</p>
      <p class="meta">
        ${state.face === 'playground' ? html`<code>${id}</code>` : nothing} <span class="score">${score.toFixed(3)}</span> ${relevant.has(id) ? html`<span class="mark">relevant</span>` : nothing}
        <span class="says">${say(true, 'Right')}${say(false, 'Wrong')}</span>
      </p>
      ${explanation(section, mode)}
    </div>
  `;
}

/**
 * What the owner has said of the page; for fused lists, the rank and score in each. A single list shows them by its order
 * and scores.
 */
function explanation({ explanation: why }: SectionHit, mode: Column['mode']): TemplateResult | typeof nothing {
  if (!why) return nothing;
  const { keyword, dense, fused, exact, terms, pinned, boost } = why;
  const owners = [...(pinned ? ['pinned'] : []), ...(boost === 1 ? [] : [`boosted × ${String(boost)}`])].join(', ');
  if (mode !== 'hybrid') return owners === '' ? nothing : html`<p class="why"><strong>${owners}</strong></p>`;
  return html`<p class="why">
    ${owners === '' ? nothing : html`<strong>${owners}</strong> · `}${exact ? html`<strong>exact ${exact}</strong> · ` : nothing}keywords ${keyword ? `${keyword.rank} (${keyword.score.toFixed(2)})` : '–'} · meaning ${dense ? `${dense.rank} (${dense.score.toFixed(3)})` : '–'} · together
    ${fused.toFixed(3)}${terms.length > 0 ? html` · <span class="terms">${terms.join(' ')}</span>` : nothing}
  </p>`;
}

function pieces(snippet: readonly SnippetPiece[]): (TemplateResult | string)[] {
  return snippet.map(({ text, mark }) => (mark ? html`<mark>${text}</mark>` : text));
}

const READERS: Readonly<Record<Exclude<Answer['source']['vector'], 'none'>, string>> = {
  remote: 'read by the remote model',
  cache: 'remote from cache',
  local: 'read by the small model',
  static: 'read without a model',
};

function readBy({ source: { ranking, vector, path, stage, index }, timings }: Answer): string {
  const { keywordMs, vectorMs, scanMs, totalMs } = timings;
  const where = index === 'store' ? '' : ' · index on the web';
  if (vector === 'none') return `by words alone${where} · ${milliseconds(totalMs)}`;
  const parts = [
    ...(ranking === 'hybrid' ? [`words ${milliseconds(keywordMs)}`] : []),
    `query ${milliseconds(vectorMs)}`,
    `scan ${milliseconds(scanMs)}`,
  ];
  return `${READERS[vector]}${path === 'both' ? ' and the small one' : ''}${stage === 'none' ? '' : `, ${path === null || path === 'static' ? '' : `${PATHS[path].toLowerCase()}, `}${stage}`}${where} · ${milliseconds(totalMs)} (${parts.join(', ')})`;
}
