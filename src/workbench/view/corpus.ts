// The choice of passages: a bundled task, or the visitor's own files.

import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { CollectionState } from '../collection-states.ts';
import type { Corpus } from '../corpora.ts';
import type { CorpusActions } from '../corpus-actions.ts';
import { megabytes } from '../numbers.ts';
import { isBusy, type State } from '../state.ts';
import { progressBars } from './progress.ts';
import { step } from './step.ts';

const SOURCES = {
  store: 'from this browser’s cache, no download',
  network: 'downloaded and cached in this browser',
  built: 'built in this page',
} as const;

export function corpusStep(number: number, state: State, actions: CorpusActions): TemplateResult {
  const own = state.corpus === 'own';
  return step(
    number,
    'corpus',
    'Pick the passages',
    html`
      <fieldset class="cards">
        <legend class="visually-hidden">Corpus</legend>
        ${state.corpora.map((corpus) => corpusCard(corpus, state, actions))}
        <label class="card">
          <input type="radio" name="corpus" .checked=${live(own)} @change=${() => void actions.choose('own')} />
          <strong>Your own</strong>
          <span>A JSONL file, one passage a line: <code>{"id": …, "text": …}</code>. Nothing is uploaded.</span>
          <small>Labels are optional: <code>{"qid", "query", "labels"}</code></small>
        </label>
      </fieldset>
      ${own ? ownFiles(actions) : nothing} ${progressBars(state.tasks, ['open'])} ${indexLine(state, actions, own)}
    `,
  );
}

function corpusCard(
  { name, title, description, passages, queries }: Corpus,
  { corpus, unfinished }: State,
  actions: CorpusActions,
): TemplateResult {
  const made = unfinished[name];
  // What is open stays as it is when its collection is made anew.
  const isChosen = corpus === name;
  return html`
    <label class=${made && !isChosen ? 'card later' : 'card'} data-corpus=${name} data-state=${made?.state ?? 'ready'}>
      <input type="radio" name="corpus" .checked=${live(isChosen)} ?disabled=${made !== undefined && !isChosen} @change=${() => void actions.choose(name)} />
      <strong>${title}</strong>
      <span>${description}</span>
      <small>${passages.toLocaleString('en')} passages, ${queries} labelled queries</small>
      ${made ? progressOf(made) : nothing}
    </label>
  `;
}

function progressOf({ state, done, total, problem }: CollectionState): TemplateResult | typeof nothing {
  switch (state) {
    case 'waiting':
      return html`<span class="making">Waiting to be embedded</span>`;
    case 'embedding':
      return html`
        <span class="making">
          Being embedded, ${done.toLocaleString('en')} of ${total.toLocaleString('en')} passages
          <progress max=${total} .value=${done} aria-hidden="true"></progress>
        </span>
      `;
    case 'failed':
      return html`<span class="making warn">${problem}</span>`;
    case 'ready':
      return nothing;
  }
}

function ownFiles(actions: CorpusActions): TemplateResult {
  const open = (event: SubmitEvent): void => {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const docs = data.get('docs') as File;
    const queries = data.get('queries') as File;
    void actions.openOwn(docs, queries.name === '' ? null : queries); // an empty file field gives a file without a name
  };
  return html`
    <form class="own" @submit=${open}>
      <label>Passages <input type="file" name="docs" accept=".jsonl,.ndjson,.json,application/x-ndjson" required /></label>
      <label>Labelled queries (optional) <input type="file" name="queries" accept=".jsonl,.ndjson,.json,application/x-ndjson" /></label>
      <button type="submit" class="primary">Build the index</button>
    </form>
  `;
}

function indexLine(state: State, actions: CorpusActions, own: boolean): TemplateResult | typeof nothing {
  const { source, status } = state;
  const { info } = status;
  if (!info) return nothing;
  return html`
    <p class="fact" data-testid="index-fact" data-source=${source}>
      <strong>${info.passages.toLocaleString('en')} passages</strong> ready, ${megabytes(info.bytes)}, ${SOURCES[source]}.
      ${info.store === 'memory' || info.storeProblem !== null ? html`<span class="warn">In memory only: ${info.storeProblem ?? 'as asked'}</span>` : nothing}
      ${own ? nothing : html`<button type="button" ?disabled=${isBusy(state)} @click=${() => void actions.buildHere()}>Build it in this page instead</button>`}
    </p>
  `;
}
