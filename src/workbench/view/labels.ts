// A person's own labels: a list, import and export.

import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { LabelledQuery } from '../../index.ts';
import type { Actions } from '../actions.ts';
import { countLabels } from '../label-actions.ts';
import { counted, short } from '../numbers.ts';
import type { LabelUse, State } from '../state.ts';
import { step } from './step.ts';

const USES: Record<LabelUse, string> = {
  both: 'the corpus’s labels and yours',
  corpus: 'the corpus’s labels only',
  own: 'your labels only',
};
/** Most entries shown, so that the list stays usable; the file has all. */
const SHOWN = 200;

export function labelsStep(number: number, state: State, actions: Actions): TemplateResult {
  const { own, labels, status } = state;
  const none = own.queries.length === 0;
  return step(
    number,
    'labels',
    'Your labels',
    html`
      <p class="summary" data-testid="own-labels-count">
        ${
          none
            ? `None yet. Mark results above as right or wrong, or import a file.${state.face === 'site' ? ' A dozen of the queries that visitors ask are a start.' : ''}`
            : html`<strong>${counted(own.queries.length, 'query', 'queries')}, ${counted(countLabels(own), 'mark')}</strong> for these passages. They ${state.keeps ? 'stay in this browser' : 'are gone after this visit'}.`
        }
      </p>
      ${none ? nothing : list(own.queries, actions)}
      ${labels.length > 0 && !none ? useChoice(state, actions) : nothing}
      <div class="buttons file">
        <button type="button" ?disabled=${none} @click=${() => actions.labels.exportLabels()}>Export your labels</button>
        ${filePicker('Import labels', !status.info, (file) => void actions.labels.importLabels(file))}
        ${filePicker('Import a click log', !status.info, (file) => void actions.labels.importClicks(file))}
        <button type="button" ?disabled=${none} @click=${() => actions.labels.removeAll()}>Remove all</button>
      </div>
      <p class="note" data-testid="label-note">${state.labelNote}</p>
      <p class="hint">
        Labels are JSONL, <code>{"qid", "query", "labels": [{"id", "score"}]}</code>, as the MAIR benchmark has them; clicks are <code>{"query", "passageId", "rank", "source", "time"}</code>. People click what
        stands first, so a passage needs two sources that passed over a better-ranked one to click it, or four that did not; one source counts for its first twenty passages only.
      </p>
    `,
    'own-labels',
  );
}

function list(queries: readonly LabelledQuery[], actions: Actions): TemplateResult {
  return html`
    <ul class="rows" aria-label="Your labelled queries">
      ${queries.slice(0, SHOWN).map((query) => {
        const right = query.labels.filter(({ score }) => score > 0);
        return html`
          <li>
            <button type="button" class="plain" title=${query.query} @click=${() => void actions.askText(query.query)}>${short(query.query, 120)}</button>
            <small>${right.length} right, ${query.labels.length - right.length} wrong</small>
            <button type="button" aria-label=${`Remove “${short(query.query, 60)}”`} @click=${() => actions.labels.remove(query)}>Remove</button>
          </li>
        `;
      })}
      ${queries.length > SHOWN ? html`<li><small>and ${counted(queries.length - SHOWN, 'more query', 'more queries')}, all of them in the export</small></li>` : nothing}
    </ul>
  `;
}

function useChoice({ use }: State, actions: Actions): TemplateResult {
  return html`
    <fieldset class="choices inline">
      <legend>Adapt with</legend>
      ${(Object.keys(USES) as LabelUse[]).map(
        (choice) =>
          html`<label><input type="radio" name="use" .checked=${live(use === choice)} @change=${() => actions.set({ use: choice })} /> ${USES[choice]}</label>`,
      )}
    </fieldset>
  `;
}

/** A button that opens a file. */
export function filePicker(
  label: string,
  disabled: boolean,
  pick: (file: File) => void,
  accept = '.jsonl,.ndjson,.json,application/x-ndjson',
): TemplateResult {
  const picked = (event: Event): void => {
    const input = event.target as HTMLInputElement;
    const file = input.files?.[0];
    if (file) pick(file);
    input.value = '';
  };
  return html`<label class=${disabled ? 'button off' : 'button'}>${label}<input class="visually-hidden" type="file" accept=${accept} ?disabled=${disabled} @change=${picked} /></label>`;
}
