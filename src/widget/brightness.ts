// How bright a computed colour is. Browsers give it in the notation of its source.

/** WCAG's luminance at which black text and white text have the same contrast: √(1.05 · 0.05) − 0.05. */
const MIDDLE = 0.179;

export interface Brightness {
  readonly isLight: boolean;
  /** 0 to 1. */
  readonly alpha: number;
}

/** @param color a value of getComputedStyle @returns null for a notation without a known luminance */
export function brightness(color: string): Brightness | null {
  const [, notation = '', list = ''] = /^(?:color\()?([a-z][a-z0-9-]*)[( ]([^()]*)\)$/.exec(color) ?? [];
  // `none` counts as 0.
  const [a = 0, b = 0, c = 0, alpha = 1] = (list.match(/[^\s,/]+/g) ?? []).map((word) => parseFloat(word) || 0);
  const luminance = luminanceOf(notation, a, b, c);
  return luminance === null ? null : { isLight: luminance > MIDDLE, alpha };
}

/** Exact for greys in all notations; for others the lightness and the primaries are near enough to tell light from dark. */
function luminanceOf(notation: string, a: number, b: number, c: number): number | null {
  if (/^rgba?$/.test(notation)) return ofPrimaries(linear(a / 255), linear(b / 255), linear(c / 255));
  if (/^ok/.test(notation)) return a ** 3;
  if (/^l(?:ab|ch)$/.test(notation)) return ((a + 16) / 116) ** 3;
  if (/^xyz/.test(notation)) return b;
  if (notation === 'srgb-linear') return ofPrimaries(a, b, c);
  return /rgb|p3|rec2020/.test(notation) ? ofPrimaries(linear(a), linear(b), linear(c)) : null;
}

function ofPrimaries(red: number, green: number, blue: number): number {
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}
