// A static server for a built site on a free port: the strictest headers that the search must work under, and a log of
// requests.

import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

/** The headers that src/widget/ELEMENT.md recommends to sites. */
export const STRICT_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; base-uri 'none'; " +
    "require-trusted-types-for 'script'; trusted-types era-search",
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
};

/** What hosts do with files otherwise than this server. */
export interface HostHabits {
  /** Other extensions are answered with 404. @default all are served, unknown ones as octets */
  readonly onlyTypes?: Readonly<Record<string, string>>;
  /** Content-Encoding of all files but pictures, for clients that take it. @default none */
  readonly encoding?: 'gzip' | 'br';
}

export interface Fetched {
  /** With the query string. */
  readonly path: string;
  readonly method: string;
  readonly status: number;
  /** Bytes of the body as sent. */
  readonly bytes: number;
}

/** @returns true when it has answered the request itself */
export type Intervention = (path: string, response: ServerResponse) => boolean | Promise<boolean>;

export interface SiteServer {
  /** Ends in a slash. */
  readonly url: string;
  readonly fetched: readonly Fetched[];
  /** Sets a handler that sees every request before the files; null for none. */
  intervene: (intervention: Intervention | null) => void;
  /** Delays every answer by this many milliseconds. */
  delay: (ms: number) => void;
  /** Closes open connections too; may be called twice. */
  close: () => Promise<void>;
}

const COMPRESS: Readonly<Record<'gzip' | 'br', (body: Buffer) => Buffer>> = {
  gzip: (body) => gzipSync(body, { level: 1 }),
  br: (body) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } }),
};

/** @param folder the site's root */
export async function startSiteServer(
  folder: string,
  headers: Readonly<Record<string, string>> = STRICT_HEADERS,
  { onlyTypes, encoding }: HostHabits = {},
): Promise<SiteServer> {
  const fetched: Fetched[] = [];
  let intervention: Intervention | null = null;
  let delayMs = 0;
  const answer = async (
    { method = 'GET', url: address = '/', headers: asked }: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> => {
    if (delayMs > 0) await wait(delayMs);
    const { pathname } = new URL(address, 'http://site');
    if (await intervention?.(address, response)) return;
    const path = normalize(decodeURIComponent(pathname)).replace(/\/$/, '/index.html');
    const type = (onlyTypes ?? TYPES)[extname(path).toLowerCase()];
    const isServed = type !== undefined || onlyTypes === undefined;
    const file = isServed ? await readFile(join(folder, path)).catch(() => null) : null;
    const isPacked =
      file && encoding && !type?.startsWith('image/') && String(asked['accept-encoding']).includes(encoding);
    const body = isPacked ? COMPRESS[encoding](file) : file;
    fetched.push({
      path: address,
      method,
      status: body ? 200 : 404,
      bytes: method === 'HEAD' ? 0 : (body?.byteLength ?? 0),
    });
    response.writeHead(body ? 200 : 404, {
      ...headers,
      'content-type': type ?? 'application/octet-stream',
      'content-length': body?.byteLength ?? 0,
      ...(isPacked ? { 'content-encoding': encoding, vary: 'Accept-Encoding' } : {}),
    });
    response.end(method === 'HEAD' ? undefined : (body ?? undefined));
  };
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`,
    fetched,
    intervene: (next) => {
      intervention = next;
    },
    delay: (ms) => {
      delayMs = ms;
    },
    close: async () => {
      if (!server.listening) return;
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
