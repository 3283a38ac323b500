import { expect, test } from 'vitest';
import { reportCsv } from './csv.ts';
import { reportForTest } from './report-for-test.ts';

/** A parser for RFC 4180 that is independent of the writer. */
function parse(csv: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, separator, quoted, plain] of csv.matchAll(/(^|,|\r\n)(?:"((?:[^"]|"")*)"|([^",\r\n]*))/g)) {
    if (separator === '\r\n') rows.push([]);
    rows.at(-1)!.push(quoted === undefined ? plain! : quoted.replaceAll('""', '"'));
  }
  return rows;
}

test('a line for every method, path, ratio and task, that other programs read back', () => {
  const report = reportForTest();
  const csv = reportCsv(report);
  expect(csv.endsWith('\r\n')).toBe(true);
  const [header, ...lines] = parse(csv.slice(0, -2));
  expect(lines).toHaveLength(report.rows.length * 3);
  for (const line of lines) expect(line).toHaveLength(header!.length);

  const column = (line: readonly string[], name: string): string => line[header!.indexOf(name)]!;
  const row = report.rows.find(
    ({ method, path, ratio }) => method === 'closed-form' && path === 'both' && ratio === 0.4,
  )!;
  const mine = lines.filter(
    (line) =>
      column(line, 'method') === 'closed-form' && column(line, 'path') === 'both' && column(line, 'ratio') === '0.4',
  );
  expect(mine.map((line) => column(line, 'task'))).toEqual(['Large', 'Small', '<b>"Odd", name</b>']);
  for (const line of mine) {
    const task = column(line, 'task');
    expect(Number(column(line, 'ndcg10'))).toBe(row.perTask[task]);
    expect(Number(column(line, 'small_ndcg10'))).toBeCloseTo(report.rows[0]!.perTask[task]!, 9);
    expect(Number(column(line, 'unseen_queries'))).toBe(row.unseen.perTask[task]!.queries);
    expect(column(line, 'domain')).toBe(report.tasks[task]!.domain);
  }
  const withoutLabels = lines.find((line) => column(line, 'method') === 'small')!;
  expect([column(withoutLabels, 'seen_queries'), column(withoutLabels, 'seen_ndcg10')]).toEqual(['0', '']);
});
