// Quality against download size: the bytes that a page loads besides the index, and its macro nDCG@10 without labels
// and with the most.

import { points, ratioName } from '../report-tables.ts';
import type { Report, ReportRow } from '../report.ts';
import { html, NOTHING, type Markup } from './markup.ts';
import { linearScale } from './scale.ts';
import { colour, legend, mark, seriesOf, type Series } from './series.ts';

const WIDTH = 340;
const HEIGHT = 260;
const LEFT = 30;
const RIGHT = WIDTH - 16;
const TOP = 12;
const BOTTOM = HEIGHT - 36;

export function pageBytes(report: Report): Markup {
  const drawn = seriesOf(report);
  const small = report.rows.find(({ method }) => method === 'small');
  const all = [...drawn.flatMap(({ rows }) => ends(rows)), ...(small ? [small] : [])];
  if (all.length === 0) return NOTHING;
  const x = linearScale([0, 1, ...all.map(megabytes)], LEFT, RIGHT);
  const y = linearScale(
    all.map(({ macro }) => macro),
    BOTTOM,
    TOP,
    6,
  );
  const place = (row: ReportRow): [number, number] => [x.at(megabytes(row)), y.at(row.macro)];
  const marks = (series: Series): Markup[] =>
    ends(series.rows).map((row, i, { length }) =>
      mark(
        series,
        ...place(row),
        `${series.name}, ${ratioName(row.ratio)}: ${points(row.macro)}, ${megabytes(row).toFixed(1)} MB`,
        i < length - 1,
      ),
    );

  return html`<figure>
<figcaption><h3>Quality and weight</h3><p>nDCG@10 against megabytes that the page loads besides the index. Hollow: no labels; filled: the most labels measured${small ? '; cross: the small model' : ''}.</p></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Quality against bytes loaded; the figures are in the tables of differences and of cost">
${y.ticks.map((tick) => html`<path class="grid" d="M${LEFT} ${y.at(tick)}H${RIGHT}"/><text class="tick end" x="${LEFT - 5}" y="${y.at(tick) + 4}">${tick}</text>`)}
${x.ticks.map((tick) => html`<path class="grid" d="M${x.at(tick)} ${BOTTOM}v4"/><text class="tick middle" x="${x.at(tick)}" y="${BOTTOM + 17}">${tick}</text>`)}
<text class="tick end" x="${RIGHT}" y="${HEIGHT - 4}">MB</text>
${drawn.map(
  (series) =>
    html`<polyline class="thin ${colour(series)}" points="${ends(series.rows)
      .map((row) => place(row).join(','))
      .join(' ')}"/>`,
)}
${small ? html`<path class="cross" transform="translate(${place(small)[0]} ${place(small)[1]})" d="M-4-4 4 4M4-4-4 4"/>` : NOTHING}
${drawn.flatMap(marks)}
</svg>
${legend(drawn)}
</figure>`;
}

/** The rows with the fewest and with the most labels. */
function ends(rows: readonly ReportRow[]): ReportRow[] {
  return [...new Set([rows[0]!, rows.at(-1)!])];
}

function megabytes({ cost }: ReportRow): number {
  return cost.pageBytes / 1e6;
}
