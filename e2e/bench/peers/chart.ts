// Draws the medians of the benchmark as an SVG: milliseconds by rows, both axes logarithmic, a line for each engine that
// answered at two sizes or more, named at its end. It reads on light and on dark pages.

import type { Result } from './tables.ts';

interface Line {
  readonly name: string;
  readonly isOurs: boolean;
  readonly points: readonly { readonly rows: number; readonly ms: number }[];
}

const WIDTH = 920;
const HEIGHT = 460;
const PLOT = { left: 80, right: 540, top: 24, bottom: 412 };
/** Names at line ends stand at least so far apart. */
const NAME_HEIGHT = 17;

/** @param tables one for each number of rows, ascending @param oursKey begins the keys of this project's engines */
export function chart(
  tables: readonly { readonly rows: number; readonly results: readonly Result[] }[],
  oursKey: string,
): string {
  const lines = linesOf(tables, oursKey);
  const sizes = tables.map(({ rows }) => rows);
  const times = lines.flatMap(({ points }) => points.map(({ ms }) => ms));
  const x = scale([Math.min(...sizes), Math.max(...sizes)], [PLOT.left, PLOT.right]);
  const [least, most] = [
    10 ** Math.floor(Math.log10(Math.min(...times))),
    10 ** Math.ceil(Math.log10(Math.max(...times))),
  ];
  const y = scale([least, most], [PLOT.bottom, PLOT.top]);
  const ends = apart(lines.map(({ points }) => y(points.at(-1)!.ms)));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" font-family="system-ui, sans-serif" font-size="13">
<title>Median time of a query by number of vectors</title>
<style>
  text { fill: #1f2328; } .grid { stroke: #d0d7de; } .bg { fill: #ffffff; } .line { fill: none; stroke: #6e7781; stroke-width: 1.5; } .lead { stroke: #afb8c1; stroke-dasharray: 2 3; fill: none; }
  .dot { fill: #6e7781; } .ours.line { stroke: #0969da; stroke-width: 3; } .ours.dot { fill: #0969da; } text.ours { fill: #0969da; font-weight: 600; }
  @media (prefers-color-scheme: dark) { text { fill: #e6edf3; } .bg { fill: #0d1117; } .grid { stroke: #30363d; } .line { stroke: #8b949e; } .dot { fill: #8b949e; } .lead { stroke: #484f58; } .ours.line { stroke: #58a6ff; } .ours.dot { fill: #58a6ff; } text.ours { fill: #58a6ff; } }
</style>
<rect class="bg" width="${WIDTH}" height="${HEIGHT}"/>
${decades(least, most)
  .map(
    (ms) =>
      `<line class="grid" x1="${PLOT.left}" x2="${PLOT.right}" y1="${at(y(ms))}" y2="${at(y(ms))}"/><text x="${PLOT.left - 8}" y="${at(y(ms) + 4)}" text-anchor="end">${ms} ms</text>`,
  )
  .join('\n')}
${sizes.map((rows) => `<text x="${at(x(rows))}" y="${PLOT.bottom + 24}" text-anchor="middle">${rows.toLocaleString('en')}</text>`).join('\n')}
<text x="${(PLOT.left + PLOT.right) / 2}" y="${PLOT.bottom + 44}" text-anchor="middle">vectors of 384 numbers</text>
${lines
  .map(({ name, isOurs, points }, i) => {
    const ours = isOurs ? ' ours' : '';
    const path = points.map(({ rows, ms }, n) => `${n === 0 ? 'M' : 'L'}${at(x(rows))} ${at(y(ms))}`).join(' ');
    const end = points.at(-1)!;
    const dots = points.map(
      ({ rows, ms }) => `<circle class="dot${ours}" cx="${at(x(rows))}" cy="${at(y(ms))}" r="3"/>`,
    );
    const lead = `<path class="lead" d="M${at(x(end.rows) + 4)} ${at(y(end.ms))} L${PLOT.right + 12} ${at(ends[i]!)}"/>`;
    const label = `<text class="${ours.trim()}" x="${PLOT.right + 16}" y="${at(ends[i]! + 4)}">${escaped(name)}</text>`;
    return `${lead}<path class="line${ours}" d="${path}"/>${dots.join('')}${label}`;
  })
  .join('\n')}
</svg>
`;
}

function linesOf(tables: Parameters<typeof chart>[0], oursKey: string): Line[] {
  const keys = new Map(tables.flatMap(({ results }) => results.map(({ key, name }) => [key, name] as const)));
  return Array.from(keys, ([key, name]) => ({
    name,
    isOurs: key.startsWith(oursKey),
    points: tables.flatMap(({ rows, results }) => {
      const ms = results.find((result) => result.key === key)?.p50Ms;
      return ms === undefined ? [] : [{ rows, ms }];
    }),
  })).filter(({ points }) => points.length > 1);
}

function scale([least, most]: [number, number], [from, to]: [number, number]): (value: number) => number {
  return (value) => from + ((to - from) * Math.log(value / least)) / Math.log(most / least);
}

function decades(least: number, most: number): number[] {
  const count = Math.round(Math.log10(most / least));
  return Array.from({ length: count + 1 }, (_, i) => Number((least * 10 ** i).toPrecision(1)));
}

/** Heights as near to these as names of one line each allow, in their order. */
function apart(heights: readonly number[]): number[] {
  const order = [...heights.keys()].sort((a, b) => heights[a]! - heights[b]!);
  const placed = heights.slice();
  for (const [n, i] of order.entries())
    if (n > 0) placed[i] = Math.max(placed[i]!, placed[order[n - 1]!]! + NAME_HEIGHT);
  return placed;
}

function at(value: number): string {
  return value.toFixed(1);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}
