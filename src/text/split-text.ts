// Splits a text that is too long for a model into pieces that fit: at line breaks, else at sentences, else at words,
// else anywhere.

export interface Piece {
  /** With the white space after it: joined, the pieces are the text. */
  readonly text: string;
  /** Upper bound. */
  readonly tokens: number;
}

export interface SplitOptions {
  /** Tokens of a text, without the model's special tokens. */
  readonly countTokens: (text: string) => number;
  readonly maxTokens: number;
  /** BCP 47; empty where unknown. */
  readonly language: string;
}

/**
 * Some tokenizers count data and words without end as one unknown token: this many characters count as at least one
 * token.
 */
export const MAX_CHARACTERS_PER_TOKEN = 16;

/** Pieces that fit, in order. */
export function splitText(text: string, options: SplitOptions): Piece[] {
  const piece = fitting(text, options);
  if (piece) return [piece];
  for (const parts of [text.split(/(?<=\n)/), sentences(text, options.language)]) {
    if (parts.length > 1) return parts.flatMap((part) => splitText(part, options));
  }
  return splitWords(text, options);
}

/** Sentences with the white space after each. */
export function sentences(text: string, language: string): string[] {
  return Array.from(segmenter(language).segment(text), ({ segment }) => segment);
}

function fitting(text: string, { countTokens, maxTokens }: SplitOptions): Piece | null {
  if (text.length > maxTokens * MAX_CHARACTERS_PER_TOKEN) return null;
  const tokens = Math.max(countTokens(text), Math.ceil(text.length / MAX_CHARACTERS_PER_TOKEN));
  return tokens <= maxTokens ? { text, tokens } : null;
}

/** Splits at words, with as many as fit in each piece. */
function splitWords(text: string, options: SplitOptions): Piece[] {
  const pieces: Piece[] = [];
  for (const word of text.split(/(?<=\s)(?=\S)/).flatMap((part) => splitWord(part, options))) {
    const last = pieces.at(-1);
    const both = last && { text: last.text + word.text, tokens: last.tokens + word.tokens };
    if (both && both.tokens <= options.maxTokens) pieces[pieces.length - 1] = both;
    else pieces.push(word);
  }
  return pieces;
}

function splitWord(word: string, options: SplitOptions): Piece[] {
  const piece = fitting(word, options);
  if (piece) return [piece];
  let middle = word.length >> 1;
  if (/^[\uDC00-\uDFFF]/.test(word.slice(middle))) middle++;
  if (middle === 0 || middle === word.length) return [{ text: word, tokens: options.maxTokens }];
  return [word.slice(0, middle), word.slice(middle)].flatMap((half) => splitWord(half, options));
}

const segmenters = new Map<string, Intl.Segmenter>();

function segmenter(language: string): Intl.Segmenter {
  let found = segmenters.get(language);
  if (!found) {
    found = new Intl.Segmenter(isLanguage(language) ? language : 'en', { granularity: 'sentence' });
    segmenters.set(language, found);
  }
  return found;
}

function isLanguage(language: string): boolean {
  try {
    return Intl.getCanonicalLocales(language).length > 0;
  } catch {
    return false;
  }
}
