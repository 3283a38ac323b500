// The labelled queries: a list, and files in and out.

import { html, nothing, type TemplateResult } from 'lit';
import type { LabelledQuery } from '../../../index.ts';
import type { Actions } from '../actions.ts';
import type { State } from '../state.ts';
import { counted } from '../../../page/numbers.ts';

export function labelSection(state: State, actions: Actions): TemplateResult {
  const { labels, labelNote } = state;
  const isEmpty = labels.length === 0;
  const picked = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file) void actions.labels.import(file);
    input.value = '';
  };
  return html`
    <section aria-labelledby="label">
      <h2 id="label" tabindex="-1">Label</h2>
      ${isEmpty
        ? html`<p class="hint">Ask what visitors ask, and mark sections as right or wrong. A dozen queries are a start; what is marked stays in this browser.</p>`
        : html`<p data-testid="labels">${counted(labels.length, 'query', 'queries')}, ${counted(sum(labels), 'mark')}, kept in this browser.</p>
            <ul class="rows" aria-label="Labelled queries">
              ${labels.map((labelled) => row(labelled, state, actions))}
            </ul>`}
      <div class="buttons">
        <button type="button" ?disabled=${isEmpty} @click=${() => actions.labels.export()}>Export</button>
        <label class="button">Import<input class="visually-hidden" type="file" accept=".jsonl,.ndjson,.json" @change=${picked} /></label>
        ${isEmpty ? nothing : html`<button type="button" @click=${() => actions.labels.removeAll()}>Remove all</button>`}
      </div>
      <p class="note" data-testid="label-note">${labelNote}</p>
      <p class="hint">The file has a line for each query, <code>{"qid", "instruction", "query", "labels": [{"id", "score"}]}</code>, as the MAIR benchmark has them.</p>
    </section>
  `;
}

function row(labelled: LabelledQuery, { labels, question }: State, actions: Actions): TemplateResult {
  const right = labelled.labels.filter(({ score }) => score > 0).length;
  const remove = (): void => {
    actions.labels.remove(labelled);
    // The next row takes this one's place, and with it the focus; after the last one there is none.
    if (labelled === labels.at(-1)) document.querySelector<HTMLElement>('#label')?.focus();
  };
  return html`<li>
    <button type="button" class="plain" @click=${() => void actions.ask({ ...question, text: labelled.query })}>${labelled.query}</button>
    <small>${right} right, ${labelled.labels.length - right} wrong</small>
    <button type="button" aria-label=${`Remove ${labelled.query}`} @click=${remove}>Remove</button>
  </li>`;
}

function sum(labels: readonly LabelledQuery[]): number {
  return labels.reduce((all, query) => all + query.labels.length, 0);
}
