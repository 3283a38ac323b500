// Static files of several folders on one tree, by sirv: types, ETag, and the checks that sirv leaves to its caller.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname } from 'node:path';
import type { Readable } from 'node:stream';
import sirv from 'sirv';

/** A folder whose files are served. */
export interface StaticDir {
  /** Need not exist: it may be filled while the server runs. */
  readonly dir: string;
  /** Address of the folder, with a slash at both ends. @default '/' */
  readonly prefix?: string | undefined;
}

/** Types that the library's table lacks; its own types are kept. */
const TYPES: Readonly<Record<string, string>> = {
  '.era-part': 'application/octet-stream',
  '.onnx': 'application/octet-stream',
  '.safetensors': 'application/octet-stream',
  '.jsonl': 'application/jsonl;charset=utf-8',
};
/** Vite's name for a file with a hash of its content, which never changes. */
const HASHED_ASSET = /\/assets\/[^/]+-[\w-]{8}\.\w+$/;

/** Answers GET and HEAD; the first folder that has the file wins; a missing file is a 404, never another page. */
export function createStaticHandler(
  dirs: readonly StaticDir[],
): (request: IncomingMessage, response: ServerResponse) => void {
  const layers = dirs.map(({ dir, prefix = '/' }) => ({
    prefix,
    // `dev` reads the folder for every request, since files change while the server runs.
    serve: sirv(dir, { dev: true, etag: true, extensions: ['html'], setHeaders }),
  }));

  return (request, response) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      refuse(response.setHeader('allow', 'GET, HEAD'), 405, 'Method not allowed');
      return;
    }
    // sirv fails on a range that ends before it starts; a server may always respond with the whole file.
    delete request.headers.range;
    closeFileWith(response);
    const url = request.url ?? '/';
    const candidates = isPlainPath(url) ? layers.filter(({ prefix }) => url.startsWith(prefix)) : [];
    const tryNext = (): void => {
      const layer = candidates.shift();
      request.url = url;
      if (!layer) {
        refuse(response, 404, 'Not found');
        return;
      }
      request.url = url.slice(layer.prefix.length - 1);
      layer.serve(request, response, tryNext);
    };
    tryNext();
  };
}

/**
 * True for a path without a segment that leads upwards or names a hidden file, in any spelling that sirv would decode.
 */
function isPlainPath(url: string): boolean {
  try {
    return !/[/\\]\.|[\\\0]/.test(decodeURI(url.replace(/[?#].*/s, '')));
  } catch {
    return false;
  }
}

function setHeaders(response: ServerResponse, path: string): void {
  const type = TYPES[extname(path)];
  if (type !== undefined) response.setHeader('content-type', type);
  response.setHeader('cache-control', HASHED_ASSET.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
}

/** Closes the file when the client disconnects, and survives a file that cannot be read; sirv does neither. */
function closeFileWith(response: ServerResponse): void {
  response.once('pipe', (file: Readable) => {
    file.once('error', () => response.destroy());
    response.once('close', () => file.destroy());
  });
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain;charset=utf-8' }).end(`${text}\n`);
}
