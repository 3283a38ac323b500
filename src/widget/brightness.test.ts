// Colours in every notation that getComputedStyle gives: black, white, mid greys, and what themes use.

import { expect, test } from 'vitest';
import { brightness } from './brightness.ts';

const LIGHT = [
  'rgb(255, 255, 255)',
  'rgb(119, 119, 119)',
  'rgb(255, 247, 214)',
  'rgb(0, 200, 0)',
  'rgba(255, 255, 255, 0.9)',
  'color(srgb 1 1 1)',
  'color(srgb 0.6 0.6 0.6 / 0.5)',
  'color(srgb-linear 0.2 0.2 0.2)',
  'color(display-p3 0.9 0.9 0.8)',
  'color(a98-rgb 0.9 0.9 0.8)',
  'color(prophoto-rgb 0.9 0.9 0.8)',
  'color(rec2020 0.9 0.9 0.8)',
  'color(xyz-d65 0.3 0.3 0.3)',
  'lab(98 0 none)',
  'lch(60 30 90)',
  'oklab(0.6 0 0)',
  'oklch(0.98 0.01 240)',
];
const DARK = [
  'rgb(0, 0, 0)',
  'rgb(117, 117, 117)',
  'rgb(27, 27, 31)',
  'rgb(0, 0, 255)',
  'color(srgb 0.1 0.1 0.12)',
  'color(srgb-linear 0.1 0.1 0.1)',
  'color(display-p3 0.1 0.1 0.2)',
  'color(xyz-d50 0.1 0.1 0.1)',
  'lab(10 0 0)',
  'lch(40 30 90)',
  'oklab(0.5 0 0)',
  'oklch(none none none)',
  'oklch(0.2 0.05 264.5 / 0.8)',
];

test.each(LIGHT)('%s is light', (color) => expect(brightness(color)?.isLight).toBe(true));
test.each(DARK)('%s is dark', (color) => expect(brightness(color)?.isLight).toBe(false));

test('the alpha is read in every notation', () => {
  const alphas = [
    ['rgba(0, 0, 0, 0)', 0],
    ['rgb(0 0 0 / 0.25)', 0.25],
    ['rgb(1, 2, 3)', 1],
    ['color(srgb 0 0 0 / 0.5)', 0.5],
    ['oklch(0.2 0.05 264 / none)', 0],
    ['lab(10 -5 7 / 0.75)', 0.75],
  ] as const;
  for (const [color, alpha] of alphas) expect(brightness(color)?.alpha, color).toBe(alpha);
});

test('what is no known colour has no brightness', () => {
  for (const text of ['', 'transparent', 'currentcolor', '#fff', 'color(--mine 1 1 1)', 'device-cmyk(0 0 0 0)'])
    expect(brightness(text), text).toBe(null);
});
