import { expect, test } from 'vitest';
import { reading } from './curve-reading.ts';
import type { DrawnCurve } from './state.ts';

const curve = (
  means: readonly number[],
  change: Partial<DrawnCurve> & { readonly band?: number; readonly applied?: number } = {},
): DrawnCurve => {
  const { band = 0.005, applied = 1, ...rest } = change;
  const sizes = [0, 10, 20, 40].slice(0, means.length);
  const points = means.map((mean, i) => ({ labels: sizes[i]!, mean, low: mean - band, high: mean + band, applied }));
  return { path: 'both', points, labels: 40, heldOut: 50, finished: true, ...rest };
};

test.each<[string, RegExp, DrawnCurve]>([
  [
    'rises to the end',
    /^Still rising.*from 20 to 40.*70\.0 to 74\.0 \(\+4\.0\).*would probably help\.$/,
    curve([0.6, 0.65, 0.7, 0.74]),
  ],
  [
    'rises by less than the band',
    /^Still rising.*chance may have a part/,
    curve([0.6, 0.65, 0.7, 0.72], { band: 0.05 }),
  ],
  ['has risen and is flat now', /^Flat.*little/, curve([0.6, 0.7, 0.74, 0.743])],
  ['falls within the band', /^Flat.*within the band/, curve([0.6, 0.7, 0.74, 0.72], { band: 0.05 })],
  ['falls', /^Falling/, curve([0.6, 0.7, 0.74, 0.7])],
  ['was never applied', /^Flat.*nothing would be applied/, curve([0.6, 0.6, 0.6, 0.6], { applied: 0 })],
  ['was stopped', /^Stopped after 2 points/, curve([0.6, 0.7], { finished: false })],
  ['has few labels', /^Not enough labels to say: 9 to learn from/, curve([0.6, 0.7], { labels: 9 })],
  ['has little to measure on', /^Not enough labels to say: 40 to learn from and 4/, curve([0.6, 0.7], { heldOut: 4 })],
])('a curve that %s', (_, says, drawn) => {
  expect(reading(drawn)).toMatch(says);
});
