// A static server that counts every request and the bytes of its answer: as they are on disk, and as a host that gzips
// text would send them. Headers are not counted. On request it answers as over a slow line, workers' requests included,
// which a browser's own emulation does not slow down.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';

export interface Sent {
  readonly path: string;
  readonly bytes: number;
  readonly gzipBytes: number;
  /** When it was asked for, in milliseconds since 1970. */
  readonly at: number;
}

/** One line that all connections share. */
export interface SlowLine {
  readonly bytesPerSecond: number;
  /** Milliseconds from a request to its answer's first byte, and once more for a new connection. */
  readonly latencyMs: number;
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

/**
 * @param pages path → HTML
 * @param folders prefix of a path → folder, the longest prefix first
 * @param line text is then sent gzipped; without it everything is sent at once as it is on disk
 */
export async function startCountingServer(
  pages: Readonly<Record<string, string>>,
  folders: Readonly<Record<string, string>>,
  line?: SlowLine,
): Promise<CountingServer> {
  let sent: Sent[] = [];
  const queue = line && new LineQueue(line.bytesPerSecond);
  const used = new WeakSet<Socket>();
  const prefixes = Object.keys(folders).sort((a, b) => b.length - a.length);
  const contentOf = async (path: string): Promise<Uint8Array | null> => {
    if (path in pages) return new TextEncoder().encode(pages[path]);
    const prefix = prefixes.find((start) => path.startsWith(start));
    if (prefix === undefined) return null;
    return readFile(join(folders[prefix]!, normalize(`/${path.slice(prefix.length)}`))).catch(() => null);
  };
  const server = createServer((request, response) => {
    void (async () => {
      const at = Date.now();
      const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
      const bytes = await contentOf(path);
      if (line) {
        const isNew = !used.has(request.socket);
        used.add(request.socket);
        await new Promise((resolve) => setTimeout(resolve, line.latencyMs * (isNew ? 2 : 1)));
      }
      if (bytes === null) {
        sent.push({ path, bytes: 0, gzipBytes: 0, at });
        response.writeHead(404).end();
        return;
      }
      const type = path in pages ? TYPES['.html'] : TYPES[extname(path)];
      const isText = type !== undefined;
      const gzipBytes = isText ? gzippedBytes(path, bytes) : bytes.length;
      const isGzipped = queue !== undefined && isText && gzipBytes < bytes.length;
      const body = isGzipped ? gzipSync(bytes) : bytes;
      // A HEAD asks for the length alone.
      const isHead = request.method === 'HEAD';
      sent.push({ path, bytes: isHead ? 0 : bytes.length, gzipBytes: isHead ? 0 : gzipBytes, at });
      response.writeHead(200, {
        'content-type': type ?? 'application/octet-stream',
        'content-length': body.length,
        'cache-control': 'public, max-age=3600',
        ...(isGzipped ? { 'content-encoding': 'gzip' } : {}),
      });
      if (isHead) response.end();
      else if (queue) queue.send(response, body);
      else response.end(body);
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
      queue?.stop();
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

/** Answers that share a line: each gets the same share of every tick. */
class LineQueue {
  readonly #answers: { readonly response: ServerResponse; readonly body: Uint8Array; at: number }[] = [];
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(bytesPerSecond: number) {
    let last = performance.now();
    this.#timer = setInterval(() => {
      const now = performance.now();
      let room = Math.round(((now - last) / 1000) * bytesPerSecond);
      last = now;
      while (room > 0 && this.#answers.length > 0) {
        const share = Math.max(1, Math.floor(room / this.#answers.length));
        for (const answer of [...this.#answers]) {
          const piece = answer.body.subarray(answer.at, answer.at + Math.min(share, room));
          answer.response.write(piece);
          answer.at += piece.length;
          room -= piece.length;
          if (answer.at < answer.body.length) continue;
          answer.response.end();
          this.#answers.splice(this.#answers.indexOf(answer), 1);
        }
      }
    }, 5);
  }

  send(response: ServerResponse, body: Uint8Array): void {
    this.#answers.push({ response, body, at: 0 });
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
