// The base adapter that alignment is pulled towards: fetched once, on first use.

import type { LinearAdapter } from '../adapter/adapter.ts';
import { readAdapter } from '../adapter/file.ts';
import { EraError } from '../errors.ts';
import { spaceId, type Space } from '../space.ts';
import { download } from '../transfer/download.ts';
import { fitsSpaces } from './adapters.ts';

/** Upper bound of a base adapter file. A map between two models of 4096 dimensions has 64 MiB. */
const MAX_ADAPTER_BYTES = 2 ** 28;

export class BaseAdapter {
  readonly #url: string | undefined;
  #adapter: LinearAdapter | undefined;

  constructor(url: string | undefined) {
    this.#url = url;
  }

  /**
   * Null where none is configured.
   * @param from of the remote model, `fromId` with the dimensions that it answered with
   * @throws EraError `network`, `timeout`, `too-large`, `adapter-format`, `space-mismatch`; the signal's reason
   */
  async between(from: Space, fromId: string, to: Space, signal?: AbortSignal): Promise<LinearAdapter | null> {
    if (this.#url === undefined) return null;
    this.#adapter ??= readAdapter(
      await download(new URL(this.#url, document.baseURI).href, {
        signal,
        maxBytes: MAX_ADAPTER_BYTES,
        refuseHtml: true,
      }),
    );
    const base = this.#adapter;
    if (!fitsSpaces(base, to, { local: null, remote: from }) || base.from[0] !== fromId) {
      throw new EraError(
        'space-mismatch',
        `The base adapter at ${this.#url} leads from ${base.from.join(', ')} to ${base.to}; this pair needs ${fromId} to ${spaceId(to)}.`,
      );
    }
    return base;
  }
}
