// Reads one address after another: only allowed addresses, by the rules of robots.txt, at the configured or requested
// pace, with redirects that are checked like first addresses.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Agent } from 'undici';
import { EraError } from '../../../errors.ts';
import { backoffMs, retryAfterMs } from '../../../query/retry.ts';
import { createCheckedAgent, type Resolve } from './checked-agent.ts';
import { unchanged, validatorsOf, type CrawlRun, type KeptPage } from './crawl-cache.ts';
import type { HostWaits } from './host-waits.ts';
import { LeftOut, toEraError } from './left-out.ts';
import type { NamedHosts } from './named-hosts.ts';
import { one, requestOnce, type RequestOptions, type Response, type ResponseHeaders } from './request.ts';
import { NO_RULES, parseRobots, type RobotRules } from './robots.ts';

const MAX_REDIRECTS = 5;
/** Two requests a second; private hosts have no delay. */
const DEFAULT_DELAY_MS = 500;
/** Retries after a first response of 429 or 503. */
const MAX_RETRIES = 2;

export interface ReaderSettings {
  readonly named: NamedHosts;
  readonly resolve: Resolve;
  readonly userAgent: string;
  /**
   * Milliseconds from the start of one request to the start of the next, for each host; undefined: half a second, none
   * for private hosts.
   */
  readonly delayMs: number | undefined;
  readonly maxBytes: number;
  /** Milliseconds for an address with all its redirects, without waits for its turn. */
  readonly timeoutMs: number;
  /** Longest wait in milliseconds that `Retry-After` can request. */
  readonly maxRetryAfterMs: number;
  /** Of the whole crawl. */
  readonly waits: HostWaits;
  readonly signal: AbortSignal | undefined;
}

export interface Read extends Response {
  /** Final address after redirects. */
  readonly url: URL;
}

export interface ReadOptions {
  /** Called before the body is read. @throws LeftOut to leave it unread */
  readonly inspect?: ((headers: ResponseHeaders) => void) | undefined;
  /** Where pages are kept. @default nowhere */
  readonly run?: CrawlRun | null | undefined;
}

interface FollowOptions extends Pick<ReadOptions, 'inspect'> {
  readonly kept?: KeptPage | null;
}

export class PageReader {
  readonly #settings: ReaderSettings;
  readonly #publicAgent: Agent;
  readonly #privateAgent: Agent;
  readonly #rules = new Map<string, Promise<RobotRules>>();
  /** Host → when its next request may start, on the clock of `performance.now`. */
  readonly #nextAtMs = new Map<string, number>();

  constructor(settings: ReaderSettings) {
    this.#settings = settings;
    this.#publicAgent = createCheckedAgent(settings.resolve, false);
    this.#privateAgent = createCheckedAgent(settings.resolve, true);
  }

