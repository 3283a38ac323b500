// Builds a collection from records in the page, or changes one that was built so: the encoder worker cuts and embeds
// what is new, the search worker makes the parts and stores them.

import type { CollectionRecord } from '../build/records.ts';
import { EraError } from '../errors.ts';
import { passageText } from '../format/passage.ts';
import { toPassages, type SiteContent } from '../format/site.ts';
import type { QueryPath } from '../adapter/adapter.ts';
import { ProgressMeter } from '../progress.ts';
import type { Client } from '../rpc/client.ts';
import type { CollectionInfo } from '../rpc/collection-messages.ts';
import type { SearchApi } from '../rpc/protocol.ts';
import { spaceId } from '../space.ts';
import { WHOLE_MS } from './connections.ts';
import { embedPassages } from './embed-passages.ts';
import type { LocalModel } from './local-model.ts';
import type { BuildOptions, CollectionChanges, DownloadOptions } from './search-options.ts';

export interface Builders {
  readonly model: LocalModel;
  readonly search: () => Promise<Client<SearchApi>>;
  /** Number by which the search worker will know the collection. */
  readonly collection: number;
  readonly paths: readonly QueryPath[];
}

/** @returns what was built, and the search worker that has it open @throws as `Engine.build` */
export async function buildCollection(
  records: readonly CollectionRecord[],
  { name, root = document.baseURI, signal, onProgress }: BuildOptions,
  { model, search, collection, paths }: Builders,
): Promise<{ readonly info: CollectionInfo; readonly home: Client<SearchApi> }> {
  const { content } = await (await model.ready()).call('collect', { records }, { signal });
  const home = await search();
  const info = await buildContent(content, { name, root, signal, onProgress }, { model, home, collection, paths });
  return { info, home };
}

/**
 * @param home the search worker that has the collection open
 * @returns the collection as it is now @throws as `Collection.update`
 */
export async function changeCollection(
  { put = [], remove = [] }: CollectionChanges,
  { name, origin, space }: CollectionInfo,
  place: Place,
  { signal, onProgress }: DownloadOptions,
): Promise<CollectionInfo> {
  if (origin !== 'built')
    throw new EraError('invalid-input', `“${name}” was not built in a page: index its site again instead.`);
  const { model, home, collection } = place;
  const encoder = await model.ready();
  if (space && spaceId(model.status.space!) !== spaceId(space))
    throw new EraError('space-mismatch', 'The small model of this page is not the one that made the collection.');
  const { content, leftOut } = await encoder.call('collect', { records: put, mayBeEmpty: true }, { signal });
  const { content: changed, root } = await home.call(
    'changed',
    { collection, put: content, remove: [...remove, ...leftOut] },
    { signal, patienceMs: WHOLE_MS },
  );
  return buildContent(changed, { name, root, signal, onProgress }, place);
}

interface Place extends Omit<Builders, 'search'> {
  readonly home: Client<SearchApi>;
}

/** What an earlier build of the collection has embedded is not embedded again. @param model that is ready */
async function buildContent(
  content: SiteContent,
  { name, root, signal, onProgress }: BuildOptions & { readonly root: string },
  { model, home, collection, paths }: Place,
): Promise<CollectionInfo> {
  const space = model.status.space!;
  const texts = toPassages(content).map(passageText);
  const known = await home.call('known', { collection, name, space, texts }, { signal, patienceMs: WHOLE_MS });
  const isKnown = new Set(known.rows);
  const fresh = texts.filter((_, i) => !isKnown.has(i));
  const meter = new ProgressMeter(onProgress, { phase: 'embed', unit: 'texts', model: 'local' });
  const vectors = await embedPassages(fresh, model, { signal, onDone: (done) => meter.at(done, fresh.length) });
  return home.call(
    'build',
    { collection, name, content, vectors, known, space, root, paths },
    {
      signal,
      patienceMs: WHOLE_MS,
      transfer: [vectors.buffer, known.vectors.codes.buffer, known.vectors.scales.buffer],
    },
  );
}
