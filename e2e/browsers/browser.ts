// A browser as the flows drive it, whatever its engine: what chromium.ts, firefox.ts and webkit.ts implement.

/** What passes between a flow and a page. */
export type Json =
  null | boolean | number | string | undefined | readonly Json[] | { readonly [name: string]: Json | undefined };

export interface Tab {
  /** Resolves when the page has loaded. Rejects where there is none at the address. */
  goto: (address: string) => Promise<void>;
  reload: () => Promise<void>;
  /** Calls a function in the page, which uses nothing around it but its arguments. */
  evaluate: <Args extends readonly Json[], Result>(
    call: (...args: Args) => Result | Promise<Result>,
    ...args: Args
  ) => Promise<Result>;
  /** Presses keys together: `ArrowDown`, `Control+k`. */
  press: (keys: string) => Promise<void>;
  /** Types a text key by key where the focus is. */
  type: (text: string) => Promise<void>;
  /** Clicks at a point of the viewport, in CSS pixels. */
  clickAt: (x: number, y: number) => Promise<void>;
  close: () => Promise<void>;
}

/** How the browser treats what pages store. */
export interface BrowserOptions {
  /** `private`: a private window. `none`: pages may store nothing at all. @default as usual */
  readonly storage?: 'private' | 'none';
  /** Bytes that all pages together may store. @default the browser's own limit */
  readonly quotaBytes?: number;
}

export interface Browser {
  /** As the browser itself says it. */
  readonly version: string;
  newTab: () => Promise<Tab>;
  /** Ends the processes of all pages, as a system that is short of memory does. Their tabs cannot be used afterwards. */
  killPages: () => Promise<void>;
  /**
   * Ends the browser as its user does, and starts it on the same profile. Where the driver gives each browser a new
   * profile, all tabs are closed and the browser goes on, but for a private window.
   */
  restart: () => Promise<void>;
  close: () => Promise<void>;
}

export interface Engine {
  /** What the table in README.md calls it. */
  readonly name: string;
  /** Whether its driver goes on when a page is killed. */
  readonly outlivesPages: boolean;
  /** Whether it takes `quotaBytes`. */
  readonly limitsStorage: boolean;
  readonly start: (options: BrowserOptions) => Promise<Browser>;
}
