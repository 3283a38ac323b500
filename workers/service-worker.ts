// The service worker of a site with <era-search>: search works without a network. A site's own worker includes it with
// importScripts, so the build makes one classic script of it. The files of the element's build are installed whole, each
// checked by its hash, or the build before stays; src/offline/offline-rules.ts decides how each request is answered. No
// failure here, such as of the caches or for lack of room, breaks a request that the network would have answered.

import {
  descriptionOf,
  filesOfPage,
  filesToInstall,
  hashOf,
  isKeepable,
  isOfRelease,
  isTheFile,
  MANIFEST,
  outdatedModels,
  pathIn,
  treatmentOf,
  type OfflineSite,
  type Release,
  type Treatment,
} from '../src/offline/offline-rules.ts';

/** The build inserts the list of its files (vite.config.ts). */
declare const RELEASE: Release;

interface OfflineOptions {
  /** Folder of the search, relative to the site's own worker. @default './era-search/' */
  readonly bundle?: string;
  /** Keeps the pages that a visitor opens, with their styles, scripts and fonts. @default true */
  readonly pages?: boolean;
}

/** Milliseconds to wait for the network where a copy exists. */
const NETWORK_WAIT_MS = 3000;
const MOST_PAGE_FILES = 300;

const worker = self as unknown as ServiceWorkerGlobalScope & { readonly eraSearchOffline?: OfflineOptions };
const { bundle = './era-search/', pages = true } = worker.eraSearchOffline ?? {};
const site: OfflineSite = {
  bundle: new URL(bundle, worker.location.href).href,
  scope: worker.registration.scope,
  pages,
};
// Other sites of the same origin have their own caches.
const RELEASES = `era-search files ${site.bundle}`;
const FILES = `${RELEASES} ${RELEASE.id}`;
const MODELS = `era-search models ${site.bundle}`;
const PAGES = `era-search pages ${site.scope}`;

worker.addEventListener('install', (event) => {
  event.waitUntil(Promise.all([install(), fetchAhead(site.bundle + MANIFEST, 'noted')]));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(takeControl());
});

worker.addEventListener('fetch', (event) => {
  const treatment = treatmentOf(event.request, site, RELEASE);
  if (treatment) event.respondWith(answer(event, treatment));
});

/** @throws Error when a file cannot be had: the browser tries again later, and the release before stays meanwhile */
async function install(): Promise<void> {
  const earlier = await Promise.all((await otherReleases()).map((name) => caches.open(name)));
  const before = (await Promise.all(earlier.map((cache) => cache.keys()))).flat();
  const paths = filesToInstall(
    RELEASE,
    before.map(({ url }) => pathIn(site.bundle, url)),
  );
  await Promise.all(
    paths.map(async (path) => {
      const place = placeOf(site.bundle + path, 'fresh');
      let file = await copyIn(place);
      for (const cache of earlier) file ??= await theFile(place, await cache.match(place.address));
      file ??= await theFile(place, await fetch(place.address));
      file ??= await theFile(place, await fetch(place.address, { cache: 'reload' }));
      if (!file) throw new Error(`${place.address} is not the file of this release of era-search.`);
      await (await caches.open(place.cache)).put(place.address, file);
    }),
  );
}

/** Drops other releases, takes control of the open pages, and keeps these, since they were loaded without this worker. */
async function takeControl(): Promise<void> {
  await worker.clients.claim();
  await Promise.all((await otherReleases()).map((name) => caches.delete(name)));
  const open = await worker.clients.matchAll({ type: 'window' });
  if (pages) await Promise.all(open.map(({ url }) => keepPage(url).catch(() => undefined)));
}

async function otherReleases(): Promise<string[]> {
  return (await caches.keys()).filter(
    (name) => name !== FILES && (name === RELEASES || name.startsWith(`${RELEASES} `)),
  );
}

async function keepPage(url: string): Promise<void> {
  const response = await fetch(url);
  const copy = response.clone();
  await keep(url, response, 'page');
  const files = filesOfPage(await copy.text(), url).filter((file) => !file.startsWith(site.bundle));
  await Promise.all(files.map((file) => fetchAhead(file, 'page')));
}

