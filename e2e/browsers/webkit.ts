// WebKitGTK's MiniBrowser by WebKitWebDriver, over plain WebDriver: https://www.w3.org/TR/webdriver2/. It is the engine of
// Safari, not Safari: its limits of storage, its keyboard and its media differ.

import type { ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clicking, pressing, typing, type ActionSource } from './actions.ts';
import type { Browser, BrowserOptions, Engine, Json, Tab } from './browser.ts';
import { endGroup, killBelow, startGroup } from './processes.ts';

/** Programs of the engine. */
export interface WebKitPrograms {
  readonly driver: string;
  readonly browser: string;
  readonly display: string;
  readonly bus: string;
}

/** Longer than any call in a page takes; WebDriver takes no promise that waits for ever. */
const CALL_MS = 30 * 60_000;

/** Commands of one WebDriver session. */
class Session {
  readonly #address: string;
  readonly version: string;

  private constructor(address: string, version: string) {
    this.#address = address;
    this.version = version;
  }

  static async open(driver: string, { browser }: WebKitPrograms, options: BrowserOptions): Promise<Session> {
    const args = [
      '--automation',
      ...(options.storage === 'private' ? ['--private'] : []),
      ...(options.storage === 'none' ? ['--features=!IndexedDBAPI,!CacheAPI,!LocalStorage'] : []),
    ];
    const { sessionId, capabilities } = await call<{
      sessionId: string;
      capabilities: { browserVersion: string };
    }>('POST', `${driver}/session`, {
      capabilities: {
        alwaysMatch: {
          browserName: 'MiniBrowser',
          'webkitgtk:browserOptions': { binary: browser, args },
          timeouts: { script: CALL_MS, pageLoad: CALL_MS },
        },
      },
    });
    return new Session(`${driver}/session/${sessionId}`, capabilities.browserVersion);
  }

  get<Result>(path: string): Promise<Result> {
    return call<Result>('GET', this.#address + path);
  }

  post<Result>(path: string, body: object): Promise<Result> {
    return call<Result>('POST', this.#address + path, body);
  }

  async delete(path: string): Promise<void> {
    await call('DELETE', this.#address + path);
  }
}

async function call<Result>(method: string, address: string, body?: object): Promise<Result> {
  const response = await fetch(address, { method, ...(body ? { body: JSON.stringify(body) } : {}) });
  const { value } = (await response.json()) as { value: unknown };
  if (!response.ok) {
    const { error, message } = value as { error: string; message: string };
    throw new Error(`${error}: ${message}`);
  }
  return value as Result;
}

class WebKitTab implements Tab {
  readonly #browser: WebKit;
  readonly #session: Session;
  readonly #handle: string;

  constructor(browser: WebKit, session: Session, handle: string) {
    this.#browser = browser;
    this.#session = session;
    this.#handle = handle;
  }

  goto(url: string): Promise<void> {
    return this.#here(() => this.#session.post('/url', { url }));
  }

  reload(): Promise<void> {
    return this.#here(() => this.#session.post('/refresh', {}));
  }

  async evaluate<Args extends readonly Json[], Result>(
    called: (...args: Args) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Result> {
    const script = `return (async (args) => JSON.stringify(await (${String(called)})(...JSON.parse(args))))(arguments[0])`;
    const value = await this.#here(() =>
      this.#session.post<string | null>('/execute/sync', { script, args: [JSON.stringify(args)] }),
    );
    return (value === null ? undefined : JSON.parse(value)) as Result;
  }

  press(keys: string): Promise<void> {
    return this.#perform(pressing(keys));
  }

  type(text: string): Promise<void> {
    return this.#perform(typing(text));
  }

  clickAt(x: number, y: number): Promise<void> {
    return this.#perform(clicking(x, y));
  }

  close(): Promise<void> {
    return this.#here(() => this.#session.delete('/window'));
  }

  #perform(actions: readonly ActionSource[]): Promise<void> {
    return this.#here(() => this.#session.post('/actions', { actions }));
  }

  #here<Result>(command: () => Promise<Result>): Promise<Result> {
    return this.#browser.in(this.#handle, command);
  }
}

class WebKit implements Browser {
  readonly #programs: WebKitPrograms;
  readonly #options: BrowserOptions;
  readonly #home: string;
  readonly #display: ChildProcess;
  readonly #driver: ChildProcess;
  readonly #address: string;
  #session: Session;
  /** The browser's first window, which stays empty. */
  #first: string;
  #current: string | null = null;
  /** Commands of one session follow each other: WebDriver has one current window. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(
    programs: WebKitPrograms,
    options: BrowserOptions,
    [home, display, driver, address, [session, first]]: readonly [
      string,
      ChildProcess,
      ChildProcess,
      string,
      readonly [Session, string],
    ],
  ) {
    this.#programs = programs;
    this.#options = options;
    this.#home = home;
    this.#display = display;
    this.#driver = driver;
    this.#address = address;
    this.#session = session;
    this.#first = first;
  }

  static async start(programs: WebKitPrograms, options: BrowserOptions): Promise<WebKit> {
    const home = await mkdtemp(join(tmpdir(), 'era-search-webkit-'));
    const display = startGroup(
      programs.display,
      ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp'],
      {},
      ['ignore', 'ignore', 'ignore', 'pipe'],
    );
    const [number] = (await once(display.stdio[3]!, 'data')) as [Buffer];
    const port = await freePort();
    const driver = startGroup(
      programs.bus,
      ['--', programs.driver, `--port=${String(port)}`],
      {
        DISPLAY: `:${number.toString().trim()}`,
        HOME: home, // and so what the browser keeps, apart from what the person at this machine has
        XDG_CONFIG_HOME: join(home, 'config'),
        XDG_DATA_HOME: join(home, 'data'),
        XDG_CACHE_HOME: join(home, 'cache'),
        GTK_USE_PORTAL: '0',
        NO_AT_BRIDGE: '1',
        WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: '1', // its sandbox does not start in a container
      },
      ['ignore', 'ignore', 'ignore'],
    );
    const address = `http://127.0.0.1:${String(port)}`;
    await answering(address, driver);
    return new WebKit(programs, options, [home, display, driver, address, await opened(address, programs, options)]);
  }

  get version(): string {
    return this.#session.version;
  }

  /**
   * The driver opens a window beside another one, and the first is always there. Not a tab: pointer actions in a tab that
   * the driver has opened never end (WebKitGTK 2.50).
   */
  newTab(): Promise<Tab> {
    return this.in(this.#first, async () => {
      const { handle } = await this.#session.post<{ handle: string }>('/window/new', { type: 'window' });
      return new WebKitTab(this, this.#session, handle);
    });
  }

