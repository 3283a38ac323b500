// Cuts the sections of a page into passages that fit the model: at headings, then between blocks, then inside them,
// with the last sentence of one passage repeated at the beginning of the next.

import { TRAIL_SEPARATOR, type SitePassage } from '../format/site.ts';
import { MAX_CHARACTERS_PER_TOKEN, sentences, splitText, type Piece, type SplitOptions } from './split-text.ts';

export interface TextSection {
  /** Outermost first, without the title of the page. */
  readonly headings: readonly string[];
  readonly anchor: string;
  readonly blocks: readonly {
    readonly text: string;
    readonly weight: number;
    /** Where it is not the page's. */
    readonly language?: string | undefined;
  }[];
}

export interface CutOptions {
  /** Title of the page, which is embedded before the text of every passage. */
  readonly title: string;
  /** Tokens of a text, without the model's special tokens. */
  readonly countTokens: (text: string) => number;
  /** Most tokens of title, headings and text together, without the model's special tokens: 254 for a model of 256. */
  readonly maxTokens: number;
  /** BCP 47; decides how sentences are separated. @default '' */
  readonly language?: string | undefined;
}

export type CutPassage = Omit<SitePassage, 'page'>;

/** Most of a passage that may repeat the one before, as a share of its tokens. */
const OVERLAP_SHARE = 0.15;
/** A shorter last sentence is not repeated. */
const MIN_OVERLAP_WORDS = 4;
/** Least share of the tokens that headings leave to the text; outer headings are dropped first. */
const TEXT_SHARE = 0.5;

/**
 * The passages of a page in order. A section without text that does not lead to further headings gets a passage with
 * its heading.
 */
export function cutPassages(sections: readonly TextSection[], options: CutOptions): CutPassage[] {
  const passages = sections.flatMap((section, i) => {
    if (section.blocks.length > 0) return cutSection(section, options);
    const heading = section.headings.at(-1);
    return heading === undefined || isAbove(section, sections[i + 1])
      ? []
      : cutSection({ ...section, blocks: [{ text: heading, weight: 1 }] }, options);
  });
  if (passages.length > 0 || options.title === '') return passages;
  return cutSection({ headings: [], anchor: '', blocks: [{ text: options.title, weight: 1 }] }, options);
}

function isAbove(section: TextSection, next: TextSection | undefined): boolean {
  return (
    next !== undefined &&
    next.headings.length > section.headings.length &&
    section.headings.every((heading, i) => next.headings[i] === heading)
  );
}

function cutSection({ headings: all, anchor, blocks }: TextSection, options: CutOptions): CutPassage[] {
  const { headings, left } = fittingTrail(all, options);
  return runsOf(blocks).flatMap(({ weight, language, texts }) => {
    const { countTokens, language: ofPage = '' } = options;
    const split: SplitOptions = { countTokens, maxTokens: left, language: language ?? ofPage };
    const said = language === undefined ? {} : { language };
    return pack(texts, split).map((text) => ({ headings, anchor, text, weight, ...said }));
  });
}

/** @returns the inner headings that leave enough room, and the tokens left for the text */
function fittingTrail(
  all: readonly string[],
  { title, countTokens, maxTokens }: CutOptions,
): { headings: readonly string[]; left: number } {
  const room = Math.max(1, Math.floor(maxTokens * TEXT_SHARE));
  for (let from = 0; ; from++) {
    const headings = all.slice(from);
    const left = maxTokens - countTokens([title, ...headings].filter((part) => part !== '').join(TRAIL_SEPARATOR));
    if (left >= room || headings.length === 0) return { headings, left: Math.max(room, left) };
  }
}

interface Run {
  readonly weight: number;
  readonly language: string | undefined;
  readonly texts: string[];
}

/** Neighbours of one weight and one language. */
function runsOf(blocks: TextSection['blocks']): Run[] {
  const runs: Run[] = [];
  for (const { text, weight, language } of blocks) {
    const last = runs.at(-1);
    if (last?.weight === weight && last.language === language) last.texts.push(text);
    else runs.push({ weight, language, texts: [text] });
  }
  return runs;
}

/** Passages of about the same size, so that no small rest is left at the end. */
function pack(blocks: readonly string[], options: SplitOptions): string[] {
  const pieces = blocks.flatMap((block, i) => splitText(i < blocks.length - 1 ? `${block}\n` : block, options));
  const overlapTokens = Math.floor(options.maxTokens * OVERLAP_SHARE);
  let rest = pieces.reduce((sum, { tokens }) => sum + tokens, 0);
  const passages: string[] = [];
  for (let i = 0; i < pieces.length;) {
    const first = pieces[i]!;
    const overlap =
      i === 0
        ? null
        : lastSentence(pieces[i - 1]!.text, Math.min(overlapTokens, options.maxTokens - first.tokens), options);
    const room = options.maxTokens - (overlap?.tokens ?? 0);
    const wanted = rest <= room ? room : rest / Math.ceil(rest / (options.maxTokens - overlapTokens));
    let text = (overlap?.text ?? '') + first.text;
    let tokens = first.tokens;
    for (
      i++;
      i < pieces.length && tokens + pieces[i]!.tokens <= room && tokens + pieces[i]!.tokens / 2 <= wanted;
      i++
    ) {
      text += pieces[i]!.text;
      tokens += pieces[i]!.tokens;
    }
    passages.push(text.replace(/^\s*\n/, '').trimEnd());
    rest -= tokens;
  }
  return passages;
}

/** Null where it has too many tokens or too few words. */
function lastSentence(text: string, maxTokens: number, { countTokens, language }: SplitOptions): Piece | null {
  const line = text.trimEnd().split('\n').at(-1)!;
  const sentence = sentences(line, language).at(-1)!;
  if (sentence.length > maxTokens * MAX_CHARACTERS_PER_TOKEN || sentence.split(' ').length < MIN_OVERLAP_WORDS)
    return null;
  const tokens = countTokens(sentence);
  return tokens <= maxTokens ? { text: text.endsWith('\n') ? `${sentence}\n` : `${sentence} `, tokens } : null;
}
