// The options of the remote query encoder: meaning, unit, limit and default of each, and their validation.

import { EraError, messageOf } from '../errors.ts';
import type { Role } from '../role.ts';
import { isRecord } from './is-record.ts';

/** A JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };

/** What a request to the API has, and its limits: the options that are plain JSON and hold no secret. */
export interface RemoteRequestOptions {
  /** Revision of the model, where the provider names one; part of the space id. @default 'main' */
  readonly revision?: string | undefined;
  /**
   * Fields added to the body of a request for queries, such as `{ input_type: 'query' }`. Part of the space id, since
   * they may change the vectors. They replace other fields of the same name, except the model's and the texts'.
   * @default none
   */
  readonly queryFields?: Readonly<Record<string, Json>> | undefined;
  /** As `queryFields`, for documents: `{ input_type: 'document' }`. @default none */
  readonly documentFields?: Readonly<Record<string, Json>> | undefined;
  /** Field of the request that holds the list of texts. @default 'input' */
  readonly inputField?: string | undefined;
  /** Field of the request that holds `dimensions`, such as `output_dimension`. @default 'dimensions' */
  readonly dimensionsField?: string | undefined;
  /**
   * Encoding of vectors in the response, sent as `encoding_format`. Both forms are accepted, whichever was requested.
   * `base64` is about four times smaller; some providers refuse one value or the field. @default not sent
   */
  readonly encodingFormat?: 'float' | 'base64' | undefined;
  /**
   * Limit of one attempt, from sending to the last byte of the answer, in milliseconds, 1 to 2^31 − 1. @default 20000
   */
  readonly timeoutMs?: number | undefined;
  /**
   * Limit of one request with all its attempts and the waits between them, in milliseconds, 1 to 2^31 − 1. @default
   * 60000
   */
  readonly totalTimeoutMs?: number | undefined;
  /** Attempts after the first for 408, 409, 429, 5xx, timeouts and broken connections, 0 to 10. @default 2 */
  readonly maxRetries?: number | undefined;
  /** Longest wait that a `Retry-After` header can request, in milliseconds, 0 to 2^31 − 1. @default 10000 */
  readonly maxRetryAfterMs?: number | undefined;
  /**
   * Texts in one request, 1 to 2048. A batch that the API refuses as over a limit is halved, and later ones are not
   * larger. @default 32 (accepted by every provider)
   */
  readonly maxBatchTexts?: number | undefined;
  /** Simultaneous requests within one call, 1 to 16. @default 3 */
  readonly concurrency?: number | undefined;
  /**
   * Number of cached vectors, 0 to 1000000, of which the least recently used are dropped first; 4 bytes a number each.
   * @default 1000
   */
  readonly cacheEntries?: number | undefined;
}

