// A proxy between a public page and an OpenAI-compatible embeddings API. The proxy holds the API key, so that pages do
// not contain it.
// Copy it, run it with API_KEY and ALLOW_ORIGINS ("https://docs.example.com https://example.com") in the environment,
// behind your own HTTPS, and give the page its address as baseUrl. The check of Origin stops other people's pages but
// not their scripts; the limit for each client applies to these.

import { createServer } from 'node:http';

const {
  API_KEY = '',
  ALLOW_ORIGINS = '',
  UPSTREAM = 'https://api.openai.com/v1',
  MODEL = 'text-embedding-3-large',
  FIELDS = '{}', // JSON fields of every request upstream, such as {"input_type":"query"}
  INPUT_FIELD = 'input', // 'texts' for Cohere v2, 'inputs' for TEI: field of the texts upstream
  DIMENSIONS_FIELD = 'dimensions', // 'output_dimension' for Cohere v2, Mistral and Voyage
  KEY_HEADER = 'authorization', // 'api-key' for Azure: any other header holds the key alone
  HOST = '127.0.0.1',
  PORT = '8787',
} = process.env;
const {
  PER_MINUTE = '60',
  UPSTREAM_TIMEOUT_MS = '15000',
  CLIENT_TIMEOUT_MS = '10000',
  TRUST_FORWARDED_FOR,
} = process.env; // '1' only behind your own reverse proxy
if (API_KEY === '' || ALLOW_ORIGINS === '' || !(Number(PER_MINUTE) >= 1))
  throw new Error('Set API_KEY and ALLOW_ORIGINS in the environment; PER_MINUTE is at least 1.');
const parseFields = /** @type {(text: string) => Record<string, unknown> | null} */ (JSON.parse);
const fields = parseFields(FIELDS);
if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
  throw new Error('FIELDS is a JSON object, such as {"input_type":"query"}.');
const keyValue = /^authorization$/i.test(KEY_HEADER) ? `Bearer ${API_KEY}` : API_KEY;
const upstream = new URL(UPSTREAM); // its query stays, such as ?api-version=…
const path = upstream.pathname.replace(/\/+$/, '');
upstream.pathname = /\/embed(?:dings)?$/.test(path) ? path : `${path}/embeddings`;
const origins = ALLOW_ORIGINS.trim()
  .split(/[\s,]+/)
  .map((address) => new URL(address).origin);
const [maxBodyBytes, maxTexts, maxTextChars, maxClients] = [8192, 8, 2000, 100_000];
const passedOn = [
  'retry-after',
  'retry-after-ms',
  ...['limit', 'remaining', 'reset'].flatMap((name) => [`x-ratelimit-${name}-requests`, `x-ratelimit-${name}-tokens`]),
];

