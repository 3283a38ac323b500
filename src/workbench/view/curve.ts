// The learning curve, drawn point by point, and its meaning.

import { html, nothing, type TemplateResult } from 'lit';
import type { Actions } from '../actions.ts';
import { curveChart } from '../charts.ts';
import { reading } from '../curve-reading.ts';
import { counted } from '../numbers.ts';
import { shownPath } from '../rankings.ts';
import { isBusy, type DrawnCurve, type State } from '../state.ts';
import { allTrainingLabels } from '../training-labels.ts';
import { progressBars } from './progress.ts';
import { PATHS } from './titles.ts';

export function curvePart(state: State, actions: Actions): TemplateResult {
  const { curve, status } = state;
  const path = shownPath(state);
  const { pool } = allTrainingLabels(state);
  const startable =
    path === 'local' ||
    status.adapters.some((slot) => slot.path === path && slot.trainer === 'closed-form' && slot.stage === 'aligned');
  const why =
    pool.length < 3
      ? 'This needs a few labels.'
      : startable
        ? ''
        : 'Align first: this path learns on top of an alignment.';
  return html`
    <h3 class="apart">Would more labels help?</h3>
    <div class="buttons">
      <button type="button" ?disabled=${why !== '' || !status.info?.vectors || isBusy(state)} @click=${() => void actions.train.drawCurve()}>Draw the learning curve</button>
      <small>${why === '' ? `${PATHS[path]}; up to ${counted(pool.length, 'label')} in parts, several draws of each` : why}</small>
    </div>
    ${curve ? drawn(curve, state) : nothing}
  `;
}

function drawn(curve: DrawnCurve, state: State): TemplateResult {
  const running = progressBars(state.tasks, ['curve']);
  return html`
    <figure class="curve" data-testid="curve" data-points=${curve.points.length}>
      <figcaption>${PATHS[curve.path]}: nDCG@10 on ${counted(curve.heldOut, 'held-out query', 'held-out queries')} against the number of labelled queries; band: where 80 % of such draws lie</figcaption>
      ${curveChart(curve)}
      <div class="reading">${running.length > 0 ? running : html`<p data-testid="curve-reading">${reading(curve)}</p>`}</div>
    </figure>
  `;
}
