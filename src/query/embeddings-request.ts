// One request to the embeddings endpoint: attempts with a time limit and a size limit each, and every failure as a
// typed error. It knows no cache and no batches. Errors never contain a header value.

import ky, { HTTPError } from 'ky';
import { unlessAborted } from '../abort.ts';
import { EraError, type ErrorCode } from '../errors.ts';
import { parseEmbeddings, type Embeddings } from './embeddings-response.ts';
import type { Role } from '../role.ts';
import { isOverLimit } from './over-limit.ts';
import type { RemoteSettings } from './remote-options.ts';
import { retryAfterMs, retryPolicy } from './retry.ts';
import { serverMessage } from './server-message.ts';

/** Largest response that is read: 8192 numbers of 32 characters for every text, and room for the surrounding JSON. */
const MAX_BODY_BYTES_PER_TEXT = 8192 * 32;
const MAX_BODY_BYTES_BASE = 1 << 20;

/**
 * @param texts with their prompts, none empty
 * @throws EraError of the network family, `bad-response`, `too-large` for what is over a limit, `invalid-option` for
 * headers that cannot be sent; the signal's reason when aborted
 */
export async function requestEmbeddings(
  texts: readonly string[],
  role: Role,
  settings: RemoteSettings,
  signal: AbortSignal,
): Promise<Embeddings> {
  const { endpoint, model, dimensions, encodingFormat, totalTimeoutMs, fields } = settings;
  const total = new AbortController();
  const timer = setTimeout(() => {
    total.abort(
      new EraError('timeout', `${where(endpoint)} gave no answer within ${String(totalTimeoutMs)} ms.`, {
        details: { totalTimeoutMs },
      }),
    );
  }, totalTimeoutMs);
  const joint = AbortSignal.any([signal, total.signal]);
  const secrets = new Set<string>(new URL(endpoint).searchParams.values());
  const maxBodyBytes = MAX_BODY_BYTES_BASE + texts.length * MAX_BODY_BYTES_PER_TEXT;
  try {
    const response = await ky(endpoint, {
      method: 'post',
      headers: { accept: 'application/json' },
      json: {
        model,
        [settings.inputField]: texts,
        ...(encodingFormat === undefined ? {} : { encoding_format: encodingFormat }),
        ...(dimensions === undefined ? {} : { [settings.dimensionsField]: dimensions }),
        ...fields[role],
      },
      signal: joint,
      redirect: 'manual', // no redirects: a key must not be sent to another address
      timeout: false, // ky's timeout ends at the headers; attempt() has its own, over the whole body
      retry: retryPolicy(settings, joint),
      hooks: { beforeRequest: [(request) => addHeaders(request, settings.headers, secrets, joint)] },
      fetch: (request) => attempt(request as Request, settings, joint, maxBodyBytes),
    });
    return parseEmbeddings(await json(response), texts.length);
  } catch (error) {
    if (joint.aborted) throw joint.reason;
    throw error instanceof HTTPError ? await statusError(error.response, secrets) : error;
  } finally {
    clearTimeout(timer);
  }
}

async function addHeaders(
  request: Request,
  headers: RemoteSettings['headers'],
  secrets: Set<string>,
  signal: AbortSignal,
): Promise<void> {
  let given: Readonly<Record<string, string>>;
  try {
    given = await unlessAborted(headers(), signal);
  } catch (cause) {
    if (signal.aborted) throw signal.reason;
    throw new EraError('unauthorized', 'The headers() callback failed, so nothing was sent.', { cause });
  }
  for (const [name, value] of Object.entries(given)) {
    for (const part of value.split(/\s+/)) secrets.add(part);
    try {
      request.headers.set(name, value);
    } catch {
      // No cause: the platform's error repeats the value.
      throw new EraError(
        'invalid-option',
        `The header ${JSON.stringify(name)} has a name or value that HTTP does not allow.`,
        { details: { option: 'headers' } },
      );
    }
  }
}

/** One attempt, the whole body included, so that ky's retry covers the body too. */
async function attempt(
  request: Request,
  settings: RemoteSettings,
  signal: AbortSignal,
  maxBodyBytes: number,
): Promise<Response> {
  const { timeoutMs } = settings;
  const late = AbortSignal.timeout(timeoutMs);
  const joint = AbortSignal.any([signal, late]);
  const problem = (code: ErrorCode, what: string, more: { brokenOff?: true; cause?: unknown } = {}): EraError =>
    new EraError(code, `${where(request.url)} ${what}`, {
      details: more.brokenOff ? { brokenOff: true } : {},
      cause: more.cause,
    });
  const failed = (code: ErrorCode, what: string, cause: unknown): unknown => {
    if (signal.aborted) return signal.reason;
    if (late.aborted) return problem('timeout', `gave no whole answer within ${String(timeoutMs)} ms.`);
    return problem(code, what, { cause, ...(code === 'bad-response' ? { brokenOff: true } : {}) });
  };

  let response: Response;
  try {
    response = await unlessAborted(settings.fetch(request, { signal: joint }), joint);
  } catch (cause) {
    throw failed(
      'network',
      "did not answer: no connection, a wrong address, CORS, or the page's own content security policy.",
      cause,
    );
  }
  if (response.type === 'opaqueredirect' || (response.status >= 300 && response.status < 400)) {
    throw problem('bad-response', 'redirects to another address: give that one as baseUrl.');
  }
  const reader = response.body?.getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  try {
    while (reader) {
      const { done, value } = await unlessAborted(reader.read(), joint);
      if (done) break;
      parts.push(value);
      bytes += value.length;
      if (bytes > maxBodyBytes) break;
    }
  } catch (cause) {
    throw failed('bad-response', 'broke off in the middle of its answer.', cause);
  } finally {
    reader?.cancel().catch(() => undefined);
  }
  if (bytes > maxBodyBytes) throw problem('bad-response', `sends more than ${String(maxBodyBytes)} bytes.`);
  const { status, statusText, headers } = response;
  return new Response(bytes === 0 ? null : new Blob(parts), { status, statusText, headers });
}

async function json(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await response.text());
  } catch {
    const type = /^[\w.+/-]{1,60}/.exec(response.headers.get('content-type') ?? '')?.[0] ?? 'no content type';
    throw new EraError('bad-response', `The answer is not JSON (status ${String(response.status)}, ${type}).`, {
      details: { path: '$', status: response.status, type },
    });
  }
}

async function statusError(response: Response, secrets: ReadonlySet<string>): Promise<EraError> {
  const { status } = response;
  const said = await serverMessage(response, secrets);
  const waitMs = retryAfterMs(response.headers, Date.now());
  const message = `The server answered ${String(status)}${said === '' ? '' : `: ${said}`}`;
  return new EraError(codeOf(status, said), message, {
    details: { status, ...(waitMs === undefined ? {} : { retryAfterMs: Math.ceil(waitMs) }) },
  });
}

function codeOf(status: number, said: string): ErrorCode {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 408 || status === 504) return 'timeout';
  if (isOverLimit(status, said)) return 'too-large';
  if (status === 429) return 'rate-limited';
  return status >= 500 ? 'server-error' : 'request-refused';
}

/** The address without its query, which may contain a key. */
function where(url: string): string {
  const { origin, pathname } = new URL(url);
  return origin + pathname;
}