/** A model behind an API that speaks `POST /v1/embeddings`. */
export interface RemoteOptions extends RemoteRequestOptions {
  /**
   * Address of the API, without `/embeddings`: relative to the page (`./v1`) or absolute (`https://api.openai.com/v1`).
   * An address that ends in `/embeddings` or `/embed` is used as it is. Query parameters are kept. Outside a page it
   * must be absolute.
   */
  readonly baseUrl: string;
  /** Model name, sent unchanged. */
  readonly model: string;
  /** Template of queries, in which `{text}` is replaced; documents never get it. @default '' (the text unchanged) */
  readonly prompt?: string | undefined;
  /**
   * Numbers in a vector. Sent to the server, and every response must have them. @default not sent; the first response
   * decides
   */
  readonly dimensions?: number | undefined;
  /**
   * Headers of every request. A function is called before every attempt, so that a short-lived token can be renewed.
   * Values never appear in errors. @default none
   */
  readonly headers?:
    | Readonly<Record<string, string>>
    | (() => Readonly<Record<string, string>> | Promise<Readonly<Record<string, string>>>)
    | undefined;
  /**
   * Sent as `Authorization: Bearer …`. Everyone who opens the page can read it: for trials and for keys of the
   * visitor's own only. @default none
   */
  readonly dangerouslyExposedApiKey?: string | undefined;
  /** Replaces the global `fetch`. @default globalThis.fetch */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

/** The options with every default filled in. */
export interface RemoteSettings {
  /** Absolute address of the embeddings endpoint. */
  readonly endpoint: string;
  readonly model: string;
  readonly prompt: string;
  readonly dimensions: number | undefined;
  readonly revision: string;
  /** Canonical text of the fields of both roles, for the space id; empty for none. */
  readonly fieldsId: string;
  readonly fields: Readonly<Record<Role, Readonly<Record<string, Json>>>>;
  readonly inputField: string;
  readonly dimensionsField: string;
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
  readonly encodingFormat: 'float' | 'base64' | undefined;
  readonly timeoutMs: number;
  readonly totalTimeoutMs: number;
  readonly maxRetries: number;
  readonly maxRetryAfterMs: number;
  readonly maxBatchTexts: number;
  readonly concurrency: number;
  readonly cacheEntries: number;
  readonly fetch: typeof globalThis.fetch;
}

/** Longest delay of a timer: longer ones fire at once. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** @throws EraError `invalid-option` */
export function resolveRemoteOptions(options: RemoteOptions): RemoteSettings {
  const { model, encodingFormat, dangerouslyExposedApiKey: key, headers } = options;
  // The prompt '{text}' changes nothing, so its space is that of no prompt.
  const prompt = options.prompt === '{text}' ? '' : (options.prompt ?? '');
  const inputField = name('inputField', options.inputField ?? 'input');
  const own = ['model', inputField];
  const query = fields('queryFields', options.queryFields ?? {}, own);
  const passage = fields('documentFields', options.documentFields ?? {}, own);
  if (typeof model !== 'string' || model === '') throw refused('model', 'must be a model name');
  if (prompt !== '' && prompt.split('{text}').length !== 2) throw refused('prompt', 'must hold {text} once');
  if (encodingFormat !== undefined && !['float', 'base64'].includes(encodingFormat))
    throw refused('encodingFormat', 'must be float or base64');
  if (headers !== undefined && typeof headers !== 'function') checkHeaders(headers);
  const given = async () => (typeof headers === 'function' ? headers() : headers);
  return {
    endpoint: endpointOf(options.baseUrl),
    model,
    prompt,
    dimensions: options.dimensions === undefined ? undefined : whole('dimensions', options.dimensions, 1, 65_536),
    revision: name('revision', options.revision ?? 'main'),
    fieldsId: Object.keys({ ...query, ...passage }).length === 0 ? '' : canonical({ query, passage }),
    fields: { query, passage },
    inputField,
    dimensionsField: name('dimensionsField', options.dimensionsField ?? 'dimensions'),
    headers: async () => ({ ...(key === undefined ? {} : { authorization: `Bearer ${key}` }), ...(await given()) }),
    encodingFormat,
    timeoutMs: whole('timeoutMs', options.timeoutMs ?? 20_000, 1, MAX_TIMER_MS),
    totalTimeoutMs: whole('totalTimeoutMs', options.totalTimeoutMs ?? 60_000, 1, MAX_TIMER_MS),
    maxRetries: whole('maxRetries', options.maxRetries ?? 2, 0, 10),
    maxRetryAfterMs: whole('maxRetryAfterMs', options.maxRetryAfterMs ?? 10_000, 0, MAX_TIMER_MS),
    maxBatchTexts: whole('maxBatchTexts', options.maxBatchTexts ?? 32, 1, 2048),
    concurrency: whole('concurrency', options.concurrency ?? 3, 1, 16),
    cacheEntries: whole('cacheEntries', options.cacheEntries ?? 1000, 0, 1_000_000),
    fetch: options.fetch ?? ((input, init) => globalThis.fetch(input, init)),
  };
}

/** Request options as they are written in an attribute, a flag or a file, with headers that hold no secret. */
export interface WrittenRemoteOptions extends RemoteRequestOptions {
  /** Headers of every request. @default none */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

const WRITTEN: Readonly<Record<keyof WrittenRemoteOptions, true>> = {
  revision: true,
  queryFields: true,
  documentFields: true,
  inputField: true,
  dimensionsField: true,
  encodingFormat: true,
  timeoutMs: true,
  totalTimeoutMs: true,
  maxRetries: true,
  maxRetryAfterMs: true,
  maxBatchTexts: true,
  concurrency: true,
  cacheEntries: true,
  headers: true,
};

/**
 * Reads request options from JSON; an empty text gives none. Names are checked here, values by `resolveRemoteOptions`.
 * @param option names the place in errors, such as `query-options`
 * @throws EraError `invalid-option`
 */
export function readRemoteOptions(text: string, option: string): WrittenRemoteOptions {
  if (text.trim() === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new EraError('invalid-option', `The option ${option} cannot be read as JSON: ${messageOf(cause)}`, {
      details: { option },
    });
  }
  if (!isRecord(value)) throw refused(option, 'must be a JSON object');
  const unknown = Object.keys(value).find((key) => !Object.hasOwn(WRITTEN, key));
  if (unknown !== undefined)
    throw refused(option, `has no ${JSON.stringify(unknown)}: it takes ${Object.keys(WRITTEN).join(', ')}`);
  if (value['headers'] !== undefined) checkHeaders(value['headers']);
  return value;
}

function fields(
  option: string,
  value: Readonly<Record<string, Json>>,
  own: readonly string[],
): Readonly<Record<string, Json>> {
  if (!isRecord(value)) throw refused(option, 'must be an object of JSON values');
  const taken = own.find((field) => Object.hasOwn(value, field));
  if (taken !== undefined)
    throw refused(option, `must not hold ${JSON.stringify(taken)}, which era-search sets itself`);
  return value;
}

function checkHeaders(value: unknown): void {
  if (!isRecord(value) || !Object.values(value).every((header) => typeof header === 'string'))
    throw refused('headers', 'must be an object of texts, or a function that returns one');
}

function name(option: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') throw refused(option, 'must be a text that is not empty');
  return value;
}

/** JSON with the names of each object in order, so that equal values have equal texts. */
function canonical(value: Json): string {
  return JSON.stringify(value, (_, part: unknown) =>
    isRecord(part) ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1))) : part,
  );
}

function endpointOf(baseUrl: string): string {
  let url: URL;
  try {
    // Request resolves against the page's base address, in workers against the script's.
    url = new URL(new Request(baseUrl).url);
  } catch {
    // No cause: the text of the platform's error repeats the address, which may contain credentials.
    throw refused('baseUrl', 'must be an address, without user name and password; outside a page, an absolute one');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw refused('baseUrl', 'must be an http or https address');
  const path = url.pathname.replace(/\/+$/, '');
  url.pathname = /\/embed(?:dings)?$/.test(path) ? path : `${path}/embeddings`;
  url.hash = '';
  return url.href;
}

function whole(option: string, value: number, least: number, most: number): number {
  if (!Number.isInteger(value) || value < least || value > most) {
    throw refused(option, `must be a whole number from ${String(least)} to ${String(most)}`);
  }
  return value;
}

function refused(option: string, rule: string): EraError {
  return new EraError('invalid-option', `The option ${option} ${rule}.`, { details: { option } });
}
