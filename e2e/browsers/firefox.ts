// Firefox by WebDriver BiDi, which it speaks itself: https://w3c.github.io/webdriver-bidi/.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { BidiConnection } from './bidi-connection.ts';
import { clicking, pressing, typing, type ActionSource } from './actions.ts';
import type { Browser, BrowserOptions, Engine, Json, Tab } from './browser.ts';
import { endGroup, killBelow, startGroup } from './processes.ts';

/** Preferences for every start: no pages of its own, no updates, no traffic of its own. */
const PREFERENCES: Readonly<Record<string, Json>> = {
  'app.update.disabledForTesting': true,
  'app.normandy.enabled': false,
  'browser.aboutwelcome.enabled': false,
  'browser.shell.checkDefaultBrowser': false,
  'browser.startup.page': 0,
  'browser.safebrowsing.downloads.enabled': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'dom.ipc.processPrelaunch.enabled': false, // a page that is killed would leave a spare process for the next
  'extensions.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'services.settings.server': 'data:,',
  'toolkit.telemetry.reportingpolicy.firstRun': false,
  // Headless, it says that it has no pointer; the flows use one.
  'ui.allPointerCapabilities': 6,
  'ui.primaryPointerCapabilities': 6,
};

function preferencesOf({ storage, quotaBytes }: BrowserOptions): Readonly<Record<string, Json>> {
  return {
    ...PREFERENCES,
    ...(storage === 'private' ? { 'browser.privatebrowsing.autostart': true } : {}),
    ...(storage === 'none' ? { 'network.cookie.cookieBehavior': 2 } : {}), // stands for all that pages can store
    ...(quotaBytes === undefined
      ? {}
      : { 'dom.quotaManager.temporaryStorage.fixedLimit': Math.ceil(quotaBytes / 1024) }),
  };
}

class FirefoxTab implements Tab {
  readonly #bidi: BidiConnection;
  readonly #context: string;

  constructor(bidi: BidiConnection, context: string) {
    this.#bidi = bidi;
    this.#context = context;
  }

  async goto(url: string): Promise<void> {
    await this.#bidi.send('browsingContext.navigate', { context: this.#context, url, wait: 'complete' });
  }

  async reload(): Promise<void> {
    await this.#bidi.send('browsingContext.reload', { context: this.#context, wait: 'complete' });
  }

  async evaluate<Args extends readonly Json[], Result>(
    call: (...args: Args) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Result> {
    const { result, exceptionDetails } = await this.#bidi.send<{
      result?: { value?: string };
      exceptionDetails?: { text: string };
    }>('script.callFunction', {
      functionDeclaration: `async (args) => JSON.stringify(await (${String(call)})(...JSON.parse(args)))`,
      awaitPromise: true,
      target: { context: this.#context },
      arguments: [{ type: 'string', value: JSON.stringify(args) }],
    });
    if (exceptionDetails) throw new Error(exceptionDetails.text);
    return (result?.value === undefined ? undefined : JSON.parse(result.value)) as Result;
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

  async close(): Promise<void> {
    await this.#bidi.send('browsingContext.close', { context: this.#context });
  }

  async #perform(actions: readonly ActionSource[]): Promise<void> {
    await this.#bidi.send('input.performActions', { context: this.#context, actions });
  }
}

class Firefox implements Browser {
  readonly #program: string;
  readonly #profile: string;
  #process: ChildProcess;
  #bidi: BidiConnection;
  readonly version: string;

  private constructor(program: string, profile: string, started: Started) {
    this.#program = program;
    this.#profile = profile;
    this.#process = started.process;
    this.#bidi = started.bidi;
    this.version = started.version;
  }

  static async start(program: string, options: BrowserOptions): Promise<Firefox> {
    const profile = await mkdtemp(join(tmpdir(), 'era-search-firefox-'));
    const lines = Object.entries(preferencesOf(options)).map(
      ([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
    );
    await writeFile(join(profile, 'user.js'), lines.join(''));
    return new Firefox(program, profile, await startProcess(program, profile));
  }

  async newTab(): Promise<Tab> {
    const { context } = await this.#bidi.send<{ context: string }>('browsingContext.create', { type: 'tab' });
    return new FirefoxTab(this.#bidi, context);
  }

  killPages(): Promise<void> {
    return killBelow(this.#process.pid!, /-contentproc .*\btab\b/);
  }

  async restart(): Promise<void> {
    await this.#end();
    const { process, bidi } = await startProcess(this.#program, this.#profile);
    this.#process = process;
    this.#bidi = bidi;
  }

  async close(): Promise<void> {
    await this.#end();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  /** The browser writes what it keeps, and ends. */
  async #end(): Promise<void> {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    await this.#bidi.send('browser.close', {});
    await ended;
    await endGroup(this.#process);
  }
}

interface Started {
  readonly process: ChildProcess;
  readonly bidi: BidiConnection;
  readonly version: string;
}

async function startProcess(program: string, profile: string): Promise<Started> {
  const args = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port=0'];
  const child = startGroup(program, args, { MOZ_CRASHREPORTER_DISABLE: '1' }, ['ignore', 'ignore', 'pipe']);
  let told = '';
  const address = await new Promise<string>((resolve, reject) => {
    child.stderr!.on('data', (chunk: Buffer) => {
      told += chunk.toString();
      const found = /WebDriver BiDi listening on (ws:\S+)/.exec(told)?.[1];
      if (found !== undefined) resolve(found);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`Firefox ended with code ${String(code)}: ${told}`)));
  });
  const bidi = await BidiConnection.open(`${address}/session`);
  const { capabilities } = await bidi.send<{ capabilities: { browserVersion: string } }>('session.new', {
    capabilities: {},
  });
  return { process: child, bidi, version: capabilities.browserVersion };
}

export const firefox = (program: string): Engine => ({
  name: 'Firefox',
  outlivesPages: true,
  limitsStorage: true,
  start: (options) => Firefox.start(program, options),
});
