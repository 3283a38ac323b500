// The page from top to bottom: what it is, then five numbered steps.

import { html, nothing, type TemplateResult } from 'lit';
import type { Actions } from '../actions.ts';
import type { State } from '../state.ts';
import { corpusStep } from './corpus.ts';
import { deviceTable } from './devices.ts';
import { labelsStep } from './labels.ts';
import { learnStep } from './learn.ts';
import { searchStep } from './search.ts';

export function page(state: State, actions: Actions): TemplateResult {
  return html`
    <header>
      <h1>era-search <small>playground</small></h1>
      <p class="lead">
        Search that runs in this page. A small model has embedded the passages; a larger model, behind an API, reads the query; an
        <em>adapter</em> between the two is learned right here, from no labels or a few.
      </p>
    </header>
    ${problemBox(state, actions)}
    <main>
      ${corpusStep(state, actions)} ${searchStep(state, actions)} ${labelsStep(state, actions)} ${learnStep(state, actions)} ${deviceTable(state)}
    </main>
    <footer>
      ${state.corpora.length > 0
        ? html`<p>
            Bundled corpora:
            ${state.corpora.map(({ name, licence, attribution }, i) => html`${i > 0 ? '; ' : ''}<strong>${name}</strong> (${licence}): ${attribution}`)}.
          </p>`
        : nothing}
      <p>Nothing you type leaves this page but the query text, which goes to the embeddings API of this server. Your labels stay in this browser;
        adapting sends their queries to that API, too.</p>
    </footer>
    <div class="visually-hidden" role="status" aria-live="polite">${state.notice}</div>
  `;
}

function problemBox({ problem }: State, actions: Actions): TemplateResult | typeof nothing {
  if (!problem) return nothing;
  return html`
    <div class="problem" role="alert">
      <p><strong>${problem.message}</strong> ${problem.hint} <code>${problem.code}</code></p>
      <button type="button" @click=${() => actions.dismissProblem()}>Dismiss</button>
    </div>
  `;
}
