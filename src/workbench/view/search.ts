// The question: text, language, filters, path, and the choice of columns.

import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Actions } from '../actions.ts';
import { short } from '../numbers.ts';
import { relevantFor } from '../training-labels.ts';
import type { Comparison, Question, State } from '../state.ts';
import type { QueryPath } from '../../index.ts';
import { columns } from './columns.ts';
import { progressBars } from './progress.ts';
import { step } from './step.ts';
import { COMPARISONS, PATHS } from './titles.ts';

export function searchStep(number: number, state: State, actions: Actions): TemplateResult {
  const { status, question } = state;
  const { info } = status;
  const relevant = relevantFor(state.labels, state.asked.text);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    void actions.ask(asked(event.target as HTMLFormElement));
  };
  return step(
    number,
    'search',
    'Ask',
    html`
      <form class="ask" role="search" @submit=${submit} @input=${(event: InputEvent) => actions.type(asked(event.currentTarget as HTMLFormElement))}>
        <label class="query"><span class="visually-hidden">Query</span>
          <input name="text" type="search" autocomplete="off" enterkeyhint="search" placeholder=${state.face === 'site' ? 'Ask what visitors ask' : 'Ask the passages something'} .value=${live(question.text)} ?disabled=${!info} />
        </label>
        ${(info?.languages.length ?? 0) > 1 ? choice('language', 'Language', question.language, Object.fromEntries(info!.languages.map((language) => [language, language]))) : nothing}
        ${Object.entries(info?.filters ?? {}).map(([name, values]) =>
          choice(
            FILTER + name,
            name,
            question.filters[name] ?? '',
            Object.fromEntries(Object.entries(values).map(([value, pages]) => [value, `${value} (${pages})`])),
          ),
        )}
        <button type="submit" class="primary" ?disabled=${!info}>Search</button>
      </form>
      ${examples(state, actions)} ${comparison(state, actions)} ${progressBars(state.tasks, ['search'])} ${legend(state, relevant)} ${columns(state, actions, relevant)} ${unansweredList(state, actions)}
    `,
  );
}

const FILTER = 'filter:';

function asked(form: HTMLFormElement): Question {
  const texts = [...new FormData(form)].flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  const of = (name: string): string => texts.find(([other]) => other === name)?.[1] ?? '';
  return {
    text: of('text'),
    language: of('language'),
    filters: Object.fromEntries(
      texts
        .filter(([name, value]) => name.startsWith(FILTER) && value !== '')
        .map(([name, value]) => [name.slice(FILTER.length), value]),
    ),
  };
}

function choice(name: string, label: string, chosen: string, values: Readonly<Record<string, string>>): TemplateResult {
  return html`<label class="choice">${label}<select name=${name}>
    <option value="">all</option>
    ${Object.entries(values).map(([value, text]) => html`<option value=${value} .selected=${live(value === chosen)}>${text}</option>`)}
  </select></label>`;
}

function examples({ corpora, corpus, status }: State, actions: Actions): TemplateResult | typeof nothing {
  const chosen = corpora.find(({ name }) => name === corpus);
  if (!chosen || !status.info) return nothing;
  return html`<div class="examples">
    <span>Try</span>
    ${chosen.examples.map((example) => html`<button type="button" class="chip" title=${example} @click=${() => void actions.askText(example)}>${short(example, 60)}</button>`)}
  </div>`;
}

/** A choice only where there is more than one path. */
function comparison({ compare, path, status }: State, actions: Actions): TemplateResult | typeof nothing {
  const { info, remote } = status;
  if (!info?.space) return nothing;
  const paths = (Object.keys(PATHS) as QueryPath[]).filter(
    (one) => one === 'local' || (one === 'static' ? info.readsWithoutModel : remote.state !== 'off'),
  );
  return html`<div class="compare">
    <label class="choice">Compare<select name="compare" @change=${(event: Event) => actions.compare({ compare: valueOf(event) as Comparison })}>
      ${Object.entries(COMPARISONS).map(([value, title]) => html`<option value=${value} .selected=${live(compare === value)}>${title}</option>`)}
    </select></label>
    ${
      paths.length === 1
        ? nothing
        : html`<label class="choice">Query read by<select name="path" @change=${(event: Event) => actions.compare({ path: (valueOf(event) || undefined) as QueryPath | undefined })}>
          <option value="" .selected=${live(path === undefined)}>The best at hand</option>
          ${paths.map((value) => html`<option value=${value} .selected=${live(path === value)}>${PATHS[value]}</option>`)}
        </select></label>`
    }
  </div>`;
}

function legend(
  { columns: shown, labels, asked: { text } }: State,
  relevant: ReadonlyMap<string, number>,
): TemplateResult | typeof nothing {
  if (shown.length === 0) return nothing;
  if (relevant.size > 0)
    return html`<p class="hint"><span class="mark">relevant</span> marks what the corpus’s labels call an answer to “${short(text, 80)}” (${relevant.size} in all).</p>`;
  return html`<p class="hint">${labels.length > 0 ? 'The corpus’s labels do not know this query. ' : ''}Mark what is right or wrong yourself: it can be learned from.</p>`;
}

function unansweredList({ unanswered }: State, actions: Actions): TemplateResult | typeof nothing {
  if (unanswered.length === 0) return nothing;
  return html`
    <h3 class="apart">Without a word here</h3>
    <p class="hint">Visitors without the small model find nothing for these. Use their words on a page that answers them.</p>
    <ul class="rows" aria-label="Queries without a word here">
      ${unanswered.map(
        (query) => html`<li>
          <button type="button" class="plain" @click=${() => void actions.askText(query)}>${query}</button>
          <button type="button" aria-label=${`Remove ${query}`} @click=${() => actions.forgetUnanswered(query)}>Remove</button>
        </li>`,
      )}
    </ul>
  `;
}

function valueOf(event: Event): string {
  return (event.target as HTMLSelectElement).value;
}
