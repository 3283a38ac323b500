// How far the collections are that are made while the server runs: what GET /collections.json answers.

import type { IncomingMessage, ServerResponse } from 'node:http';

/** How far a collection is that is being made while the server runs. */
export interface CollectionState {
  /** Its folder is /indexes/<name>/. */
  readonly name: string;
  /** `failed` stays until the server is started again. */
  readonly state: 'waiting' | 'embedding' | 'ready' | 'failed';
  /** Passages that have their vectors. */
  readonly done: number;
  /** Passages of the whole. */
  readonly total: number;
  /** Of `failed`: what happened and what to do. */
  readonly problem: string | null;
}

/** Whoever makes collections beside a server. */
export interface CollectionMaker {
  /** Of all collections, in the order in which they are made. */
  readonly states: () => readonly CollectionState[];
  /** Called once, when the server answers. */
  readonly onListening: () => void;
}

export const STATES_PATH = '/collections.json';

/** GET and HEAD; `{ collections: CollectionState[] }`, never to be stored. */
export function answerStates(
  states: readonly CollectionState[],
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD', 'content-type': 'text/plain;charset=utf-8' });
    response.end('Method not allowed\n');
    return;
  }
  const body = JSON.stringify({ collections: states });
  response.writeHead(200, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
  });
  response.end(request.method === 'HEAD' ? undefined : body);
}
