// The error family. `code` is stable, for programs and tests to match; `message` is for people and may change.
// Cancelling is not an EraError: an aborted call rejects with the signal's own reason (a DOMException named
// AbortError).

/**
 * Every code. The comment of each has its cause and, after `@remarks`, what a visitor of a page sees of it; with the hints
 * below, docs/errors.md is made of them.
 */
export interface ErrorCodes {
  /**
   * An option has a value of another kind or range than is documented.
   *
   * @remarks The search says that the site is set up wrongly; a command ends with the message.
   */
  'invalid-option': string;
  /**
   * A value that was passed, such as a query, a filter or a record, is not what the call takes.
   *
   * @remarks The search says that the site is set up wrongly.
   */
  'invalid-input': string;
  /**
   * A line of a JSONL file is not one JSON object with the fields that are needed.
   *
   * @remarks None: an owner sees it in the playground, or a command prints it.
   */
  'malformed-jsonl': string;
  /**
   * A line of a run or of qrels has not the columns of TREC’s format.
   *
   * @remarks None: a command prints it.
   */
  'trec-format': string;
  /**
   * Two passages, records or queries have one id.
   *
   * @remarks None: an owner sees it in the playground, or a command prints it.
   */
  'duplicate-id': string;
  /**
   * A label names a passage that the corpus does not have.
   *
   * @remarks None: an owner sees it in the playground, or a command prints it.
   */
  'missing-id': string;
  /**
   * No page, record or passage with text was given.
   *
   * @remarks None: a command prints it, or the call that builds rejects.
   */
  'empty-corpus': string;
  /**
   * A training needs more labelled queries than were given.
   *
   * @remarks None: an owner sees it in the playground.
   */
  'too-few-labels': string;
  /**
   * A vector has another length than its space, as when an API’s model was changed.
   *
   * @remarks Answers without this vector: by the small model, or by keywords; the line below the results says so.
   */
  'dimension-mismatch': string;
  /**
   * A vector holds NaN or an infinity, or is zero throughout.
   *
   * @remarks Answers without this vector: by the small model, or by keywords.
   */
  'not-finite': string;
  /**
   * Vectors, adapter and collection come from different models, prompts or poolings.
   *
   * @remarks Answers by keywords, or with the adapter left out.
   */
  'space-mismatch': string;
  /**
   * A file of a collection is damaged, cut short, or claims sizes that its bytes cannot hold.
   *
   * @remarks What is stored is dropped and fetched again; a damaged file on the server ends in the message that the site is set up wrongly.
   */
  'index-format': string;
  /**
   * The collection was cut by an analyzer that this release does not have, or that computes other terms here.
   *
   * @remarks The search says that the site is set up wrongly.
   */
  'unknown-analyzer': string;
  /**
   * A part of the site’s own does not load, or does not do what its contract says.
   *
   * @remarks The search says that the site is set up wrongly.
   */
  'bad-extension': string;
  /**
   * An adapter file is damaged or is no safetensors adapter.
   *
   * @remarks Answers without the adapter; an owner sees the message.
   */
  'adapter-format': string;
  /**
   * A file was written by a later release.
   *
   * @remarks What is stored answers; without it the search says that the site is set up wrongly.
   */
  'unsupported-version': string;
  /**
   * A call needs a collection, and none is open, or stored under this name.
   *
   * @remarks The search says that the site is set up wrongly.
   */
  'no-index': string;
  /**
   * The address has an index from before collections.
   *
   * @remarks The search says that the site is set up wrongly.
   */
  'old-index': string;
  /**
   * A search or training by vectors of a collection that has none.
   *
   * @remarks Answers by keywords.
   */
  'no-vectors': string;
  /**
   * A path needs an adapter that was neither trained nor published.
   *
   * @remarks Answers by another path, or by keywords.
   */
  'no-adapter': string;
  /**
   * A call needs labelled queries, and there are none.
   *
   * @remarks None: an owner sees it in the playground.
   */
  'no-labels': string;
  /**
   * A path needs the small model, which was not allowed or is not published.
   *
   * @remarks Answers without the model; the line below the results offers it where it can be had.
   */
  'no-encoder': string;
  /**
   * A file of the model is missing, damaged or not what it says.
   *
   * @remarks Answers without the model; the line below the results says that it could not be loaded.
   */
  'model-load': string;
  /**
   * A device or runtime computes other vectors than the known ones.
   *
   * @remarks Another device is used; without one, answers are made without the model.
   */
  'self-test-failed': string;
  /**
   * WebGPU was asked for by name, and there is none.
   *
   * @remarks None by default, since WebAssembly is used.
   */
  'no-webgpu': string;
  /**
   * The GPU was lost during a call: a crash of its process, a driver update, a suspended machine.
   *
   * @remarks None in a search: it goes on with WebAssembly. A training on the GPU ends with the message.
   */
  'gpu-lost': string;
  /**
   * The GPU has not enough memory for the vectors or the model.
   *
   * @remarks None: WebAssembly is used.
   */
  'gpu-memory': string;
  /**
   * A server could not be reached, or answered that a file is not there.
   *
   * @remarks Answers from what is here: the stored index, keywords, a kept answer. With nothing here: offline, or that the server did not answer, and a button that tries again.
   */
  network: string;
  /**
   * A server made no progress for too long.
   *
   * @remarks As for `network`.
   */
  timeout: string;
  /**
   * The crawler, the proxy or a base adapter was given an address that it does not read.
   *
   * @remarks None: a command prints it.
   */
  'unreadable-address': string;
  /**
   * A sitemap or feed is not one.
   *
   * @remarks None: a command prints it.
   */
  'sitemap-format': string;
  /**
   * The query API answered 401 or 403.
   *
   * @remarks Answers without the API, and the line below the results says so.
   */
  unauthorized: string;
  /**
   * The query API answered 429 for longer than is waited.
   *
   * @remarks Answers without the API, and the line below the results says so.
   */
  'rate-limited': string;
  /**
   * A server answered with a status from 500 on, again and again.
   *
   * @remarks Answers without the API; for a file of the index as for `network`.
   */
  'server-error': string;
  /**
   * The query API answered with another status from 400 on.
   *
   * @remarks Answers without the API, and the line below the results says so.
   */
  'request-refused': string;
  /**
   * The query API answered something that is no embeddings response of the model.
   *
   * @remarks Answers without the API, and the line below the results says so.
   */
  'bad-response': string;
  /**
   * A text, a file or a body is over its documented limit.
   *
   * @remarks None, but for what is too large to be searched: the site is set up wrongly.
   */
  'too-large': string;
  /**
   * The browser has no room for a file.
   *
   * @remarks None: the index is used from memory, and fetched again on the next visit.
   */
  quota: string;
  /**
   * The browser’s storage failed, is forbidden, or did not answer.
   *
   * @remarks None: the index is used from memory, and fetched again on the next visit.
   */
  storage: string;
  /**
   * A worker ended, threw outside of a call, or answered nothing for longer than its patience.
   *
   * @remarks None beside an answer that is shown; else a message and a button that tries again. The next call starts another worker.
   */
  'worker-died': string;
  /**
   * A page and a worker are of different releases, or the worker’s script is no longer on the server.
   *
   * @remarks The search says that the site was updated and asks for a new page.
   */
  'protocol-mismatch': string;
  /**
   * Another run or another tab is at the same work.
   *
   * @remarks None, or a message and a button that tries again.
   */
  busy: string;
  /**
   * The engine, collection or store was closed during the call, or before.
   *
   * @remarks None.
   */
  closed: string;
  /**
   * Something was thrown that is none of these.
   *
   * @remarks The search says that it does not work, and the message is on the console.
   */
  internal: string;
}

