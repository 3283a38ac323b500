// Fetches the manifest, the small file that names the others; it is requested again on every visit.

import { isEraError } from '../errors.ts';
import {
  OLD_MANIFEST_FILE,
  parseSiteManifest,
  SITE_MANIFEST_FILE,
  type SiteManifest,
} from '../format/site-manifest.ts';
import { download, type DownloadOptions } from './download.ts';

type ManifestOptions = Pick<DownloadOptions, 'signal' | 'fetch'>;

/** Shorter limit where the store has a copy: a copy that may be one version old is better than a longer wait. */
const COPY_STALL_MS = 2000;
/** Limit without a copy, where nothing else can be done. */
const STALL_MS = 15_000;
/** Upper bound of a manifest. That of 100,000 passages has a megabyte, and most of it grows with their square root. */
const MAX_MANIFEST_BYTES = 2 ** 23;
/** The old manifest had 400 bytes; other software has files of its name, of any size. */
const MAX_OLD_BYTES = 2 ** 16;

const decoder = new TextDecoder();

/**
 * @param optional true where the caller can do without: the result is then null for a server that is unavailable or
 * answers something else
 * @throws EraError `network`, `timeout`, `too-large`; `index-format`, `unsupported-version`; `old-index` for a folder of the
 * previous format
 */
export async function fetchManifest(
  address: string,
  optional: boolean,
  options: ManifestOptions = {},
): Promise<SiteManifest | null> {
  const { signal } = options;
  try {
    const limits = optional ? { stallMs: COPY_STALL_MS, tries: 1 } : { stallMs: STALL_MS };
    return await fetchText(address, { ...limits, maxBytes: MAX_MANIFEST_BYTES }, options);
  } catch (error) {
    signal?.throwIfAborted();
    if (optional) return null;
    if (isEraError(error, 'network')) await refuseOld(address, options);
    throw error;
  }
}

async function fetchText(
  address: string,
  limits: Pick<DownloadOptions, 'stallMs' | 'tries' | 'maxBytes'>,
  { signal, fetch }: ManifestOptions,
): Promise<SiteManifest> {
  return parseSiteManifest(decoder.decode(await download(address, { ...limits, cache: 'no-cache', signal, fetch })));
}

/** @throws EraError `old-index` where the folder has one */
async function refuseOld(address: string, options: ManifestOptions): Promise<void> {
  try {
    const limits = { stallMs: COPY_STALL_MS, tries: 1, maxBytes: MAX_OLD_BYTES };
    await fetchText(new URL(OLD_MANIFEST_FILE, address).href, limits, options);
  } catch (error) {
    options.signal?.throwIfAborted();
    if (isEraError(error, 'old-index')) throw error;
  }
}

/** Address of the manifest, from its own or that of its folder. @param url absolute */
export function manifestUrl(url: string): string {
  const absolute = new URL(url);
  return absolute.pathname.endsWith('.json')
    ? absolute.href
    : new URL(SITE_MANIFEST_FILE, absolute.href.replace(/\/?$/, '/')).href;
}
