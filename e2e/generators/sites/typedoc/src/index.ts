/**
 * Keeps connections open and lends them.
 *
 * @packageDocumentation
 */

/** What a pool is doing. */
export enum State {
  /** Borrowers are served at once. */
  Open,
  /** Borrowers are turned away. */
  Draining,
}

/** Bounds of a pool. */
export interface Limits {
  /** Upper bound of open sockets. */
  size: number;
}

/**
 * Lends connections to borrowers.
 *
 * @example
 * ```ts
 * const pool = new Pool("db:5432");
 * try {
 *     pool.borrow();
 * } finally {
 *     pool.close();
 * }
 * ```
 */
export class Pool {
  /** @param address host and port */
  constructor(
    public readonly address: string,
    readonly limits?: Limits,
  ) {}

  /**
   * Takes a connection out of the reservoir.
   *
   * @param timeoutMs patience with other borrowers
   * @throws Error when nobody gave one back
   */
  borrow(timeoutMs = 30_000): Session {
    return new Session(timeoutMs);
  }

  /** Drains the reservoir and shuts every socket. */
  close(): void {}
}

/** One borrowed connection. */
export class Session {
  constructor(readonly timeoutMs: number) {}

  /** Hands the borrowed connection back to its owner. */
  close(): void {}
}

/**
 * Splits an address into host and port.
 *
 * @example `parseAddress("db:5432")` has the port 5432.
 */
export function parseAddress(text: string): { host: string; port: number } {
  const [host = '', port = '0'] = text.split(':');
  return { host, port: Number(port) };
}
