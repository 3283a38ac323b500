// A real HTTP server that answers request by request as a test says, and records what it was sent.

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';

export interface Call {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: {
    readonly model: string;
    readonly input: readonly string[];
    readonly encoding_format: string;
    readonly dimensions?: number;
  };
  readonly atMs: number;
  /** True once the client has disconnected before the answer was complete. */
  dropped: boolean;
}

/** The returned value is awaited and not used. */
export type Behaviour = (call: Call, response: ServerResponse) => unknown;

export interface FaultyServer {
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  readonly calls: readonly Call[];
  /** May be called twice. */
  close: () => Promise<void>;
}

/** @param behaviours the n-th call gets the n-th; the last one serves all that follow */
export async function startFaultyServer(...behaviours: readonly Behaviour[]): Promise<FaultyServer> {
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const body = JSON.parse(Buffer.concat(chunks).toString()) as Call['body'];
      const call: Call = {
        path: request.url ?? '',
        headers: request.headers,
        body,
        atMs: performance.now(),
        dropped: false,
      };
      response.on('close', () => {
        call.dropped = !response.writableFinished;
      });
      calls.push(call);
      const behave = behaviours[Math.min(calls.length, behaviours.length) - 1];
      if (!behave) throw new Error('Tell the server how to behave.');
      await behave(call, response);
    })().catch(() => response.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v1`,
    calls,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** A vector that depends on the text alone: not of unit length, never zero. */
export function vectorOf(text: string, dims = 4): number[] {
  let state = 2166136261;
  for (const char of text) state = Math.imul(state ^ char.charCodeAt(0), 16777619);
  return Array.from(
    { length: dims },
    (_, j) => ((Math.imul(state, 2 * j + 3) >>> 8) % 2000) / 100 + 0.5 - 10 * (j % 2),
  );
}

export function base64Of(vector: readonly number[]): string {
  const bytes = Buffer.alloc(4 * vector.length);
  vector.forEach((value, j) => bytes.writeFloatLE(value, 4 * j));
  return bytes.toString('base64');
}

export interface AnswerForm {
  readonly dims?: number;
  readonly format?: 'float' | 'base64';
  /** Returns the entries in another order than the texts. */
  readonly reversed?: boolean;
}

/** A correct answer. */
export function answer(
  call: Call,
  { dims, format, reversed }: AnswerForm = {},
): { data: { object: string; index: number; embedding: number[] | string }[] } {
  const data = call.body.input.map((text, index) => {
    const vector = vectorOf(text, dims);
    return { object: 'embedding', index, embedding: format === 'base64' ? base64Of(vector) : vector };
  });
  if (reversed) data.reverse();
  return { data };
}

export function good(form: AnswerForm = {}): Behaviour {
  return (call, response) => sendJson(response, 200, answer(call, form));
}

export function status(
  code: number,
  headers: Record<string, string> = {},
  body: unknown = { error: { message: `status ${String(code)}` } },
): Behaviour {
  return (_, response) => sendJson(response, code, body, headers);
}

export function afterMs(delayMs: number, behave: Behaviour): Behaviour {
  return async (call, response) => {
    await wait(delayMs);
    await behave(call, response);
  };
}

export function sendJson(
  response: ServerResponse,
  code: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(code, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
