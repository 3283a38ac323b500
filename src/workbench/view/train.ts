// Align, adapt and the results; the adapters in use, and how to publish them.

import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import type { Actions } from '../actions.ts';
import { lossChart } from '../charts.ts';
import { counted, percent } from '../numbers.ts';
import { adapterFile } from '../rankings.ts';
import { isBusy, SHARES, type Share, type State } from '../state.ts';
import { FEWEST_FOR_TRIAL, trainingLabels, type TrainingLabels } from '../training-labels.ts';
import { curvePart } from './curve.ts';
import { filePicker } from './labels.ts';
import { progressBars } from './progress.ts';
import { reportList } from './report.ts';
import { results } from './scores.ts';
import { step } from './step.ts';
import { TRAINERS } from './titles.ts';

export function trainStep(number: number, state: State, actions: Actions): TemplateResult {
  const { status, losses, lossStage } = state;
  const labels = trainingLabels(state);
  const missing = missingFor(state);
  const ready = missing === '' && !isBusy(state);
  const hasRemote = status.remote.state !== 'off';
  const eraAligned = status.adapters.some(({ trainer }) => trainer === 'era');
  const isTaught = labels.train.length + labels.validation.length > 0;
  return step(
    number,
    'train',
    'Let it learn',
    html`
      ${missing === '' ? nothing : html`<p class="hint">${missing}</p>`} ${hasRemote ? trainerChoice(state, actions) : nothing}
      <div class="buttons">
        ${
          hasRemote
            ? html`<div>
              <button type="button" class="primary" ?disabled=${!ready} @click=${() => void actions.train.align()}>Align</button>
              <label>
                on
                <select @change=${(event: Event) => actions.set({ alignmentPassages: Number((event.target as HTMLSelectElement).value) })}>
                  ${[200, 400, 1000].map((count) => html`<option value=${count} .selected=${live(state.alignmentPassages === count)}>${count}</option>`)}
                </select>
                passages and the past queries, no labels
              </label>
            </div>`
            : nothing
        }
        <div>
          <button type="button" class="primary" ?disabled=${!ready || !isTaught || (state.trainer === 'era' && !eraAligned)} @click=${() => void actions.train.adapt()}>Adapt</button>
          ${
            state.labels.length > 0 && state.use !== 'own'
              ? html`<label>
                with
                <select @change=${(event: Event) => actions.set({ share: Number((event.target as HTMLSelectElement).value) as Share })}>
                  ${SHARES.map((share) => html`<option value=${share} .selected=${live(state.share === share)}>${percent(share)}</option>`)}
                </select>
                of the labels
              </label>`
              : nothing
          }
          <small data-testid="training-count">${trainingCount(labels, state)}</small>
        </div>
      </div>
      ${progressBars(state.tasks, ['align', 'adapt', 'evaluate'])}
      ${losses.length > 1 ? html`<figure><figcaption>Loss of the ${lossStage === 'align' ? 'alignment' : 'adaptation'}, by epoch</figcaption>${lossChart(losses)}</figure>` : nothing}
      ${reportList(state, actions)} ${results(state)} ${curvePart(state, actions)} ${adapters(state, actions)}
    `,
  );
}

/** The missing precondition of learning, in words; empty for none. */
function missingFor({ status, face }: State): string {
  if (!status.info) return face === 'site' ? 'The index of this site is not open.' : '';
  if (status.info.space === null) return 'This collection was made without vectors, so there is nothing to learn on.';
  if (!status.info.vectors) return 'The vectors are not here yet.';
  return face === 'site' && status.encoder.state !== 'ready' ? 'Load the small model first: it reads the queries.' : '';
}

function trainerChoice(state: State, actions: Actions): TemplateResult {
  return html`<fieldset class="choices">
    <legend>Trainer</legend>
    ${(Object.keys(TRAINERS) as (keyof typeof TRAINERS)[]).map(
      (trainer) => html`
        <label>
          <input type="radio" name="trainer" .checked=${live(state.trainer === trainer)} @change=${() => actions.set({ trainer })} />
          <span><strong>${TRAINERS[trainer].title}</strong> <small>${TRAINERS[trainer].note}</small></span>
        </label>
      `,
    )}
  </fieldset>`;
}

function trainingCount({ train, validation, evaluation, ownQueries }: TrainingLabels, { labels, use }: State): string {
  const training = train.length + validation.length;
  if (training === 0) return '(no labels yet: mark some results as right, or import a file)';
  const yours =
    ownQueries === 0 ? '' : ownQueries === training ? ', all of them yours' : `, ${ownQueries} of them yours`;
  const validated = labels.length > 0 && use !== 'own' ? ', a tenth of the corpus’s for validation among them' : '';
  const trial =
    evaluation.length > 0
      ? ''
      : training < FEWEST_FOR_TRIAL
        ? `; from ${FEWEST_FOR_TRIAL} on, a trial with half of them shows the change first`
        : '; a trial with half of them comes first';
  return `(${counted(training, 'query', 'queries')}${yours}${validated}${trial})`;
}

function adapters(state: State, actions: Actions): TemplateResult {
  const { status, face } = state;
  const last = status.adapters.findLast(({ trainer }) => trainer === 'closed-form');
  return html`
    <h3 class="apart">What is in use</h3>
    ${
      face === 'site' && last
        ? html`<p>This browser searches with it already, on the site’s own pages too. For every visitor, save the file and run:</p>
          <pre tabindex="0" aria-label="Command"><code>era-search index --site DIR --adapter ${adapterFile(last)}</code></pre>`
        : nothing
    }
    <div class="buttons file" data-testid="adapters">
      ${status.adapters.map((slot) => html`<button type="button" @click=${() => void actions.train.saveAdapter(slot)}>Save ${adapterFile(slot)}</button>`)}
      ${filePicker('Load an adapter', !status.info?.space, (file) => void actions.train.loadAdapter(file), '.safetensors')}
      <button type="button" ?disabled=${status.adapters.length === 0 || isBusy(state)} @click=${() => void actions.train.revert('none')}>Forget what was learned</button>
    </div>
  `;
}
