// One request and its whole body, decompressed, within a size and a time. It follows no redirects and retries nothing.

import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { request, type Agent } from 'undici';
import { messageOf } from '../../../errors.ts';
import { LeftOut } from './left-out.ts';

export interface RequestOptions {
  readonly agent: Agent;
  readonly userAgent: string;
  readonly maxBytes: number;
  /** Milliseconds for connecting, headers and body together. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Called before the body of a 2xx answer is read. @throws LeftOut to leave it unread */
  readonly inspect?: ((headers: ResponseHeaders) => void) | undefined;
  /** Further headers. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

/** Names in lower case; a repeated header is a list. */
export type ResponseHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface Response {
  readonly status: number;
  readonly headers: ResponseHeaders;
  /** Empty unless the status is 2xx. */
  readonly bytes: Uint8Array;
}

const DECODERS: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** @throws LeftOut `blocked-address`, `timeout`, `network`, `too-large`; the signal's reason */
export async function requestOnce(url: URL, options: RequestOptions): Promise<Response> {
  const { agent, userAgent, maxBytes, timeoutMs, signal, inspect, headers: more } = options;
  const late = AbortSignal.timeout(Math.max(1, Math.ceil(timeoutMs)));
  const joint = signal ? AbortSignal.any([signal, late]) : late;
  try {
    const {
      statusCode: status,
      headers,
      body,
    } = await request(url, {
      dispatcher: agent,
      headers: {
        'user-agent': userAgent,
        accept: 'text/html, application/xhtml+xml, */*;q=0.1',
        'accept-encoding': 'gzip, br',
        ...more,
      },
      signal: joint,
    });
    try {
      if (status < 200 || status > 299) return { status, headers, bytes: new Uint8Array() };
      inspect?.(headers);
      if (Number(headers['content-length']) > maxBytes) throw tooLarge(maxBytes);
      return { status, headers, bytes: await readBody(body, one(headers['content-encoding']), maxBytes) };
    } finally {
      body.on('error', () => undefined).destroy(); // the rest is not used
    }
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof LeftOut) throw error;
    if (late.aborted) throw new LeftOut('timeout', 'it took too long');
    throw new LeftOut('network', messageOf(error), error);
  }
}

async function readBody(body: Readable, encoding: string | undefined, maxBytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of decoded(body, encoding?.trim().toLowerCase() ?? '') as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function decoded(body: Readable, encoding: string): Readable {
  if (encoding === '' || encoding === 'identity') return body;
  const decoder = DECODERS[encoding]?.();
  if (!decoder) throw new LeftOut('network', `the content encoding ${encoding} was not asked for`);
  body.on('error', (error) => decoder.destroy(error));
  return body.pipe(decoder);
}

/** The first value of a header. */
export function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

function tooLarge(maxBytes: number): LeftOut {
  return new LeftOut('too-large', `it has more than ${maxBytes} bytes`);
}