/** What the reader can do about an error with that code. */
const HINTS: Readonly<Record<keyof ErrorCodes, string>> = {
  'invalid-option': 'Check the option against its documentation.',
  'invalid-input': 'Check the value that was passed.',
  'malformed-jsonl': 'Every line must be one JSON object; correct the named line.',
  'trec-format': 'Correct the named line.',
  'duplicate-id': 'Give every passage and query an id of its own.',
  'missing-id': 'A label names a passage that is not in the corpus: leave the label out or add the passage.',
  'empty-corpus': 'Give at least one passage with text.',
  'too-few-labels': 'Give more labelled queries.',
  'dimension-mismatch':
    'The vector has another length than the space it is said to come from: check the model and its dimensions option.',
  'not-finite': 'The vector holds NaN, an infinity or only zeros: the model or device that made it cannot be used.',
  'space-mismatch':
    'The vectors come from another model, prompt or pooling: rebuild the index or use an adapter made for this pair.',
  'index-format': 'Make or download the collection again.',
  'unknown-analyzer': 'Use the era-search that made the index, or make it again with “era-search index”.',
  'bad-extension': 'Mend the extension that is named, see “era-search/extend”.',
  'adapter-format': 'The adapter file is damaged or not a safetensors adapter: export it again.',
  'unsupported-version': 'The file was written by a newer release: update era-search.',
  'no-index': 'Open or build a collection first.',
  'old-index': 'Make it again with “era-search index”.',
  'no-vectors': 'Search by keywords, or make it with vectors.',
  'no-adapter': 'Align or adapt first, or import an adapter.',
  'no-labels': 'Give labelled queries first.',
  'no-encoder': 'This path needs the small encoder: allow it, or use the remote path.',
  'model-load': 'Check that the named file of the model is in its folder, or served at its address.',
  'self-test-failed': 'This device computes wrong vectors for this model and is not used.',
  'no-webgpu': 'This browser or machine offers no WebGPU adapter: use the WASM path.',
  'gpu-lost': 'The GPU was lost: the call can be repeated; another device will be used.',
  'gpu-memory': 'The GPU has too little memory for this: use the WASM path.',
  network: 'The server did not answer: check the address, the connection and the CORS settings.',
  timeout: 'The server took too long: try again or raise the time limit.',
  'unreadable-address': 'Only hosts that were named are read, and private ones only where they are allowed by name.',
  'sitemap-format': 'Check the address, or name the pages one by one.',
  unauthorized: 'The server refused the credentials: check what headers() returns.',
  'rate-limited': 'The server asks to slow down: wait, then try again.',
  'server-error': 'The server failed: try again later.',
  'request-refused': 'The server refused the request: check the model name and the texts.',
  'bad-response': 'The server answered something that is not an embeddings response: check the address.',
  'too-large': 'The input is over the limit: send less at a time.',
  quota: 'The browser has no room for the index: free some space or use memory mode.',
  storage: 'The browser storage failed: the index is kept in memory only.',
  'worker-died': 'A worker stopped: the call can be repeated; a new worker is started.',
  'protocol-mismatch': 'Page and worker are of different releases: reload the page.',
  busy: 'Another run is under way: wait for it or cancel it.',
  closed: 'The engine is closed: open a new one.',
  internal: 'This is a bug in era-search: please report it with this message.',
};

