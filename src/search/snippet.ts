// Snippets: the stretch of a passage that shows why it was found, as runs of text, some of them marked. Never markup:
// the page makes text nodes from it.

import type { SnippetPiece } from './hits.ts';

/** A word of a text: [start, end) in code units, and its term in the keyword index. */
export interface WordAt {
  readonly start: number;
  readonly end: number;
  readonly term: string;
}

/** The words of a text in order, as the keyword index's analyzer cuts them. */
export type FindWords = (text: string) => readonly WordAt[];

export interface SnippetOptions {
  readonly words: FindWords;
  /** Terms of the index that the query matched, with the score upper bound of each. */
  readonly terms: ReadonlyMap<string, number>;
  /** The query's words, normalised: they choose a sentence where no term matches. */
  readonly typed: readonly string[];
  /** Characters wanted, without the ellipses. */
  readonly length: number;
}

interface Range {
  readonly start: number;
  readonly end: number;
}

const ELLIPSIS = '…';
/** Embeddings, overrides and isolates would affect the text after the snippet and reverse it. */
const DIRECTIONAL_CONTROLS = /[\u202a-\u202e\u2066-\u2069]/g;
/** A character that continues the one before it. */
const CONTINUES = /^[\p{M}\u200d\ufe0f]/u;
/** A term below this share of the largest upper bound is a stop word: marking it would mark the whole text. */
const LEAST_SHARE = 0.2;
/** Letters that two words must share at their beginning to count as forms of one word. */
const SHARED_LETTERS = 4;

/**
 * The stretch of `text` whose distinct matched terms have the largest sum of upper bounds, cut at words, from the
 * beginning of a sentence where that fits.
 */
export function makeSnippet(text: string, options: SnippetOptions): SnippetPiece[] {
  const clean = cleanText(text);
  const words = options.words(clean);
  const matches = matched(words, options.terms);
  const core =
    matches.length > 0 ? densest(matches, options.terms, options.length) : similarSentence(clean, words, options.typed);
  const window = widened(clean, words, core, options.length);
  return pieces(clean, window, matches);
}

/** A whole text, such as a title, with its matched words marked. */
export function markWords(text: string, { words, terms }: Pick<SnippetOptions, 'words' | 'terms'>): SnippetPiece[] {
  const clean = cleanText(text);
  return pieces(clean, { start: 0, end: clean.length }, matched(words(clean), terms));
}

/** Positions of the matched words in a text, [start, end) in code units. */
export function matchesIn(
  text: string,
  { words, terms }: Pick<SnippetOptions, 'words' | 'terms'>,
): [start: number, end: number][] {
  const places: [number, number][] = [];
  for (const { start, end } of matched(words(text), terms)) {
    const last = places.at(-1);
    if (last && start < last[1])
      last[1] = Math.max(last[1], end); // skips parts of a matched word
    else places.push([start, end]);
  }
  return places;
}

/** Less may be a space that was written by chance. */
const INDENTED = '  ';

/** In one line, but for lines that are indented, which are code, and those beside them. */
function cleanText(text: string): string {
  const lines = text
    .replace(DIRECTIONAL_CONTROLS, '')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const isIndented = (i: number): boolean => lines[i]?.startsWith(INDENTED) ?? false;
  const clean = lines.map((line, i) => {
    const oneLine = line.replace(/\s+/g, ' ').trim();
    if (![i - 1, i, i + 1].some(isIndented)) return ` ${oneLine}`;
    return `\n${/^ */.exec(line)![0]}${oneLine}`;
  });
  return clean.join('').trim();
}

function matched(words: readonly WordAt[], terms: SnippetOptions['terms']): WordAt[] {
  const least = LEAST_SHARE * Math.max(0, ...terms.values());
  return words.filter(({ term }) => (terms.get(term) ?? -1) >= least);
}

/**
 * Of all stretches that begin with a match and fit, the one whose distinct terms have the largest sum of upper bounds,
 * then with the most matches, then the first.
 */
function densest(matches: readonly WordAt[], terms: SnippetOptions['terms'], length: number): Range {
  let best = { start: matches[0]!.start, end: matches[0]!.end, weight: -1, count: 0 };
  matches.forEach(({ start }, first) => {
    const fitting = matches.slice(first).filter(({ end }, i) => i === 0 || end - start <= length);
    const weight = [...new Set(fitting.map(({ term }) => term))].reduce((sum, term) => sum + terms.get(term)!, 0);
    if (weight > best.weight || (weight === best.weight && fitting.length > best.count))
      best = { start, end: Math.max(...fitting.map(({ end }) => end)), weight, count: fitting.length };
  });
  return best;
}

