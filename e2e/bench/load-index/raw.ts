// A worker that only reads the chunks of stored files, all requests at once in one transaction, and drops them. It
// answers how many bytes there were and how long it took, the opening of the database included.

import { openDB } from 'idb';

export interface RawRead {
  readonly bytes: number;
  readonly ms: number;
}

async function read(files: readonly string[]): Promise<RawRead> {
  const start = performance.now();
  const database = await openDB('era-search');
  const transaction = database.transaction(['meta', 'chunks'], 'readonly');
  const sizes = await Promise.all(
    files.map(async (file) => {
      const { generation, chunks } = (await transaction.objectStore('meta').get(file)) as {
        readonly generation: string;
        readonly chunks: number;
      };
      const all = Array.from({ length: chunks }, (_, i) => transaction.objectStore('chunks').get([generation, i]));
      const lengths = await Promise.all(all.map(async (chunk) => ((await chunk) as ArrayBuffer).byteLength));
      return lengths.reduce((sum, length) => sum + length, 0);
    }),
  );
  const ms = performance.now() - start;
  database.close();
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), ms };
}

self.onmessage = ({ data }: MessageEvent<readonly string[]>) => {
  void read(data).then((result) => self.postMessage(result));
};
self.postMessage('ready');
