// A proxy between a public page and an OpenAI-compatible embeddings API. The proxy holds the API key, so that pages do
// not contain it.
// Copy it, run it with API_KEY and ALLOW_ORIGINS ("https://docs.example.com https://example.com") in the environment,
// behind your own HTTPS, and give the page its address as baseUrl. The check of Origin stops other people's pages but
// not their scripts; the limit for each client applies to these.

import { createServer, STATUS_CODES } from 'node:http';
import { isIPv4, isIPv6 } from 'node:net';

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
  TRUST_FORWARDED_FOR = '0', // how many reverse proxies of your own stand before it
} = process.env;
if (API_KEY === '' || ALLOW_ORIGINS === '' || !(Number(PER_MINUTE) >= 1))
  throw new Error('Set API_KEY and ALLOW_ORIGINS in the environment; PER_MINUTE is at least 1.');
if (!/^\d$/.test(TRUST_FORWARDED_FOR))
  throw new Error('TRUST_FORWARDED_FOR is the number of your own reverse proxies, 0 to 9.');
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
const [maxAnswerBytes, maxDimensions] = [4 << 20, 8192];
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

/**
 * The client that a request counts for. Each trusted proxy appends the address that it was called from, so that the
 * entries are trusted from the right, one for each proxy; what is left of them is the client's own word.
 * @param {import('node:http').IncomingMessage} request
 */
function clientOf({ headers, socket }) {
  const said = String(headers['x-forwarded-for'] ?? '')
    .split(',')
    .filter((entry) => entry.trim() !== '');
  const trusted = said.slice(Math.max(0, said.length - Number(TRUST_FORWARDED_FOR)));
  return networkOf(trusted[0] ?? socket.remoteAddress ?? '');
}

/**
 * An IPv4 address, or the 64 bits that an IPv6 network has in common, in one spelling: without a port, quotes,
 * brackets and the zone id. Everything that is no address is one client.
 * @param {string} text
 */
function networkOf(text) {
  const bare = text.trim().replace(/^"|"$/g, '');
  const [, inBrackets] = /^\[([^\]]*)\](?::\d*)?$/.exec(bare) ?? [];
  const [address = ''] = (inBrackets ?? bare).split('%');
  const withoutPort = address.replace(/:\d*$/, '');
  if (isIPv4(address)) return address;
  if (isIPv4(withoutPort)) return withoutPort;
  const whole = [address, withoutPort].find(isIPv6);
  if (whole === undefined) return 'unknown';
  // the URL has one spelling of an address: hexadecimal groups, the longest run of zeros as ::
  const [head = '', tail = ''] = new URL(`http://[${whole}]`).hostname.slice(1, -1).split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === '' ? [] : tail.split(':');
  /** @type {string[]} */
  const zeros = Array(8 - before.length - after.length).fill('0');
  const groups = [...before, ...zeros, ...after];
  const isIPv4Mapped = groups.slice(0, 6).join(':') === '0:0:0:0:0:ffff';
  if (!isIPv4Mapped) return groups.slice(0, 4).join(':');
  return groups
    .slice(6)
    .flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 255])
    .join('.');
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
  const sent = { model: MODEL, [INPUT_FIELD]: texts, [DIMENSIONS_FIELD]: dimensions, encoding_format, ...fields };
  return { body: JSON.stringify(sent), count: texts.length, asBase64: encoding_format === 'base64' };
}

/**
 * @param {{ body: string, count: number, asBase64: boolean }} input
 * @param {AbortSignal} gone
 */
async function embed({ body, count, asBase64 }, gone) {
  const signal = AbortSignal.any([gone, AbortSignal.timeout(Number(UPSTREAM_TIMEOUT_MS))]);
  const headers = { [KEY_HEADER]: keyValue, 'content-type': 'application/json' };
  // no redirects: the key is sent to no other address
  const answer = await fetch(upstream, { method: 'POST', headers, body, signal, redirect: 'error' });
  const kept = Object.fromEntries(passedOn.flatMap((name) => headerOf(name, answer.headers.get(name))));
  // the upstream's message may repeat the key
  if (!answer.ok) throw new Refusal(statusOf(answer.status), `The embeddings API answered ${answer.status}.`, kept);
  return { text: JSON.stringify(rebuilt(await readAnswer(answer), count, asBase64)), kept };
}

