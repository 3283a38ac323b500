// `POST /v1/embeddings` and `GET /v1/models` as OpenAI documents them, over an encoder in this process. It adds no
// prompt to any text (the client does, as part of the space) and needs no key, since it holds no secret.

import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Encoder } from '../../encode/encoder.ts';
import { isEraError } from '../../errors.ts';
import { printable } from '../command-io.ts';
import { ApiError } from './api-error.ts';
import { readEmbeddingsInput, tooLarge, type EmbeddingsInput } from './embeddings-input.ts';
import { EncodeQueue } from './encode-queue.ts';
import { rememberingEncoder } from './remembering-encoder.ts';

export interface EmbeddingsApiOptions {
  /** The model that reads the texts. It stays the caller's. */
  readonly encoder: Encoder;
  /** Names under which clients may ask for the model. @default the encoder's own */
  readonly modelNames?: readonly string[] | undefined;
  /** Value of `Access-Control-Allow-Origin`: one origin, or `*` for every page. @default '*' */
  readonly allowOrigin?: string | undefined;
  /** Texts in one request; more is a 413. @default 2048 */
  readonly maxTexts?: number | undefined;
  /**
   * UTF-16 code units in one text; more is a 413. The model reads only its first few hundred tokens anyway. @default
   * 100000
   */
  readonly maxTextChars?: number | undefined;
  /** Bytes in a request's body; more is a 413. @default 16777216 */
  readonly maxBodyBytes?: number | undefined;
  /**
   * Texts waiting over all requests; a request that would make it more gets a 429, unless it is the only one. @default
   * 8192
   */
  readonly maxQueuedTexts?: number | undefined;
  /** Number of vectors kept for later requests with the same text. @default 10000 */
  readonly maxKeptVectors?: number | undefined;
}

export interface EmbeddingsApi {
  /** Answers any request under `/v1/`; never rejects or throws. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Settles when no text is being encoded; the encoder may be disposed of only then. */
  readonly idle: () => Promise<void>;
}

/** Headers that pages on another origin may read. */
const EXPOSED_HEADERS = [
  'retry-after',
  'retry-after-ms',
  'x-request-id',
  ...['limit', 'remaining', 'reset'].flatMap((name) => [`x-ratelimit-${name}-requests`, `x-ratelimit-${name}-tokens`]),
].join(', ');

export function createEmbeddingsHandler(options: EmbeddingsApiOptions): EmbeddingsApi {
  const {
    encoder,
    modelNames = [encoder.space.model],
    allowOrigin = '*',
    maxTexts = 2048,
    maxTextChars = 100_000,
    maxBodyBytes = 1 << 24,
    maxQueuedTexts = 8192,
    maxKeptVectors = 10_000,
  } = options;
  const queue = new EncodeQueue(encoder, maxQueuedTexts);
  // before the queue: known vectors neither wait nor count as work
  const remembering = rememberingEncoder(queue, maxKeptVectors);

  const embed = async (request: IncomingMessage, gone: AbortSignal): Promise<object> => {
    const body = parseJson(await readBody(request, maxBodyBytes));
    const input = readEmbeddingsInput(body, modelNames, encoder.space.dims, { maxTexts, maxTextChars });
    // Clients add a query's prompt themselves, as the API expects, so the encoder treats every text as a passage.
    return embeddingsBody(
      input,
      await remembering.encode(input.texts, 'passage', { reproducible: true, isPrompted: true, signal: gone }),
    );
  };
  const models = (): object => ({
    object: 'list',
    data: modelNames.map((id) => ({ id, object: 'model', created: 0, owned_by: 'era-search' })),
  });

  const answer = (request: IncomingMessage, gone: AbortSignal): object | Promise<object> => {
    const path = request.url?.replace(/[?#].*/s, '');
    const allowed = path === '/v1/embeddings' ? 'POST' : path === '/v1/models' ? 'GET' : undefined;
    if (!allowed)
      throw new ApiError('There is POST /v1/embeddings and GET /v1/models.', { status: 404, code: 'not_found' });
    if (request.method !== allowed) {
      throw new ApiError(`This address takes ${allowed} only.`, {
        status: 405,
        code: 'method_not_allowed',
        headers: { allow: `${allowed}, OPTIONS` },
      });
    }
    return allowed === 'POST' ? embed(request, gone) : models();
  };

  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    response.setHeader('x-request-id', randomUUID());
    response.setHeader('access-control-allow-origin', allowOrigin);
    response.setHeader('access-control-expose-headers', EXPOSED_HEADERS);
    response.setHeader('vary', 'origin');
    if (request.method === 'OPTIONS') {
      preflight(request, response);
      return;
    }
    const gone = new AbortController();
    response.on('close', () => gone.abort());
    try {
      send(response, 200, await answer(request, gone.signal));
    } catch (error) {
      if (gone.signal.aborted) return;
      const apiError = toApiError(error);
      for (const [name, value] of Object.entries(apiError.headers)) response.setHeader(name, value!);
      send(response, apiError.status, apiError.body);
    }
  };

  return { handle: (request, response) => void handle(request, response), idle: () => queue.idle() };
}

/** Any header may be sent: client libraries add their own, and the server ignores them. */
function preflight(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('access-control-allow-methods', 'GET, POST, OPTIONS');
  response.setHeader(
    'access-control-allow-headers',
    request.headers['access-control-request-headers'] ?? 'content-type, authorization',
  );
  response.setHeader('access-control-max-age', '86400');
  response.writeHead(204).end();
}

/**
 * Reads to the end even when the body is too long, since a client that is still sending does not read the response. The
 * server's request timeout bounds it.
 */
async function readBody(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
  }
  if (bytes > maxBytes) throw tooLarge(`The body has ${String(bytes)} bytes, more than ${String(maxBytes)}.`);
  return Buffer.concat(chunks);
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new ApiError('The body is not JSON in UTF-8.', { status: 400, code: null });
  }
}

function embeddingsBody({ model, texts, format }: EmbeddingsInput, vectors: Float32Array<ArrayBuffer>): object {
  const dims = vectors.length / texts.length;
  const data = texts.map((_, index) => {
    const vector = vectors.subarray(index * dims, (index + 1) * dims);
    return { object: 'embedding', index, embedding: format === 'base64' ? base64(vector) : Array.from(vector) };
  });
  return { object: 'list', data, model };
}

/** Little-endian float32, whatever the platform's byte order. */
function base64(vector: Float32Array): string {
  const bytes = Buffer.alloc(4 * vector.length);
  vector.forEach((value, j) => bytes.writeFloatLE(value, 4 * j));
  return bytes.toString('base64');
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (isEraError(error, 'busy')) {
    const waitMs = Number(error.details['retryAfterMs']);
    const headers = { 'retry-after': String(Math.ceil(waitMs / 1000)), 'retry-after-ms': String(waitMs) };
    return new ApiError(error.message, { status: 429, code: 'rate_limit_exceeded', headers });
  }
  if (isEraError(error, 'invalid-input'))
    return new ApiError(error.message, { status: 400, code: null, param: 'input' });
  // The reason is logged for the operator; the client receives only the failure.
  console.error(printable(error instanceof Error ? (error.stack ?? error.message) : String(error)));
  return new ApiError('The model failed on this input.', { status: 500, code: null });
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
    })
    .end(text);
}
