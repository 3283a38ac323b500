// Indexes a built site with this working tree's code, by keywords, and reads back what was published.

import { cp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { parseSiteManifest, SITE_MANIFEST_FILE, type NumberedPart } from '../../src/format/site-manifest.ts';
import { decodePagePart, decodeTextPart } from '../../src/format/site-parts.ts';
import { createIndex } from '../../src/node/site/create-index.ts';
import { openCollection, type OpenedCollection } from '../../src/node/open-collection.ts';

export interface IndexedSite {
  readonly pages: readonly IndexedPage[];
  readonly collection: OpenedCollection;
}

export interface IndexedPage {
  readonly url: string;
  readonly title: string;
  readonly language: string;
  readonly version: readonly string[];
  readonly passages: readonly {
    readonly headings: readonly string[];
    readonly anchor: string;
    readonly text: string;
  }[];
}

export const ORIGIN = 'https://harbor.example/';

/** @param copy folder that gets the site and its index */
export async function indexSite(site: string, copy: string): Promise<IndexedSite> {
  await rm(copy, { recursive: true, force: true });
  await cp(site, copy, { recursive: true });
  const index = await createIndex({ vectors: false, elementDir: null, cacheDir: null });
  await index.addDirectory({ path: copy });
  const output = join(copy, 'era-search');
  await index.write({ outputPath: output });
  const manifest = parseSiteManifest(await readFile(join(output, SITE_MANIFEST_FILE), 'utf8'));
  const read = async <T>(
    parts: readonly NumberedPart[],
    total: number,
    decode: (bytes: Uint8Array, count: number) => T[],
  ): Promise<T[]> => {
    const all = parts.map(async ({ file, first }, i) =>
      decode(gunzipSync(await readFile(join(output, file))), (parts[i + 1]?.first ?? total) - first),
    );
    return (await Promise.all(all)).flat();
  };
  const { pages: pageCount, passages: passageCount } = manifest;
  const pages = await read(manifest.pageParts, pageCount, decodePagePart);
  const passages = await read(manifest.textParts, passageCount, (bytes, count) =>
    decodeTextPart(bytes, { count, pages: pageCount }),
  );
  return {
    pages: pages.map(({ url, title, language, filters }, number) => ({
      url,
      title,
      language,
      version: filters['version'] ?? [],
      passages: passages.filter(({ page }) => page === number),
    })),
    collection: await openCollection(output, { url: `${ORIGIN}era-search/`, device: 'none' }),
  };
}
