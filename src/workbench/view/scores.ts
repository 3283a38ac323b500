// The effect of training on held-out queries: chart and table, with seen and unseen answers separately.

import { html, nothing, type TemplateResult } from 'lit';
import type { Evaluation, PartScores, PathScores } from '../../index.ts';
import { partChart, scoreChart } from '../charts.ts';
import { counted, points, signed } from '../numbers.ts';
import type { State } from '../state.ts';
import { adapterWords, MODES, PATHS } from './titles.ts';

export function results({ measured }: State): TemplateResult | typeof nothing {
  if (!measured) return nothing;
  const { rows, queries, on } = measured;
  const apart = rows.some(({ seen, unseen }) => seen !== null && unseen !== null);
  return html`
    <h3>${on === 'held-out' ? 'On the held-out half' : 'A trial: learned from one half of your labels, measured on the other'} <small>${counted(queries, 'query', 'queries')} that training never saw${on === 'trial' ? '; so few tell a direction, not a size' : ''}</small></h3>
    <figure data-testid="score-chart">
      <figcaption>nDCG@10 by meaning alone, with 95 % intervals; dashed: the small model alone, ${points(rows[0]!.ndcg10)}</figcaption>
      ${scoreChart(measured)}
    </figure>
    ${rows.some((row) => isTelling(row.seen) && isTelling(row.unseen)) ? parts(measured) : nothing}
    <div class="scroll" tabindex="0" role="region" aria-label="Scores">
      <table data-testid="scores">
        <thead>
          <tr>
            <th scope="col">Ranked by</th><th scope="col">Query path</th><th scope="col">Stage</th><th scope="col">nDCG@10</th><th scope="col">against the small model, 95 %</th>
            ${apart ? html`<th scope="col">answer seen</th><th scope="col">answer unseen</th>` : nothing}
            <th scope="col">recall@100</th><th scope="col">MRR</th>
          </tr>
        </thead>
        <tbody>
          ${rows.map((row) => scoreRow(row, apart))}
        </tbody>
      </table>
    </div>
  `;
}

/** False for a few queries, whose chart would show chance; the table has them with their number. */
function isTelling(part: PartScores | null): boolean {
  return part !== null && part.queries >= 10;
}

function parts(evaluation: Evaluation): TemplateResult {
  return html`
    <figure data-testid="part-chart">
      <figcaption>
        Gain over the small model alone, in points, where the labels had named a right passage (<strong>seen</strong>: the adapter may simply remember it) and where they had not
        (<strong>unseen</strong>: only this tells how it ranks passages that no label knows)
      </figcaption>
      ${partChart(evaluation)}
    </figure>
  `;
}

function scoreRow(row: PathScores, apart: boolean): TemplateResult {
  const { mode, path, stage, trainer, ndcg10, gain, recall100, mrr } = row;
  const verdict = gain === null ? '' : gain.low > 0 ? 'better' : gain.high < 0 ? 'worse' : 'even';
  const part = (scores: PartScores | null): TemplateResult =>
    html`<td class="number">${scores === null || stage === 'none' ? '–' : partScore(scores)}</td>`;
  return html`
    <tr data-mode=${mode} data-path=${path ?? nothing} data-stage=${stage} data-trainer=${trainer ?? nothing}>
      <th scope="row">${MODES[mode]}</th>
      <td>${path === null ? '–' : stage === 'none' ? adapterWords(row, path).title : PATHS[path]}</td>
      <td>${stage === 'none' ? '–' : adapterWords(row).title}</td>
      <td class="number">${points(ndcg10)}</td>
      <td class=${`number ${verdict}`}>${gain === null ? '–' : html`${signed(gain.mean)} <small>(${signed(gain.low)} to ${signed(gain.high)})</small>`}</td>
      ${apart ? html`${part(row.seen)}${part(row.unseen)}` : nothing}
      <td class="number">${points(recall100)}</td>
      <td class="number">${points(mrr)}</td>
    </tr>
  `;
}

function partScore({ ndcg10, small, queries }: PartScores): TemplateResult {
  return html`${signed(ndcg10 - small)} <small>of ${counted(queries, 'query', 'queries')}</small>`;
}
