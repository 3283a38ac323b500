// The two charts, drawn with Observable Plot, which is loaded with the first of them.

import type { Evaluation } from '../index.ts';
import type { LossPoint } from './state.ts';
import { PATHS } from './view/search.ts';

type Plot = typeof import('@observablehq/plot');

/** Keeps one element for the chart and redraws in it when the data is another object. */
function chart<T>(draw: (plot: Plot, data: T) => Element): (data: T) => HTMLElement {
  const host = document.createElement('div');
  host.className = 'chart';
  let last: T | undefined;
  return (data) => {
    if (data !== last) {
      last = data;
      void import('@observablehq/plot').then((plot) => {
        if (data !== last) return;
        const drawn = draw(plot, data);
        // Plot brings a <style> element, which a strict CSP refuses; style.css has these rules.
        for (const style of drawn.querySelectorAll('style')) style.remove();
        host.replaceChildren(drawn);
      });
    }
    return host;
  };
}

export const lossChart: (points: readonly LossPoint[]) => HTMLElement = chart((plot, points) =>
  plot.plot({
    height: 220,
    marginLeft: 50,
    x: { label: 'epoch' },
    y: { label: 'loss', grid: true, nice: true },
    color: { domain: ['training', 'validation'], range: ['var(--accent)', 'var(--second)'], legend: true },
    marks: [plot.lineY(points, { x: 'epoch', y: 'loss', stroke: 'set', strokeWidth: 2 })],
  }),
);

export const scoreChart: (evaluation: Evaluation) => HTMLElement = chart((plot, { rows }) => {
  const baseline = rows[0]!;
  const bars = rows.slice(1).map((row) => ({
    path: PATHS[row.path],
    stage: row.stage,
    value: 100 * row.ndcg10,
    low: 100 * (baseline.ndcg10 + row.gain!.low),
    high: 100 * (baseline.ndcg10 + row.gain!.high),
  }));
  return plot.plot({
    height: 260,
    marginLeft: 46,
    marginBottom: 34,
    fx: { label: null, padding: 0.15, domain: Object.values(PATHS).filter((path) => bars.some((bar) => bar.path === path)) },
    x: { axis: null, padding: 0.1, domain: ['aligned', 'adapted'] },
    y: { label: 'nDCG@10', grid: true, zero: true, nice: true },
    color: { domain: ['aligned', 'adapted'], range: ['var(--second)', 'var(--accent)'], legend: true },
    marks: [
      plot.barY(bars, { fx: 'path', x: 'stage', y: 'value', fill: 'stage' }),
      plot.ruleX(bars, { fx: 'path', x: 'stage', y1: 'low', y2: 'high', stroke: 'currentColor' }),
      plot.text(bars, { fx: 'path', x: 'stage', y: 0, dy: -9, fill: 'var(--on-accent)', fontWeight: 600, text: ({ value }: { value: number }) => value.toFixed(1) }),
      plot.ruleY([100 * baseline.ndcg10], { stroke: 'currentColor', strokeDasharray: '4 3' }),
    ],
  });
});
