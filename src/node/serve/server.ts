// One origin for the page, its files and the embeddings API, on this machine only unless configured otherwise.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EraError, messageOf } from '../../errors.ts';
import { answerStates, STATES_PATH, type CollectionState } from './collection-states.ts';
import { createEmbeddingsHandler, type EmbeddingsApiOptions } from './embeddings-api.ts';
import { SECURITY_HEADERS } from './security-headers.ts';
import { createStaticHandler, type StaticDir } from './static-files.ts';

/** What the embeddings server serves, and where. */
export interface ServerOptions extends EmbeddingsApiOptions {
  /** TCP port; 0 for any that is free. */
  readonly port: number;
  /** Address to listen on. @default '127.0.0.1' (this machine only) */
  readonly host?: string | undefined;
  /** Folders with files; the first that has a file wins. @default none */
  readonly staticDirs?: readonly StaticDir[] | undefined;
  /** Asked at every request for their states. @default none */
  readonly collections?: (() => readonly CollectionState[]) | undefined;
  /** Time for a client to send its whole request, in milliseconds. @default 30000 */
  readonly requestTimeoutMs?: number | undefined;
  /**
   * Time for running requests to finish once the server is closing, in milliseconds; then they are cut. @default 10000
   */
  readonly shutdownTimeoutMs?: number | undefined;
}

/** A server that listens. */
export interface RunningServer {
  /** With a slash at the end. */
  readonly url: string;
  /**
   * Accepts no new requests, lets running ones finish within the limit, and settles when the encoder is idle too. The
   * encoder stays open, since the caller owns it.
   */
  readonly close: () => Promise<void>;
}

/** @throws EraError `busy` when the port is taken, `invalid-option` for another address that cannot be listened on */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const { port, host = '127.0.0.1', staticDirs = [], requestTimeoutMs = 30_000, shutdownTimeoutMs = 10_000 } = options;
  const { collections = () => [] } = options;
  const api = createEmbeddingsHandler(options);
  const serveFile = createStaticHandler(staticDirs);
  let closing: Promise<void> | undefined;

  const timeouts = {
    requestTimeout: requestTimeoutMs,
    headersTimeout: requestTimeoutMs,
    connectionsCheckingInterval: Math.ceil(requestTimeoutMs / 4),
  };
  const server = createServer(timeouts, (request, response) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
    // A kept-alive connection must not delay the closing.
    response.once('close', () => {
      if (closing) setImmediate(() => server.closeIdleConnections());
    });
    if (request.url?.startsWith('/v1/')) api.handle(request, response);
    else if (request.url?.replace(/\?.*$/s, '') === STATES_PATH) answerStates(collections(), request, response);
    else serveFile(request, response);
  });

  try {
    server.listen(port, host);
    await once(server, 'listening');
  } catch (cause) {
    throw listenError(cause, port, host);
  }

  const close = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    const limit = setTimeout(() => server.closeAllConnections(), shutdownTimeoutMs);
    await closed;
    clearTimeout(limit);
    await api.idle();
  };
  return { url: urlOf(server.address() as AddressInfo), close: () => (closing ??= close()) };
}

function urlOf({ address, family, port }: AddressInfo): string {
  const host = family === 'IPv6' ? `[${address}]` : address;
  return `http://${/^(?:0\.0\.0\.0|\[::\])$/.test(host) ? 'localhost' : host}:${String(port)}/`;
}

function listenError(cause: unknown, port: number, host: string): EraError {
  if (cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE') {
    const message = `Port ${String(port)} is taken by another program. Stop that one, or choose another port: npm start -- --port ${String(port < 65_535 ? port + 1 : port - 1)}`;
    return new EraError('busy', message, { cause, details: { port } });
  }
  return new EraError('invalid-option', `Cannot listen on ${host}, port ${String(port)}: ${messageOf(cause)}`, {
    cause,
    details: { port, host },
  });
}
