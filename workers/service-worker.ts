// The service worker of a site with <era-search>: search works without a network. A site's own worker includes it with
// importScripts, so the build makes one classic script of it. src/offline/offline-rules.ts decides how each request is
// answered. No failure here, such as of the caches or for lack of room, breaks a request that the network would have
// answered.

import {
  isKeepable,
  isOutdated,
  pathIn,
  treatmentOf,
  type OfflineSite,
  type Treatment,
} from '../src/offline/offline-rules.ts';

/** Files of the build: those that are fetched ahead, and the others. The build inserts the list (vite.config.ts). */
declare const OFFLINE_FILES: { readonly ahead: readonly string[]; readonly later: readonly string[] };

interface OfflineOptions {
  /** Folder of the search, relative to the site's own worker. @default './era-search/' */
  readonly bundle?: string;
  /** Keeps the pages that a visitor opens, with their styles, scripts and fonts. @default true */
  readonly pages?: boolean;
}

/** Milliseconds to wait for the network where a copy exists. */
const NETWORK_WAIT_MS = 3000;
const MOST_PAGE_FILES = 300;
const MANIFEST = 'era-search.json';

const worker = self as unknown as ServiceWorkerGlobalScope & { readonly eraSearchOffline?: OfflineOptions };
const { bundle = './era-search/', pages = true } = worker.eraSearchOffline ?? {};
const site: OfflineSite = {
  bundle: new URL(bundle, worker.location.href).href,
  scope: worker.registration.scope,
  pages,
};
// Other sites of the same origin have their own caches.
const FILES = `era-search files ${site.bundle}`;
const PAGES = `era-search pages ${site.scope}`;

worker.addEventListener('install', (event) => {
  event.waitUntil(Promise.all([...OFFLINE_FILES.ahead, MANIFEST].map((file) => fetchAhead(event, site.bundle + file))));
});

worker.addEventListener('activate', (event) => {
  event.waitUntil(takeControl(event));
});

worker.addEventListener('fetch', (event) => {
  const treatment = treatmentOf(event.request, site);
  if (treatment) event.respondWith(treatment === 'hashed' ? cacheFirst(event) : networkFirst(event, treatment));
});

/** Takes control of the open pages, and fetches them again, since they were loaded without this worker. */
async function takeControl(event: ExtendableEvent): Promise<void> {
  await worker.clients.claim();
  await dropOutdated();
  const open = await worker.clients.matchAll({ type: 'window' });
  if (pages)
    await Promise.all(open.map(({ url }) => fetchAndKeep(event, new Request(url), 'page').catch(() => undefined)));
}

async function fetchAhead(event: ExtendableEvent, url: string): Promise<void> {
  const request = new Request(url);
  const treatment = url.startsWith(`${site.bundle}assets/`) ? 'hashed' : 'fresh';
  if (treatment === 'fresh' || !(await copyOf(request, treatment)))
    await fetchAndKeep(event, request, treatment).catch(() => undefined);
}

async function cacheFirst(event: FetchEvent): Promise<Response> {
  const { request } = event;
  const isAskedAnew = request.cache === 'reload' || request.cache === 'no-store'; // the copy was damaged
  return (isAskedAnew ? undefined : await copyOf(request, 'hashed')) ?? fetchAndKeep(event, request, 'hashed');
}

async function networkFirst(event: FetchEvent, treatment: Treatment): Promise<Response> {
  const { request } = event;
  const copy = await copyOf(request, treatment);
  const answer = fetchAndKeep(event, request, treatment);
  if (!copy) return treatment === 'page' ? answer.catch((error: unknown) => keptByBrowser(request, error)) : answer;
  event.waitUntil(answer.catch(() => undefined)); // a late response is still cached for the next time
  const inTime = await Promise.race([
    answer.catch(() => null),
    new Promise<null>((resolve) => setTimeout(resolve, NETWORK_WAIT_MS, null)),
  ]);
  return inTime && inTime.status < 500 ? inTime : copy;
}

/** @throws as `fetch`: with the rejection as response the page behaves as without a worker */
async function fetchAndKeep(event: ExtendableEvent, request: Request, treatment: Treatment): Promise<Response> {
  const response = await fetch(request);
  if (isKeepable(response, treatment)) {
    const copy = response.clone();
    event.waitUntil(keep(request, copy, treatment).catch(() => undefined)); // no room, or the response broke off
  }
  return response;
}

async function keep(request: Request, copy: Response, treatment: Treatment): Promise<void> {
  const cache = await caches.open(treatment === 'page' ? PAGES : FILES);
  await cache.put(request.url, copy);
  if (pathIn(site.bundle, request.url) === MANIFEST) await dropOutdated();
  if (treatment !== 'page') return;
  const kept = await cache.keys();
  await Promise.all(kept.slice(0, Math.max(0, kept.length - MOST_PAGE_FILES)).map((old) => cache.delete(old)));
}

async function dropOutdated(): Promise<void> {
  try {
    const cache = await caches.open(FILES);
    const manifest = (await (await cache.match(site.bundle + MANIFEST))?.text()) ?? null;
    const files = [...OFFLINE_FILES.ahead, ...OFFLINE_FILES.later];
    const past = (await cache.keys()).filter(({ url }) => isOutdated(pathIn(site.bundle, url), manifest, files));
    await Promise.all(past.map((request) => cache.delete(request)));
  } catch {
    // They are removed the next time.
  }
}

async function copyOf({ url }: Request, treatment: Treatment): Promise<Response | undefined> {
  try {
    return await (await caches.open(treatment === 'page' ? PAGES : FILES)).match(url, { ignoreVary: true });
  } catch {
    return undefined;
  }
}

/**
 * Files of a page that were loaded before this worker controlled it, from the HTTP cache; a stale copy is better than
 * none.
 */
async function keptByBrowser({ url, mode }: Request, error: unknown): Promise<Response> {
  if (mode === 'navigate') throw error;
  return fetch(url, { cache: 'only-if-cached', mode: 'same-origin' });
}
