// The meaning of a learning curve, in a sentence.

import type { DrawnCurve } from './state.ts';
import { counted, points, signed } from './numbers.ts';

/** With fewer labels, or fewer held-out queries, no statement is made. */
const LEAST = 10;
/** nDCG@10 that a doubling of the labels must add to count as a rise, 0 to 1. */
const RISE = 0.01;

export function reading({ points: drawnPoints, labels, heldOut, finished }: DrawnCurve): string {
  const [first, last] = [drawnPoints[0], drawnPoints.at(-1)];
  if (!first || !last || !finished)
    return `Stopped after ${counted(drawnPoints.length, 'point')}: that is too little to read.`;
  if (labels < LEAST || heldOut < LEAST)
    return `Not enough labels to say: ${labels} to learn from and ${heldOut} to measure on; a curve says something from about ${LEAST} of each.`;
  if (last.applied === 0)
    return `Flat: even with all ${labels} labels no change was clearly better, so nothing would be applied.`;
  const before = drawnPoints.findLast((point) => point.labels <= last.labels / 2) ?? first;
  const rise = last.mean - before.mean;
  const step = `from ${before.labels} to ${last.labels} labels it went from ${points(before.mean)} to ${points(last.mean)} (${signed(rise)})`;
  const isWithinBand = last.mean <= before.high && last.mean >= before.low;
  if (rise >= RISE)
    return `Still rising: ${step}. More labels would probably help${isWithinBand ? ', though the step is smaller than the band and chance may have a part in it' : ''}.`;
  if (rise > -RISE || isWithinBand)
    return `Flat: ${step}, which is ${rise > -RISE ? 'little' : 'within the band'}. More labels like these would probably bring little.`;
  return `Falling: ${step}. More labels like these would not help; look for labels that contradict each other.`;
}
