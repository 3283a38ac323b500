// Gain per task: a row for each task, with a mark for each path at its difference in nDCG@10 from the small model.

import { ratioName, ratiosOf, signed } from '../report-tables.ts';
import type { Report } from '../report.ts';
import { html, NOTHING, type Markup } from './markup.ts';
import { linearScale } from './scale.ts';
import { legend, mainSeries, mark, seriesOf } from './series.ts';

const WIDTH = 340;
const LEFT = 128;
const RIGHT = WIDTH - 12;
const ROW = 16;
const TOP = 22;
const LONGEST_NAME = 18;

/** A figure for the fewest and one for the most labels. */
export function gains(report: Report): Markup[] {
  const ratios = ratiosOf(report);
  return [...new Set([ratios[0]!, ratios.at(-1)!])].map((ratio) => gainsAt(report, ratio));
}

function gainsAt(report: Report, ratio: number): Markup {
  const drawn = mainSeries(seriesOf(report)).flatMap((series) => {
    const row = series.rows.find((each) => each.ratio === ratio);
    return row ? [{ series, row }] : [];
  });
  const small = smallPerTask(report);
  if (drawn.length === 0) return NOTHING;
  const tasks = Object.keys(report.tasks).map((task) => ({
    task,
    gains: drawn.map(({ row }) => row.perTask[task]! - small[task]!),
  }));
  tasks.sort((a, b) => Math.max(...b.gains) - Math.max(...a.gains));
  const height = TOP + tasks.length * ROW + 6;
  const x = linearScale([0, ...tasks.flatMap((each) => each.gains)], LEFT, RIGHT, 4);
  const middle = (i: number): number => TOP + (i + 0.5) * ROW;

  return html`<figure>
<figcaption><h3>Gain per task, ${ratioName(ratio)}${ratio === 0 ? '' : ' of labels'}</h3><p>Difference in nDCG@10 from the small model; the best is on top.</p></figcaption>
<svg viewBox="0 0 ${WIDTH} ${height}" role="img" aria-label="Gain per task; the figures are in the table of tasks">
${x.ticks.map((tick) => html`<path class="${tick === 0 ? 'axis' : 'grid'}" d="M${x.at(tick)} ${TOP}V${height - 6}"/><text class="tick middle" x="${x.at(tick)}" y="${TOP - 8}">${tick === 0 ? '0' : signed(tick).replace('.0', '')}</text>`)}
${tasks.map(({ task }, i) => html`<path class="grid" d="M${LEFT} ${middle(i)}H${RIGHT}"/><text class="label end" x="${LEFT - 8}" y="${middle(i) + 4}"><title>${task}</title>${shortened(task)}</text>`)}
${tasks.flatMap((each, i) => drawn.map(({ series }, k) => mark(series, x.at(each.gains[k]!), middle(i), `${each.task}, ${series.name}: ${signed(each.gains[k]!)}`)))}
</svg>
${legend(drawn.map(({ series }) => series))}
</figure>`;
}

/** nDCG@10 of the small model on the seen and the unseen queries together. */
function smallPerTask({ rows, tasks }: Report): Record<string, number> {
  const { seen, unseen } = rows[0]!;
  return Object.fromEntries(
    Object.keys(tasks).map((task) => {
      const parts = [seen.perTask[task]!, unseen.perTask[task]!];
      const total = parts.reduce((sum, { small, queries }) => sum + (small ?? 0) * queries, 0);
      return [task, total / parts.reduce((sum, { queries }) => sum + queries, 0)];
    }),
  );
}

function shortened(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name;
}
