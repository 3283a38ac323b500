// Makes the static query encoder of a collection: its words before the model reads anything, the fit afterwards.

import type { LanguageAnalyzer } from '../../analysis/analyzer.ts';
import { analyzersFor } from '../../analysis/analyzers.ts';
import type { CutWord } from '../../encode/static/bags.ts';
import { fitStatic, ownTerms } from '../../encode/static/fit-static.ts';
import type { GeneralTable } from '../../encode/static/general-table.ts';
import type { StaticIndex } from '../../format/static-parts.ts';
import type { SiteContent } from '../../format/site.ts';
import { dequantizeRows } from '../../math/quantize.ts';
import type { EmbeddedPassages } from './embed-passages.ts';

export interface CollectionWords {
  /** The words of each passage, cut by the analyzer of its page. */
  readonly cut: readonly (readonly CutWord[])[];
  /** Words that the model is to read alone. */
  readonly own: readonly string[];
  /** Of the model of the passages. */
  readonly general: GeneralTable | null;
}

/** @param texts of the passages, as the model reads them */
export async function wordsOf(
  { pages, passages }: SiteContent,
  texts: readonly string[],
  own: readonly LanguageAnalyzer[],
  general: GeneralTable | null,
): Promise<CollectionWords> {
  const analyzers = await analyzersFor([...new Set(pages.map(({ language }) => language))], own);
  const cut = passages.map(({ page }, i) => analyzers.ofPage(pages[page]!.language).tokens(texts[i]!));
  return { cut, own: ownTerms(cut, new Set(general?.terms)), general };
}

/** @throws the signal's reason */
export function staticOf(
  { cut, own, general }: CollectionWords,
  { vectors, words }: EmbeddedPassages,
  signal: AbortSignal | undefined,
): Promise<StaticIndex> {
  return fitStatic(
    { words: cut, vectors: dequantizeRows(vectors), dims: vectors.dims, passages: cut.length },
    {
      general,
      own: { terms: own, vectors: dequantizeRows(words) },
      pause: () => {
        signal?.throwIfAborted();
        return Promise.resolve();
      },
    },
  );
}
