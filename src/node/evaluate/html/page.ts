// The report as one HTML page: figures first, then every table. It loads nothing and runs no script, and its policy
// forbids both.

import { createHash } from 'node:crypto';
import { points, ratioName, reportTables, rowName, signed, type ReportTable } from '../report-tables.ts';
import type { Report } from '../report.ts';
import { curves, smallMacro } from './curves.ts';
import { gains } from './gains.ts';
import { html, Markup } from './markup.ts';
import { pageBytes } from './page-bytes.ts';
import { STYLE } from './style.ts';

/** Longer tables scroll within themselves, under their header. */
const LONG_TABLE_ROWS = 30;

export function reportPage(report: Report): string {
  const [first, ...others] = reportTables(report);
  const policy = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Retrieval adapters, measured</title>
<style>${new Markup(STYLE)}</style>
<body>
<main>
<h1>Retrieval adapters, measured</h1>
<p>${summary(report)}</p>
${table(first!)}
<section class="figures" aria-label="Figures">
${curves(report)}
${pageBytes(report)}
${gains(report)}
</section>
${others.map(table)}
</main>
<footer>
<h2>How to run it again</h2>
<pre tabindex="0"><code>${report.command}</code></pre>
<p>Documents: <code>${report.documents}</code>. Queries: ${report.queries === null ? 'none' : html`<code>${report.queries}</code>`}. Seed ${report.seed}. ${report.date}.</p>
</footer>
</body>
</html>
`.text;
}

function summary(report: Report): string {
  const tasks = Object.values(report.tasks);
  const small = smallMacro(report);
  const best = report.rows.reduce((most, row) => (row.macro > most.macro ? row : most));
  const count = tasks.reduce((sum, { evaluation }) => sum + evaluation, 0);
  return [
    `${tasks.length} tasks with ${count} evaluation queries.`,
    ...(small === null ? [] : [`The small model alone: ${points(small)} points of nDCG@10.`]),
    ...(best.against
      ? [
          `The best: ${rowName(best)}, ${ratioName(best.ratio)}${best.ratio === 0 ? '' : ' of labels'}, ${points(best.macro)} (${signed(best.against.low)} to ${signed(best.against.high)}).`,
        ]
      : []),
  ].join(' ');
}

function table({ title, note, header, rows }: ReportTable): Markup {
  const id = title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  return html`<section>
<h2 id="${id}">${title}</h2>
<p class="note">${note}</p>
<div class="table${rows.length > LONG_TABLE_ROWS ? ' long' : ''}" role="region" aria-labelledby="${id}" tabindex="0">
<table>
<thead><tr>${header.map((cell) => html`<th scope="col">${cell.replaceAll(' %', '\u00a0%')}</th>`)}</tr></thead>
<tbody>
${rows.map(
  ([name, ...cells]) => html`<tr><th scope="row">${name!}</th>${cells.map((text) => html`<td>${cell(text)}</td>`)}</tr>
`,
)}</tbody>
</table>
</div>
</section>
`;
}

/** Text in brackets goes below, smaller, so that columns stay narrow. */
function cell(text: string): Markup {
  const [, value, rest] = /^(.+?) \((.*)$/s.exec(text) ?? [];
  return value === undefined || rest === undefined
    ? html`${text}`
    : html`${value}<small>${rest.replace(')', '')}</small>`;
}
