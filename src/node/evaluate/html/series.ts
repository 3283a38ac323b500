// The lines and marks of the figures: one series for each method and path, with the same colour and shape in all
// figures.

import type { Report, ReportRow } from '../report.ts';
import { rowName } from '../report-tables.ts';
import { html, type Markup } from './markup.ts';

export interface Series {
  readonly name: string;
  /** By ratio, ascending. */
  readonly rows: readonly ReportRow[];
  /** Number of the series, which determines colour and shape. */
  readonly number: number;
}

/** Number of colours in style.ts. */
export const COLOURS = 8;

/**
 * All series but the small model's; the closed form first, then those measured at most ratios, so that these look alike
 * in every report.
 */
export function seriesOf({ rows }: Report): Series[] {
  const drawn = rows.filter(({ method }) => method !== 'small');
  const named = [...new Set(drawn.map(rowName))].map((name) => ({
    name,
    rows: drawn.filter((row) => rowName(row) === name).sort((a, b) => a.ratio - b.ratio),
  }));
  const rank = (each: (typeof named)[number]): number => (isDefault(each) ? Infinity : each.rows.length);
  return named
    .sort((a, b) => (rank(a) === rank(b) ? 0 : rank(b) - rank(a)))
    .map((each, number) => ({ ...each, number }));
}

/** Series of the closed form or, where it was not measured, the best four. */
export function mainSeries(series: readonly Series[]): Series[] {
  const own = series.filter(isDefault);
  if (own.length > 0) return own;
  return [...series].sort((a, b) => b.rows.at(-1)!.macro - a.rows.at(-1)!.macro).slice(0, 4);
}

function isDefault({ rows }: Pick<Series, 'rows'>): boolean {
  return rows[0]!.method === 'closed-form';
}

/** Class of a series' colour. */
export function colour({ number }: Series): string {
  return `c${number % COLOURS}`;
}

/** A mark about 7 units wide; its shape distinguishes series of similar colour. @param hollow only its outline */
export function mark(series: Series, x: number, y: number, title: string, hollow = false): Markup {
  return html`<g class="mark ${colour(series)}${hollow ? ' hollow' : ''}" transform="translate(${x} ${y})"><title>${title}</title>${SHAPES[(series.number + Math.floor(series.number / COLOURS)) % SHAPES.length]!}</g>`;
}

const SHAPES: readonly Markup[] = [
  html`<circle r="3.6"/>`,
  html`<rect x="-3.2" y="-3.2" width="6.4" height="6.4"/>`,
  html`<path d="M0-4.4 4.2 3.2H-4.2Z"/>`,
  html`<path d="M0-4.6 4.6 0 0 4.6-4.6 0Z"/>`,
];

export function legend(series: readonly Series[]): Markup {
  return html`<ul class="legend">${series.map((each) => html`<li><svg viewBox="-6 -6 12 12" width="12" height="12" aria-hidden="true">${mark(each, 0, 0, each.name)}</svg>${each.name}</li>`)}</ul>`;
}
