// The curation part: what `synonyms.json` says, with the numbers of the pages that it names, so that a search needs no
// page's address for it.

import { isEraError } from '../errors.ts';
import { checkCuration, type PlacedCuration } from './curation.ts';
import {
  damagedSite,
  fieldsOf,
  integerOf,
  jsonBytes,
  listOf,
  numbersOfSteps,
  readJson,
  stepsOf,
  textOf,
} from './site-json.ts';

export function encodeCuration(curation: PlacedCuration): Uint8Array<ArrayBuffer> {
  return jsonBytes(packedCuration(curation));
}

function packedCuration({
  synonyms,
  boosts,
  pins,
  excluded,
  boosted,
  pinned,
}: PlacedCuration): Record<string, unknown> {
  return {
    synonyms,
    boosts: Object.entries(boosts),
    pins: Object.entries(pins),
    excluded,
    boosted: { pages: stepsOf([...boosted.keys()]), factors: [...boosted.values()] },
    pinned,
  };
}

/** @param pages number of pages @throws EraError `index-format` */
export function decodeCuration(bytes: Uint8Array, pages: number): PlacedCuration {
  return readJson(bytes, (value) => placedOf(fieldsOf(value, 'a curation'), pages), packedCuration, pages);
}

function placedOf(fields: Record<string, unknown>, pages: number): PlacedCuration {
  const checked = checkedOf({
    synonyms: fields['synonyms'],
    boosts: recordOfEntries(fields['boosts']),
    pins: recordOfEntries(fields['pins']),
    excluded: fields['excluded'],
  });
  const { pages: steps, factors: column } = fieldsOf(fields['boosted'], 'boosted pages');
  const boosted = numbersOfSteps(steps, 1, pages, 'boosted pages');
  const known = new Set(Object.values(checked.boosts).filter((factor) => factor !== 1));
  const factors = listOf(column, (factor) => factor, 'factors');
  const pinned = listOf(
    fields['pinned'],
    (some) => {
      const numbers = listOf(some, (page) => integerOf(page, 0, pages - 1, 'a pinned page'), 'pinned pages');
      if (new Set(numbers).size < numbers.length) throw damagedSite('a page that is pinned twice');
      return numbers;
    },
    'pinned pages',
  );
  const wanted = Object.values(checked.pins);
  if (pinned.length !== wanted.length || pinned.some((some, i) => some.length > wanted[i]!.length))
    throw damagedSite('pinned pages of other queries');
  const isKnown = (factor: unknown): factor is number => known.has(factor as number);
  if (factors.length !== boosted.length || !factors.every(isKnown)) throw damagedSite('factors of boosted pages');
  return { ...checked, boosted: new Map(boosted.map((page, i) => [page, factors[i]!])), pinned };
}

function checkedOf(value: Record<string, unknown>): ReturnType<typeof checkCuration> {
  try {
    return checkCuration(value);
  } catch (error) {
    throw isEraError(error) ? damagedSite('a curation', error) : error;
  }
}

function recordOfEntries(value: unknown): Record<string, unknown> {
  const entries = listOf(
    value,
    (entry): [string, unknown] => {
      const [key, content] = listOf(entry, (part) => part, 'an entry');
      return [textOf(key, 'a key'), content];
    },
    'entries',
  );
  return Object.fromEntries(entries);
}