  /**
   * A response of status 2xx, or a page that is kept and has not changed.
   * @param from the address named by the user that led here
   * @throws LeftOut; EraError for a robots.txt that cannot be fetched, `rate-limited` and `storage`; the signal's reason
   */
  async read(url: URL, from: URL, { inspect, run }: ReadOptions = {}): Promise<Read> {
    const isPrivate = this.#settings.named.mayBePrivate(url, from);
    const found = run?.find(url, isPrivate) ?? null;
    const kept = found && found.bytes.length <= this.#settings.maxBytes ? found : null;
    if (kept?.isFresh && (await this.#isAllowed([url, new URL(kept.url)], from))) {
      inspect?.(kept.headers);
      return { ...kept, url: new URL(kept.url) };
    }
    const answer = await this.#follow(url, from, (hop) => this.#rulesFor(hop, from), { inspect, kept });
    if (answer.status < 200 || answer.status > 299)
      throw new LeftOut(`status ${answer.status}`, `it answered ${answer.status}`);
    run?.keep(url, isPrivate, { ...answer, url: answer.url.href });
    return answer;
  }

  /** Whether a page that is kept will not be asked for. */
  async isRead(url: URL, from: URL, run: CrawlRun): Promise<boolean> {
    const kept = run.describe(url, this.#settings.named.mayBePrivate(url, from));
    return kept?.isFresh === true && (await this.#isAllowed([url, new URL(kept.url)], from));
  }

  async #isAllowed(urls: readonly URL[], from: URL): Promise<boolean> {
    for (const url of urls) if ((await this.paceOf(url, from)) === null) return false;
    return true;
  }

  /**
   * Milliseconds between requests to the host of an address; null for an address that will not be asked.
   * @throws EraError for a robots.txt that cannot be fetched; the signal's reason
   */
  async paceOf(url: URL, from: URL): Promise<number | null> {
    try {
      this.#settings.named.check(url, from);
      const rules = await this.#rulesFor(url, from);
      return rules.allows(url) ? this.#delayMs(url, from, rules) : null;
    } catch (error) {
      if (error instanceof LeftOut) return null;
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#publicAgent.destroy(), this.#privateAgent.destroy()]);
  }

  async #follow(
    start: URL,
    from: URL,
    rulesFor: (url: URL) => Promise<RobotRules>,
    { inspect, kept = null }: FollowOptions = {},
  ): Promise<Read> {
    let leftMs = this.#settings.timeoutMs;
    let url = start;
    for (let redirects = 0; redirects <= MAX_REDIRECTS; redirects++) {
      this.#settings.named.check(url, from);
      const rules = await rulesFor(url);
      if (!rules.allows(url)) throw new LeftOut('robots', 'robots.txt forbids it');
      const headers = kept?.url === url.href ? validatorsOf(kept) : undefined;
      const { answer, tookMs } = await this.#withRetries(url, from, rules, leftMs, { inspect, headers });
      leftMs -= tookMs;
      if (kept && headers && answer.status === 304) {
        const same = unchanged(kept, answer.headers);
        inspect?.(same.headers);
        return { ...same, url };
      }
      const location = one(answer.headers['location']);
      if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return { ...answer, url };
      if (!URL.canParse(location, url.href)) throw new LeftOut('blocked-address', 'it redirects to an invalid address');
      url = new URL(location, url);
      url.hash = '';
    }
    throw new LeftOut('too-many-redirects', `it redirects more than ${MAX_REDIRECTS} times`);
  }

  /** Repeats a request after 429 and 503, when the server says or after a growing delay. */
  async #withRetries(
    url: URL,
    from: URL,
    rules: RobotRules,
    timeoutMs: number,
    asked: Pick<RequestOptions, 'inspect' | 'headers'>,
  ): Promise<{ answer: Response; tookMs: number }> {
    const { named, userAgent, maxBytes, signal } = this.#settings;
    const isPrivate = named.mayBePrivate(url, from);
    const agent = isPrivate ? this.#privateAgent : this.#publicAgent;
    const delayMs = this.#delayMs(url, from, rules);
    for (let retries = 0; ; retries++) {
      await this.#turn(url, delayMs);
      const startedMs = performance.now();
      const answer = await requestOnce(url, { agent, userAgent, maxBytes, timeoutMs, signal, ...asked });
      if (answer.status !== 429 && answer.status !== 503) return { answer, tookMs: performance.now() - startedMs };
      const waitMs = retryAfterMs(toHeaders(answer.headers), Date.now()) ?? backoffMs(retries + 1);
      if (retries === MAX_RETRIES || waitMs > this.#settings.maxRetryAfterMs) {
        // A page that fails is left out; a site that refuses further requests ends the crawl.
        if (answer.status === 503) return { answer, tookMs: performance.now() - startedMs };
        throw new EraError('rate-limited', `${url.host} asks for fewer requests.`, {
          details: { url: url.href, retryAfterMs: Math.ceil(waitMs) },
        });
      }
      this.#settings.waits.take(url, waitMs);
      await this.#wait(waitMs);
    }
  }

  /** A longer delay that the site asks for has priority. */
  #delayMs(url: URL, from: URL, rules: RobotRules): number {
    const { delayMs, named } = this.#settings;
    return Math.max(rules.delayMs, delayMs ?? (named.mayBePrivate(url, from) ? 0 : DEFAULT_DELAY_MS));
  }

  /**
   * The rules of an address's robots.txt, fetched once. Those of a private host are cached separately, since it may not
   * be reached from elsewhere.
   */
  #rulesFor(url: URL, from: URL): Promise<RobotRules> {
    const key = `${url.origin} ${this.#settings.named.mayBePrivate(url, from)}`;
    const known = this.#rules.get(key) ?? this.#fetchRules(new URL('/robots.txt', url), from);
    this.#rules.set(key, known);
    return known;
  }

  /**
   * RFC 9309, 2.3.1: no rules where the file does not exist (4xx, endless redirects), no crawl where it cannot be
   * fetched.
   */
  async #fetchRules(url: URL, from: URL): Promise<RobotRules> {
    try {
      const { status, bytes } = await this.#follow(url, from, () => Promise.resolve(NO_RULES));
      if (status >= 500)
        throw new LeftOut(`status ${status}`, `it answered ${status}, so the rules of the site are unknown`);
      return status >= 200 && status <= 299 ? parseRobots(url, bytes) : NO_RULES;
    } catch (error) {
      if (error instanceof LeftOut && error.reason === 'too-many-redirects') return NO_RULES;
      if (error instanceof LeftOut && error.reason === 'blocked-address') throw error;
      throw toEraError(error, url);
    }
  }

  async #turn({ host }: URL, delayMs: number): Promise<void> {
    const nowMs = performance.now();
    const atMs = Math.max(nowMs, this.#nextAtMs.get(host) ?? 0);
    this.#nextAtMs.set(host, atMs + delayMs);
    await this.#wait(atMs - nowMs);
  }

  async #wait(ms: number): Promise<void> {
    const { signal } = this.#settings;
    signal?.throwIfAborted();
    if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => signal?.throwIfAborted());
  }
}

function toHeaders(headers: ResponseHeaders): Headers {
  return new Headers(
    Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      name.startsWith('retry-after') && one(value) !== undefined ? [[name, one(value)!]] : [],
    ),
  );
}
