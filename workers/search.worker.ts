// The search worker: open collections, the store and the scan. It passes messages to collection-session.ts, and parses
// records and makes bundles itself, by code that no page needs that only searches.

import { unlessAborted } from '../src/abort.ts';
import { EraError, isEraError } from '../src/errors.ts';
import type { Extension } from '../src/extension/extension.ts';
import type { knownVectors } from '../src/build/known-vectors.ts';
import { passageText } from '../src/format/passage.ts';
import { quantizeRows } from '../src/math/quantize.ts';
import type { CollectionInfo, QueryReading } from '../src/rpc/collection-messages.ts';
import { serve } from '../src/rpc/server.ts';
import type { SearchApi } from '../src/rpc/protocol.ts';
import type { CollectionFindings } from '../src/search/collection.ts';
import { isReplaced } from '../src/search/shortfall.ts';
import { spaceId, type Space } from '../src/space.ts';
import { openStore } from '../src/store/open-store.ts';
import { gzip } from '../src/transfer/gzip.ts';
import { CollectionSession, type SessionContext } from './collection-session.ts';

let settings: SearchApi['configure']['args'] = { store: 'auto', scan: 'auto', extension: null };
let opening: Promise<SessionContext> | undefined;
const sessions = new Map<number, CollectionSession>();

function context(): Promise<SessionContext> {
  opening ??= open(settings).catch((error: unknown) => {
    opening = undefined;
    throw error;
  });
  return opening;
}

async function open({ store, scan, extension }: typeof settings): Promise<SessionContext> {
  const loaded = extension === null ? {} : await load(extension);
  return { store: await openStore({ mode: store }), scan, extension: loaded };
}

async function load(extension: string): Promise<Extension> {
  return (await import('../src/extension/load-extension.ts')).loadExtension(extension);
}

function of({ collection }: { readonly collection: number }): CollectionSession {
  const session = sessions.get(collection);
  if (!session) throw new EraError('no-index', 'The collection is not open.');
  return session;
}

function use(collection: number, session: CollectionSession): CollectionInfo {
  sessions.get(collection)?.close();
  sessions.set(collection, session);
  return session.info();
}

/**
 * Works on a collection, and where files of it are gone because its site was published anew, again on that.
 * @returns the collection as it is now; null where it has not changed
 */
async function onNewest(
  { collection }: { readonly collection: number },
  signal: AbortSignal,
  work: (session: CollectionSession) => Promise<void>,
): Promise<CollectionInfo | null> {
  const session = of({ collection });
  try {
    await work(session);
    return null;
  } catch (error) {
    if (signal.aborted || !isEraError(error) || !isReplaced(error)) throw error;
    // Of several calls that missed a file, the first one puts the new build in place.
    const isOpen = (): boolean => sessions.get(collection) === session;
    const newer = isOpen() ? await unlessAborted(session.newer(), signal) : null;
    if (isOpen()) {
      if (!newer) throw error;
      use(collection, newer);
    }
  }
  await work(of({ collection }));
  return of({ collection }).info();
}

/** Texts and vectors of a collection that is open, or else stored under the name; none where they are of another space. */
async function embeddedBefore(
  collection: number,
  name: string,
  space: Space,
  signal: AbortSignal,
): Promise<Parameters<typeof knownVectors>[1]> {
  const none = { texts: [], vectors: quantizeRows(new Float32Array(), space.dims) };
  const open = sessions.get(collection);
  let session = open;
  try {
    session ??= await CollectionSession.open(await context(), { name, url: null, paths: [] }, signal);
    const { space: own, passages } = session.info();
    if (own === null || spaceId(own) !== spaceId(space)) return none;
    const rows = Array.from({ length: passages }, (_, row) => row);
    return { texts: (await session.passages(rows)).map(passageText), vectors: await session.snapshot() };
  } catch (error) {
    if (signal.aborted || !isEraError(error)) throw error;
    return none; // a store is a cache: they are embedded again
  } finally {
    if (session !== open) session?.close();
  }
}

