// Step 2: ask, see the rankings side by side, and say what is right.

import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Actions } from '../actions.ts';
import type { Answer, PageHit, QueryPath, SectionHit } from '../../index.ts';
import { judgement } from '../own-labels.ts';
import type { Column, State } from '../state.ts';
import { short } from '../../page/numbers.ts';
import { progressBars } from '../../page/progress.ts';
import { adapterWords, PATHS } from './words.ts';

/** Longer passages are cut in the list: the whole text is in the title. */
const SHOWN_CHARS = 260;

export function searchStep(state: State, actions: Actions): TemplateResult {
  const corpus = state.corpora.find(({ name }) => name === state.corpus);
  const mine = judgement(state.own, state.query);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void actions.ask(new FormData(event.target as HTMLFormElement).get('query') as string);
  };
  return html`
    <section aria-labelledby="step-search">
      <h2 id="step-search"><span class="step">2</span> Ask</h2>
      <form class="ask" role="search" @submit=${submit}>
        <label class="visually-hidden" for="query">Query</label>
        <input id="query" name="query" type="search" autocomplete="off" placeholder="Ask the passages something" .value=${live(state.typed)} @input=${(event: Event) => actions.type((event.target as HTMLInputElement).value)} ?disabled=${!state.status.info} />
        <label>
          <span class="visually-hidden">Query path</span>
          <select @change=${(event: Event) => actions.setPath((event.target as HTMLSelectElement).value as QueryPath)}>
            ${Object.entries(PATHS).map(([path, title]) => html`<option value=${path} ?selected=${state.path === path}>${title}</option>`)}
          </select>
        </label>
        <button type="submit" class="primary" ?disabled=${!state.status.info}>Search</button>
      </form>
      ${corpus && state.status.info
        ? html`<div class="examples">
            <span>Try</span>
            ${corpus.examples.map((example) => html`<button type="button" class="chip" title=${example} @click=${() => void actions.askExample(example)}>${short(example, 60)}</button>`)}
          </div>`
        : nothing}
      ${progressBars(state.tasks, ['search'])} ${legend(state)}
      <div class="columns" data-testid="columns" data-query=${state.query}>${state.columns.map((column) => ranking(column, state, mine, actions))}</div>
    </section>
  `;
}

function legend({ columns, relevant, query }: State): TemplateResult | typeof nothing {
  if (columns.length === 0) return nothing;
  if (relevant.size === 0) return html`<p class="hint">The corpus’s labels do not know this query. Mark what is right or wrong yourself: it can be learned from.</p>`;
  return html`<p class="hint"><span class="mark">relevant</span> marks what the corpus’s labels call an answer to “${short(query, 80)}” (${relevant.size} in all).</p>`;
}

function ranking({ stage, trainer, result, problem }: Column, { relevant }: State, mine: ReadonlyMap<string, boolean>, actions: Actions): TemplateResult {
  const { title, note } = adapterWords({ stage, trainer });
  return html`
    <article class="ranking" data-stage=${stage} data-trainer=${trainer ?? nothing} aria-busy=${result === null && problem === null}>
      <h3>${title} <small>${note}</small></h3>
      ${problem ? html`<p class="warn">${problem}</p>` : nothing}
      ${result
        ? html`
            ${result.degraded && result.degraded.code !== 'no-adapter' ? html`<p class="warn">The remote model is away (${result.degraded.code}); this is the small model’s answer.</p>` : nothing}
            <ol>${result.pages.map((page) => hitItem(page, page.sections[0]!, relevant, mine, actions))}</ol>
            <p class="timing">
              ${readBy(result)}, scan ${ms(result.timings.scanMs)}
            </p>
          `
        : nothing}
    </article>
  `;
}

/** @param mine what the visitor says of passages */
function hitItem({ title }: PageHit, hit: SectionHit, relevant: ReadonlyMap<string, number>, mine: ReadonlyMap<string, boolean>, actions: Actions): TemplateResult {
  const isRelevant = relevant.has(hit.id);
  const said = mine.get(hit.id);
  const toggle = (isRight: boolean, word: string): TemplateResult => html`
    <button type="button" class=${`say ${word}`} aria-pressed=${said === isRight} aria-label=${`${hit.id} is ${word}`} @click=${() => actions.labels.mark(hit.id, isRight, said)}>${word}</button>
  `;
  return html`
    <li class=${isRelevant ? 'hit relevant' : 'hit'} data-id=${hit.id}>
      <span class="text" title=${hit.text}>${title ? html`<strong>${title}</strong> ` : nothing}${short(hit.text, SHOWN_CHARS)}</span>
      <span class="meta">
        <code>${hit.id}</code> <span class="score">${hit.score.toFixed(3)}</span> ${isRelevant ? html`<span class="mark">relevant</span>` : nothing}
        <span class="says">${toggle(true, 'right')}${toggle(false, 'wrong')}</span>
      </span>
    </li>
  `;
}

function readBy({ source, timings }: Answer): string {
  if (source.vector === 'cache') return 'remote from cache';
  return `${source.path === 'both' ? 'both models' : source.path === 'remote' ? 'remote' : 'small model'} ${ms(timings.vectorMs)}`;
}

function ms(value: number): string {
  return value < 1 ? `${value.toFixed(1)} ms` : `${Math.round(value)} ms`;
}
