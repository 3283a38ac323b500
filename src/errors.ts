// The error family. `code` is stable, for programs and tests to match; `message` is for people and may change.
// Cancelling is not an EraError: an aborted call rejects with the signal's own reason (a DOMException named
// AbortError).

/** Maps a code to its `hint`: what the reader can do about an error with that code. */
const HINTS = {
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
