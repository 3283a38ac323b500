// Light stemming: the ending of a word is cut off by a table, as Savoy does it for many languages (“Light Stemming
// Approaches for the French, Portuguese, German and Hungarian Languages”, SAC 2006). Words with the same stem match; a
// stem need not be a word.

/** Endings, longest first. */
export function endings(list: string): readonly string[] {
  return list.split(' ').sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/** A word without the longest ending that leaves `least` letters; itself where none does. */
export function withoutEnding(word: string, all: readonly string[], least: number): string {
  const ending = all.find((end) => word.length - end.length >= least && word.endsWith(end));
  return ending === undefined ? word : word.slice(0, -ending.length);
}

/** What a verb shares with the noun of its action (удалить, удаление). */
export interface Actions {
  /** Each matches the rest of a word after its root, at the end of the word. */
  readonly nouns: string;
  readonly verbs: string;
}

/** Letters of a root, at least: shorter ones are roots of too many words. */
const LEAST_ROOT = 4;

/** @returns the root of a verb or of the noun of its action; null for another word */
export function rootFinder({ nouns, verbs }: Actions): (word: string) => string | null {
  const pattern = new RegExp(`^(.{${LEAST_ROOT},}?)(?:${nouns}|${verbs})$`, 'u');
  return (word) => pattern.exec(word)?.[1] ?? null;
}

export interface LightStems extends Actions {
  /** Endings of inflection. */
  readonly cases: readonly string[];
  /** Letters that a stem has at least. @default 3 */
  readonly least?: number;
  /** One form of a stem whose letters change when it is inflected. */
  readonly fold?: (stem: string) => string;
}

/**
 * The stems of a word in an inflected language. A word that ends in a consonant may be its own stem although it ends
 * like an inflected one (systém is not syst-ém).
 * @returns a function of a word without accents
 */
export function lightStems({
  cases,
  least = 3,
  fold = (stem) => stem,
  ...actions
}: LightStems): (word: string) => string[] {
  const rootOf = rootFinder(actions);
  return (word) => {
    const bare = withoutEnding(word, cases, least);
    const root = rootOf(word);
    const isBare = /[^aeiouyаеиоуъыэюяієї]$/u.test(word);
    return [...new Set([bare, ...(isBare ? [word] : []), ...(root === null ? [] : [root])].map(fold))];
  };
}
