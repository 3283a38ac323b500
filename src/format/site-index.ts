// From the parts of a site to its index file: the very bytes that the manifest names.

import { EraError, isEraError } from '../errors.ts';
import type { QuantizedVectors } from '../math/quantize.ts';
import { parseSpaceId } from '../space.ts';
import type { IndexContent } from './index-file.ts';
import { sha256Hex } from './sha256.ts';
import { damagedSite } from './site-json.ts';
import type { SiteManifest } from './site-manifest.ts';
import { toIndexPassages, type SitePage, type SitePassage } from './site.ts';
import { writeIndex } from './writer.ts';

/**
 * @param manifest of a site with vectors
 * @param vectors all of the site, in row order
 * @throws EraError `no-index` for a site without vectors; `index-format` where the parts are not those of the manifest
 */
export function assembleIndex(manifest: SiteManifest, pages: readonly SitePage[], passages: readonly SitePassage[], vectors: QuantizedVectors): Uint8Array<ArrayBuffer> {
  if (manifest.space === null || manifest.index === null) throw new EraError('no-index', 'The site has no vectors, and so no index file.');
  if (pages.length === manifest.pages && passages.length === manifest.passages) {
    const bytes = written({ space: parseSpaceId(manifest.space), vectors, passages: toIndexPassages({ pages, passages }) });
    if (bytes.length === manifest.index.bytes && sha256Hex(bytes) === manifest.index.sha256) return bytes;
  }
  throw damagedSite('its parts do not make the index that the manifest names');
}

function written(content: IndexContent): Uint8Array<ArrayBuffer> {
  try {
    return writeIndex(content);
  } catch (cause) {
    throw isEraError(cause) ? damagedSite('its parts make no index', cause) : cause;
  }
}
