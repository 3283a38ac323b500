// Step 4: align, adapt, and see what it brought.

import { html, nothing, type TemplateResult } from 'lit';
import type { TrainerName } from '../../index.ts';
import type { Actions } from '../actions.ts';
import { lossChart } from '../charts.ts';
import { isBusy, SHARES, type Share, type State } from '../state.ts';
import { trainingLabels } from '../training-labels.ts';
import { curvePart } from './curve.ts';
import { filePicker } from './labels.ts';
import { counted, percent } from '../../page/numbers.ts';
import { progressBars } from '../../page/progress.ts';
import { reportList } from './report.ts';
import { results } from './scores.ts';
import { TRAINERS } from './words.ts';

export function learnStep(state: State, actions: Actions): TemplateResult {
  const ready = state.status.info !== null && !isBusy(state);
  const eraAligned = state.status.adapters.some(({ trainer }) => trainer === 'era');
  const { train, validation, ownQueries } = trainingLabels(state);
  const training = train.length + validation.length;
  return html`
    <section aria-labelledby="step-learn">
      <h2 id="step-learn"><span class="step">4</span> Let it learn</h2>
      <fieldset class="choices">
        <legend>Trainer</legend>
        ${(Object.keys(TRAINERS) as TrainerName[]).map(
          (trainer) => html`
            <label>
              <input type="radio" name="trainer" .checked=${state.trainer === trainer} @change=${() => actions.set({ trainer })} />
              <span><strong>${TRAINERS[trainer].title}</strong> <small>${TRAINERS[trainer].note}</small></span>
            </label>
          `,
        )}
      </fieldset>
      <div class="buttons">
        <div>
          <button type="button" class="primary" ?disabled=${!ready} @click=${() => void actions.learn.align()}>Align</button>
          <label>
            on
            <select @change=${(event: Event) => actions.set({ alignmentPassages: Number((event.target as HTMLSelectElement).value) })}>
              ${[200, 400, 1000].map((count) => html`<option value=${count} ?selected=${state.alignmentPassages === count}>${count}</option>`)}
            </select>
            passages and the past queries, no labels
          </label>
        </div>
        <div>
          <button type="button" class="primary" ?disabled=${!ready || training === 0 || (state.trainer === 'era' && !eraAligned)} @click=${() => void actions.learn.adapt()}>Adapt</button>
          ${state.labels.length > 0 && state.use !== 'own'
            ? html`<label>
                with
                <select @change=${(event: Event) => actions.set({ share: Number((event.target as HTMLSelectElement).value) as Share })}>
                  ${SHARES.map((share) => html`<option value=${share} ?selected=${state.share === share}>${percent(share)}</option>`)}
                </select>
                of the labels
              </label>`
            : nothing}
          <small data-testid="training-count">${trainingCount(training, ownQueries, state)}</small>
        </div>
      </div>
      ${progressBars(state.tasks, ['align', 'adapt', 'evaluate'])}
      ${state.losses.length > 1 ? html`<figure><figcaption>Loss of the ${state.lossStage === 'align' ? 'alignment' : 'adaptation'}, by epoch</figcaption>${lossChart(state.losses)}</figure>` : nothing}
      ${reportList(state, actions)} ${results(state)} ${curvePart(state, actions)} ${adapterFile(state, actions)}
    </section>
  `;
}

function trainingCount(training: number, own: number, { labels, use }: State): string {
  if (training === 0) return '(no labels yet: mark some results, or import a file)';
  const yours = own === 0 ? '' : own === training ? ', all of them yours' : `, ${own} of them yours`;
  const validation = labels.length > 0 && use !== 'own' ? ', a tenth of the corpus’s for validation among them' : '';
  return `(${counted(training, 'query', 'queries')}${yours}${validation})`;
}

function adapterFile(state: State, actions: Actions): TemplateResult {
  const has = state.status.adapters.some(({ path }) => path === state.path);
  return html`
    <div class="buttons file">
      <button type="button" ?disabled=${!has} @click=${() => actions.learn.saveAdapter()}>Save the adapter</button>
      ${filePicker('Load an adapter', !state.status.info, (file) => void actions.learn.loadAdapter(file), '.safetensors')}
      <button type="button" ?disabled=${state.status.adapters.length === 0 || isBusy(state)} @click=${() => void actions.learn.revert('none')}>Forget what was learned</button>
    </div>
  `;
}
