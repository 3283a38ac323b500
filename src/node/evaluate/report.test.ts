import { expect, test } from 'vitest';
import { reportMarkdown } from './markdown.ts';
import type { Measured } from './result.ts';
import { makeReport, reportRows, type ReportRow } from './report.ts';
import { measuredForTest, reportForTest, SMALL as SMALL_RUN } from './report-for-test.ts';

const SMALL: Measured['system'] = { method: 'small', path: 'local', ratio: 0 };
const CLOSED_FORM: Measured['system'] = { method: 'closed-form', path: 'both', ratio: 0.1 };

/**
 * Two tasks, A with two evaluation queries, B with one. @param seen queries with a relevant passage that is a positive
 * in the labels
 */
function measured(
  system: Measured['system'],
  ndcgs: readonly (readonly number[])[],
  labels: number,
  seen: readonly string[],
): Measured {
  const tasks = [['a1', 'a2'], ['b1']].map((qids, t) => ({
    task: 'AB'[t]!,
    domain: ['Code', 'Web'][t]!,
    passages: 3,
    queries: 3,
    labelled: t === 0 ? labels : 0,
    scores: qids.map((qid, i) => ({
      qid,
      ndcg10: ndcgs[t]![i]!,
      recall100: 0.5,
      reciprocalRank: 0.25,
      seen: seen.includes(qid),
    })),
  }));
  return { system, tasks, cost: { labels, seconds: 1.5, peakBytes: 1e8, pageBytes: 1e6 } };
}

const small = measured(SMALL, [[0.2, 0.4], [0.9]], 0, []);
const closedForm = measured(CLOSED_FORM, [[0.8, 0.5], [0.8]], 1, ['a1']);
const rows = reportRows([small, closedForm], small, 42);

test('averages over tasks as ERA does, over queries as MAIR does, and over the tasks of a domain, in points of 100', () => {
  expect(rows[0]).toMatchObject({
    method: 'small',
    path: 'local',
    ratio: 0,
    against: null,
    againstEra: null,
    worst: null,
    recall100: 50,
    mrr: 25,
  });
  expect(rows[0]!.macro).toBeCloseTo(60, 10); // (30 + 90) / 2
  expect(rows[0]!.weighted).toBeCloseTo(50, 10); // (20 + 40 + 90) / 3
  expect(rows[1]).toMatchObject({
    method: 'closed-form',
    path: 'both',
    ratio: 0.1,
    cost: { labels: 1, seconds: 1.5, peakBytes: 1e8, pageBytes: 1e6 },
  });
  expect(rows[1]!.perTask['A']).toBeCloseTo(65, 10);
  expect(rows[1]!.perDomain).toEqual({ Code: rows[1]!.perTask['A'], Web: rows[1]!.perTask['B'] });
});

test('compares with the small model, query by query, and names the task that loses most', () => {
  // Differences 0.6 and 0.1 in A, −0.1 in B: mean (0.35 − 0.1) / 2; A's mean is drawn from 0.1, 0.35, 0.6.
  const { difference, low, high, pHolm, p } = rows[1]!.against!;
  expect(difference).toBeCloseTo(12.5, 10);
  expect(low).toBeCloseTo(0, 10);
  expect(high).toBeCloseTo(25, 10);
  expect(pHolm).toBe(p);
  expect(rows[1]!.worst!.task).toBe('B');
  expect(rows[1]!.worst!.difference).toBeCloseTo(-10, 10);
});

test('separates queries with relevant passages that no label has', () => {
  expect(rows[1]!.unseen.perTask['A']).toEqual({ ndcg: 50, small: 40, queries: 1 });
  expect(rows[1]!.seen.perTask['A']).toEqual({ ndcg: 80, small: 20, queries: 1 });
  expect(rows[0]!.unseen.perTask['A']).toMatchObject({ queries: 2 });
  const allSeen = reportRows([measured(CLOSED_FORM, [[1, 1], [1]], 2, ['a1', 'a2'])], small, 42);
  expect(allSeen[0]!.unseen.perTask['A']).toEqual({ ndcg: null, small: null, queries: 0 });
  expect(rows[1]!.unseen).toMatchObject({ tasks: 0, difference: null, worst: null });
});

const find = (all: readonly ReportRow[], method: string, path: string, ratio: number): ReportRow =>
  all.find((row) => row.method === method && row.path === path && row.ratio === ratio)!;

test('sums up seen and unseen queries over tasks with enough of them', () => {
  const row = find(reportForTest().rows, 'closed-form', 'both', 0.4);
  expect(Object.values(row.unseen.perTask).map(({ queries }) => queries)).toEqual([60, 4, 30]);
  expect(row.unseen.tasks).toBe(1);
  const large = row.unseen.perTask['Large']!;
  expect(row.unseen.difference).toBeCloseTo(large.ndcg! - large.small!, 10);
  expect(row.unseen.worst!.task).toBe('Large');
});

test('compares with ERA at the same ratio, aligned only without labels', () => {
  const { rows: all } = reportForTest();
  expect(find(all, 'era', 'remote', 0.4).againstEra).toBeNull();
  expect(find(all, 'era-align', 'remote', 0).againstEra).toBeNull();
  for (const [row, era] of [
    [find(all, 'closed-form', 'both', 0.4), find(all, 'era', 'remote', 0.4)],
    [find(all, 'closed-form', 'local', 0), find(all, 'era-align', 'remote', 0)],
  ] as const) {
    expect(row.againstEra!.difference).toBeCloseTo(row.macro - era.macro, 8);
    expect(row.againstEra!.pHolm).toBeGreaterThanOrEqual(row.againstEra!.p);
    expect(row.againstEra!.pHolm).toBeLessThan(0.05);
  }
  const alone = reportRows(
    [SMALL_RUN, measuredForTest({ method: 'closed-form', path: 'both', ratio: 0.1 }, 0.1)],
    SMALL_RUN,
    1,
  );
  expect(alone.map(({ againstEra }) => againstEra)).toEqual([null, null]);
});

test('refuses to compare what was measured on different queries', () => {
  const [a, b] = closedForm.tasks;
  const other = { ...closedForm, tasks: [{ ...a!, scores: a!.scores.toReversed() }, b!] };
  expect(() => reportRows([other], small, 42)).toThrow(expect.objectContaining({ code: 'internal' }) as Error);
});

test('writes Markdown tables with a cell for every method and ratio', () => {
  const markdown = reportMarkdown(
    makeReport(
      { command: 'npm run evaluate', date: '2026-01-01', seed: 42, documents: 'd', queries: 'q' },
      [small, closedForm],
      small,
    ),
  );
  expect(markdown).toContain('| method | no labels | 10 % |');
  expect(markdown).toContain('| small model | 60.0 |  |');
  expect(markdown).toContain('| closed form, both vectors |  | 72.5 (0.0 to +25.0) |');
  expect(markdown).toContain('| A | 2 | 30.0 | 65.0 |');
  expect(markdown).toContain('| closed form, both vectors, 10 % | 65.0 | 80.0 |');
});
