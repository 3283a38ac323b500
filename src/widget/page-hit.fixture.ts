// Pages and sections for tests, in the engine's result types.

import type { PageHit, SectionHit } from '../index.ts';

export function section(url: string, headings: readonly string[] = []): SectionHit {
  return {
    row: 0,
    id: url,
    url,
    headings,
    snippet: [{ text: 'text', mark: false }],
    text: 'text',
    matches: [],
    score: 1,
  };
}

const numbers = new Map<string, number>();

export function page(url: string, sections: readonly SectionHit[] = [section(url)]): PageHit {
  if (!numbers.has(url)) numbers.set(url, numbers.size);
  return {
    page: numbers.get(url)!,
    url,
    title: url,
    titlePieces: [{ text: url, mark: false }],
    language: 'en',
    meta: {},
    filters: {},
    score: 1,
    sections,
  };
}
