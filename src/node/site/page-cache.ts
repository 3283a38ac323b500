// The caches of a run over pages: what was extracted from each page, and the passages that each was cut into.

import { join } from 'node:path';
import { cutPassages, type CutOptions, type CutPassage, type TextSection } from '../../text/cut-passages.ts';
import type { ExtractedPage, ExtractOptions, LeftOutPage } from './extracted-page.ts';
import { extractPage } from './extract/extract-page.ts';
import { ResultCache } from './result-cache.ts';

/** @throws EraError as `ResultCache` */
export function openPageCache(folder: string, options: ExtractOptions): ResultCache {
  const { rootSelector, excludeSelectors, generatorRules, forceLanguage } = options;
  return new ResultCache(join(folder, 'extracted.pages'), [
    rootSelector ?? null,
    excludeSelectors ?? [],
    generatorRules ?? true,
    forceLanguage ?? null,
  ]);
}

/** As `extractPage`. @param cache of `openPageCache` with the same options @throws EraError `storage` */
export function extractOnce(cache: ResultCache, html: string, options: ExtractOptions): ExtractedPage | LeftOutPage {
  return cache.get(html, () => extractPage(html, options));
}

/** @param counter names what counts tokens @throws EraError as `ResultCache` */
export function openPassageCache(folder: string, counter: string): ResultCache {
  return new ResultCache(join(folder, 'cut.passages'), [counter]);
}

/** As `cutPassages`. @param cache of `openPassageCache` with the same counter @throws EraError `storage` */
export function cutOnce(cache: ResultCache, sections: readonly TextSection[], options: CutOptions): CutPassage[] {
  const { title, language, maxTokens } = options;
  return cache.get(JSON.stringify([title, language, maxTokens, sections]), () => cutPassages(sections, options));
}
