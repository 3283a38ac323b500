// The open index, the small model and the query API, with their states.

import { html, nothing, type TemplateResult } from 'lit';
import { counted, size } from '../numbers.ts';
import { API_FIELDS, keepQueryApi, type QueryApi } from '../query-api.ts';
import type { SiteActions } from '../site-actions.ts';
import type { State } from '../state.ts';
import { progressBars } from './progress.ts';

export function siteHeader(state: State, actions: SiteActions): TemplateResult {
  const { info: site, refusedAdapters } = state.status;
  return html`
    <header>
      <h1 tabindex="-1">era-search <small>for the owner of this site</small></h1>
      <p class="lead">See why a page of this site is found, say what is right, and let the search learn from it.</p>
      ${progressBars(state.tasks, ['open'], ['open'])}
      <dl class="facts">
        <dt>Index</dt>
        <dd data-testid="index">${site ? html`${counted(site.pages, 'page')}, ${counted(site.passages, 'passage')} ${indexText(state)} <small>build ${site.build}</small>` : 'not open'}</dd>
        ${site?.space === null ? nothing : html`<dt>Small model</dt><dd data-testid="model">${modelText(state, actions)}</dd>`}
        <dt>Query API</dt>
        <dd>
          <details ?open=${state.api !== null && state.status.remote.state === 'off'}>
            <summary>${state.api ? html`${state.api.model} at ${state.api.url} <small>${remoteText(state)}</small>` : 'none'}</summary>
            ${apiForm(state.api)}
          </details>
        </dd>
        ${
          refusedAdapters.length > 0
            ? html`<dt>Not used</dt>${refusedAdapters.map(({ file, reason }) => html`<dd class="warn"><code>${file}</code>: ${reason}</dd>`)}`
            : nothing
        }
      </dl>
    </header>
  `;
}

function indexText({ status: { info: site } }: State): string {
  if (!site) return '';
  if (site.space === null) return '· keywords only: it was made without vectors';
  return site.vectors
    ? `· ${size(site.bytes)} in this browser`
    : site.missingBytes > 0
      ? `· ${size(site.missingBytes)} still to load`
      : '';
}

function modelText({ status, modelBytes }: State, actions: SiteActions): TemplateResult {
  const { encoder, info: site } = status;
  const name = encoder.space?.model ?? site?.encoder?.model ?? 'the default one';
  switch (encoder.state) {
    case 'ready':
      return html`${name} · ready <small>on ${encoder.device}</small>`;
    case 'loading': {
      const { phase, done, total } = encoder.load ?? { phase: 'fetch', done: 0, total: null };
      const what = phase === 'compile' ? 'compiling' : phase === 'check' ? 'checking' : 'loading';
      return html`<label class="loading">${name} · ${what} ${total !== null ? html`<progress max=${total} .value=${done}></progress>` : html`<progress></progress>`}</label>`;
    }
    case 'failed':
    case 'idle':
    case 'off':
      return html`${name} ${encoder.problem === null ? nothing : html`<span class="warn">${encoder.problem}</span>`}
        <button type="button" ?disabled=${!site} @click=${() => actions.loadModel()}>Load it${modelBytes !== null && modelBytes > 0 ? ` (${size(modelBytes)})` : nothing}</button>`;
  }
}

function remoteText({ status: { remote } }: State): string {
  return { off: 'not used', unknown: '', ready: 'answers', away: remote.problem ?? 'is unavailable' }[remote.state];
}

/** A plain form: its fields become the address, which reloads the page with that API. */
function apiForm(api: QueryApi | null): TemplateResult {
  const field = (name: keyof QueryApi, label: string, hint: string): TemplateResult =>
    html`<label>${label}<input name=${API_FIELDS[name]} .value=${api?.[name] ?? ''} placeholder=${hint} autocomplete="off" spellcheck="false" /></label>`;
  return html`
    <form class="api" method="get" @submit=${(event: SubmitEvent) => keepQueryApi(new FormData(event.target as HTMLFormElement), localStorage)}>
      ${field('url', 'Address', '/v1')} ${field('model', 'Model', 'name of the model')} ${field('prompt', 'Prompt', 'query: {text}')} ${field('dimensions', 'Dimensions', 'its own')}
      <p class="hint">An OpenAI-compatible embeddings API that needs no key from this page, such as your proxy. An empty address uses none.</p>
      <button type="submit">Use</button>
    </form>
  `;
}
