// The owner's synonyms.json: its text, what it has, and what it changes for the question that was asked last.

import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import { short } from '../numbers.ts';
import { movesOf } from '../rankings.ts';
import { isBusy, type State } from '../state.ts';
import type { TuneActions } from '../tune-actions.ts';
import { filePicker } from './labels.ts';
import { step } from './step.ts';

export function tuneStep(number: number, state: State, actions: TuneActions): TemplateResult {
  const { status, tuning } = state;
  const isOff = !status.info || isBusy(state);
  return step(
    number,
    'tune',
    'Synonyms and pins',
    html`
      <p class="summary">Say what your visitors’ words mean, which pages come first, and which words say nothing here. Try it, save the file, put it in the folder of the site, and run the index again.</p>
      <label class="tune">synonyms.json
        <textarea name="synonyms" rows="12" spellcheck="false" autocomplete="off" autocapitalize="off" aria-describedby="tune-help tune-problem" aria-invalid=${tuning.problem !== null} ?disabled=${!status.info} .value=${live(tuning.text)} @input=${(event: InputEvent) => actions.edit((event.target as HTMLTextAreaElement).value)}></textarea>
      </label>
      <p class="warn" id="tune-problem" role="alert">${tuning.problem ?? nothing}</p>
      <div class="buttons file">
        <button type="button" class="primary" ?disabled=${isOff} @click=${() => void actions.try()}>Try it</button>
        <button type="button" ?disabled=${isOff} @click=${() => void actions.takeBack()}>As published</button>
        <button type="button" ?disabled=${!status.info} @click=${() => actions.save()}>Save synonyms.json</button>
        ${filePicker('Open a file', !status.info, (file) => void actions.open(file), '.json,application/json')}
      </div>
      <p class="note" data-testid="tune-note">${tuning.note}</p>
      ${changes(state)}
      <p class="hint" id="tune-help">
        <code>"synonyms": ["k8s, kubernetes", "repo => repository"]</code>: of the first line each finds the other, of the second only “repo” finds both. <code>"boosts": {"guide/**": 2}</code>: scores of these pages
        times a factor from 0.1 to 10. <code>"pins": {"install": ["guide/install.html"]}</code>: for this query these pages come first. <code>"excluded": ["acme"]</code>: words that no query is searched by, unless it has
        no others.
      </p>
    `,
  );
}

/** What the text that is tried moves among the results in view. */
function changes({ tuning, columns, asked }: State): TemplateResult | typeof nothing {
  const after = columns[0]?.answer;
  const { before } = tuning;
  if (!tuning.isTried || !after)
    return tuning.isTried ? html`<p class="hint">Ask something above to see what it changes.</p>` : nothing;
  if (!before || before.query !== after.query) return nothing;
  const moves = movesOf(before, after);
  const title = `For “${short(asked.text, 80)}”`;
  if (moves.length === 0) return html`<p class="hint" data-testid="tune-changes">${title} nothing changes.</p>`;
  return html`
    <h3 class="apart">${title}</h3>
    <ul class="rows moves" data-testid="tune-changes" aria-label=${`What changes for “${short(asked.text, 80)}”`}>
      ${moves.map(
        ({ name, was, now }) => html`<li>
          <span>${name}</span>
          <small class=${now !== null && (was === null || now < was) ? 'better' : 'worse'}>${now === null ? `was ${String(was)}, now below` : was === null ? `${now}, was below` : `${now}, was ${was}`}</small>
        </li>`,
      )}
    </ul>
  `;
}
