// Which hosts a crawl may reach: those that the user named, on the web's ports or the port named with the host. An
// address on this machine or network needs the user's permission for exactly that host and port, and is then reached
// only from there.

import { isIP } from 'node:net';
import { EraError } from '../../../errors.ts';
import { reachOf } from './address-reach.ts';
import { LeftOut } from './left-out.ts';

const WEB_PORTS = ['80', '443', '8080', '8443'];

export class NamedHosts {
  readonly #names: ReadonlySet<string>;
  /** Allowed host:port. */
  readonly #ends: ReadonlySet<string>;
  readonly #privateEnds: ReadonlySet<string>;

  /**
   * @param urls as the user gave them
   * @param privateEnds host:port of those that may be private
   * @throws EraError `invalid-option` for a private one that is in none of the addresses
   */
  constructor(urls: readonly URL[], privateEnds: readonly string[]) {
    this.#names = new Set(urls.map(({ hostname }) => hostname));
    this.#ends = new Set(urls.map(endOf));
    this.#privateEnds = new Set(privateEnds);
    for (const end of privateEnds) {
      if (!this.#ends.has(end)) {
        throw new EraError(
          'invalid-option',
          `${end} is none of the hosts that were named: ${[...this.#ends].join(', ')}.`,
          { details: { option: 'allowPrivateHosts' } },
        );
      }
    }
  }

  /** @param from the named address that led here; no other may lead to a private host */
  mayBePrivate(url: URL, from: URL): boolean {
    return this.#privateEnds.has(endOf(url)) && endOf(url) === endOf(from);
  }

  /** @throws LeftOut `blocked-address`, `other-host` */
  check(url: URL, from: URL): void {
    const problem = addressProblem(url);
    if (problem !== null) throw new LeftOut('blocked-address', problem);
    if (!this.#names.has(url.hostname)) throw new LeftOut('other-host', `the host ${url.hostname} was not named`);
    if (!WEB_PORTS.includes(portOf(url)) && !this.#ends.has(endOf(url)))
      throw new LeftOut('blocked-address', `the port ${portOf(url)} was not named`);
    const literal = url.hostname.replace(/^\[|\]$/g, '');
    if (isIP(literal) !== 0 && !admits(literal, this.mayBePrivate(url, from)))
      throw new LeftOut('blocked-address', `${literal} is not a public address`);
  }
}

/** Whether the address may be connected to. */
export function admits(address: string, mayBePrivate: boolean): boolean {
  const reach = reachOf(address);
  return reach === 'public' || (reach === 'private' && mayBePrivate);
}

/** @throws EraError `invalid-option` */
export function parseNamedUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const problem = url === null ? 'it is not a whole address, such as https://example.com/docs/' : addressProblem(url);
  // The address is not repeated in the message where it may contain a password or token.
  if (url === null || problem !== null)
    throw new EraError(
      'invalid-option',
      `${url?.username || url?.password ? url.host : text} cannot be read: ${problem!}.`,
      { details: { option: 'url' } },
    );
  url.hash = '';
  return url;
}

function addressProblem(url: URL): string | null {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'only http and https are read';
  return url.username !== '' || url.password !== '' ? 'it holds a user name or password' : null;
}

function endOf(url: URL): string {
  return `${url.hostname}:${portOf(url)}`;
}

function portOf({ protocol, port }: URL): string {
  return port !== '' ? port : protocol === 'https:' ? '443' : '80';
}
