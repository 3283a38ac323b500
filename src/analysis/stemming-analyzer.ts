// The standard analyzer's words, each also with its stems, so that a word matches its inflected forms.

import { formOf, type Analyzer, type Term, type Token } from './analyzer.ts';
import { INVISIBLE, MAX_TERM_LENGTH, normalize } from './normalize.ts';

/** What a language has of its own; the files of languages/ export it. */
export interface StemmedLanguage {
  /** @param word in lower case, composed; it is asked for again without its accents */
  readonly stems: (word: string) => readonly string[];
  /** In lower case. */
  readonly stopWords: readonly string[];
  /** Cuts a text otherwise than the standard analyzer. */
  readonly cut?: (standard: Pick<Analyzer, 'tokens'>, text: string) => readonly Token[];
}

export type StemmingOptions = StemmedLanguage & Pick<Analyzer, 'name' | 'version' | 'language'>;

const UNSEEN = new RegExp(`[${INVISIBLE}]`, 'g');
/** Number of words whose forms are cached. */
const KNOWN_WORDS = 10_000;
/** Names with digits and signs have no endings to remove. */
const WORD = /^[\p{L}\p{M}]+$/u;

export function stemmingAnalyzer(
  standard: Pick<Analyzer, 'tokens'>,
  { name, version, language, stems, stopWords, cut = ({ tokens }, text) => tokens(text) }: StemmingOptions,
): Analyzer {
  const common = new Set(stopWords.map(normalize).filter((term) => term !== ''));
  /** Texts repeat their words, so forms are cached; a full cache is emptied, which costs less than to keep an order. */
  const known = new Map<string, readonly string[]>();

  function formsOf(text: string): readonly string[] {
    if (text.length > MAX_TERM_LENGTH) return [];
    const before = known.get(text);
    if (before) return before;
    const forms = stemmed(text);
    if (known.size === KNOWN_WORDS) known.clear();
    known.set(text, forms);
    return forms;
  }

  /** @returns its forms, also those that it has without accents */
  function stemmed(text: string): readonly string[] {
    const word = text.normalize('NFKC').replace(UNSEEN, '').toLocaleLowerCase(language);
    if (!WORD.test(word)) return [];
    const found = new Set([word, normalize(word)].flatMap((spelling) => stems(spelling).map(normalize)));
    return Array.from(found, (stem) => (stem === '' ? '' : formOf(stem, language))).filter(
      (form) => form !== '' && form.length <= MAX_TERM_LENGTH,
    );
  }

  function tokens(text: string): Token[] {
    const formsIn = ({ start, end }: Term): readonly string[] => formsOf(text.slice(start, end));
    const withForms = (term: Term): Term => ({ ...term, forms: formsIn(term) });
    return cut(standard, text).map((token) => {
      const { parts } = token;
      return { ...token, forms: formsIn(token), parts: parts.length === 0 ? parts : parts.map(withForms) };
    });
  }

  return { name, version, language, tokens, isStopWord: (term) => common.has(term) };
}
