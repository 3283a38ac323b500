// Extracted pages on disk, so that a run reads only pages that have changed, and goes on where one was killed. A page is
// found by its HTML, by the options that it was read with, and by the program that read it.

import { join } from 'node:path';
import { codeHash } from '../code-hash.ts';
import { keyOf, RecordFile } from '../record-file.ts';
import type { ExtractedPage, ExtractOptions, LeftOutPage } from './extracted-page.ts';
import { extractPage } from './extract/extract-page.ts';

const FILE = 'extracted.pages';
/** Pages that are appended together: a run that is killed loses these. */
const BATCH_PAGES = 100;

export class PageCache {
  readonly #file: RecordFile;
  readonly #options: ExtractOptions;
  /** Of the program and its options. */
  readonly #reader: string;
  #batch: (readonly [Buffer, Buffer])[] = [];

  /**
   * @param folder created where it is missing
   * @throws EraError `invalid-option` for a folder that cannot be written
   */
  constructor(folder: string, options: ExtractOptions) {
    const { rootSelector, excludeSelectors, generatorRules, forceLanguage } = options;
    this.#file = new RecordFile(join(folder, FILE));
    this.#options = options;
    this.#reader = JSON.stringify([
      codeHash(),
      rootSelector ?? null,
      excludeSelectors ?? [],
      generatorRules ?? true,
      forceLanguage ?? null,
    ]);
  }

  /** As `extractPage`. @throws EraError `storage`, and of `extractPage` */
  extract(html: string): ExtractedPage | LeftOutPage {
    const key = keyOf(this.#reader, html);
    const kept = this.#file.get(key);
    if (kept) return JSON.parse(kept.toString()) as ExtractedPage | LeftOutPage;
    const extracted = extractPage(html, this.#options);
    this.#batch.push([key, Buffer.from(JSON.stringify(extracted))]);
    if (this.#batch.length === BATCH_PAGES) this.#flush();
    return extracted;
  }

  /** Keeps the last pages, and prunes a file that has grown too large. @throws EraError `storage` */
  end(): void {
    this.#flush();
    this.#file.prune();
  }

  /** Drops pages that are not kept yet. */
  close(): void {
    this.#file.close();
  }

  #flush(): void {
    if (this.#batch.length > 0) this.#file.append(this.#batch);
    this.#batch = [];
  }
}
