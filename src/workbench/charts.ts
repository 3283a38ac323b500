// A container for each chart, at the available width. The code that draws (plots.ts, with Observable Plot) is loaded
// with the first chart.

import type { Evaluation } from '../index.ts';
import { counted, points } from './numbers.ts';
import type { ChartSize } from './plots.ts';
import type { DrawnCurve, LossPoint } from './state.ts';

type Plots = typeof import('./plots.ts');

const MAX_WIDTH = 640;

/**
 * Keeps one element for the chart and redraws it when the data object or the width changes.
 * @param height reserved from the start, so that nothing moves when the chart appears
 * @param words description for people who do not see it
 */
function chart<T>(
  height: number,
  draw: (plots: Plots, data: T, size: ChartSize) => Element,
  words: (data: T) => string,
): (data: T) => HTMLElement {
  const host = document.createElement('div');
  host.className = 'chart';
  host.role = 'img';
  let last: T | undefined;
  let drawnWidth = 0;
  const redraw = (): void => {
    const width = Math.min(MAX_WIDTH, host.clientWidth);
    void import('./plots.ts').then((plots) => {
      if (last === undefined || width === 0) return;
      drawnWidth = width;
      const drawn = draw(plots, last, { width, height });
      // Plot adds a <style> element, which a strict CSP refuses; style.css has these rules.
      for (const style of drawn.querySelectorAll('style')) style.remove();
      // Plot's own labels, on elements without a role
      for (const mark of drawn.querySelectorAll('g[aria-label]')) mark.removeAttribute('aria-label');
      host.replaceChildren(drawn);
    });
  };
  new ResizeObserver(() => {
    if (Math.min(MAX_WIDTH, host.clientWidth) !== drawnWidth) redraw();
  }).observe(host);
  return (data) => {
    if (data !== last) {
      last = data;
      host.ariaLabel = words(data);
      redraw();
    }
    return host;
  };
}

export const lossChart: (losses: readonly LossPoint[]) => HTMLElement = chart(
  220,
  (plots, losses, size) => plots.losses(losses, size),
  (losses) => {
    const [first, last] = [losses[0]!, losses.at(-1)!];
    return `From ${first.loss.toFixed(3)} to ${last.loss.toFixed(3)} in ${last.epoch} epochs.`;
  },
);
export const curveChart: (curve: DrawnCurve) => HTMLElement = chart(
  260,
  (plots, drawn, size) => plots.curve(drawn, size),
  (drawn) =>
    drawn.points
      .map(
        ({ labels, mean, low, high }) =>
          `${counted(labels, 'label')}: ${points(mean)}, from ${points(low)} to ${points(high)}.`,
      )
      .join(' '),
);
export const scoreChart: (evaluation: Evaluation) => HTMLElement = chart(
  250,
  (plots, evaluation, size) => plots.scores(evaluation, size),
  () => 'The rows of the table below that are ranked by meaning.',
);
/** Gains on seen and on unseen answers, of every adapter that learned from labels. */
export const partChart: (evaluation: Evaluation) => HTMLElement = chart(
  170,
  (plots, evaluation, size) => plots.parts(evaluation, size),
  () => 'The columns “answer seen” and “answer unseen” of the table below.',
);
