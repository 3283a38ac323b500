// The tables of a report as text in cells, shared by Markdown and HTML.

import { methodInfo } from './systems.ts';
import {
  MIN_PART_QUERIES,
  type Comparison,
  type PartSummary,
  type Report,
  type ReportRow,
  type TaskDifference,
} from './report.ts';

export interface ReportTable {
  readonly title: string;
  readonly note: string;
  /** The first column names the row. */
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

export function reportTables(report: Report): ReportTable[] {
  const ratios = ratiosOf(report);
  const names = [...new Set(report.rows.map(rowName))];
  const byRatio = (title: string, note: string, cell: (row: ReportRow) => string): ReportTable => ({
    title,
    note,
    header: ['method', ...ratios.map(ratioName)],
    rows: names.map((name) => [
      name,
      ...ratios.map((ratio) =>
        textOf(
          report.rows.find((row) => rowName(row) === name && row.ratio === ratio),
          cell,
        ),
      ),
    ]),
  });
  const taskNames = Object.keys(report.tasks);
  const most = `with ${ratioName(ratios.at(-1) ?? 0)} of labels where a method takes labels`;
  return [
    byRatio(
      'nDCG@10',
      `Points, mean over ${taskNames.length} tasks, evaluation half only, with the 95 % interval of the difference from the small model without instruction (paired bootstrap).`,
      ({ macro, against }) =>
        against ? `${points(macro)} (${signed(against.low)} to ${signed(against.high)})` : points(macro),
    ),
    byRatio(
      'On passages without labels',
      `Difference from the small model on queries none of whose relevant passages was in the labels used: mean over the tasks with at least ${MIN_PART_QUERIES} such queries, and the worst of these.`,
      partCell('unseen'),
    ),
    byRatio(
      'On passages with labels',
      'The same on the other queries; here an adapter can also gain by remembering passages.',
      partCell('seen'),
    ),
    { title: 'Domains', note: `nDCG@10, mean over the tasks of a domain, ${most}.`, ...perDomain(report, names) },
    { title: 'Tasks', note: `nDCG@10 of every task, ${most}.`, ...perTask(report, names) },
    {
      title: 'Differences',
      note: 'From the small model without instruction and from ERA with the same labels, with p after Holm’s correction over all rows, and the task that loses most.',
      header: [
        'method',
        'labels',
        'nDCG@10',
        'by query',
        'recall@100',
        'MRR',
        'from small',
        'p',
        'from ERA',
        'p',
        'worst task',
      ],
      rows: report.rows.map((row) => [
        ...[
          rowName(row),
          ratioName(row.ratio),
          points(row.macro),
          points(row.weighted),
          points(row.recall100),
          points(row.mrr),
        ],
        ...[
          difference(row.against),
          pValue(row.against),
          difference(row.againstEra),
          pValue(row.againstEra),
          worst(row.worst),
        ],
      ]),
    },
    {
      title: 'Cost',
      note: 'Queries whose labels were used, validation included; time to learn and to rank, embedding not included; highest memory of the process; what a page loads besides the index.',
      header: ['method', 'labels', 'labelled queries', 'seconds', 'memory, MB', 'page loads, MB'],
      rows: report.rows.map(({ cost, ...row }) => [
        ...[rowName(row), ratioName(row.ratio), String(cost.labels), cost.seconds.toFixed(1)],
        ...[(cost.peakBytes / 1e6).toFixed(0), (cost.pageBytes / 1e6).toFixed(1)],
      ]),
    },
  ];
}

export function ratiosOf({ rows }: Report): number[] {
  return [...new Set(rows.map(({ ratio }) => ratio))].sort((a, b) => a - b);
}

const PATH_NAMES = {
  remote: 'remote vector',
  local: 'local vector',
  both: 'both vectors',
  static: 'static vector',
} as const;

export function rowName({ method, path }: Pick<ReportRow, 'method' | 'path'>): string {
  const { title, paths } = methodInfo(method);
  return paths === 'any' ? `${title}, ${PATH_NAMES[path]}` : title;
}

export function ratioName(ratio: number): string {
  return ratio === 0 ? 'no labels' : `${Number((100 * ratio).toFixed(2))} %`;
}

export function points(value: number): string {
  return value.toFixed(1);
}

export function signed(value: number): string {
  const rounded = Math.abs(value).toFixed(1);
  return rounded === '0.0' ? '0.0' : `${value < 0 ? '−' : '+'}${rounded}`;
}

/** For each name the row with the most labels. */
export function fullestRows(report: Report, names: readonly string[]): ReportRow[] {
  return names.map((name) =>
    report.rows.filter((row) => rowName(row) === name).reduce((most, row) => (row.ratio > most.ratio ? row : most)),
  );
}

function perDomain(report: Report, names: readonly string[]): Pick<ReportTable, 'header' | 'rows'> {
  const tasks = Object.values(report.tasks);
  const domains = [...new Set(tasks.map(({ domain }) => domain))].sort();
  return {
    header: [
      'method',
      ...domains.map((domain) => `${domain} (${tasks.filter((task) => task.domain === domain).length})`),
    ],
    rows: fullestRows(report, names).map((row) => [
      labelledName(row),
      ...domains.map((domain) => points(row.perDomain[domain]!)),
    ]),
  };
}

function perTask(report: Report, names: readonly string[]): Pick<ReportTable, 'header' | 'rows'> {
  const rows = fullestRows(report, names);
  return {
    header: ['task', 'queries', ...rows.map(labelledName)],
    rows: Object.entries(report.tasks).map(([task, { evaluation }]) => [
      task,
      String(evaluation),
      ...rows.map((row) => points(row.perTask[task]!)),
    ]),
  };
}

function labelledName(row: ReportRow): string {
  return row.ratio === 0 ? rowName(row) : `${rowName(row)}, ${ratioName(row.ratio)}`;
}

function textOf(row: ReportRow | undefined, cell: (row: ReportRow) => string): string {
  return row ? cell(row) : '';
}

function partCell(which: 'seen' | 'unseen'): (row: ReportRow) => string {
  return (row) => {
    const { difference: value, tasks, worst: least }: PartSummary = row[which];
    if (!row.against) return '';
    return value === null || least === null
      ? '–'
      : `${signed(value)} (${tasks} tasks; ${least.task} ${signed(least.difference)})`;
  };
}

function worst(least: TaskDifference | null): string {
  return least ? `${least.task} (${signed(least.difference)})` : '';
}

function difference(comparison: Comparison | null): string {
  return comparison ? `${signed(comparison.difference)} (${signed(comparison.low)} to ${signed(comparison.high)})` : '';
}

function pValue(comparison: Comparison | null): string {
  if (!comparison) return '';
  return comparison.pHolm < 0.001 ? '< 0.001' : comparison.pHolm.toFixed(3);
}