class Refusal extends Error {
  /** @param {number} status @param {string} message @param {Record<string, string>} headers */
  constructor(status, message, headers = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

/**
 * Remaining requests of each client, the least recently seen first. @type {Map<string, { tokens: number, atMs: number
 * }>}
 */
const buckets = new Map();

/** A token bucket of PER_MINUTE requests, which refills within a minute. @param {string} client */
function takeToken(client) {
  const [capacity, nowMs, bucket] = [Number(PER_MINUTE), performance.now(), buckets.get(client)];
  const tokens = bucket ? Math.min(capacity, bucket.tokens + ((nowMs - bucket.atMs) / 60_000) * capacity) : capacity;
  buckets.delete(client);
  buckets.set(client, { tokens: tokens < 1 ? tokens : tokens - 1, atMs: nowMs });
  const [oldest] = buckets.keys();
  if (buckets.size > maxClients && oldest !== undefined) buckets.delete(oldest);
  const waitMs = Math.ceil(((1 - tokens) / capacity) * 60_000);
  if (tokens < 1)
    throw new Refusal(429, 'Too many requests.', {
      'retry-after': String(Math.ceil(waitMs / 1000)),
      'retry-after-ms': String(waitMs),
    });
}

/** An IPv4 address, or the 64 bits that an IPv6 network has in common. @param {import('node:http').IncomingMessage} request */
function clientOf({ headers, socket }) {
  const forwarded =
    TRUST_FORWARDED_FOR === '1'
      ? String(headers['x-forwarded-for'] ?? '')
          .split(',')
          .at(-1)
          ?.trim()
      : ''; // your own proxy appends the last entry
  const address = (forwarded || socket.remoteAddress || '').replace(/^::ffff:(?=\d+\.)/, '');
  if (!address.includes(':')) return address;
  const [head = '', tail] = address.split('::');
  return [...head.split(':'), ...(tail === undefined ? [] : ['0', '0', '0', '0'])].slice(0, 4).join(':');
}

/** @param {AsyncIterable<Buffer>} request */
async function readInput(request) {
  /** @type {Buffer[]} */
  const chunks = [];
  let bytes = 0;
  // read to the end: a client that is still sending does not read the response
  for await (const chunk of request) if ((bytes += chunk.length) <= maxBodyBytes) chunks.push(chunk);
  if (bytes > maxBodyBytes) throw new Refusal(413, `The body has more than ${maxBodyBytes} bytes.`);
  const { model, input, dimensions, encoding_format } =
    /** @type {Record<string, unknown> | null} */ (
      await new Response(Buffer.concat(chunks)).json().catch(() => null)
    ) ?? {};
  const inputs = [input].flat();
  const texts = inputs.filter((text) => typeof text === 'string');
  if (texts.length === 0 || texts.length < inputs.length || texts.some((text) => text.trim() === ''))
    throw new Refusal(400, 'input must be a text or a list of texts.');
  if (texts.length > maxTexts || texts.some((text) => text.length > maxTextChars))
    throw new Refusal(413, `input may be ${maxTexts} texts of ${maxTextChars} characters.`);
  if (model !== MODEL) throw new Refusal(404, `The model here is ${MODEL}.`);
  return JSON.stringify({
    model: MODEL,
    [INPUT_FIELD]: texts,
    [DIMENSIONS_FIELD]: dimensions,
    encoding_format,
    ...fields,
  });
}

/** @param {string} body @param {AbortSignal} gone */
async function embed(body, gone) {
  const signal = AbortSignal.any([gone, AbortSignal.timeout(Number(UPSTREAM_TIMEOUT_MS))]);
  const headers = { [KEY_HEADER]: keyValue, 'content-type': 'application/json' };
  // no redirects: the key is sent to no other address
  const answer = await fetch(upstream, { method: 'POST', headers, body, signal, redirect: 'error' });
  const kept = Object.fromEntries([...answer.headers].filter(([name]) => passedOn.includes(name)));
  // the upstream's message may repeat the key
  if (!answer.ok) throw new Refusal(answer.status, `The embeddings API answered ${answer.status}.`, kept);
  return { text: (await answer.text()).replaceAll(API_KEY, '•••'), kept };
}

/** @param {import('node:http').IncomingMessage} request @param {import('node:http').ServerResponse} response */
async function answer(request, response) {
  const origin = request.headers.origin ?? '';
  const gone = new AbortController();
  response
    .setHeader('vary', 'origin')
    .setHeader('content-type', 'application/json')
    .on('close', () => gone.abort());
  try {
    if (!origins.includes(origin)) throw new Refusal(403, 'Pages of this origin may not use this address.');
    response
      .setHeader('access-control-allow-origin', origin)
      .setHeader('access-control-expose-headers', passedOn.join(', '));
    response
      .setHeader('access-control-allow-methods', 'POST')
      .setHeader('access-control-allow-headers', 'content-type')
      .setHeader('access-control-max-age', '86400');
    if (request.url !== '/v1/embeddings') throw new Refusal(404, 'There is POST /v1/embeddings.');
    if (request.method === 'OPTIONS') response.writeHead(204).end();
    else if (request.method !== 'POST')
      throw new Refusal(405, 'This address takes POST only.', { allow: 'POST, OPTIONS' });
    else {
      takeToken(clientOf(request));
      const { text, kept } = await embed(await readInput(request), gone.signal);
      response.writeHead(200, kept).end(text);
    }
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    const { status, message, headers } =
      error instanceof Refusal ? error : new Refusal(isLate ? 504 : 502, 'The embeddings API cannot be reached.');
    const type = status >= 500 ? 'server_error' : status === 429 ? 'rate_limit_error' : 'invalid_request_error';
    response.writeHead(status, headers).end(JSON.stringify({ error: { message, type, param: null, code: null } }));
  }
}

const timeouts = {
  requestTimeout: Number(CLIENT_TIMEOUT_MS),
  headersTimeout: Number(CLIENT_TIMEOUT_MS),
  connectionsCheckingInterval: 1000,
};
const server = createServer(timeouts, (request, response) => void answer(request, response));
server.listen(Number(PORT), HOST, () => console.log('Listening on', server.address()));
