// The error family. `code` is stable, for programs and tests to match; `message` is for people and may change.
// Cancelling is not an EraError: an aborted call rejects with the signal's own reason (a DOMException named
// AbortError).

/**
 * Maps a code to its `hint`: what the reader can do about an error with that code. The comment of each has its cause and,
 * after `@visitor`, what a visitor of a page sees of it; docs/errors.md is made of them.
 */
const HINTS = {
  /**
   * An option has a value of another kind or range than is documented.
   *
   * @visitor The search says that the site is set up wrongly; a command ends with the message.
   */
  'invalid-option': 'Check the option against its documentation.',
  /**
   * A value that was passed, such as a query, a filter or a record, is not what the call takes.
   *
   * @visitor The search says that the site is set up wrongly.
   */
  'invalid-input': 'Check the value that was passed.',
  /**
   * A line of a JSONL file is not one JSON object with the fields that are needed.
   *
   * @visitor None: an owner sees it in the playground, or a command prints it.
   */
  'malformed-jsonl': 'Every line must be one JSON object; correct the named line.',
  /**
   * A line of a run or of qrels has not the columns of TREC’s format.
   *
   * @visitor None: a command prints it.
   */
  'trec-format': 'Correct the named line.',
  /**
   * Two passages, records or queries have one id.
   *
   * @visitor None: an owner sees it in the playground, or a command prints it.
   */
  'duplicate-id': 'Give every passage and query an id of its own.',
  /**
   * A label names a passage that the corpus does not have.
   *
   * @visitor None: an owner sees it in the playground, or a command prints it.
   */
  'missing-id': 'A label names a passage that is not in the corpus: leave the label out or add the passage.',
  /**
   * No page, record or passage with text was given.
   *
   * @visitor None: a command prints it, or the call that builds rejects.
   */
  'empty-corpus': 'Give at least one passage with text.',
  /**
   * A training needs more labelled queries than were given.
   *
   * @visitor None: an owner sees it in the playground.
   */
  'too-few-labels': 'Give more labelled queries.',
  /**
   * A vector has another length than its space, as when an API’s model was changed.
   *
   * @visitor Answers without this vector: by the small model, or by keywords; the line below the results says so.
   */
  'dimension-mismatch':
    'The vector has another length than the space it is said to come from: check the model and its dimensions option.',
  /**
   * A vector holds NaN or an infinity, or is zero throughout.
   *
   * @visitor Answers without this vector: by the small model, or by keywords.
   */
  'not-finite': 'The vector holds NaN, an infinity or only zeros: the model or device that made it cannot be used.',
  /**
   * Vectors, adapter and collection come from different models, prompts or poolings.
   *
   * @visitor Answers by keywords, or with the adapter left out.
   */
  'space-mismatch':
    'The vectors come from another model, prompt or pooling: rebuild the index or use an adapter made for this pair.',
  /**
   * A file of a collection is damaged, cut short, or claims sizes that its bytes cannot hold.
   *
   * @visitor What is stored is dropped and fetched again; a damaged file on the server ends in the message that the site is set up wrongly.
   */
  'index-format': 'Make or download the collection again.',
  /**
   * The collection was cut by an analyzer that this release does not have, or that computes other terms here.
   *
   * @visitor The search says that the site is set up wrongly.
   */
  'unknown-analyzer': 'Use the era-search that made the index, or make it again with “era-search index”.',
  /**
   * A part of the site’s own does not load, or does not do what its contract says.
   *
   * @visitor The search says that the site is set up wrongly.
   */
  'bad-extension': 'Mend the extension that is named, see “era-search/extend”.',
  /**
   * An adapter file is damaged or is no safetensors adapter.
   *
   * @visitor Answers without the adapter; an owner sees the message.
   */
  'adapter-format': 'The adapter file is damaged or not a safetensors adapter: export it again.',
  /**
   * A file was written by a later release.
   *
   * @visitor What is stored answers; without it the search says that the site is set up wrongly.
   */
  'unsupported-version': 'The file was written by a newer release: update era-search.',
  /**
   * A call needs a collection, and none is open, or stored under this name.
   *
   * @visitor The search says that the site is set up wrongly.
   */
  'no-index': 'Open or build a collection first.',
  /**
   * The address has an index from before collections.
   *
   * @visitor The search says that the site is set up wrongly.
   */
  'old-index': 'Make it again with “era-search index”.',
  /**
   * A search or training by vectors of a collection that has none.
   *
   * @visitor Answers by keywords.
   */
  'no-vectors': 'Search by keywords, or make it with vectors.',
  /**
   * A path needs an adapter that was neither trained nor published.
   *
   * @visitor Answers by another path, or by keywords.
   */
  'no-adapter': 'Align or adapt first, or import an adapter.',
  /**
   * A call needs labelled queries, and there are none.
   *
   * @visitor None: an owner sees it in the playground.
   */
  'no-labels': 'Give labelled queries first.',
  /**
   * A path needs the small model, which was not allowed or is not published.
   *
   * @visitor Answers without the model; the line below the results offers it where it can be had.
   */
  'no-encoder': 'This path needs the small encoder: allow it, or use the remote path.',
  /**
   * A file of the model is missing, damaged or not what it says.
   *
   * @visitor Answers without the model; the line below the results says that it could not be loaded.
   */
  'model-load': 'Check that the named file of the model is in its folder, or served at its address.',
  /**
   * A device or runtime computes other vectors than the known ones.
   *
   * @visitor Another device is used; without one, answers are made without the model.
   */
  'self-test-failed': 'This device computes wrong vectors for this model and is not used.',
  /**
   * WebGPU was asked for by name, and there is none.
   *
   * @visitor None by default, since WebAssembly is used.
   */
  'no-webgpu': 'This browser or machine offers no WebGPU adapter: use the WASM path.',
  /**
   * The GPU was lost during a call: a crash of its process, a driver update, a suspended machine.
   *
   * @visitor None in a search: it goes on with WebAssembly. A training on the GPU ends with the message.
   */
  'gpu-lost': 'The GPU was lost: the call can be repeated; another device will be used.',
  /**
   * The GPU has not enough memory for the vectors or the model.
   *
   * @visitor None: WebAssembly is used.
   */
  'gpu-memory': 'The GPU has too little memory for this: use the WASM path.',
  /**
   * A server could not be reached, or answered that a file is not there.
   *
   * @visitor Answers from what is here: the stored index, keywords, a kept answer. With nothing here: offline, or that the server did not answer, and a button that tries again.
   */
  network: 'The server did not answer: check the address, the connection and the CORS settings.',
  /**
   * A server made no progress for too long.
   *
   * @visitor As for `network`.
   */
  timeout: 'The server took too long: try again or raise the time limit.',
  /**
   * The crawler, the proxy or a base adapter was given an address that it does not read.
   *
   * @visitor None: a command prints it.
   */
  'unreadable-address': 'Only hosts that were named are read, and private ones only where they are allowed by name.',
  /**
   * A sitemap or feed is not one.
   *
   * @visitor None: a command prints it.
   */
  'sitemap-format': 'Check the address, or name the pages one by one.',
  /**
   * The query API answered 401 or 403.
   *
   * @visitor Answers without the API, and the line below the results says so.
   */
  unauthorized: 'The server refused the credentials: check what headers() returns.',
  /**
   * The query API answered 429 for longer than is waited.
   *
   * @visitor Answers without the API, and the line below the results says so.
   */
  'rate-limited': 'The server asks to slow down: wait, then try again.',
  /**
   * A server answered with a status from 500 on, again and again.
   *
   * @visitor Answers without the API; for a file of the index as for `network`.
   */
  'server-error': 'The server failed: try again later.',
  /**
   * The query API answered with another status from 400 on.
   *
   * @visitor Answers without the API, and the line below the results says so.
   */
  'request-refused': 'The server refused the request: check the model name and the texts.',
  /**
   * The query API answered something that is no embeddings response of the model.
   *
   * @visitor Answers without the API, and the line below the results says so.
   */
  'bad-response': 'The server answered something that is not an embeddings response: check the address.',
  /**
   * A text, a file or a body is over its documented limit.
   *
   * @visitor None, but for what is too large to be searched: the site is set up wrongly.
   */
  'too-large': 'The input is over the limit: send less at a time.',
  /**
   * The browser has no room for a file.
   *
   * @visitor None: the index is used from memory, and fetched again on the next visit.
   */
  quota: 'The browser has no room for the index: free some space or use memory mode.',
  /**
   * The browser’s storage failed, is forbidden, or did not answer.
   *
   * @visitor None: the index is used from memory, and fetched again on the next visit.
   */
  storage: 'The browser storage failed: the index is kept in memory only.',
  /**
   * A worker ended, threw outside of a call, or answered nothing for longer than its patience.
   *
   * @visitor None beside an answer that is shown; else a message and a button that tries again. The next call starts another worker.
   */
  'worker-died': 'A worker stopped: the call can be repeated; a new worker is started.',
  /**
   * A page and a worker are of different releases, or the worker’s script is no longer on the server.
   *
   * @visitor The search says that the site was updated and asks for a new page.
   */
  'protocol-mismatch': 'Page and worker are of different releases: reload the page.',
  /**
   * Another run or another tab is at the same work.
   *
   * @visitor None, or a message and a button that tries again.
   */
  busy: 'Another run is under way: wait for it or cancel it.',
  /**
   * The engine, collection or store was closed during the call, or before.
   *
   * @visitor None.
   */
  closed: 'The engine is closed: open a new one.',
  /**
   * Something was thrown that is none of these.
   *
   * @visitor The search says that it does not work, and the message is on the console.
   */
  internal: 'This is a bug in era-search: please report it with this message.',
} as const;

/** What an error is, for programs: stable across releases. Every code has one hint. */
export type ErrorCode = keyof typeof HINTS;
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
