// What the owner of a site says about its search, beside the index: synonyms, boosted pages, pinned pages of a query,
// and words that no query is searched by. Checks `synonyms.json`, and finds the pages that it names.

import { EraError, messageOf } from '../errors.ts';
import { globMatcher } from './glob.ts';
import { findRepeatedKey } from './repeated-key.ts';

/** Name of the file in the root of a site's folder. */
export const CURATION_FILE = 'synonyms.json';

/** The content of `synonyms.json`. */
export interface Curation {
  /**
   * One line each: of `k8s, kubernetes` each finds the others too; of `repo => repository` the left finds the right too.
   * A line says nothing of other lines. @default none
   */
  readonly synonyms?: readonly string[] | undefined;
  /**
   * Pages by a glob of their paths (`guide/**`, `*.html`) → factor of their scores, 0.1 to 10. The last glob that matches
   * a page counts. @default none
   */
  readonly boosts?: Readonly<Record<string, number>> | undefined;
  /** Query → paths of the pages that come first, in this order. @default none */
  readonly pins?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Words that a query is not searched by, unless it has no others, such as the site's own name. @default none */
  readonly excluded?: readonly string[] | undefined;
}

/** What a curation has, and what of it names no page. */
export interface CurationReport {
  /** Lines of synonyms. */
  readonly synonyms: number;
  /** Pages whose scores have a factor. */
  readonly boosted: number;
  /** Queries with at least one page that exists. */
  readonly pinned: number;
  /** Words that no query is searched by. */
  readonly excluded: number;
  /** Globs of `boosts` and paths of `pins` that no page has. */
  readonly missing: readonly string[];
}

/** A curation with the numbers of its pages. */
export interface PlacedCuration extends Required<{ readonly [K in keyof Curation]: NonNullable<Curation[K]> }> {
  /** Page → factor of its scores. */
  readonly boosted: ReadonlyMap<number, number>;
  /** For each query of `pins`, its pages that exist. */
  readonly pinned: readonly (readonly number[])[];
}

type Checked = Omit<PlacedCuration, 'boosted' | 'pinned'>;

/** A rule of synonyms: each of `typed` finds each of `found` too. */
export interface SynonymRule {
  readonly typed: readonly string[];
  readonly found: readonly string[];
}

const KEYS = ['synonyms', 'boosts', 'pins', 'excluded'] as const;
/** Limits, so that a query costs little whatever the file says. */
const MOST_BYTES = 1024 * 1024;
const MOST_ENTRIES = 1000;
const MOST_TERMS = 16;
const MOST_PINNED = 20;
/** Code units of a term, of a query, and of a path. */
const LONGEST_TERM = 64;
const LONGEST_QUERY = 256;
const LONGEST_PATH = 1024;
const LEAST_FACTOR = 0.1;
const MOST_FACTOR = 10;

/**
 * Reads the text of a `synonyms.json`.
 * @param name of the file, for messages
 * @throws EraError `invalid-input` that names the file, the place in it, and what it takes
 */
export function parseCuration(text: string, name: string = CURATION_FILE): Curation {
  if (text.length > MOST_BYTES) throw refused(name, '', `has more than ${MOST_BYTES} characters`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw refused(name, '', `is not JSON: ${messageOf(cause)}`, cause);
  }
  const repeated = findRepeatedKey(text);
  if (repeated !== null) throw refused(name, repeated, `has the key “${repeated}” twice`);
  return checkCuration(value, name);
}

/** @param name of the file, for messages @throws EraError `invalid-input` */
export function checkCuration(value: unknown, name: string = CURATION_FILE): Checked {
  const fields = objectOf(value, name, '', 'one JSON object');
  const unknown = Object.keys(fields).find((key) => !KEYS.some((known) => known === key));
  if (unknown !== undefined)
    throw refused(name, unknown, `has the key “${unknown}”, which is none of ${KEYS.join(', ')}`);
  const { synonyms = [], boosts = {}, pins = {}, excluded = [] } = fields as { [K in (typeof KEYS)[number]]?: unknown };
  const lines = textsOf(synonyms, name, 'synonyms', { most: MOST_ENTRIES, longest: MOST_TERMS * (LONGEST_TERM + 2) });
  lines.forEach((line, i) => ruleOf(line, name, `synonyms, line ${String(i + 1)}`));
  return {
    synonyms: lines,
    boosts: Object.fromEntries(
      entriesOf(boosts, name, 'boosts', LONGEST_PATH).map(([glob, factor]): [string, number] => {
        if (typeof factor !== 'number' || !(factor >= LEAST_FACTOR && factor <= MOST_FACTOR))
          throw refused(name, `boosts, “${glob}”`, `takes a factor from ${LEAST_FACTOR} to ${MOST_FACTOR}`);
        return [glob, factor];
      }),
    ),
    pins: Object.fromEntries(
      entriesOf(pins, name, 'pins', LONGEST_QUERY).map(([query, paths]): [string, readonly string[]] => [
        query,
        textsOf(paths, name, `pins, “${query}”`, { most: MOST_PINNED, longest: LONGEST_PATH }),
      ]),
    ),
    excluded: textsOf(excluded, name, 'excluded', { most: MOST_ENTRIES, longest: LONGEST_TERM }),
  };
}

