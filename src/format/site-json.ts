// Reads JSON of a site's index and refuses whatever its writer would not have written.

import { EraError } from '../errors.ts';
import { valuesIn } from './json-values.ts';

/** Most values of a text whose number of rows is not known, and most for each row besides: far above real ones. */
const MOST_VALUES = 2 ** 19;
const VALUES_OF_A_ROW = 64;
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export function damagedSite(what: string, cause?: unknown): EraError {
  return new EraError('index-format', `Not a valid part of a site's index: ${what}.`, {
    details: { offset: 0 },
    cause,
  });
}

export function jsonBytes(value: unknown): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(value));
}

/** `readJsonText` of UTF-8. */
export function readJson<T>(
  bytes: Uint8Array,
  read: (value: unknown) => T,
  write: (content: T) => unknown,
  rows?: number,
): T {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch (cause) {
    throw damagedSite('it is not UTF-8', cause);
  }
  return readJsonText(text, read, write, rows);
}

/**
 * @param read throws for a value of another shape
 * @param write what the writer makes JSON of for the content
 * @param rows pages or passages that it is known to have
 * @throws EraError `index-format`, also for a text that differs from that of `write`: one content has exactly one part
 */
export function readJsonText<T>(
  text: string,
  read: (value: unknown) => T,
  write: (content: T) => unknown,
  rows = 0,
): T {
  const most = MOST_VALUES + VALUES_OF_A_ROW * rows;
  if (text.length > most && valuesIn(text) > most) throw damagedSite(`more values than ${rows} rows have`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damagedSite('it is not JSON', cause);
  }
  const content = read(value);
  if (JSON.stringify(write(content)) !== text) throw damagedSite('it is not in its canonical form');
  return content;
}

export function fieldsOf(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw damagedSite(what);
  return value as Record<string, unknown>;
}

export function listOf<T>(value: unknown, item: (value: unknown, i: number) => T, what: string): T[] {
  if (!Array.isArray(value)) throw damagedSite(what);
  return value.map(item);
}

export function textOf(value: unknown, what: string): string {
  if (typeof value !== 'string') throw damagedSite(what);
  return value;
}

/** An integer, least ≤ value ≤ most. */
export function integerOf(value: unknown, least: number, most: number, what: string): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most) throw damagedSite(what);
  return value;
}

/**
 * Ascending numbers below `end`, encoded as the first and then the steps between them; steps are at least `leastStep`.
 */
export function numbersOfSteps(value: unknown, leastStep: number, end: number, what: string): number[] {
  let last = 0;
  return listOf(value, (step, i) => (last += integerOf(step, i === 0 ? 0 : leastStep, end - 1 - last, what)), what);
}

export function stepsOf(numbers: readonly number[]): number[] {
  return numbers.map((number, i) => number - (numbers[i - 1] ?? 0));
}

/** Every value of an object, checked. */
export function recordOf<T>(value: unknown, item: (value: unknown) => T, what: string): Record<string, T> {
  // fromEntries makes own properties of all names, `__proto__` included.
  return Object.fromEntries(Object.entries(fieldsOf(value, what)).map(([key, entry]) => [key, item(entry)]));
}
