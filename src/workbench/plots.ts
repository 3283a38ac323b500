// The charts, drawn with Observable Plot. Loaded with the first chart (charts.ts).

import * as plot from '@observablehq/plot';
import type { Evaluation, PathScores } from '../index.ts';
import type { DrawnCurve, LossPoint } from './state.ts';

const NARROW = 420;

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

export const losses = (points: readonly LossPoint[], size: ChartSize): Element =>
  plot.plot({
    ...size,
    marginLeft: 50,
    marginBottom: 36,
    x: { label: 'epoch', ...(size.width < NARROW ? { ticks: 4 } : {}) },
    y: { label: 'loss', grid: true, nice: true },
    color: { domain: ['training', 'validation'], range: ['var(--accent)', 'var(--second)'], legend: true },
    marks: [plot.lineY(points, { x: 'epoch', y: 'loss', stroke: 'set', strokeWidth: 2 })],
  });

export function curve({ points, labels }: DrawnCurve, size: ChartSize): Element {
  const drawn = points.map((point) => ({
    labels: point.labels,
    value: 100 * point.mean,
    low: 100 * point.low,
    high: 100 * point.high,
  }));
  // With little room only the first and every other point get their numbers.
  const numbered = drawn.filter((_, i) => size.width >= NARROW || i === 0 || (drawn.length - i) % 2 === 1);
  return plot.plot({
    ...size,
    marginLeft: 46,
    marginBottom: 36,
    x: {
      type: 'sqrt',
      label: 'labelled queries',
      domain: [0, labels],
      ticks: points.map((point) => point.labels),
      tickFormat: 'd',
    },
    y: { label: 'nDCG@10', grid: true, nice: true, ticks: 5, ...(drawn.length === 0 ? { domain: [0, 100] } : {}) },
    marks: [
      plot.areaY(drawn, {
        x: 'labels',
        y1: 'low',
        y2: 'high',
        fill: 'var(--accent)',
        fillOpacity: 0.18,
        className: 'band',
      }),
      plot.ruleX(drawn, { x: 'labels', y1: 'low', y2: 'high', stroke: 'var(--accent)', strokeOpacity: 0.5 }),
      plot.lineY(drawn, { x: 'labels', y: 'value', stroke: 'var(--accent)', strokeWidth: 2 }),
      plot.dot(drawn, { x: 'labels', y: 'value', fill: 'var(--accent)', r: 4, className: 'points' }),
      plot.text(numbered, {
        x: 'labels',
        y: 'value',
        dy: -12,
        fill: 'currentColor',
        stroke: 'var(--panel)',
        text: ({ value }: { value: number }) => value.toFixed(1),
      }),
    ],
  });
}

export function scores(evaluation: Evaluation, size: ChartSize): Element {
  const rows = evaluation.rows.filter(({ mode }) => mode === 'dense');
  const baseline = rows[0]!;
  const bars = rows.slice(1).map((row) => ({
    group: groupOf(row),
    stage: row.stage,
    value: 100 * row.ndcg10,
    low: 100 * (baseline.ndcg10 + row.gain!.low),
    high: 100 * (baseline.ndcg10 + row.gain!.high),
  }));
  const groups = GROUPS.filter((group) => bars.some((bar) => bar.group === group));
  const stages = (['aligned', 'adapted'] as const).filter((stage) => bars.some((bar) => bar.stage === stage));
  return plot.plot({
    ...size,
    width: Math.min(size.width, 60 + groups.length * stages.length * 75),
    marginLeft: 46,
    marginRight: 4,
    marginBottom: 34,
    fx: { label: null, padding: 0.12, domain: groups },
    x: { axis: null, padding: 0.1, domain: stages },
    y: { label: 'nDCG@10', grid: true, zero: true, nice: true },
    color: { domain: ['aligned', 'adapted'], range: ['var(--second)', 'var(--accent)'], legend: true },
    marks: [
      plot.barY(bars, { fx: 'group', x: 'stage', y: 'value', fill: 'stage' }),
      plot.ruleX(bars, { fx: 'group', x: 'stage', y1: 'low', y2: 'high', stroke: 'currentColor' }),
      plot.text(bars, {
        fx: 'group',
        x: 'stage',
        y: 0,
        dy: -9,
        fill: 'var(--on-accent)',
        fontWeight: 600,
        fontSize: size.width < NARROW ? 9 : 12,
        text: ({ value }: { value: number }) => value.toFixed(1),
      }),
      plot.ruleY([100 * baseline.ndcg10], { stroke: 'currentColor', strokeDasharray: '4 3' }),
    ],
  });
}

/** Gains on seen and on unseen answers, of every adapter that learned from labels. */
export function parts({ rows }: Evaluation, size: ChartSize): Element {
  const shown = rows.flatMap((row) => {
    const { seen, unseen } = row;
    if (!seen || !unseen || row.stage !== 'adapted' || row.mode !== 'dense') return [];
    return [
      { name: groupOf(row), seen: 100 * (seen.ndcg10 - seen.small), unseen: 100 * (unseen.ndcg10 - unseen.small) },
    ];
  });
  const dots = shown.flatMap(({ name, seen, unseen }) => [
    { name, part: 'seen', value: seen },
    { name, part: 'unseen', value: unseen },
  ]);
  return plot.plot({
    ...size,
    marginLeft: 64,
    marginTop: 26,
    marginBottom: 36,
    x: { label: 'points of nDCG@10', grid: true, nice: true },
    y: { label: null, domain: shown.map(({ name }) => name) },
    color: { domain: ['seen', 'unseen'], range: ['var(--second)', 'var(--accent)'], legend: true },
    marks: [
      plot.ruleX([0], { stroke: 'currentColor' }),
      plot.ruleY(shown, { y: 'name', x1: 'seen', x2: 'unseen', stroke: 'var(--line)', strokeWidth: 3 }),
      plot.dot(dots, { y: 'name', x: 'value', fill: 'part', r: 6 }),
      plot.text(dots, {
        y: 'name',
        x: 'value',
        dy: -13,
        fill: 'currentColor',
        text: ({ value }: { value: number }) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)}`,
      }),
    ],
  });
}

const ERA = 'ERA';
const SHORT = { both: 'Both', remote: 'Remote', local: 'Small', static: 'Static' } as const;
const GROUPS: readonly string[] = [...Object.values(SHORT), ERA];

function groupOf({ path, trainer }: PathScores): string {
  return trainer === 'era' ? ERA : SHORT[path!];
}