/** Searches the collection, or its next build where a file is gone; where there is none, the answer without it stands. */
async function searchNewest(
  { query, early, ...args }: SearchApi['search']['args'],
  input: Promise<QueryReading | null>,
  signal: AbortSignal,
  tell: (findings: CollectionFindings) => void,
): Promise<CollectionInfo | null> {
  let lacking: CollectionFindings | undefined;
  try {
    return await onNewest(args, signal, async (session) => {
      for await (const findings of session.search(query, input, early, signal)) {
        const { shortfall } = findings;
        if (!lacking && findings.isLast && shortfall && isReplaced(shortfall)) {
          lacking = findings;
          throw new EraError(shortfall.code, shortfall.message, { details: shortfall.details });
        }
        tell(findings);
      }
    });
  } catch (error) {
    if (!lacking || signal.aborted) throw error;
    tell(lacking);
    return null;
  }
}

serve<SearchApi>(self, {
  configure(wanted) {
    settings = wanted;
    return null;
  },
  open: async ({ collection, ...args }, { signal }) =>
    use(collection, await CollectionSession.open(await context(), args, signal)),
  async known({ collection, name, space, texts }, { signal, transfer }) {
    const { knownVectors } = await import('../src/build/known-vectors.ts');
    const known = knownVectors(texts, await embeddedBefore(collection, name, space, signal));
    transfer(known.vectors.codes.buffer, known.vectors.scales.buffer);
    return known;
  },
  async changed({ put, remove, ...args }) {
    const { changeContent } = await import('../src/build/change-content.ts');
    const { content, root } = await of(args).built();
    return { content: changeContent(content, put, new Set(remove)), root };
  },
  async build({ collection, name, content, vectors, known, space, root, paths }, { signal, progress }) {
    const { analyzers } = (await context()).extension;
    const [{ contentAnalyzers, makeBundle }, { joinKnown }] = await Promise.all([
      import('../src/build/make-bundle.ts'),
      import('../src/build/known-vectors.ts'),
    ]);
    const bundle = await makeBundle(content, joinKnown(known, quantizeRows(vectors, space.dims)), space, {
      analyzers: await contentAnalyzers(content, analyzers),
      root,
      encoder: { model: space.model, models: null },
      adapters: [],
      zip: gzip,
      signal,
    });
    return use(
      collection,
      await CollectionSession.build(await context(), name, bundle, paths, { signal, onProgress: progress }),
    );
  },
  async download(args, { signal, progress }) {
    await onNewest(args, signal, (session) => session.download({ signal, onProgress: progress }));
    return of(args).info();
  },
  async export(args, { transfer, signal }) {
    const files = await of(args).export(signal);
    transfer(...[...files.values()].map(({ buffer }) => buffer));
    return files;
  },
  close({ collection }) {
    sessions.get(collection)?.close();
    sessions.delete(collection);
    return null;
  },
  search: (args, { signal, progress, input }) => searchNewest(args, input, signal, progress),
  rankings: (args, { signal, progress }) => of(args).rankings(args, { signal, onProgress: progress }),
  async tune({ curation, ...args }) {
    const session = of(args);
    return { report: await session.tune(curation), info: session.info() };
  },
  setAdapter({ id, adapter, ...args }) {
    of(args).setAdapter(id, adapter);
    return null;
  },
  async file({ file, ...args }, { transfer }) {
    const bytes = await of(args).file(file);
    transfer(bytes.buffer);
    return bytes;
  },
  passages: ({ rows, ...args }) => of(args).passages(rows),
  samples: (args) => of(args).samples(),
  readStatic: (args) => of(args).readStatic(args.texts),
  rows: ({ ids, ...args }) => of(args).rows(ids),
  async vectors({ rows, ...args }, { transfer }) {
    const vectors = await of(args).vectors(rows);
    transfer(vectors.buffer);
    return vectors;
  },
  async snapshot(args, { transfer }) {
    const vectors = await of(args).snapshot();
    transfer(vectors.codes.buffer, vectors.scales.buffer);
    return vectors;
  },
  parseRecords: async ({ text, name }) => (await import('../src/build/records.ts')).parseRecords(text, name),
  readFile: async ({ name }) => (await (await context()).store.read(name))?.bytes ?? null,
  async writeFile({ name, bytes }) {
    const { store } = await context();
    await store.write(name, bytes, {});
    return store.kind === 'indexeddb';
  },
  async removeFile({ name }) {
    await (await context()).store.remove(name);
    return null;
  },
});
