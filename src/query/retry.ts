// Decides which requests to retry and after how long. ky runs the loop.

import { HTTPError, type Options } from 'ky';
import { isEraError } from '../errors.ts';
import { isOverLimit } from './over-limit.ts';
import { serverMessage } from './server-message.ts';

export interface RetryLimits {
  readonly maxRetries: number;
  readonly maxRetryAfterMs: number;
  readonly totalTimeoutMs: number;
}

/** First wait and longest wait without a `Retry-After`, as in OpenAI's own client libraries. */
const FIRST_BACKOFF_MS = 500;
const MAX_BACKOFF_MS = 8000;

/**
 * ky's retry options for one request, made when it starts: no wait begins that would end after `totalTimeoutMs`.
 * @param signal once aborted, nothing is retried
 */
export function retryPolicy(limits: RetryLimits, signal: AbortSignal): NonNullable<Exclude<Options['retry'], number>> {
  const endsAtMs = performance.now() + limits.totalTimeoutMs;
  let delayMs = 0;
  return {
    limit: limits.maxRetries,
    methods: ['post'],
    shouldRetry: async ({ error, retryCount }) => {
      if (!(await isTransient(error)) || signal.aborted) return false;
      const askedMs = error instanceof HTTPError ? retryAfterMs(error.response.headers, Date.now()) : undefined;
      delayMs = askedMs === undefined ? backoffMs(retryCount) : Math.min(askedMs, limits.maxRetryAfterMs);
      return performance.now() + delayMs < endsAtMs;
    },
    delay: () => delayMs,
  };
}

/** 408, 409, 429, 5xx unless it names a limit, no response, a slow response, a response that broke off. */
async function isTransient(error: unknown): Promise<boolean> {
  if (error instanceof HTTPError) {
    const { response } = error;
    if (response.status < 500) return [408, 409, 429].includes(response.status);
    return !isOverLimit(response.status, await serverMessage(response.clone(), new Set()));
  }
  return (
    isEraError(error, 'network') ||
    isEraError(error, 'timeout') ||
    (isEraError(error, 'bad-response') && error.details['brokenOff'] === true)
  );
}

/** Doubles with every retry; half of it is random, so that clients that failed together do not retry together. */
export function backoffMs(retryCount: number): number {
  const fullMs = Math.min(MAX_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (retryCount - 1));
  return (fullMs * (1 + Math.random())) / 2;
}

/**
 * The wait that the server requests: `Retry-After-Ms`, or `Retry-After` in seconds or as an HTTP date; undefined where
 * it is absent, invalid or in the past.
 */
export function retryAfterMs(headers: Headers, nowMs: number): number | undefined {
  const exactMs = duration(headers.get('retry-after-ms'));
  if (exactMs !== undefined) return exactMs;
  const value = headers.get('retry-after');
  const seconds = duration(value);
  if (seconds !== undefined) return seconds * 1000;
  // Date.parse accepts almost any text: only what starts with the name of a day is an HTTP date.
  if (value === null || !/^(?:mon|tue|wed|thu|fri|sat|sun)/i.test(value)) return undefined;
  const waitMs = Date.parse(value) - nowMs;
  return waitMs > 0 ? waitMs : undefined;
}

function duration(value: string | null): number | undefined {
  return value !== null && /^\d+(?:\.\d+)?$/.test(value.trim()) ? Number(value) : undefined;
}
