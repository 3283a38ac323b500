// Finds passages that the query names exactly: a page, a section or an identifier in the text. Such a passage is ranked
// first whatever the lists say, since whoever types a name wants what has it. The comparison ignores case, invisible
// marks, and how the words of a name are joined.

import { SPACELESS_SCRIPTS } from '../analysis/scripts.ts';

export type ExactMatch = 'title' | 'heading' | 'identifier';

export interface NamedPassage {
  readonly title: string;
  /** Outermost first; the last one names the section. */
  readonly headings: readonly string[];
  readonly text: string;
}

/**
 * `title`: the query is the name of the page, which is its title (`Built-in Functions`, `git-rebase(1)`), the part
 * before a dash in it (`os.path — Common pathname manipulations`), or the part after the first piece of a joined name
 * (`rebase`). `heading`: the same for the last heading, or the heading has the identifier (`exception
 * UnicodeDecodeError`), so that the section is about it, or it has the last part of a qualified name whose others are
 * above it (`Pool.close`: a method `close()` of the class `Pool`). `identifier`: the query is one token that looks like
 * a name in a program, and the text has it as a whole, with brackets where it was typed with them.
 */
export function exactMatcher(query: string): (passage: NamedPassage) => ExactMatch | null {
  const name = spaced(withoutCall(plain(query)));
  const identifier = identifierOf(query);
  const spellings = identifier === null ? [] : spellingsOf(identifier);
  /** A common word is a function only where its brackets are. */
  const isCall = /\)$/.test(query.trim()) && identifier !== null && identifierOf(identifier) === null;
  const hasIdentifier = (field: string): boolean =>
    spellings.some((spelling) => hasToken(plain(field), spelling, isCall));
  const qualified = identifier === null ? null : partsOf(identifier);
  return ({ title, headings, text }) => {
    if (name === '') return null;
    if (namesOf(title).includes(name)) return 'title';
    const heading = headings.at(-1) ?? '';
    if (namesOf(heading).includes(name)) return 'heading';
    if (identifier === null) return null;
    if (hasIdentifier(heading)) return 'heading';
    if (qualified && isNameIn(plain(heading), qualified.last)) {
      const above = new Set(plain([title, ...headings.slice(0, -1)].join(' ')).split(/[^\p{L}\p{N}_]+/u));
      if (qualified.outer.every((part) => above.has(part))) return 'heading';
    }
    return hasIdentifier(title) || hasIdentifier(text) ? 'identifier' : null;
  };
}

/**
 * Whether a query is plain words: a passage that it names exactly has all of them in its title or headings, however these
 * are cut into words, and nothing in its text can be meant.
 */
export function isOfWords(query: string): boolean {
  return PLAIN_WORDS.test(query) && identifierOf(query) === null;
}

/** Letters of scripts with spaces, and the signs of sentences; an apostrophe may part words in one place and not in another. */
const PLAIN_WORDS = new RegExp(`^(?:(?![${SPACELESS_SCRIPTS}])[\\p{L}\\p{M}\\s.,;:?!])*$`, 'u');
/** A section number before a name, and a link sign after it. */
const DECORATION = /^(?:\d+(?:\.\d+)*\.?\s+)?(.*?)\s*[¶§#]?$/su;
/** Separator between a name and its description. */
const DESCRIPTION = /\s+[—–|·-]+\s.*$|\s*:\s.*$/su;
const JOINT = /(?:[-_./]|::)/;
const VERSION = /^v?(?=\d+(?:\.\d+)+)/;
/** Characters that continue a word: a longer name is another name. */
const WORD_CONTINUES = /^(?:[-.:]*[\p{L}\p{N}_])/u;
const COMES_FROM = /[\p{L}\p{N}_][-.:]*$|[-]$/u;

/** One form for all spellings of a text. */
function plain(text: string): string {
  return text
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .toLowerCase()
    .replace(/\s+/g, ' ')
    .trim();
}

/** `git-rebase(1)` and `print(value)` are `git-rebase` and `print`. */
function withoutCall(name: string): string {
  return name.replace(/(?<=\S)\s?\([^()]*\)$/, '');
}

/** `git-rebase`, `git_rebase` and `git rebase` are one name; `--force` and `.path` are not `force` and `path`. */
function spaced(name: string): string {
  return name
    .replace(VERSION, '')
    .replace(/(?<=[\p{L}\p{N}])[-_\s]+(?=[\p{L}\p{N}])/gu, ' ')
    .replace(/(?<=[\p{L}\p{N}])[?!.,;:]+$/u, '');
}

/** All names in a title or heading, in the form of `spaced`. */
function namesOf(title: string): string[] {
  const whole = DECORATION.exec(plain(title))![1]!;
  const names = [whole, whole.replace(DESCRIPTION, '')].flatMap((name) => [name, withoutCall(name)]);
  const family = names.flatMap((name) =>
    /^[\p{L}\p{N}]\S*$/u.test(name) && JOINT.test(name) ? [name.replace(new RegExp(`^.*?${JOINT.source}`), '')] : [],
  );
  return [...names, ...family].map(spaced).filter((name) => name !== '');
}

/** The identifier to search for; null for words of a language. */
function identifierOf(query: string): string | null {
  const token = query
    .normalize('NFKC')
    .replace(/\p{Cf}/gu, '')
    .trim()
    .replace(/(?<=[\p{L}\p{N})])[?!.,;:]+$/u, '');
  if (token === '' || /\s/.test(token)) return null;
  const looksSo =
    /[_\d()]|\p{Ll}\p{Lu}|\p{Lu}{2}\p{Ll}|[\p{L}\p{N}](?:\.|::|->|#|-|\/)[\p{L}\p{N}]|^(?:--?|[.#@$/])\p{L}|\p{L}(?:\+\+|#)$/u.test(
      token,
    );
  return looksSo ? withoutCall(token.toLowerCase()) : null;
}

/** A version with and without the letter before it. */
function spellingsOf(identifier: string): readonly string[] {
  const digits = identifier.replace(VERSION, '');
  return VERSION.test(identifier) ? [digits, `v${digits}`] : [identifier];
}

/** The parts of a qualified name such as `pool.close` or `pool::close`; null for others. */
function partsOf(identifier: string): { readonly outer: readonly string[]; readonly last: string } | null {
  const outer = identifier.split(/\.|::|#|->/);
  const last = outer.pop()!;
  return outer.length > 0 && /^[\p{L}_]/u.test(last) && outer.every((part) => part !== '') ? { outer, last } : null;
}

/** Whether a signature has this name: `close() → None`, `pub fn close(self)`, `OPEN = 1`, but not `close the pool`. */
function isNameIn(signature: string, name: string): boolean {
  const at = signature.search(/[(<={:→]/u);
  const declared = signature
    .slice(0, Math.max(at, 0))
    .trimEnd()
    .split(/[\s.*&]+/);
  return at < 0 ? signature === name : declared.at(-1) === name;
}

/** @param isCall whether a bracket must follow */
function hasToken(text: string, token: string, isCall: boolean): boolean {
  for (let at = text.indexOf(token); at >= 0; at = text.indexOf(token, at + 1)) {
    if (
      !COMES_FROM.test(text.slice(Math.max(0, at - 3), at)) &&
      !WORD_CONTINUES.test(text.slice(at + token.length, at + token.length + 4)) &&
      (!isCall || text[at + token.length] === '(')
    )
      return true;
  }
  return false;
}
