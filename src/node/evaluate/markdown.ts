// The report as Markdown: its tables, and how to run it again.

import type { Report } from './report.ts';
import { reportTables, type ReportTable } from './report-tables.ts';

export function reportMarkdown(report: Report): string {
  return [
    ...reportTables(report).flatMap(({ title, note, ...cells }) => [`### ${title}`, note, table(cells)]),
    `Documents: \`${report.documents}\`. Queries: ${report.queries === null ? 'none' : `\`${report.queries}\``}. Seed ${report.seed}. ${report.date}.`,
    `\`\`\`sh\n${report.command}\n\`\`\``,
  ].join('\n\n');
}

function table({ header, rows }: Pick<ReportTable, 'header' | 'rows'>): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), `|${header.map((_, i) => (i === 0 ? '---' : '--:')).join('|')}|`, ...rows.map(line)].join('\n');
}
