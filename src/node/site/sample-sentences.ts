// Sentences of a collection that the small model reads by themselves, beside the passages: queries are nearer to a
// sentence than to a passage.

import { createHash } from 'node:crypto';
import type { Analyzer } from '../../analysis/analyzer.ts';
import type { CutWord } from '../../encode/static/bags.ts';
import { sentences } from '../../text/split-text.ts';

/** A passage with its words, and with what cuts it. */
export interface CutPassage {
  /** As the model reads it. */
  readonly text: string;
  readonly analyzer: Analyzer;
  /** BCP 47; empty where unknown. */
  readonly language: string;
  /** The words of its title and its text. */
  readonly words: readonly CutWord[];
}

export interface SampledSentence {
  readonly text: string;
  readonly words: readonly CutWord[];
}

const WORDS = { least: 4, most: 60 } as const;

/**
 * Distinct sentences, at most `most`. Which ones follows from the hash of each, so a collection that changes a little
 * has nearly the same, whose vectors are in the cache.
 */
export function sampleSentences(passages: readonly Omit<CutPassage, 'words'>[], most: number): SampledSentence[] {
  const found = new Map<string, Omit<CutPassage, 'words'>>();
  for (const passage of passages) {
    const pieces = sentences(passage.text, passage.language).map((sentence) => sentence.trim());
    if (pieces.length > 1) for (const text of pieces) if (!found.has(text)) found.set(text, passage);
  }
  const hashed = [...found.keys()].map((text) => ({ text, hash: createHash('sha256').update(text).digest('hex') }));
  const chosen: SampledSentence[] = [];
  for (const { text } of hashed.sort((a, b) => (a.hash < b.hash ? -1 : 1))) {
    if (chosen.length === most) break;
    const words = found.get(text)!.analyzer.tokens(text);
    if (words.length >= WORDS.least && words.length <= WORDS.most) chosen.push({ text, words });
  }
  return chosen;
}
