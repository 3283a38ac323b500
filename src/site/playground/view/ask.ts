// Asking, and the answer taken apart: each leg, the fused order, and the order without the adapter.

import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Answer } from '../../../index.ts';
import type { Actions } from '../actions.ts';
import type { Question, State } from '../state.ts';
import { columns } from './columns.ts';
import { progressBars } from '../../../page/progress.ts';
import { counted } from '../../../page/numbers.ts';
import { ms, PATHS, STAGES } from './words.ts';

const SOURCES: Readonly<Record<Answer['source']['vector'], string>> = {
  remote: 'read by the query API',
  cache: 'read by the query API earlier',
  local: 'read by the small model',
  none: 'by keywords alone',
};

export function askSection(state: State, actions: Actions): TemplateResult {
  const { status, question, answers } = state;
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void actions.ask(asked(new FormData(event.target as HTMLFormElement)));
  };
  return html`
    <section aria-labelledby="ask">
      <h2 id="ask">Ask</h2>
      <form class="ask" role="search" @submit=${submit} @input=${(event: InputEvent) => actions.type(asked(new FormData(event.currentTarget as HTMLFormElement)))}>
        <label class="query">Query<input name="text" type="search" autocomplete="off" enterkeyhint="search" .value=${live(question.text)} ?disabled=${!status.info} /></label>
        ${(status.info?.languages.length ?? 0) > 1 ? choice('language', 'Language', question.language, Object.fromEntries(status.info!.languages.map((language) => [language, language]))) : nothing}
        ${Object.entries(status.info?.filters ?? {}).map(([name, values]) =>
          choice(FILTER + name, name, question.filters[name] ?? '', Object.fromEntries(Object.entries(values).map(([value, pages]) => [value, `${value} (${pages})`]))),
        )}
        <button type="submit" class="primary" ?disabled=${!status.info}>Ask</button>
      </form>
      ${progressBars(state.tasks, ['ask'], ['open'])} ${answers ? html`${sourceLine(answers.best)} ${columns(state, answers, actions)}` : html`<p class="hint">Both legs of the search, the order they make together, and what the adapter does to it will stand here.</p>`}
      ${unansweredList(state, actions)}
    </section>
  `;
}

const FILTER = 'filter:';

function asked(form: FormData): Question {
  const texts = [...form].flatMap(([name, value]) => (typeof value === 'string' ? [[name, value] as const] : []));
  const of = (name: string): string => texts.find(([other]) => other === name)?.[1] ?? '';
  return {
    text: of('text'),
    language: of('language'),
    filters: Object.fromEntries(texts.filter(([name, value]) => name.startsWith(FILTER) && value !== '').map(([name, value]) => [name.slice(FILTER.length), value])),
  };
}

function choice(name: string, label: string, chosen: string, values: Readonly<Record<string, string>>): TemplateResult {
  return html`<label>${label}<select name=${name}>
    <option value="">all</option>
    ${Object.entries(values).map(([value, text]) => html`<option value=${value} ?selected=${value === chosen}>${text}</option>`)}
  </select></label>`;
}

function sourceLine({ source, timings, total, degraded, corrections }: Answer): TemplateResult {
  const { keywordMs, vectorMs, scanMs, totalMs } = timings;
  return html`
    <p class="source" data-testid="source" data-vector=${source.vector} data-stage=${source.stage}>
      ${counted(total, 'page')} · ${SOURCES[source.vector]}${source.path ? html` · ${PATHS[source.path]}, ${STAGES[source.stage]}` : nothing} · index ${source.index === 'store' ? 'in this browser' : 'on the web'} ·
      ${ms(totalMs)} <small>(keywords ${ms(keywordMs)}, query vector ${ms(vectorMs)}, scan ${ms(scanMs)})</small>
    </p>
    ${degraded ? html`<p class="bad">${degraded.message} <code>${degraded.code}</code></p>` : nothing}
    ${corrections.length > 0 ? html`<p class="hint">${corrections.map(({ typed, used }) => html`“${typed}” was taken for “${used}”. `)}</p>` : nothing}
  `;
}

function unansweredList({ unanswered, question }: State, actions: Actions): TemplateResult | typeof nothing {
  if (unanswered.length === 0) return nothing;
  return html`
    <h3>Without a word on the site</h3>
    <p class="hint">Visitors without the small model find nothing for these. Use their words on a page that answers them.</p>
    <ul class="rows" aria-label="Queries without a word on the site">
      ${unanswered.map(
        (query) => html`<li>
          <button type="button" class="plain" @click=${() => void actions.ask({ ...question, text: query })}>${query}</button>
          <button type="button" aria-label=${`Remove ${query}`} @click=${() => actions.forgetUnanswered(query)}>Remove</button>
        </li>`,
      )}
    </ul>
  `;
}
