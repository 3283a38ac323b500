// A linear scale from values to positions in a drawing, with round values as ticks.

export interface Scale {
  /** The position of a value, rounded to a tenth. */
  readonly at: (value: number) => number;
  readonly ticks: readonly number[];
}

/**
 * @param values that must fit; the scale ends at round values
 * @param start position of the smallest value @param end position of the largest; may be less than `start`
 */
export function linearScale(values: readonly number[], start: number, end: number, tickCount = 5): Scale {
  const [least, greatest] = [Math.min(...values), Math.max(...values)];
  const step = roundStep((greatest - least || 1) / tickCount);
  const [low, high] = [
    Math.floor(least / step) * step,
    Math.max(Math.ceil(greatest / step), Math.floor(least / step) + 1) * step,
  ];
  const count = Math.round((high - low) / step);
  return {
    at: (value) => Math.round(10 * (start + ((value - low) / (high - low)) * (end - start))) / 10,
    ticks: Array.from({ length: count + 1 }, (_, i) => Number((low + i * step).toPrecision(12))),
  };
}

/** 1, 2 or 5 times a power of ten, at least `rough`. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((digit) => digit * power).find((step) => step >= rough * (1 - 1e-9))!;
}

/**
 * Moves labels at least `gap` apart, keeping their order, within `least` and `greatest`.
 * @returns positions in the order of `wanted`
 */
export function spread(wanted: readonly number[], gap: number, least: number, greatest: number): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => wanted[a]! - wanted[b]!);
  const places = [...wanted];
  let floor = least;
  for (const i of order) floor = (places[i] = Math.max(places[i]!, floor)) + gap;
  let ceiling = greatest;
  for (const i of [...order].reverse()) ceiling = (places[i] = Math.min(places[i]!, ceiling)) - gap;
  return places;
}
