// From the sections of a page to passages that fit the model: cut at headings, then between blocks, then inside them,
// with the last sentence of one passage at the beginning of the next.

import { TRAIL_SEPARATOR, type SitePassage } from '../format/site.ts';
import { sentences, splitText, type Piece, type SplitOptions } from './split-text.ts';

export interface TextSection {
  /** Outermost first, without the title of the page. */
  readonly headings: readonly string[];
  readonly anchor: string;
  readonly blocks: readonly { readonly text: string; readonly weight: number }[];
}

export interface CutOptions {
  /** Of the page: it is embedded before the text of every passage. */
  readonly title: string;
  /** Tokens of a text, without those that the model puts around it. */
  readonly countTokens: (text: string) => number;
  /** Of title, headings and text together, without those that the model puts around them: 254 for a model of 256. */
  readonly maxTokens: number;
  /** BCP 47; chooses how sentences are told apart. @default '' */
  readonly language?: string | undefined;
}

export type CutPassage = Omit<SitePassage, 'page'>;

/** Of what a passage may hold, how much may be said twice. */
const OVERLAP_SHARE = 0.15;
/** The end of a section is no passage of its own below this, where the one before has room. */
const RUNT_WORDS = 20;
/** Headings leave at least this share to the text: outer ones go first. */
const TEXT_SHARE = 0.5;

/** The passages of a page in order; those of a section without text that leads nowhere hold its heading. */
export function cutPassages(sections: readonly TextSection[], options: CutOptions): CutPassage[] {
  const passages = sections.flatMap((section, i) => {
    if (section.blocks.length > 0) return cutSection(section, options);
    const heading = section.headings.at(-1);
    return heading === undefined || isAbove(section, sections[i + 1]) ? [] : cutSection({ ...section, blocks: [{ text: heading, weight: 1 }] }, options);
  });
  if (passages.length > 0 || options.title === '') return passages;
  return cutSection({ headings: [], anchor: '', blocks: [{ text: options.title, weight: 1 }] }, options);
}

function isAbove(section: TextSection, next: TextSection | undefined): boolean {
  return next !== undefined && next.headings.length > section.headings.length && section.headings.every((heading, i) => next.headings[i] === heading);
}

function cutSection({ headings: all, anchor, blocks }: TextSection, options: CutOptions): CutPassage[] {
  const { headings, left } = fittingTrail(all, options);
  const split: SplitOptions = { countTokens: options.countTokens, maxTokens: left, language: options.language ?? '' };
  return runsOfWeight(blocks).flatMap(({ weight, texts }) => pack(texts, split).map((text) => ({ headings, anchor, text, weight })));
}

/** @returns the inner headings that leave enough room, and the tokens left for the text */
function fittingTrail(all: readonly string[], { title, countTokens, maxTokens }: CutOptions): { headings: readonly string[]; left: number } {
  const room = Math.max(1, Math.floor(maxTokens * TEXT_SHARE));
  for (let from = 0; ; from++) {
    const headings = all.slice(from);
    const left = maxTokens - countTokens([title, ...headings].filter((part) => part !== '').join(TRAIL_SEPARATOR));
    if (left >= room || headings.length === 0) return { headings, left: Math.max(room, left) };
  }
}

function runsOfWeight(blocks: TextSection['blocks']): { weight: number; texts: string[] }[] {
  const runs: { weight: number; texts: string[] }[] = [];
  for (const { text, weight } of blocks) {
    const last = runs.at(-1);
    if (last?.weight === weight) last.texts.push(text);
    else runs.push({ weight, texts: [text] });
  }
  return runs;
}

/** Passages of about the same size, each with as much as that takes of the pieces in order. */
function pack(blocks: readonly string[], options: SplitOptions): string[] {
  const pieces = blocks.flatMap((block, i) => splitText(i < blocks.length - 1 ? `${block}\n` : block, { ...options, maxTokens: options.maxTokens }));
  const total = pieces.reduce((sum, { tokens }) => sum + tokens, 0);
  const overlapTokens = Math.floor(options.maxTokens * OVERLAP_SHARE);
  const count = total <= options.maxTokens ? 1 : Math.ceil(total / (options.maxTokens - overlapTokens));
  const target = total / count;

  const passages: { overlap: Piece | null; pieces: Piece[]; tokens: number }[] = [];
  for (const piece of pieces) {
    const last = passages.at(-1);
    const full = !last || last.tokens + piece.tokens > options.maxTokens || (count > 1 && last.tokens + piece.tokens / 2 > target);
    if (!full) {
      last.pieces.push(piece);
      last.tokens += piece.tokens;
      continue;
    }
    const overlap = last ? lastSentence(last.pieces, Math.min(overlapTokens, options.maxTokens - piece.tokens), options) : null;
    passages.push({ overlap, pieces: [piece], tokens: piece.tokens + (overlap?.tokens ?? 0) });
  }
  mergeRunt(passages, options.maxTokens);
  return passages.map(({ overlap, pieces: own }) => [...(overlap ? [overlap] : []), ...own].map(({ text }) => text).join('').trim());
}

/** Null where it is longer than wanted or the whole passage. */
function lastSentence(pieces: readonly Piece[], maxTokens: number, { countTokens, language }: SplitOptions): Piece | null {
  const last = pieces.at(-1)!.text;
  const text = last.trimEnd().includes('\n') ? last.trimEnd().split('\n').at(-1)! : sentences(last, language).at(-1)!;
  if (text.trim() === '' || (pieces.length === 1 && text.length >= last.trimEnd().length)) return null;
  const tokens = countTokens(text);
  return tokens <= maxTokens ? { text: /\s$/.test(text) ? text : `${text}\n`, tokens } : null;
}

function mergeRunt(passages: { overlap: Piece | null; pieces: Piece[]; tokens: number }[], maxTokens: number): void {
  const [before, last] = passages.slice(-2);
  if (!before || !last) return;
  const words = last.pieces.reduce((sum, { text }) => sum + text.split(/\s+/).filter((word) => word !== '').length, 0);
  const tokens = last.tokens - (last.overlap?.tokens ?? 0);
  if (words >= RUNT_WORDS || before.tokens + tokens > maxTokens) return;
  before.pieces.push(...last.pieces);
  before.tokens += tokens;
  passages.pop();
}
