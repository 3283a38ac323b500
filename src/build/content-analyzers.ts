// The analyzers of a collection's passages.

import type { LanguageAnalyzer } from '../analysis/analyzer.ts';
import { analyzersFor, type Analyzers } from '../analysis/analyzers.ts';
import type { SiteContent } from '../format/site.ts';

/** @param own from outside, before those of this release @throws as `analyzersFor` */
export function contentAnalyzers(
  { pages, passages }: SiteContent,
  own: readonly LanguageAnalyzer[] = [],
): Promise<Analyzers> {
  return analyzersFor(
    passages.map(({ page, language = pages[page]!.language }) => language),
    own,
  );
}