async function fetchAhead(url: string, treatment: Treatment): Promise<void> {
  await fetch(url)
    .then((response) => keep(url, response, treatment))
    .catch(() => undefined);
}

async function answer(event: FetchEvent, treatment: Treatment): Promise<Response> {
  const { request } = event;
  const isAskedAnew = request.cache === 'reload' || request.cache === 'no-store'; // the copy was damaged
  const copy = treatment === 'noted' || isAskedAnew ? undefined : await copyIn(placeOf(request.url, treatment));
  if (copy && treatment === 'kept') return copy;
  const response = fetchAndKeep(event, treatment);
  if (!copy) return treatment === 'page' ? response.catch((error: unknown) => keptByBrowser(request, error)) : response;
  event.waitUntil(response.catch(() => undefined)); // a late response is still cached for the next time
  const inTime = await Promise.race([
    response.catch(() => null),
    new Promise<null>((resolve) => setTimeout(resolve, NETWORK_WAIT_MS, null)),
  ]);
  return inTime && inTime.status < 500 ? inTime : copy;
}

/** @throws as `fetch`: with the rejection as response the page behaves as without a worker */
async function fetchAndKeep(event: FetchEvent, treatment: Treatment): Promise<Response> {
  const response = await fetch(event.request);
  const copy = response.clone();
  event.waitUntil(keep(event.request.url, copy, treatment).catch(() => undefined)); // no room, or it broke off
  return response;
}

async function keep(url: string, response: Response, treatment: Treatment): Promise<void> {
  const place = placeOf(url, treatment);
  const file = isKeepable(response, treatment) ? await theFile(place, response) : undefined;
  if (!file) return;
  const cache = await caches.open(place.cache);
  await cache.put(place.address, file);
  if (treatment !== 'page') return dropOutdatedModels();
  const kept = await cache.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST_PAGE_FILES)).map((old) => cache.delete(old)));
}

async function dropOutdatedModels(): Promise<void> {
  const cache = await caches.open(MODELS);
  const textOf = async (path: string | null): Promise<string | null> =>
    path === null ? null : ((await (await cache.match(site.bundle + path))?.text()) ?? null);
  const manifest = await textOf(MANIFEST);
  if (manifest === null) return;
  const kept = (await cache.keys()).map(({ url }) => pathIn(site.bundle, url));
  const outdated = outdatedModels(manifest, await textOf(descriptionOf(manifest)), kept);
  await Promise.all(outdated.map((path) => cache.delete(site.bundle + path)));
}

/** Where a file is kept, and what it must be. */
interface Place {
  readonly cache: string;
  /** Without a query string, but for pages. */
  readonly address: string;
  /** First digits of its sha-256; null where they are not known. */
  readonly hash: string | null;
  readonly isPage: boolean;
}

function placeOf(url: string, treatment: Treatment): Place {
  if (treatment === 'page') return { cache: PAGES, address: url, hash: null, isPage: true };
  const path = pathIn(site.bundle, url);
  return {
    cache: isOfRelease(path, RELEASE) ? FILES : MODELS,
    address: site.bundle + path,
    hash: hashOf(path, RELEASE),
    isPage: false,
  };
}

/** The kept copy. One that is damaged is removed. */
async function copyIn(place: Place): Promise<Response | undefined> {
  try {
    const cache = await caches.open(place.cache);
    const copy = await cache.match(place.address, { ignoreVary: true });
    const file = await theFile(place, copy);
    if (copy && !file) await cache.delete(place.address);
    return file;
  } catch {
    return undefined;
  }
}

/** The response, unless it is something else than the file of this place, such as a server's page about an error. */
async function theFile({ hash, isPage }: Place, response: Response | undefined): Promise<Response | undefined> {
  if (!response || isPage) return response;
  const file = response.clone();
  return isTheFile(hash, hash === null ? '' : await digestOf(response), file) ? file : undefined;
}

async function digestOf(response: Response): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await response.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * Files of a page that were loaded before this worker controlled it, from the HTTP cache; a stale copy is better than
 * none.
 */
async function keptByBrowser({ url, mode }: Request, error: unknown): Promise<Response> {
  if (mode === 'navigate') throw error;
  return fetch(url, { cache: 'only-if-cached', mode: 'same-origin' });
}
