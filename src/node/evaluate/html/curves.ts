// Learning curves: macro nDCG@10 against the share of labels, with the 95 % interval of the difference from the small
// model as a band.

import { points, ratioName, ratiosOf } from '../report-tables.ts';
import type { Report, ReportRow } from '../report.ts';
import { html, NOTHING, type Markup } from './markup.ts';
import { linearScale, spread } from './scale.ts';
import { colour, legend, mark, seriesOf, type Series } from './series.ts';

const WIDTH = 340;
const HEIGHT = 290;
const LEFT = 30;
const RIGHT = WIDTH - 34;
const TOP = 12;
const BOTTOM = HEIGHT - 36;

/** Empty where no method was measured at two ratios. */
export function curves(report: Report): Markup {
  const drawn = seriesOf(report).filter(({ rows }) => rows.length > 1);
  if (drawn.length === 0) return NOTHING;
  const ratios = ratiosOf(report);
  const small = smallMacro(report);
  const x = linearScale([0, ratios.at(-1)!], LEFT, RIGHT);
  const values = drawn.flatMap(({ rows }) => rows.flatMap((row) => [row.macro, ...band(row)]));
  const y = linearScale(small === null ? values : [...values, small], BOTTOM, TOP, 6);

  const line = ({ rows }: Series): string => rows.map((row) => `${x.at(row.ratio)},${y.at(row.macro)}`).join(' ');
  const area = ({ rows }: Series): string =>
    [
      ...rows.map((row) => `${x.at(row.ratio)},${y.at(band(row)[1])}`),
      ...[...rows].reverse().map((row) => `${x.at(row.ratio)},${y.at(band(row)[0])}`),
    ].join(' ');
  const ends = drawn.map(({ rows }) => y.at(rows.at(-1)!.macro));
  const labels = spread(small === null ? ends : [...ends, y.at(small)], 12, TOP, BOTTOM);

  return html`<figure>
<figcaption><h3>More labels</h3><p>nDCG@10 against the share of the queries to train on. Bands: 95 % interval of the difference from the small model${small === null ? '' : ' (dashed)'}.</p></figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Learning curves; the figures are in the first table">
${y.ticks.map((tick) => html`<path class="grid" d="M${LEFT} ${y.at(tick)}H${RIGHT}"/><text class="tick end" x="${LEFT - 5}" y="${y.at(tick) + 4}">${tick}</text>`)}
${ratios.map((ratio) => html`<path class="grid" d="M${x.at(ratio)} ${BOTTOM}v4"/><text class="tick middle" x="${x.at(ratio)}" y="${BOTTOM + 17}">${Number((100 * ratio).toFixed(2))}</text>`)}
<text class="tick end" x="${RIGHT}" y="${HEIGHT - 4}">labelled queries, % of all</text>
${small === null ? NOTHING : html`<path class="reference" d="M${LEFT} ${y.at(small)}H${RIGHT}"/><text class="value" x="${RIGHT + 6}" y="${labels.at(-1)! + 4}">${points(small)}</text>`}
${drawn.map((series) => html`<polygon class="band ${colour(series)}" points="${area(series)}"/>`)}
${drawn.map((series) => html`<polyline class="line ${colour(series)}" points="${line(series)}"/>`)}
${drawn.flatMap((series) => series.rows.map((row) => mark(series, x.at(row.ratio), y.at(row.macro), `${series.name}, ${ratioName(row.ratio)}: ${points(row.macro)}`)))}
${drawn.map((series, i) => html`<text class="value ${colour(series)}" x="${RIGHT + 6}" y="${labels[i]! + 4}">${points(series.rows.at(-1)!.macro)}</text>`)}
</svg>
${legend(drawn)}
</figure>`;
}

/** The macro nDCG@10 of the small model, derived from any comparison with it. */
export function smallMacro({ rows }: Report): number | null {
  const compared = rows.find(({ against }) => against !== null);
  return compared
    ? compared.macro - compared.against!.difference
    : (rows.find(({ method }) => method === 'small')?.macro ?? null);
}

/** Low and high end. */
function band({ macro, against }: ReportRow): [number, number] {
  return against
    ? [macro - against.difference + against.low, macro - against.difference + against.high]
    : [macro, macro];
}
