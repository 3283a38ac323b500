// Rules of the offline worker (workers/service-worker.ts): which requests of a site's pages it answers and how, and
// which files it keeps. The index is not among them: IndexedDB has it, whole and checked (src/store/). Pure.

/** The files of one build of the element, as published: path below the folder of the search → first 16 hex digits of its sha-256. */
export interface Release {
  /** Differs between releases. */
  readonly id: string;
  /** What a first search needs. */
  readonly ahead: Readonly<Record<string, string>>;
  /** What is fetched when it is used: the model's runtime, training, charts. */
  readonly later: Readonly<Record<string, string>>;
}

/**
 * `kept`: the copy first. `fresh`, `page`: the network first; a page also from the browser's own cache. `noted`: the
 * network alone, and what it answers is remembered.
 */
export type Treatment = 'kept' | 'fresh' | 'noted' | 'page';

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

export const MANIFEST = 'era-search.json';
export const ELEMENT = 'era-search.js';
const MODELS = /^models\//;
const DESCRIPTION = 'era-model.json';
/** Pieces of a model's files are named by their content. */
const PIECE = /^models\/.*\/parts\/([0-9a-f]{16})\.bin$/;
const MOST_FILES_OF_A_PAGE = 50;
/** Kinds of requests that a page needs to be complete; images and data are left to the network. */
const OF_A_PAGE: readonly string[] = ['style', 'script', 'font'];

/** Null for a request that the worker does not handle, such as one for a file of another release. */
export function treatmentOf(
  { method, url, mode, destination, headers }: RequestFacts,
  { bundle, scope, pages }: OfflineSite,
  release: Release,
): Treatment | null {
  if (method !== 'GET' || headers.has('range')) return null;
  const isDrawn = mode === 'navigate' || OF_A_PAGE.includes(destination);
  if (url.startsWith(bundle) && mode !== 'navigate') {
    const path = pathIn(bundle, url);
    if (path === MANIFEST) return 'noted';
    if (path === ELEMENT || (MODELS.test(path) && path.endsWith(`/${DESCRIPTION}`))) return 'fresh';
    return MODELS.test(path) || isOfRelease(path, release) ? 'kept' : null;
  }
  return pages && isDrawn && new URL(url).origin === new URL(scope).origin ? 'page' : null;
}

/** Path of a file in the bundle, without query and fragment. */
export function pathIn(bundle: string, url: string): string {
  return url.slice(bundle.length).replace(/[?#].*$/s, '');
}

export function isOfRelease(path: string, { ahead, later }: Release): boolean {
  return Object.hasOwn(ahead, path) || Object.hasOwn(later, path);
}

/**
 * Addresses of the scripts and styles that the markup of a page names, of its own origin: a page that was loaded before
 * the worker controlled it is kept with these.
 * @param address of the page
 */
export function filesOfPage(html: string, address: string): string[] {
  const named = html.matchAll(
    /<(?:script|link)\b[^>]*?\s(?:src|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))[^>]*>/gi,
  );
  const files = Array.from(named, ([tag, double, single, bare]) => {
    const isDrawn = !/^<link/i.test(tag) || /\srel\s*=\s*["']?[^"'>]*\bstylesheet\b/i.test(tag);
    return isDrawn ? addressOf(double ?? single ?? bare ?? '', address) : null;
  });
  const { origin } = new URL(address);
  const own = files.filter((file) => file !== null && new URL(file).origin === origin) as string[];
  return [...new Set(own)].slice(0, MOST_FILES_OF_A_PAGE);
}

function addressOf(relative: string, base: string): string | null {
  try {
    return new URL(relative, base).href;
  } catch {
    return null;
  }
}

/** First 16 hex digits of the sha-256 of the file under this path; null where none is known. */
export function hashOf(path: string, { ahead, later }: Release): string | null {
  return ahead[path] ?? later[path] ?? PIECE.exec(path)?.[1] ?? null;
}

/**
 * The files without which a release is not whole: those of a first search, and the others that this visitor has used
 * in the release before.
 * @param before paths that are kept of releases before
 */
export function filesToInstall({ ahead, later }: Release, before: readonly string[]): string[] {
  const used = new Set(before.map(nameOf));
  return [...Object.keys(ahead), ...Object.keys(later).filter((path) => used.has(nameOf(path)))];
}

/** A file of a build has the same name in the next one, but for its hash. */
function nameOf(path: string): string {
  return path.replace(/-[\w-]{8}(?=\.\w+$)/, '');
}

/**
 * The kept files of models that the site does not use any more; none before the model that it uses is here as a whole.
 * @param manifest text of `era-search.json`
 * @param description text of the used model's `era-model.json`, which names its pieces; null where it is not here
 * @param kept paths of all kept files of models
 */
export function outdatedModels(manifest: string, description: string | null, kept: readonly string[]): string[] {
  const folder = modelFolder(manifest);
  if (folder === null || description === null) return [];
  const pieces = description.match(/(?<=")[^"]*\bparts\/[0-9a-f]{16}\.bin(?=")/g) ?? [];
  const isWhole = pieces.length > 0 && pieces.every((piece) => kept.includes(folder + piece));
  return isWhole ? kept.filter((path) => MODELS.test(path) && !path.startsWith(folder)) : [];
}

/** Path of the description of the model that the site uses; null for a site without. @param manifest its text */
export function descriptionOf(manifest: string): string | null {
  const folder = modelFolder(manifest);
  return folder === null ? null : folder + DESCRIPTION;
}

function modelFolder(manifest: string): string | null {
  const model = /"model":"([^"]+)"/.exec(manifest)?.[1];
  return model === undefined ? null : `models/${model}/`;
}

type Answer = Pick<Response, 'status' | 'type'> & { readonly headers: Pick<Headers, 'get'> };

/** Whether a response may be cached: complete, readable and, for pages, not marked as private or not to be stored. */
export function isKeepable({ status, type, headers }: Answer, treatment: Treatment): boolean {
  return (
    status === 200 &&
    (type === 'basic' || type === 'cors') &&
    !(treatment === 'page' && /\bno-store\b/i.test(headers.get('cache-control') ?? ''))
  );
}

/**
 * Whether a response for a file of the bundle is that file, and not a server's page about an error.
 * @param hash first digits of the file's sha-256; null where they are not known
 * @param digest hex of the sha-256 of the body; any where the hash is not known
 */
export function isTheFile(
  hash: string | null,
  digest: string,
  { status, headers }: Pick<Answer, 'status' | 'headers'>,
): boolean {
  if (status !== 200) return false;
  if (hash !== null && digest.startsWith(hash)) return true;
  const type = headers.get('content-type') ?? '';
  if (/^text\/html\b/i.test(type)) return false;
  // Some servers send gzipped files as if they had compressed them: the browser has unpacked the body.
  return hash === null || (headers.get('content-encoding') !== null && !/\bjavascript\b/i.test(type));
}