/** What an error is, for programs: stable across releases. Every code has one hint. */
export type ErrorCode = keyof ErrorCodes;
/** Facts of one error: line numbers, lengths, status codes. Never secrets. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | null>>;

/** What an error carries besides its code and message. */
export interface EraErrorOptions {
  /** Structured facts: line numbers, lengths, status codes. Never secrets. */
  readonly details?: ErrorDetails;
  /** What was thrown before, where something was. */
  readonly cause?: unknown;
}

/**
 * The one error of this package. Match `code`; `message` is for people and may change. A cancelled call rejects with its
 * signal's own reason instead.
 */
export class EraError extends Error {
  /** Always `EraError`. */
  override readonly name = 'EraError';
  /** What it is, for programs. */
  readonly code: ErrorCode;
  /** Facts of this error; empty for none. */
  readonly details: ErrorDetails;
  /** What to do next, or the consequence where nothing can be done. */
  readonly hint: string;

  constructor(code: ErrorCode, message: string, options: EraErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.hint = HINTS[code];
  }
}

/** True for errors of the family, across realms and bundles; with `code`, for that code only. */
export function isEraError(error: unknown, code?: ErrorCode): error is EraError {
  if (typeof error !== 'object' || error === null) return false;
  const candidate = error as { name?: unknown; code?: unknown };
  return (
    candidate.name === 'EraError' &&
    typeof candidate.code === 'string' &&
    (code === undefined || candidate.code === code)
  );
}

/** For work that something less can replace: null in place of an EraError. */
export function orNull(error: unknown): null {
  if (isEraError(error)) return null;
  throw error;
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(HINTS, code);
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
