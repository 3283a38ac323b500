// `era-search.json`, the small file that a page asks for first: it names every part of a site's index by its hash, so that parts can be
// cached for ever. FORMAT.md has the fields.

export const SITE_MANIFEST_FILE = 'era-search.json';
export const SITE_FORMAT = 'era-search-site';
export const SITE_VERSION = 1;

export interface SitePart {
  /** `parts/<kind>-<first 16 hex digits of sha-256 of the file>.era-part`, relative to the manifest. */
  readonly file: string;
  /** Of the file as it lies on disk: gzipped, all kinds but vectors. */
  readonly bytes: number;
}

/** A part that holds rows or pages from `first` on, up to the next part's first. */
export interface NumberedPart extends SitePart {
  readonly first: number;
}

/** A part of the keyword index: terms from `first` on, in code unit order, up to the next part's first. */
export interface TermPart extends SitePart {
  readonly first: string;
}

export interface SiteAdapter {
  readonly path: 'local' | 'remote' | 'both';
  readonly stage: 'aligned' | 'adapted';
  /** Safetensors. */
  readonly file: string;
  readonly bytes: number;
}

export interface SiteManifest {
  readonly format: typeof SITE_FORMAT;
  readonly version: typeof SITE_VERSION;
  /** First 16 hex digits of the sha-256 over all that follows: another build, another name. */
  readonly build: string;
  /** Of the site's root, from the manifest: `../`, or an address; pages are relative to it. */
  readonly root: string;
  readonly pages: number;
  readonly passages: number;
  /** In the order of the number of pages, most first; without the empty one. */
  readonly languages: readonly string[];
  /** Space id of the vectors; null for a site without vectors. */
  readonly space: string | null;
  /** The index file that texts, pages and vectors make when put together; null for a site without vectors. */
  readonly index: { readonly sha256: string; readonly bytes: number } | null;
  /** Name of the document model, for the encoder in the page; `models` is the folder of its files from the manifest, null where they are not published with it. */
  readonly encoder: { readonly model: string; readonly models: string | null } | null;
  readonly keyword: { readonly base: SitePart; readonly dictionary: SitePart; readonly terms: readonly TermPart[] };
  readonly pageParts: readonly NumberedPart[];
  readonly textParts: readonly NumberedPart[];
  readonly vectorParts: readonly NumberedPart[];
  /** Values of filters and sort keys of all pages; null where there are none. */
  readonly facets: SitePart | null;
  readonly adapters: readonly SiteAdapter[];
}
