// What several steps of collecting a site ask of a page, and change in it.

import { createHash } from 'node:crypto';
import type { CollectedPage, ExtractedPage, ExtractedSection } from './extracted-page.ts';

/** Of text that leads to answers, as `data-pagefind-weight` counts half the weight of plain text. */
export const HALF_WEIGHT: number = 0.5 ** 2;

/** Letters of its text, without the headings. */
export function lettersOf({ sections }: ExtractedPage): number {
  return sections.reduce((sum, { blocks }) => blocks.reduce((all, { text }) => all + text.length, sum), 0);
}

/** Steps of its address. */
export function depthOf({ url }: CollectedPage): number {
  return url.replace(/\/$/, '').split('/').length;
}

/** The language of a tag without its region; empty for the empty tag. */
export function primaryLanguage(language: string): string {
  return language.split('-')[0]!;
}

/** A copy with other facts of its page. */
export function withFacts(collected: CollectedPage, facts: Partial<ExtractedPage['page']>): CollectedPage {
  const { extracted } = collected;
  return { ...collected, extracted: { ...extracted, page: { ...extracted.page, ...facts } } };
}

/** The sections with another weight of their text. */
export function weighed(sections: readonly ExtractedSection[], factor: number): ExtractedSection[] {
  return sections.map((section) => ({
    ...section,
    blocks: section.blocks.map((block) => ({ ...block, weight: block.weight * factor })),
  }));
}

/** A key by which equal texts are found; a digest, since the texts of a large site are not kept twice. */
export function digestOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64');
}
