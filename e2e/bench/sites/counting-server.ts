// A static server that counts the bytes of every file it sends: as they are on disk, and as a host that gzips text
// would send them. It compresses nothing itself. Headers and the page itself are not counted.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface Sent {
  readonly path: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

export interface CountingServer {
  /** Ends in `/`. */
  readonly address: string;
  /** Files sent since the last call. */
  readonly takeSent: () => Sent[];
  readonly close: () => Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.wasm': 'application/wasm',
};

/** @param pages path → HTML that is not counted; @param folders prefix of a path → folder, the longest prefix first */
export async function startCountingServer(
  pages: Readonly<Record<string, string>>,
  folders: Readonly<Record<string, string>>,
): Promise<CountingServer> {
  let sent: Sent[] = [];
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length);
  const server = createServer((request, response) => {
    void (async () => {
      const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
      const page = pages[path];
      if (page !== undefined) {
        response.writeHead(200, { 'content-type': TYPES['.html'] }).end(page);
        return;
      }
      const prefix = prefixes.find((start) => path.startsWith(start));
      const file = prefix === undefined ? null : normalize(`/${path.slice(prefix.length)}`);
      const bytes =
        file === null || prefix === undefined ? null : await readFile(join(folders[prefix]!, file)).catch(() => null);
      if (bytes === null) {
        response.writeHead(404).end();
        return;
      }
      const type = TYPES[extname(path)];
      // A HEAD asks for the length alone.
      if (request.method !== 'HEAD')
        sent.push({
          path,
          bytes: bytes.length,
          gzipBytes: type === undefined ? bytes.length : gzippedBytes(path, bytes),
        });
      response
        .writeHead(200, {
          'content-type': type ?? 'application/octet-stream',
          'content-length': bytes.length,
          'cache-control': 'public, max-age=3600',
        })
        .end(bytes);
    })().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    takeSent: () => {
      const taken = sent;
      sent = [];
      return taken;
    },
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const gzipped = new Map<string, number>();

function gzippedBytes(path: string, bytes: Uint8Array): number {
  const key = `${path}:${String(bytes.length)}`;
  const known = gzipped.get(key);
  if (known !== undefined) return known;
  const size = Math.min(bytes.length, gzipSync(bytes).length);
  gzipped.set(key, size);
  return size;
}