  /** Runs a command in a tab, after those before it. */
  in<Result>(handle: string, command: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(async () => {
      if (this.#current !== handle) await this.#session.post('/window', { handle });
      this.#current = handle;
      return command();
    });
    this.#turn = result.catch(() => {
      this.#current = null;
    });
    return result;
  }

  async killPages(): Promise<void> {
    await killBelow(this.#driver.pid!, /WebKitWebProcess/);
    this.#current = null;
  }

  /** An automated browser stores in memory, for as long as it runs. */
  async restart(): Promise<void> {
    if (this.#options.storage === 'private') {
      await this.#session.delete('');
      [this.#session, this.#first] = await opened(this.#address, this.#programs, this.#options);
    } else {
      const handles = await this.#session.get<string[]>('/window/handles');
      for (const handle of handles.filter((each) => each !== this.#first))
        await this.in(handle, () => this.#session.delete('/window'));
    }
    this.#current = null;
  }

  async close(): Promise<void> {
    await this.#session.delete('');
    await endGroup(this.#driver);
    await endGroup(this.#display);
    await rm(this.#home, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function opened(
  driver: string,
  programs: WebKitPrograms,
  options: BrowserOptions,
): Promise<readonly [session: Session, first: string]> {
  const session = await Session.open(driver, programs, options);
  return [session, await session.get<string>('/window')];
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}

/** Resolves when the driver answers. */
async function answering(address: string, driver: ChildProcess): Promise<void> {
  for (;;) {
    if (driver.exitCode !== null) throw new Error(`WebKitWebDriver ended with code ${String(driver.exitCode)}.`);
    try {
      await call('GET', `${address}/status`);
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

export const webkit = (programs: WebKitPrograms): Engine => ({
  name: 'WebKitGTK',
  outlivesPages: false, // its driver ends the session with the page, and what that had stored is gone
  limitsStorage: false, // it has no such option, and says no quota
  start: (options) => WebKit.start(programs, options),
});
