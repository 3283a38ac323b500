// Waits that busy hosts ask for, by 429 and 503. Each host has one budget for the whole crawl: waits of a minute, page
// by page, would take days on a large site.

import { EraError } from '../../../errors.ts';

/** A busy host is waited for. */
export interface CrawlWait {
  /** With its port where it names one. */
  readonly host: string;
  /** Of this wait. */
  readonly ms: number;
  /** Of all waits for this host, with this one. */
  readonly waitedMs: number;
  /** Most milliseconds in all. */
  readonly maxMs: number;
}

export class HostWaits {
  readonly #maxMs: number;
  readonly #onWait: ((wait: CrawlWait) => void) | undefined;
  readonly #waitedMs = new Map<string, number>();

  constructor(maxMs: number, onWait?: (wait: CrawlWait) => void) {
    this.#maxMs = maxMs;
    this.#onWait = onWait;
  }

  /** Takes a wait from the host's budget, and tells it. @throws EraError `rate-limited` where too little is left */
  take({ host, href }: URL, ms: number): void {
    const before = this.#waitedMs.get(host) ?? 0;
    const waitedMs = before + ms;
    if (waitedMs > this.#maxMs) {
      const [waited, next, most] = [before, ms, this.#maxMs].map((each) => `${Math.ceil(each / 1000)} s`);
      throw new EraError(
        'rate-limited',
        `${host} is too busy to be read now: it was waited for ${waited!} in all, and ${next!} more would be over the limit of ${most!}. Read it later, or allow more (--max-wait, in minutes).`,
        {
          details: { url: href, retryAfterMs: Math.ceil(ms), waitedMs: Math.ceil(before), maxHostWaitMs: this.#maxMs },
        },
      );
    }
    this.#waitedMs.set(host, waitedMs);
    this.#onWait?.({ host, ms, waitedMs, maxMs: this.#maxMs });
  }
}
