// The reason why an address was not read. Thrown inside this folder only; callers get an entry of the crawl, or an
// EraError.

import { EraError, type ErrorCode } from '../../../errors.ts';

export type LeftOutReason =
  | 'robots'
  | 'noindex'
  | 'not-html'
  | 'not-sitemap'
  | 'too-large'
  | 'blocked-address'
  | 'too-many-redirects'
  | 'other-host'
  | 'timeout'
  | 'network'
  | 'duplicate'
  | 'max-pages'
  | `status ${number}`;

export class LeftOut extends Error {
  override readonly name = 'LeftOut';
  readonly reason: LeftOutReason;

  /** @param detail explanation for people */
  constructor(reason: LeftOutReason, detail: string, cause?: unknown) {
    super(detail, { cause });
    this.reason = reason;
  }
}

const CODES: Readonly<Partial<Record<LeftOutReason, ErrorCode>>> = {
  network: 'network',
  timeout: 'timeout',
  'too-large': 'too-large',
  'not-sitemap': 'sitemap-format',
};

/**
 * Converts failures that end the whole crawl: of a sitemap that the user named, or of a site's robots.txt. Other errors
 * are returned unchanged.
 */
export function toEraError(error: unknown, url: URL): unknown {
  if (!(error instanceof LeftOut)) return error;
  const status = /^status (\d+)$/.exec(error.reason)?.[1];
  const code = CODES[error.reason] ?? (Number(status) >= 500 ? 'server-error' : 'unreadable-address');
  return new EraError(code, `${url.href} cannot be read: ${error.message}`, {
    details: { url: url.href, reason: error.reason },
    cause: error,
  });
}
