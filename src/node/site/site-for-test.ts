// Shared by the tests of making an index: a site in a temporary folder, with a cache beside it, and its bytes.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describeModel } from '../../encode/describe-model.ts';
import { DEFAULT_MODEL, spaceOf } from '../../encode/models.ts';
import { parseSiteManifest, type NumberedPart, type SiteManifest } from '../../format/site-manifest.ts';
import { decodePagePart, decodeTextPart, decodeVectorPart, joinVectorParts } from '../../format/site-parts.ts';
import type { SiteContent } from '../../format/site.ts';
import type { QuantizedVectors } from '../../math/quantize.ts';
import { parseSpaceId, type Space } from '../../space.ts';
import { packageRoot } from '../package-root.ts';
import { folderForTest } from '../setup/folder-for-test.ts';
import { createIndex, type CreateIndexOptions } from './create-index.ts';
import type { SiteSummary } from './write-site.ts';

/** A page with title and paragraphs, and menus like those of other pages. */
export function html(title: string, ...paragraphs: readonly string[]): string {
  return `<!doctype html><html lang="en"><title>${title}</title><nav>Home</nav><main><h1>${title}</h1>${paragraphs.map((text) => `<p>${text}</p>`).join('')}</main></html>`;
}

export const THREE: Readonly<Record<string, string>> = {
  'index.html': html('Bicycles', 'All about bicycles and how to look after them.'),
  'guide/chain.html': html('The chain', 'A chain that skips is worn: measure it and replace it.'),
  'guide/tyres.html': html('Tyres', 'Pump your tyres once a week, and look for glass in them.'),
};

export interface TestSite {
  /** Contains `site`, `cache` and `element`. */
  readonly root: string;
  readonly site: string;
  readonly output: string;
}

/** @param files path below the site → content */
export function siteForTest(files: Readonly<Record<string, string>> = THREE): TestSite {
  const entries = Object.entries(files).map(([path, content]) => [`site/${path}`, content] as const);
  const root = folderForTest({
    'element/era-search.js': '// the element',
    'element/assets/worker.js': '// a worker',
    ...Object.fromEntries(entries),
  });
  return { root, site: join(root, 'site'), output: join(root, 'site/era-search') };
}

/** Indexes the whole folder, without the small model's files unless they are requested. */
export async function indexSite(
  { root, site, output }: TestSite,
  options: CreateIndexOptions = {},
): Promise<SiteSummary> {
  const index = await createIndex({
    modelFiles: false,
    cacheDir: join(root, 'cache'),
    elementDir: join(root, 'element'),
    ...options,
  });
  await index.addDirectory({ path: site });
  return index.write({ outputPath: output });
}

/** The content of an index's files, as a page reads them. */
export function publishedIn(
  output: string,
): SiteContent & { readonly manifest: SiteManifest; readonly vectors: QuantizedVectors | null } {
  const manifest = parseSiteManifest(readFileSync(join(output, 'era-search.json'), 'utf8'));
  const { pageParts, textParts, vectorParts, pages, passages } = manifest;
  const bytesOf = (file: string): Uint8Array<ArrayBuffer> => new Uint8Array(readFileSync(join(output, file)));
  const decoded = <T>(parts: readonly NumberedPart[], total: number, decode: (file: string, count: number) => T): T[] =>
    parts.map(({ file, first }, i) => decode(file, (parts[i + 1]?.first ?? total) - first));
  const dims = manifest.space === null ? 0 : parseSpaceId(manifest.space).dims;
  return {
    manifest,
    pages: decoded(pageParts, pages, (file, count) => decodePagePart(gunzipSync(bytesOf(file)), count)).flat(),
    passages: decoded(textParts, passages, (file, count) =>
      decodeTextPart(gunzipSync(bytesOf(file)), { count, pages }),
    ).flat(),
    vectors:
      vectorParts.length === 0
        ? null
        : joinVectorParts(decoded(vectorParts, passages, (file, rows) => decodeVectorPart(bytesOf(file), rows, dims))),
  };
}

/** Path → bytes, of all files below a folder. */
export function bytesBelow(folder: string): Map<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map(({ parentPath, name }) => join(parentPath, name)).sort();
  return new Map(paths.map((path) => [path.slice(folder.length + 1), readFileSync(path, 'latin1')]));
}

/** Space of an index's vectors by default. */
export async function spaceOfDefaultModel(): Promise<Space> {
  return spaceOf(
    await describeModel({ name: DEFAULT_MODEL }, join(packageRoot(), 'public/models', DEFAULT_MODEL, '/')),
    'q8',
  );
}
