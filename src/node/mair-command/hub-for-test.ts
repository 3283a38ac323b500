// A local hub of data sets with ranges and tags like the real one, which can be told to fail. Tests only.

import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** The outcome of one request, instead of a good response. */
export type Fault = { readonly status: number; readonly retryAfter?: string } | { readonly cutAfterBytes: number };

export interface TestHub {
  readonly url: string;
  /** `<repository>/<path>`, as in `MAIR-Queries/Quora/queries.jsonl`. */
  readonly files: Map<string, string>;
  /** Path → faults of the next requests. */
  readonly faults: Map<string, Fault[]>;
  /** Whether it supports ranges. */
  ranges: boolean;
  readonly requests: { readonly path: string; readonly range: string | undefined; readonly status: number }[];
}

export async function startHub(files: Readonly<Record<string, string>> = {}): Promise<TestHub> {
  const hub: Omit<TestHub, 'url'> = {
    files: new Map(Object.entries(files)),
    faults: new Map(),
    ranges: true,
    requests: [],
  };
  const server = createServer((request, response) => answer(hub, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return Object.assign(hub, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

function answer(hub: Omit<TestHub, 'url'>, request: IncomingMessage, response: ServerResponse): void {
  const address = decodeURIComponent(request.url ?? '');
  const path = address.replace(/^\/datasets\/MAIR-Bench\//, '').replace('/resolve/main/', '/');
  const range = request.headers.range;
  const send = (status: number, headers: Record<string, string | number>, body: string | Buffer = ''): void => {
    hub.requests.push({ path, range, status });
    response.writeHead(status, headers).end(body);
  };
  const fault = hub.faults.get(path)?.shift();
  if (fault && 'status' in fault) {
    send(fault.status, fault.retryAfter === undefined ? {} : { 'retry-after': fault.retryAfter }, 'no');
    return;
  }

  const folder = /^\/api\/datasets\/MAIR-Bench\/(.+)\/tree\/main\/(.+)$/.exec(address);
  if (folder) {
    const inside = [...hub.files.keys()].filter((file) => file.startsWith(`${folder[1]!}/${folder[2]!}/`));
    if (inside.length === 0) {
      send(404, {});
      return;
    }
    send(
      200,
      { 'content-type': 'application/json' },
      JSON.stringify(inside.map((file) => ({ type: 'file', path: file.slice(folder[1]!.length + 1), size: 1 }))),
    );
    return;
  }
  const text = hub.files.get(path);
  if (text === undefined) {
    send(404, {});
    return;
  }
  const bytes = Buffer.from(text);
  const etag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
  const matches = hub.ranges && range !== undefined && request.headers['if-range'] === etag;
  const start = matches ? Number(/^bytes=(\d+)-$/.exec(range)![1]) : 0;
  if (start >= bytes.length && matches) {
    send(416, { 'content-range': `bytes */${bytes.length}` });
    return;
  }
  const headers = {
    etag,
    'content-length': bytes.length - start,
    ...(matches && { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` }),
  };
  if (!fault) {
    send(matches ? 206 : 200, headers, bytes.subarray(start));
    return;
  }
  hub.requests.push({ path, range, status: matches ? 206 : 200 });
  response.writeHead(matches ? 206 : 200, headers);
  response.write(bytes.subarray(start, start + fault.cutAfterBytes), () => setTimeout(() => response.destroy(), 20));
}

/** JSONL. */
export function lines(...rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}
