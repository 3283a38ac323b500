// Makes the static query encoder of a collection: its words before the model reads anything, the fit afterwards.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LanguageAnalyzer } from '../../analysis/analyzer.ts';
import { analyzersFor } from '../../analysis/analyzers.ts';
import type { ModelDescription } from '../../encode/models.ts';
import type { CutWord } from '../../encode/static/bags.ts';
import { fitStatic, ownTerms } from '../../encode/static/fit-static.ts';
import { GENERAL_TABLE_FILE, readGeneralTable, type GeneralTable } from '../../encode/static/general-table.ts';
import type { StaticIndex } from '../../format/static-parts.ts';
import type { SiteContent } from '../../format/site.ts';
import { dequantizeRows } from '../../math/quantize.ts';
import { spaceId } from '../../space.ts';
import type { EmbeddedPassages } from './embed-passages.ts';

export interface CollectionWords {
  /** The words of each passage, cut by the analyzer of its page. */
  readonly cut: readonly (readonly CutWord[])[];
  /** Words that the model is to read alone. */
  readonly own: readonly string[];
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

/** The general table of a model; null where it has none. @throws EraError `model-load` for a damaged one */
export async function generalTableOf(
  modelsDir: string,
  { name }: Pick<ModelDescription, 'name'>,
): Promise<GeneralTable | null> {
  const bytes = await readFile(join(modelsDir, name, GENERAL_TABLE_FILE)).catch(() => null);
  return bytes && readGeneralTable(Uint8Array.from(bytes));
}

/** @throws the signal's reason */
export async function staticOf(
  { cut, own, general }: CollectionWords,
  { vectors, words, space }: EmbeddedPassages,
  signal: AbortSignal | undefined,
): Promise<StaticIndex> {
  const places = new Map(own.map((term, i) => [term, i]));
  return fitStatic(
    { words: cut, vectors: dequantizeRows(vectors), dims: vectors.dims, passages: cut.length },
    {
      general: general?.space === spaceId(space) ? general : null,
      readTerms: (terms) =>
        Promise.resolve(
          dequantizeRows(
            words,
            terms.map((term) => places.get(term)!),
          ),
        ),
      pause: () => {
        signal?.throwIfAborted();
        return Promise.resolve();
      },
    },
  );
}