/**
 * A status that HTTP clients know. An unknown one is that of its class (RFC 9110, 15); what is no refusal at all, and
 * 407, which would be this proxy's own, is a failure of the upstream.
 * @param {number} status
 */
function statusOf(status) {
  if (status < 400 || status > 599 || status === 407) return 502;
  return status in STATUS_CODES ? status : status - (status % 100);
}

/**
 * A header's value where it is a number, a duration or a date.
 * @param {string} name @param {string | null} value @returns {[string, string][]}
 */
function headerOf(name, value) {
  if (value === null) return [];
  if (/^\d[\d.dhms]{0,23}$/.test(value)) return [[name, value]];
  const dateMs = /^(?:mon|tue|wed|thu|fri|sat|sun)/i.test(value) ? Date.parse(value) : NaN;
  return Number.isNaN(dateMs) ? [] : [[name, new Date(dateMs).toUTCString()]];
}

/** @param {Response} answer @returns {Promise<unknown>} */
async function readAnswer({ body }) {
  /** @type {Uint8Array[]} */
  const chunks = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    if ((bytes += chunk.length) > maxAnswerBytes) throw new Refusal(502, 'The embeddings API answers too much.');
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks)).json().catch(() => null);
}

/**
 * What a page reads of an answer, made anew of checked numbers: nothing else that the upstream says is passed on, since
 * any text of it may repeat the key.
 * @param {unknown} answer @param {number} count @param {boolean} asBase64
 */
function rebuilt(answer, count, asBase64) {
  const { data, embeddings, usage } = recordOf(answer);
  const found = Array.isArray(answer) ? answer : (data ?? embeddings);
  const { float, base64 } = recordOf(found);
  const list = Array.isArray(found) ? found : (float ?? base64);
  if (!Array.isArray(list) || list.length !== count)
    throw new Refusal(502, `The embeddings API answered without a list of ${count} vectors.`);
  const entries = list.map((item) => {
    const isVector = Array.isArray(item) || typeof item === 'string';
    const { index, embedding } = isVector ? { index: undefined, embedding: item } : recordOf(item);
    const vector = vectorOf(embedding);
    const isPlace = typeof index === 'number' && Number.isInteger(index) && index >= 0 && index < count;
    if (vector === null || !(isPlace || index === undefined || index === null))
      throw new Refusal(502, 'The embeddings API answered a vector that is none, or an index out of range.');
    return {
      object: 'embedding',
      ...(isPlace ? { index } : {}),
      embedding: asBase64 ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector,
    };
  });
  const counts = Object.entries(recordOf(usage)).filter(
    ([name, tokens]) => ['prompt_tokens', 'total_tokens'].includes(name) && Number.isSafeInteger(tokens),
  );
  /** @type {Record<string, unknown>} */
  const counted = Object.fromEntries(counts);
  return { object: 'list', model: MODEL, data: entries, usage: counted };
}

/** @param {unknown} value @returns {Record<string, unknown>} */
function recordOf(value) {
  return typeof value === 'object' && value !== null ? /** @type {Record<string, unknown>} */ (value) : {};
}

/**
 * The numbers of a vector, which may be little-endian float32 in base64; null for anything else.
 * @param {unknown} value
 */
function vectorOf(value) {
  /** @type {unknown} */
  const list = typeof value === 'string' ? fromBase64(value) : value;
  if (!Array.isArray(list) || list.length === 0 || list.length > maxDimensions) return null;
  /** @type {unknown[]} */
  const values = list;
  const numbers = values.filter((number) => typeof number === 'number' && Number.isFinite(Math.fround(number)));
  return numbers.length === list.length ? numbers : null;
}

/** Null where a text is no vector, such as a key of letters and digits alone. @param {string} text */
function fromBase64(text) {
  const bytes = Buffer.from(text, 'base64');
  const isWhole = bytes.length % 4 === 0 && bytes.toString('base64') === text;
  if (!isWhole || (API_KEY.length >= 8 && text.includes(API_KEY))) return null;
  return Array.from({ length: bytes.length / 4 }, (_, i) => bytes.readFloatLE(4 * i));
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
