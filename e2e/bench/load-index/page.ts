// The page of load-index.bench.ts: it stores a collection, and loads it again in a new worker for every measurement,
// by the messages that the engine sends to its search worker.

import { Client } from '../../../src/rpc/client.ts';
import type { QueryReading } from '../../../src/rpc/collection-messages.ts';
import type { SearchApi } from '../../../src/rpc/protocol.ts';
import type { CollectionFindings } from '../../../src/search/collection.ts';
import { toSearchQuery, type SearchMode } from '../../../src/search/query.ts';
import type { RawRead } from './raw.ts';

export interface Question {
  readonly text: string;
  /** [dims], in the passages' space. */
  readonly vector: readonly number[];
}

export interface Loaded {
  /** From the worker that waits to the answer. */
  readonly ms: number;
  /** Of them until the collection is open. */
  readonly openMs: number;
  readonly hits: number;
}

export interface LoadPage {
  /** Downloads the collection into the browser. */
  readonly keep: (script: string, url: string, name: string) => Promise<void>;
  readonly readRaw: (name: string, withVectors: boolean) => Promise<RawRead>;
  /** `wait` lets the caller do something while the worker waits, before it loads anything. */
  readonly load: (
    script: string,
    name: string,
    mode: SearchMode,
    question: Question,
    wait?: () => Promise<void>,
  ) => Promise<Loaded>;
}

async function started(script: string): Promise<Client<SearchApi>> {
  const client = new Client<SearchApi>(new Worker(script, { type: 'module' }), 'search');
  await client.call('configure', { store: 'auto', scan: 'auto', extension: null });
  return client;
}

const PLACE = { collection: 1, paths: ['local'] } as const;

const page: LoadPage = {
  async keep(script, url, name) {
    const client = await started(script);
    await client.call('open', { ...PLACE, name, url });
    const { source, storeProblem } = await client.call('download', PLACE);
    if (source !== 'store') throw new Error(`The collection was not stored: ${String(storeProblem)}`);
    client.close();
  },

  async readRaw(name, withVectors) {
    const worker = new Worker('/page/raw.js', { type: 'module' });
    const next = (): Promise<unknown> =>
      new Promise((resolve) => {
        worker.onmessage = ({ data }: MessageEvent<unknown>) => resolve(data);
      });
    await next();
    worker.postMessage([`site/${name}`, ...(withVectors ? [`vectors/${name}`] : [])]);
    const read = (await next()) as RawRead;
    worker.terminate();
    return read;
  },

  async load(script, name, mode, { text, vector }, wait) {
    const client = await started(script);
    await wait?.();
    const start = performance.now();
    await client.call('open', { ...PLACE, name, url: null });
    const openMs = performance.now() - start;
    const reading: QueryReading = {
      path: 'local',
      local: Float32Array.from(vector),
      remote: null,
      static: null,
      adapter: null,
      isLabelled: false,
    };
    let last: CollectionFindings | undefined;
    await client.call(
      'search',
      { collection: PLACE.collection, query: toSearchQuery(text, { mode }), early: false },
      {
        input: Promise.resolve(mode === 'keyword' ? null : reading),
        onProgress: (findings) => (last = findings),
      },
    );
    const ms = performance.now() - start;
    client.close();
    if (last?.ranking !== mode) throw new Error(`The answer is by ${String(last?.ranking)}, not by ${mode}.`);
    return { ms, openMs, hits: last.pages.length };
  },
};

Object.assign(globalThis, { page });
