// Serves the pages of the benchmark and their vectors, with the headers that give a page an exact clock and memories
// that threads share.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';

/** Numbers of a chunk of the vectors: 32 MB. */
const CHUNK = 8_000_000;
const HTML = '<!doctype html><title>bench</title><script type="module" src="page.js"></script>';
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

export interface PageServer {
  /** `/` + the key of an engine + `/` is its page. */
  readonly origin: string;
  /** Gives pages other numbers. @returns how many chunks the vectors have */
  readonly setNumbers: (vectors: Float32Array<ArrayBuffer>, queries: Float32Array<ArrayBuffer>) => number;
  readonly close: () => Promise<void>;
}

const bytesOf = (numbers: Float32Array): Uint8Array =>
  new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength);

/** @param folderOf key of an engine → folder of its page */
export async function startPageServer(folderOf: (key: string) => string | undefined): Promise<PageServer> {
  let vectors = new Float32Array();
  let queries = new Float32Array();
  const contentOf = async (path: string): Promise<Uint8Array | string | null> => {
    if (path === '/queries.bin') return bytesOf(queries);
    const chunk = /^\/vectors\/(\d+)\.bin$/.exec(path);
    if (chunk) return bytesOf(vectors.subarray(Number(chunk[1]) * CHUNK, (Number(chunk[1]) + 1) * CHUNK));
    const [, key, file] = /^\/([a-z-]+)\/(.*)$/.exec(path) ?? [];
    const folder = folderOf(key ?? '');
    if (folder === undefined) return null;
    if (file === '') return HTML;
    return readFile(join(folder, normalize(`/${file}`))).catch(() => null);
  };
  const server = createServer((request, response) => {
    void (async () => {
      const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
      const content = await contentOf(path);
      response
        .writeHead(content === null ? 404 : 200, {
          'content-type': TYPES[path.endsWith('/') ? '.html' : extname(path)] ?? 'application/octet-stream',
          'cache-control': 'no-store',
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-embedder-policy': 'require-corp',
        })
        .end(content ?? '');
    })().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    setNumbers: (ofRows, ofQueries) => {
      [vectors, queries] = [ofRows, ofQueries];
      return Math.ceil(vectors.length / CHUNK);
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
