// Rules of the offline worker (workers/service-worker.ts): which requests of a site's pages it answers and how, and
// which cached files are outdated. Pure.

/** `hashed`: cached copies first. `fresh`, `page`: the network first; a page also from the browser's own cache. */
export type Treatment = 'hashed' | 'fresh' | 'page';

export interface OfflineSite {
  /** Address of the folder of the search, with a slash at the end. */
  readonly bundle: string;
  /** Scope of the worker. */
  readonly scope: string;
  /** Whether pages are cached too. */
  readonly pages: boolean;
}

export type RequestFacts = Pick<Request, 'method' | 'url' | 'mode' | 'destination'> & {
  readonly headers: Pick<Headers, 'has'>;
};

/** Files that name others: a copy is used where the network does not answer. */
const NAMES_OTHERS = /^(?:era-search\.js|era-search\.json|models\/.*\/era-model\.json)$/;
/** Files of the bundle whose names change with their content, or that are treated alike: a model has a fixed name. */
const NAMED_BY_CONTENT = /^(?:parts|assets|adapters|models)\//;
/** Kinds of requests that a page needs to be complete; images and data are left to the network. */
const OF_A_PAGE: readonly string[] = ['style', 'script', 'font'];

/** Null for a request that the worker does not handle. */
export function treatmentOf(
  { method, url, mode, destination, headers }: RequestFacts,
  { bundle, scope, pages }: OfflineSite,
): Treatment | null {
  if (method !== 'GET' || headers.has('range')) return null;
  const isDrawn = mode === 'navigate' || OF_A_PAGE.includes(destination);
  if (url.startsWith(bundle) && mode !== 'navigate') {
    const path = pathIn(bundle, url);
    if (NAMES_OTHERS.test(path)) return 'fresh';
    return NAMED_BY_CONTENT.test(path) ? 'hashed' : null;
  }
  return pages && isDrawn && new URL(url).origin === new URL(scope).origin ? 'page' : null;
}

/** Path of a file in the bundle, without query and fragment. */
export function pathIn(bundle: string, url: string): string {
  return url.slice(bundle.length).replace(/[?#].*$/s, '');
}

/**
 * Whether a cached file of the bundle belongs to another build than this one.
 * @param manifest text of `era-search.json`, which packs the hashes of parts without separators
 * @param files of the element's current build
 */
export function isOutdated(path: string, manifest: string | null, files: readonly string[]): boolean {
  if (path.startsWith('assets/')) return !files.includes(path);
  if (manifest === null) return false;
  const hash = /^(?:parts|adapters)\/.*-([0-9a-f]{16})\.[^/]*$/.exec(path)?.[1];
  if (hash !== undefined) return !manifest.includes(hash);
  const model = /"model":"([^"]+)"/.exec(manifest)?.[1];
  return path.startsWith('models/') && !path.startsWith(`models/${model ?? ''}/`);
}

/** Whether a response may be cached: complete, readable and, for pages, not marked as private or not to be stored. */
export function isKeepable(
  { status, type, headers }: Pick<Response, 'status' | 'type'> & { readonly headers: Pick<Headers, 'get'> },
  treatment: Treatment,
): boolean {
  return (
    status === 200 &&
    (type === 'basic' || type === 'cors') &&
    !(treatment === 'page' && /\bno-store\b/i.test(headers.get('cache-control') ?? ''))
  );
}
