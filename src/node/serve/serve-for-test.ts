// Shared by the tests of this folder: a server that ends with the test, an encoder whose pace the test sets, raw
// sockets.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach } from 'vitest';
import { vectorOf } from '../../../e2e/support/faulty-server.ts';
import type { EncodeOptions, Encoder } from '../../encode/encoder.ts';
import { normalizeRows } from '../../math/vector.ts';
import type { Role } from '../../role.ts';
import { startServer, type RunningServer, type ServerOptions } from './server.ts';

const closers: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

/** For tests of the protocol only: takes `msPerText`, records its calls, fails when told. */
export class PacedEncoder implements Encoder {
  readonly space = { model: 'paced', revision: 'main', dtype: 'fp32', pooling: 'mean', prompt: '', dims: 4 } as const;
  readonly device = 'cpu';
  readonly calls: { readonly texts: readonly string[]; readonly options: EncodeOptions }[] = [];
  /** Largest number of simultaneous calls. */
  mostAtOnce = 0;
  msPerText = 0;
  failWith: Error | undefined;
  /** No call ends before this promise settles. */
  gate: Promise<void> = Promise.resolve();
  #under = 0;

  async encode(texts: readonly string[], _: Role, options: EncodeOptions = {}): Promise<Float32Array<ArrayBuffer>> {
    this.calls.push({ texts, options });
    this.mostAtOnce = Math.max(this.mostAtOnce, ++this.#under);
    try {
      for (let i = 0; i < texts.length; i++) {
        options.signal?.throwIfAborted();
        await wait(this.msPerText);
      }
      await this.gate;
      if (this.failWith) throw this.failWith;
    } finally {
      this.#under--;
    }
    return normalizeRows(Float32Array.from(texts.flatMap((text) => vectorOf(text))), 4) as Float32Array<ArrayBuffer>;
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

export async function serveForTest(
  options: Partial<ServerOptions> = {},
): Promise<RunningServer & { readonly encoder: PacedEncoder; readonly port: number }> {
  const encoder = new PacedEncoder();
  const server = await startServer({
    port: 0,
    shutdownTimeoutMs: 500,
    encoder,
    modelNames: ['test-model', 'other-name'],
    ...options,
  });
  closers.push(server.close);
  return { ...server, encoder, port: Number(new URL(server.url).port) };
}

/** A connection that sends exactly `text` and collects the response. */
export async function rawRequest(
  port: number,
  text: string,
): Promise<{ socket: Socket; received: () => string; ended: Promise<unknown> }> {
  const socket = connect(port, '127.0.0.1');
  closers.push(() => void socket.destroy());
  let received = '';
  socket.on('data', (chunk) => (received += chunk.toString()));
  socket.on('error', () => undefined);
  const ended = once(socket, 'close');
  await once(socket, 'connect');
  socket.write(text);
  return { socket, received: () => received, ended };
}

export function postEmbeddings(url: string, body: unknown, init: RequestInit = {}): Promise<Response> {
  return fetch(new URL('v1/embeddings', url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
    ...init,
  });
}
