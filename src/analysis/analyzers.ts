// The analyzers of this release, and those of one collection. A language with a stemmer is a line in
// stemmed-languages.ts; an analyzer from outside comes with an extension. Each passes analyzer.contract.ts.

import { EraError, isEraError } from '../errors.ts';
import { analyzerId, type Analyzer, type LanguageAnalyzer } from './analyzer.ts';
import { readByAll } from './read-by-all.ts';
import { STEMMED_LANGUAGES } from './stemmed-languages.ts';
import { standardAnalyzer } from './standard-analyzer.ts';

/** The analyzer of every text whose language has none of its own. */
export const DEFAULT_ANALYZER: Analyzer = standardAnalyzer;

const KOREAN = { name: 'korean', version: 1 };
const CHINESE = { name: 'chinese', version: 1 };
const JAPANESE = { name: 'japanese', version: 1 };

const OTHERS: readonly LanguageAnalyzer[] = [
  {
    ...JAPANESE,
    languages: ['ja'],
    load: async (standard: Analyzer) => (await import('./japanese-analyzer.ts')).japaneseAnalyzer(standard, JAPANESE),
  },
  {
    ...KOREAN,
    languages: ['ko'],
    load: async (standard: Analyzer) => (await import('./korean-analyzer.ts')).koreanAnalyzer(standard, KOREAN),
  },
  {
    ...CHINESE,
    languages: ['zh', 'yue'],
    load: async (standard: Analyzer) => {
      const [{ chineseAnalyzer }, characters] = await Promise.all([
        import('./chinese-analyzer.ts'),
        // It has no types: as a plain string the address is not looked up.
        // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-assertion
        import('opencc-js/dict/TSCharacters' as string) as Promise<{ readonly default: string }>,
      ]);
      return chineseAnalyzer(standard, characters.default, CHINESE);
    },
  },
];

export const LANGUAGE_ANALYZERS: readonly LanguageAnalyzer[] = [...STEMMED_LANGUAGES, ...OTHERS];

/** The analyzers of a collection. */
export interface Analyzers {
  /**
   * Id for the manifest: `standard/2`, followed by a plus and those of its languages, sorted: `standard/2+german/2`.
   * One from outside has its fingerprint after the version: `standard/2+formulas/1.5d41402a`.
   */
  readonly id: string;
  /** @param language BCP 47, empty where a page does not say */
  readonly ofPage: (language: string) => Analyzer;
  /** One from outside that fails on a text is left out for that text. */
  readonly ofQuery: Analyzer;
  /** Why an analyzer from outside is left out for a text; null where all cut it. */
  readonly problemOf: (text: string) => EraError | null;
}

interface Loaded {
  readonly id: string;
  readonly languages: readonly string[];
  readonly analyzer: Analyzer;
  /** Whether it comes from outside. */
  readonly isOwn: boolean;
}

/** Whether pages of a language are cut by an analyzer for it. @param own from outside */
export function hasAnalyzer(language: string, own: readonly LanguageAnalyzer[] = []): boolean {
  return [...own, ...LANGUAGE_ANALYZERS].some((analyzer) => cuts(analyzer, language));
}

/**
 * @param languages BCP 47, of the pages of a collection
 * @param own from outside, before those of this release
 * @throws EraError `bad-extension`; what loading an analyzer throws
 */
export async function analyzersFor(
  languages: readonly string[],
  own: readonly LanguageAnalyzer[] = [],
): Promise<Analyzers> {
  const candidates = [...own, ...LANGUAGE_ANALYZERS];
  const distinct = [...new Set(languages)];
  const wanted = candidates.filter((_, i) =>
    distinct.some((language) => candidates.findIndex((other) => cuts(other, language)) === i),
  );
  return collect(await Promise.all(wanted.map((analyzer) => load(analyzer, own.includes(analyzer)))));
}

/**
 * @param id of a manifest
 * @throws EraError `unknown-analyzer`, `bad-extension`, and what loading an analyzer throws
 */
export async function analyzersOf(id: string, own: readonly LanguageAnalyzer[] = []): Promise<Analyzers> {
  const [first, ...rest] = id.split('+');
  const refuse = (why: string): EraError =>
    new EraError('unknown-analyzer', `The index was made with the analyzer “${id}”; ${why}.`, {
      details: { analyzer: id },
    });
  const all = [DEFAULT_ANALYZER, ...own, ...LANGUAGE_ANALYZERS].map(analyzerId);
  const known = await Promise.all(
    rest.map(async (name) => {
      const isOf = (candidate: LanguageAnalyzer): boolean => analyzerId(candidate) === name.split('.')[0];
      const mine = own.find(isOf);
      const candidate = mine ?? LANGUAGE_ANALYZERS.find(isOf);
      if (!candidate) throw refuse(`here are ${all.join(', ')}`);
      const loaded = await load(candidate, mine !== undefined);
      if (loaded.id !== name)
        throw refuse(
          `“${analyzerId(candidate)}” cuts words otherwise here: raise its version, and make the index again`,
        );
      return loaded;
    }),
  );
  const analyzers = collect(known);
  if (first === analyzerId(DEFAULT_ANALYZER) && analyzers.id === id) return analyzers;
  throw refuse(`here are ${all.join(', ')}`);
}

async function load(declared: LanguageAnalyzer, isOwn: boolean): Promise<Loaded> {
  const { languages } = declared;
  if (!isOwn) return { id: analyzerId(declared), languages, analyzer: await declared.load(DEFAULT_ANALYZER), isOwn };
  const { fingerprint, loadChecked } = await import('./checked-analyzer.ts');
  const analyzer = await loadChecked(declared);
  return { id: `${analyzerId(declared)}.${fingerprint(analyzer)}`, languages, analyzer, isOwn };
}

function collect(loaded: readonly Loaded[]): Analyzers {
  const own = loaded.filter(({ isOwn }) => isOwn);
  return {
    id: [analyzerId(DEFAULT_ANALYZER), ...loaded.map(({ id }) => id).sort()].join('+'),
    ofPage: (language) => loaded.find((candidate) => cuts(candidate, language))?.analyzer ?? DEFAULT_ANALYZER,
    ofQuery: readByAll([
      DEFAULT_ANALYZER,
      ...loaded.map(({ analyzer, isOwn }) => (isOwn ? leavingOut(analyzer) : analyzer)),
    ]),
    problemOf: (text) =>
      own.map(({ analyzer }) => problemOf(analyzer, text)).find((problem) => problem !== null) ?? null,
  };
}

/** The same, without words for a text that it fails on. */
function leavingOut(analyzer: Analyzer): Analyzer {
  return {
    ...analyzer,
    tokens: (text) => attempt(() => analyzer.tokens(text)).found ?? [],
    isStopWord: (term) => attempt(() => analyzer.isStopWord(term)).found ?? false,
  };
}

function problemOf(analyzer: Analyzer, text: string): EraError | null {
  return attempt(() => analyzer.tokens(text).map(({ term }) => analyzer.isStopWord(term))).problem;
}

/** An EraError of the work is a value; others are thrown. */
function attempt<T>(work: () => T): { readonly found: T | null; readonly problem: EraError | null } {
  try {
    return { found: work(), problem: null };
  } catch (error) {
    if (!isEraError(error)) throw error;
    return { found: null, problem: error };
  }
}

function cuts({ languages }: Pick<LanguageAnalyzer, 'languages'>, language: string): boolean {
  return languages.some((mine) => mine === '*' || mine === language.toLowerCase().split('-')[0]!);
}
