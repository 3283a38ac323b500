// Builds a collection from records in the page: the encoder worker cuts and embeds them, the search worker makes the
// parts and stores them.

import type { CollectionRecord } from '../build/records.ts';
import { passageText } from '../format/passage.ts';
import { toPassages } from '../format/site.ts';
import type { QueryPath } from '../adapter/adapter.ts';
import { ProgressMeter } from '../progress.ts';
import type { Client } from '../rpc/client.ts';
import type { CollectionInfo } from '../rpc/collection-messages.ts';
import type { SearchApi } from '../rpc/protocol.ts';
import { WHOLE_MS } from './connections.ts';
import { embedPassages } from './embed-passages.ts';
import type { LocalModel } from './local-model.ts';
import type { BuildOptions } from './search-options.ts';

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
  const encoder = await model.ready();
  const space = model.status.space!;
  const { content } = await encoder.call('collect', { records }, { signal });
  const texts = toPassages(content).map(passageText);
  const meter = new ProgressMeter(onProgress, { phase: 'embed', unit: 'texts', model: 'local' });
  const vectors = await embedPassages(texts, model, { signal, onDone: (done) => meter.at(done, texts.length) });
  const home = await search();
  const info = await home.call(
    'build',
    { collection, name, content, vectors, space, root, paths },
    { signal, patienceMs: WHOLE_MS, transfer: [vectors.buffer] },
  );
  return { info, home };
}
