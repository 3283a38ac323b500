// The analyzers of this release, and those of one collection. A new language is one line here, and passes
// analyzer.contract.ts.

import { EraError } from '../errors.ts';
import { analyzerId, type Analyzer, type LanguageAnalyzer } from './analyzer.ts';
import { readByAll } from './read-by-all.ts';
import { SNOWBALL_LANGUAGES } from './snowball-languages.ts';
import { standardAnalyzer } from './standard-analyzer.ts';

/** The one of every text whose language has none of its own. */
export const DEFAULT_ANALYZER: Analyzer = standardAnalyzer;

export const LANGUAGE_ANALYZERS: readonly LanguageAnalyzer[] = SNOWBALL_LANGUAGES;

/** The analyzers of a collection. */
export interface Analyzers {
  /** For the manifest: `standard/1`, and behind a plus those of its languages, sorted: `standard/1+german/1`. */
  readonly id: string;
  /** @param language BCP 47, empty where a page does not say */
  readonly ofPage: (language: string) => Analyzer;
  readonly ofQuery: Analyzer;
}

/**
 * @param languages BCP 47, of the pages of a collection
 * @throws what loading an analyzer throws
 */
export async function analyzersFor(languages: readonly string[]): Promise<Analyzers> {
  return loadAll(LANGUAGE_ANALYZERS.filter((candidate) => languages.some((language) => isOf(candidate, language))));
}

/** @param id of a manifest @throws EraError `unknown-analyzer`, and what loading an analyzer throws */
export async function analyzersOf(id: string): Promise<Analyzers> {
  const [first, ...rest] = id.split('+');
  const wanted = rest.map((name) => LANGUAGE_ANALYZERS.find((candidate) => analyzerId(candidate) === name));
  const known = wanted.filter((candidate) => candidate !== undefined);
  if (first === analyzerId(DEFAULT_ANALYZER) && known.length === wanted.length && id === idOf(known))
    return loadAll(known);
  throw new EraError(
    'unknown-analyzer',
    `The index was made with the analyzer “${id}”; this release has ${[DEFAULT_ANALYZER, ...LANGUAGE_ANALYZERS].map(analyzerId).join(', ')}.`,
    {
      details: { analyzer: id },
    },
  );
}

async function loadAll(wanted: readonly LanguageAnalyzer[]): Promise<Analyzers> {
  const loaded = await Promise.all(wanted.map(async (language) => ({ language, analyzer: await language.load() })));
  return {
    id: idOf(wanted),
    ofPage: (language) => loaded.find((candidate) => isOf(candidate.language, language))?.analyzer ?? DEFAULT_ANALYZER,
    ofQuery: readByAll([DEFAULT_ANALYZER, ...loaded.map(({ analyzer }) => analyzer)]),
  };
}

function idOf(wanted: readonly LanguageAnalyzer[]): string {
  return [analyzerId(DEFAULT_ANALYZER), ...wanted.map(analyzerId).sort()].join('+');
}

function isOf({ languages }: LanguageAnalyzer, language: string): boolean {
  return languages.includes(language.toLowerCase().split('-')[0]!);
}