/** The rule of a line of synonyms. @throws EraError `invalid-input` */
export function ruleOf(line: string, name: string = CURATION_FILE, place = 'synonyms'): SynonymRule {
  const sides = line.split('=>').map((side) => side.split(',').map((term) => term.trim()));
  const terms = sides.flat();
  const [typed = [], found = typed] = sides;
  if (sides.length > 2 || terms.includes('') || terms.length < 2)
    throw refused(name, place, 'takes terms such as “k8s, kubernetes” or “repo => repository”, none empty');
  if (terms.length > MOST_TERMS || terms.some((term) => term.length > LONGEST_TERM))
    throw refused(name, place, `takes at most ${MOST_TERMS} terms of at most ${LONGEST_TERM} characters`);
  return { typed, found };
}

/** The pages that a curation names. @param pages of the collection, in its order */
export function placeCuration(
  curation: Curation,
  pages: readonly { readonly url: string; readonly id?: string }[],
): { readonly placed: PlacedCuration; readonly report: CurationReport } {
  const checked = checkCuration(curation);
  const paths = pages.map(({ url, id }) => (url === '' && id !== undefined ? id : plainPath(url)));
  const boosted = new Map<number, number>();
  const missing: string[] = [];
  for (const [glob, factor] of Object.entries(checked.boosts)) {
    const isMatch = globMatcher(withoutRoot(glob));
    const found = [...paths.keys()].filter((page) => namesOf(paths[page]!).some(isMatch));
    for (const page of found) boosted.set(page, factor);
    if (found.length === 0) missing.push(glob);
  }
  const numbers = new Map(paths.map((path, page) => [path, page]));
  const pinned = Object.values(checked.pins).map((wanted) => {
    const found = wanted.map((path) => numbers.get(path) ?? numbers.get(plainPath(path)));
    missing.push(...wanted.filter((_, i) => found[i] === undefined));
    return [...new Set(found.filter((page) => page !== undefined))];
  });
  // A factor of 1 changes nothing; it takes back that of a glob before it.
  const changed = new Map([...boosted].filter(([, factor]) => factor !== 1).sort(([a], [b]) => a - b));
  return {
    placed: { ...checked, boosted: changed, pinned },
    report: {
      synonyms: checked.synonyms.length,
      boosted: changed.size,
      pinned: pinned.filter((found) => found.length > 0).length,
      excluded: checked.excluded.length,
      missing: [...new Set(missing)],
    },
  };
}

/** Whether it says nothing. */
export function isEmpty({ synonyms = [], boosts = {}, pins = {}, excluded = [] }: Curation): boolean {
  return [synonyms, boosts, pins, excluded].every((said) => Object.keys(said).length === 0);
}

/** A path as a person writes it: from the root, not encoded, without the name of an index page. */
function plainPath(path: string): string {
  return withoutRoot(decoded(path)).replace(/(^|\/)index\.x?html?$/, '$1');
}

function withoutRoot(path: string): string {
  return path.replace(/^\.?\//, '');
}

/** The path of a page, with and without the name of an index page. */
function namesOf(path: string): readonly string[] {
  return path === '' || path.endsWith('/') ? [path, `${path}index.html`] : [path];
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path; // a percent sign of its own
  }
}

interface Limits {
  readonly most: number;
  /** Code units. */
  readonly longest: number;
}

function textsOf(value: unknown, name: string, place: string, { most, longest }: Limits): readonly string[] {
  const isText = (item: unknown): item is string =>
    typeof item === 'string' && item.trim() !== '' && item.length <= longest;
  if (!Array.isArray(value) || value.length > most || !value.every(isText))
    throw refused(
      name,
      place,
      `takes a list of at most ${most} texts, none empty or longer than ${longest} characters`,
    );
  return value;
}

function entriesOf(value: unknown, name: string, place: string, longest: number): [string, unknown][] {
  const entries = Object.entries(objectOf(value, name, place, 'an object'));
  if (entries.length > MOST_ENTRIES || entries.some(([key]) => key.trim() === '' || key.length > longest))
    throw refused(name, place, `takes at most ${MOST_ENTRIES} keys, none empty or longer than ${longest} characters`);
  return entries;
}

function objectOf(value: unknown, name: string, place: string, what: string): object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refused(name, place, `takes ${what}`);
  return value;
}

/** @param place in the file; empty for all of it */
function refused(name: string, place: string, what: string, cause?: unknown): EraError {
  const where = place === '' || what.includes(`“${place}”`) ? name : `${name}: ${place}`;
  return new EraError('invalid-input', `${where} ${what}.`, { details: { path: name, key: place }, cause });
}
