// A small report with every feature: two domains, three paths, two ratios, ERA, small and large tasks. Tests only.

import { Random } from '../../math/random.ts';
import type { Measured } from './result.ts';
import { makeReport, type Report } from './report.ts';

/** Task → [domain, evaluation queries]. */
const TASKS = { Large: ['Code', 120], Small: ['Code', 8], '<b>"Odd", name</b>': ['Law & order', 60] } as const;

/** @param gain of every query over the small model @param seenShare of the queries, from the first on */
export function measuredForTest(system: Measured['system'], gain: number, seenShare = 0): Measured {
  const tasks = Object.entries(TASKS).map(([task, [domain, count]]) => {
    const random = new Random(count);
    return {
      task,
      domain,
      passages: 1000,
      queries: 2 * count,
      labelled: Math.round(2 * count * system.ratio),
      scores: Array.from({ length: count }, (_, q) => ({
        qid: `q${q}`,
        ndcg10: Math.min(1, 0.2 + 0.6 * random.float() + gain),
        recall100: 0.9,
        reciprocalRank: 0.5,
        seen: q < seenShare * count,
      })),
    };
  });
  return {
    system,
    tasks,
    cost: {
      labels: tasks.reduce((sum, { labelled }) => sum + labelled, 0),
      seconds: 1.5,
      peakBytes: 4e8,
      pageBytes: system.path === 'remote' ? 2e6 : 25e6,
    },
  };
}

export const SMALL: Measured = measuredForTest({ method: 'small', path: 'local', ratio: 0 }, 0);

export function reportForTest(): Report {
  const measured = [
    SMALL,
    measuredForTest({ method: 'era-align', path: 'remote', ratio: 0 }, -0.1),
    measuredForTest({ method: 'era', path: 'remote', ratio: 0 }, -0.1),
    measuredForTest({ method: 'era', path: 'remote', ratio: 0.4 }, -0.05, 0.5),
    ...(['remote', 'local', 'both'] as const).flatMap((path, i) => [
      measuredForTest({ method: 'closed-form', path, ratio: 0 }, 0.01 * i),
      measuredForTest({ method: 'closed-form', path, ratio: 0.4 }, 0.05 + 0.01 * i, 0.5),
    ]),
  ];
  return makeReport(
    {
      command: "npm run evaluate -- --tasks 'a </code><script>b'",
      date: '2026-01-01',
      seed: 42,
      documents: 'small-space',
      queries: 'large-space',
    },
    measured,
    SMALL,
  );
}