/**
 * The sentence with the most words that share their beginning with a word of the query; the beginning of the text where
 * there is none.
 */
function similarSentence(text: string, words: readonly WordAt[], typed: readonly string[]): Range {
  const isSimilar = (term: string): boolean =>
    typed.some((word) => word.length >= SHARED_LETTERS && term.startsWith(word.slice(0, SHARED_LETTERS)));
  const similar = words.filter(({ term }) => isSimilar(term));
  let best: Range = { start: 0, end: 0 };
  let most = 0;
  for (const { start, end } of sentences(text)) {
    const count = new Set(similar.filter((word) => word.start >= start && word.end <= end).map(({ term }) => term))
      .size;
    if (count > most) {
      best = { start, end: start };
      most = count;
    }
  }
  return best;
}

function sentences(text: string): Range[] {
  const segments = new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(text);
  return Array.from(segments, ({ index, segment }) => ({ start: index, end: index + segment.length }));
}

/**
 * `core` with text around it: from the beginning of its sentence where the core then still fits, else with a third of
 * the room before it.
 */
function widened(text: string, words: readonly WordAt[], core: Range, length: number): Range {
  if (text.length <= length) return { start: 0, end: text.length };
  const room = Math.max(0, length - (core.end - core.start));
  const sentence = sentences(text).findLast(({ start }) => start <= core.start);
  const wanted = sentence && core.start - sentence.start <= room ? sentence.start : core.start - Math.floor(room / 3);
  const start = atWord(text, words, Math.max(0, Math.min(wanted, text.length - length)), 'start');
  const end =
    start + length >= text.length ? text.length : Math.max(core.end, atWord(text, words, start + length, 'end'));
  return { start: Math.min(start, core.start), end: end > start ? end : atCharacter(text, start + length, 'end') };
}

/** The nearest position that is not within a word: forward for a start, back for an end. */
function atWord(text: string, words: readonly WordAt[], at: number, side: 'start' | 'end'): number {
  const cut = words.find(({ start, end }) => start < at && at < end);
  const place = cut ? (side === 'start' ? cut.end : cut.start) : at;
  return atCharacter(text, place, side);
}

/** The nearest position that is not within a grapheme: forward for a start, back for an end. */
function atCharacter(text: string, at: number, side: 'start' | 'end'): number {
  if (at <= 0 || at >= text.length) return Math.max(0, Math.min(at, text.length));
  const { index, segment } = new Intl.Segmenter(undefined, { granularity: 'grapheme' }).segment(text).containing(at)!;
  return side === 'start' && index < at ? index + segment.length : index;
}

function pieces(text: string, { start, end }: Range, matches: readonly WordAt[]): SnippetPiece[] {
  const out: SnippetPiece[] = [];
  const push = (piece: string, mark: boolean): void => {
    if (piece !== '') out.push({ text: piece, mark });
  };
  const from = start > 0 ? skipSpace(text, start) : start;
  let at = from;
  const lead = start > 0 ? ELLIPSIS : '';
  const tail = end < text.length ? ELLIPSIS : '';
  push(lead, false);
  for (const match of matches) {
    if (match.start < at || match.end > end) continue;
    const matchEnd = Math.min(end, characterEnd(text, match.end));
    push(text.slice(at, match.start), false);
    push(text.slice(match.start, matchEnd), true);
    at = matchEnd;
  }
  push(text.slice(at, end).trimEnd() + tail, false);
  return merged(out);
}

function skipSpace(text: string, at: number): number {
  return at + /^\s*/.exec(text.slice(at))![0].length;
}

/** The position after the marks that belong to the word's last letter. */
function characterEnd(text: string, at: number): number {
  let end = at;
  while (CONTINUES.test(text.slice(end, end + 2))) end += 1;
  return end;
}

/** Joins adjacent pieces without a mark. */
function merged(all: readonly SnippetPiece[]): SnippetPiece[] {
  const out: SnippetPiece[] = [];
  for (const piece of all) {
    const last = out.at(-1);
    if (last && !last.mark && !piece.mark) out[out.length - 1] = { text: last.text + piece.text, mark: false };
    else out.push(piece);
  }
  return out;
}
