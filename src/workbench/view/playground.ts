// The parts of the playground: its title, the choice of passages, and their sources.

import { html, nothing, type TemplateResult } from 'lit';
import type { CorpusActions } from '../corpus-actions.ts';
import type { State } from '../state.ts';
import { corpusStep } from './corpus.ts';
import type { FaceParts } from './page.ts';

export function playgroundParts(state: State, actions: CorpusActions): FaceParts {
  return {
    header: playgroundHeader(),
    first: [(number) => corpusStep(number, state, actions)],
    own: [],
    footer: playgroundFooter(state),
  };
}

function playgroundHeader(): TemplateResult {
  return html`
    <header>
      <h1 tabindex="-1">era-search <small>playground</small></h1>
      <p class="lead">
        Search that runs in this page. A small model has embedded the passages; a larger model, behind an API, reads the query; an
        <em>adapter</em> between the two is learned right here, from no labels or a few.
      </p>
    </header>
  `;
}

function playgroundFooter({ corpora }: State): TemplateResult {
  return html`
    <footer>
      ${
        corpora.length > 0
          ? html`<p>Bundled corpora: ${corpora.map(({ name, licence, attribution }, i) => html`${i > 0 ? '; ' : ''}<strong>${name}</strong> (${licence}): ${attribution}`)}.</p>`
          : nothing
      }
      <p>Nothing you type leaves this page but the query text, which goes to the embeddings API of this server. Your labels stay in this browser;
        adapting sends their queries to that API, too.</p>
    </footer>
  `;
}
