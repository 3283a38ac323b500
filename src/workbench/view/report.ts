// The decision of a training run and its reason, in words, with two actions: use the adapter all the same, or revert.

import { html, nothing, type TemplateResult } from 'lit';
import type { GainInterval, TrainingReport } from '../../index.ts';
import type { Actions } from '../actions.ts';
import { counted, percent, signed } from '../numbers.ts';
import { isBusy, type PathReport, type State } from '../state.ts';
import { PATHS } from './titles.ts';

/** Share of queries with a common answer from which on it is mentioned. */
const NOTABLE = 0.1;

const KEPT: Record<Exclude<NonNullable<TrainingReport['decision']>, 'applied' | 'forced'>, string> = {
  'no-clear-gain': 'no change was clearly better when tried on labels it had not seen',
  'loses-on-unseen': 'what helped on the passages that the labels name would have harmed queries about other passages',
  'too-few-labels': 'fewer than three labelled queries are too few to decide by',
  'one-topic': 'all labels share one passage, so that nothing is left to check a change with',
};

export function reportList(state: State, actions: Actions): TemplateResult | typeof nothing {
  const { lastRun, status, trainer } = state;
  const { reports, gone } = lastRun ?? { reports: [], gone: 0 };
  const kept = reports.some(({ applied }) => !applied);
  const learned = status.adapters.some(({ stage }) => stage === 'adapted');
  const seenShare = reports.find(({ labels }) => labels !== null)?.labels?.seenShare ?? 0;
  return html`
    ${reports.length > 0 ? html`<ul class="notes" data-testid="reports">${reports.map(reportLine)}</ul>` : nothing}
    ${gone > 0 ? html`<p class="hint">${counted(gone, 'label')} left out: these passages are not in the collection any more.</p>` : nothing}
    ${
      seenShare >= NOTABLE
        ? html`<p class="hint" data-testid="memory">
          ${percent(seenShare)} of the labelled queries share a right passage with another. On questions like these the adapter also acts as a memory: it finds again what labels
          have named. That is welcome, but it is another thing than ranking passages that no label knows.
        </p>`
        : nothing
    }
    ${
      kept || learned
        ? html`<div class="buttons">
          ${kept ? html`<button type="button" ?disabled=${isBusy(state) || trainer !== 'closed-form'} @click=${() => void actions.train.adapt(true)}>Use it anyway</button>` : nothing}
          ${learned ? html`<button type="button" ?disabled=${isBusy(state)} @click=${() => void actions.train.revert('aligned')}>Go back to before the labels</button>` : nothing}
        </div>`
        : nothing
    }
  `;
}

function reportLine(report: PathReport): TemplateResult {
  const { path, decision, note } = report;
  return html`<li data-path=${path} data-decision=${decision ?? 'none'}><strong>${PATHS[path]}:</strong> ${inWords(report)}${keywordsInWords(report)} <small>${decision === 'applied' ? note : nothing}</small></li>`;
}

function inWords({ decision, applied, gain, gainUnseen, labels, note }: TrainingReport): string {
  if (decision === null) return note;
  const queries = labels?.queries ?? 0;
  const measured = gain
    ? `${interval(gain)} points in cross-validation on ${queries} labelled queries${gainUnseen && labels && labels.seenShare > 0 ? `, ${interval(gainUnseen)} where no right passage was known` : ''}`
    : '';
  if (decision === 'applied') return `applied, ${measured}.`;
  if (decision === 'forced')
    return `in use because you asked, although cross-validation did not find it better${measured ? `: ${measured}` : ''}.`;
  return `${applied ? 'applied' : 'kept as it was'}, because ${KEPT[decision]}${measured ? ` (best try: ${measured})` : ''}.`;
}

/** Nothing where the labels left the weight of keywords as it is. */
function keywordsInWords({ keywords }: TrainingReport): string {
  if (!keywords?.gain) return '';
  const { factor, gain } = keywords;
  const weight = factor === 0 ? 'Keywords do not count beside it' : `Keywords count ${factor} times as much beside it`;
  return ` ${weight}: ${interval(gain)} points for the whole search.`;
}

function interval({ mean, low, high }: GainInterval): string {
  return `${signed(mean)} (95 %: ${signed(low)} to ${signed(high)})`;
}
