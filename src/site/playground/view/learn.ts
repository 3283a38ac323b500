// Learning: what can be learned from, what it brought, going back, and taking the adapter to the site.

import { html, nothing, type TemplateResult } from 'lit';
import type { PathScores, TrainingReport } from '../../../index.ts';
import type { Actions } from '../actions.ts';
import { adapterFile, FEWEST_FOR_TRIAL } from '../learn-actions.ts';
import { usableLabels } from '../owner-labels.ts';
import { isBusy, type Lesson, type PathReport, type State } from '../state.ts';
import { progressBars } from '../../../page/progress.ts';
import { counted, points, signed } from '../../../page/numbers.ts';
import { interval, PATHS, STAGES } from './words.ts';

const KEPT: Readonly<Record<Exclude<NonNullable<TrainingReport['decision']>, 'applied' | 'forced'>, string>> = {
  'no-clear-gain': 'no change was clearly better on labels that it had not seen',
  'loses-on-unseen': 'what helped on the labelled sections would have harmed queries about others',
  'too-few-labels': 'fewer than three labelled queries are too few to decide by',
  'one-topic': 'all labels share one section, so nothing is left to check a change with',
};

export function learnSection(state: State, actions: Actions): TemplateResult {
  const { status, api, lesson } = state;
  const usable = usableLabels(state.labels).length;
  const needs = !status.info?.vectors ? 'The index of this site is not here yet, or it has no vectors.' : status.encoder.state !== 'ready' ? 'Load the small model first: it reads the queries.' : usable === 0 ? 'Mark a section as right first.' : '';
  const isWaiting = needs !== '' || isBusy(state);
  const learned = status.adapters.some(({ stage }) => stage === 'adapted');
  return html`
    <section aria-labelledby="learn">
      <h2 id="learn">Learn</h2>
      <p class="hint">
        ${needs === ''
          ? `${counted(usable, 'labelled query', 'labelled queries')} to learn from.${usable < FEWEST_FOR_TRIAL ? ` From ${FEWEST_FOR_TRIAL} on, half of them are held out first to show the change.` : ''}`
          : needs}
      </p>
      <div class="buttons">
        ${api && status.remote.state !== 'off'
          ? html`<button type="button" ?disabled=${!status.info?.vectors || status.encoder.state !== 'ready' || isBusy(state)} @click=${() => void actions.learn.align()}>Align the query API</button>`
          : nothing}
        <button type="button" class="primary" ?disabled=${isWaiting} @click=${() => void actions.learn.learn()}>Learn from the labels</button>
        ${learned ? html`<button type="button" ?disabled=${isBusy(state)} @click=${() => void actions.learn.revert('aligned')}>Forget the labels’ lesson</button>` : nothing}
        ${status.adapters.length > 0 ? html`<button type="button" ?disabled=${isBusy(state)} @click=${() => void actions.learn.revert('none')}>Forget all</button>` : nothing}
      </div>
      ${progressBars(state.tasks, ['align', 'learn'], ['open'])} ${lesson ? lessonView(lesson, state, actions) : nothing} ${status.adapters.length > 0 ? publishing(state, actions) : nothing}
    </section>
  `;
}

function lessonView({ reports, heldOut, gone }: Lesson, state: State, actions: Actions): TemplateResult {
  const isKept = reports.some(({ applied }) => !applied);
  return html`
    <ul class="lesson" data-testid="lesson">
      ${reports.map((report) => html`<li data-path=${report.path} data-decision=${report.decision ?? 'none'}><strong>${PATHS[report.path]}:</strong> ${inWords(report)}</li>`)}
    </ul>
    ${gone > 0 ? html`<p class="hint">${counted(gone, 'label')} left out: the site has these sections no more.</p>` : nothing}
    ${isKept ? html`<div class="buttons"><button type="button" ?disabled=${isBusy(state)} @click=${() => void actions.learn.learn(true)}>Use it anyway</button></div>` : nothing}
    ${heldOut
      ? html`<h3>On labels that were held out</h3>
          <p class="hint">A trial learned from the other half. ${counted(heldOut.queries, 'query', 'queries')}, by the vectors alone; so few tell a direction, not a size.</p>
          <div class="scroll" tabindex="0" role="region" aria-label="Scores">
            <table data-testid="held-out">
              <thead>
                <tr><th scope="col">Query read by</th><th scope="col">Stage</th><th scope="col">nDCG@10</th><th scope="col">Change, 95 %</th><th scope="col">MRR</th></tr>
              </thead>
              <tbody>${heldOut.rows.map(scoreRow)}</tbody>
            </table>
          </div>`
      : nothing}
  `;
}

function inWords({ decision, applied, gain, labels, note }: PathReport): string {
  if (decision === null) return note;
  const measured = gain ? `${interval(gain)} points of nDCG@10, cross-validated on ${counted(labels?.queries ?? 0, 'labelled query', 'labelled queries')}` : '';
  if (decision === 'applied') return `in use, ${measured}.`;
  if (decision === 'forced') return `in use because you asked for it${measured === '' ? '' : `; ${measured}`}.`;
  return `${applied ? 'in use' : 'left as it was'}: ${KEPT[decision]}${measured === '' ? '' : ` (the best try: ${measured})`}.`;
}

function scoreRow({ path, stage, ndcg10, gain, mrr }: PathScores): TemplateResult {
  const verdict = gain === null ? '' : gain.low > 0 ? 'better' : gain.high < 0 ? 'worse' : '';
  return html`<tr data-path=${path} data-stage=${stage}>
    <th scope="row">${PATHS[path!]}</th>
    <td>${STAGES[stage]}</td>
    <td class="number">${points(ndcg10)}</td>
    <td class=${`number ${verdict}`}>${gain === null ? '–' : html`${signed(gain.mean)} <small>(${signed(gain.low)} to ${signed(gain.high)})</small>`}</td>
    <td class="number">${points(mrr)}</td>
  </tr>`;
}

function publishing({ status }: State, actions: Actions): TemplateResult {
  const last = status.adapters.at(-1)!;
  return html`
    <h3>For every visitor</h3>
    <p>This browser uses ${status.adapters.length === 1 ? 'the adapter' : 'the adapters'} already, on the site’s own pages too. To publish it, save the file and run:</p>
    <pre tabindex="0" aria-label="Command"><code>era-search index --site DIR --adapter ${adapterFile(last.path, last.stage)}</code></pre>
    <div class="buttons">
      ${status.adapters.map(({ path, stage }) => html`<button type="button" @click=${() => actions.learn.save(path, stage)}>Save ${adapterFile(path, stage)}</button>`)}
    </div>
  `;
}
