// The standard analyzer's words, each also with its Snowball stem, so that a word matches its inflected forms.

import { formOf, type Analyzer, type Term, type Token } from './analyzer.ts';
import { LruCache } from '../lru-cache.ts';
import { INVISIBLE, MAX_TERM_LENGTH, normalize } from './normalize.ts';
import { standardAnalyzer } from './standard-analyzer.ts';

export interface SnowballOptions extends Pick<Analyzer, 'name' | 'version' | 'language'> {
  /** @param word in lower case, composed */
  readonly stem: (word: string) => string;
  /** In lower case. */
  readonly stopWords: readonly string[];
}

const UNSEEN = new RegExp(`[${INVISIBLE}]`, 'g');
/** Number of words whose forms are cached. */
const KNOWN_WORDS = 10_000;
/** Names with digits and signs have no endings to remove. */
const WORD = /^[\p{L}\p{M}]+$/u;

export function snowballAnalyzer({ name, version, language, stem, stopWords }: SnowballOptions): Analyzer {
  const common = new Set(stopWords.map(normalize).filter((term) => term !== ''));
  /** Texts repeat their words, so forms are cached. */
  const known = new LruCache<string, readonly string[]>(KNOWN_WORDS);

  function formsOf(text: string): readonly string[] {
    if (text.length > MAX_TERM_LENGTH) return [];
    const before = known.get(text);
    if (before) return before;
    const forms = stemmed(text);
    known.set(text, forms);
    return forms;
  }

  /** @returns a form, a second one where the word is stemmed otherwise without accents, or none */
  function stemmed(text: string): readonly string[] {
    const word = text.normalize('NFKC').replace(UNSEEN, '').toLocaleLowerCase(language);
    if (!WORD.test(word)) return [];
    const stems = new Set([word, normalize(word)].map((spelling) => normalize(stem(spelling))));
    return Array.from(stems, (found) => (found === '' ? '' : formOf(found, language))).filter(
      (form) => form !== '' && form.length <= MAX_TERM_LENGTH,
    );
  }

  function tokens(text: string): Token[] {
    const withForms = (term: Term): Term => ({ ...term, forms: formsOf(text.slice(term.start, term.end)) });
    return standardAnalyzer.tokens(text).map((token) => ({ ...withForms(token), parts: token.parts.map(withForms) }));
  }

  return { name, version, language, tokens, isStopWord: (term) => common.has(term) };
}
