// Chromium by Playwright, so that the flows of the other engines are also tried where most of the specs run.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium as playwright, type BrowserContext, type Page } from 'playwright';
import { chromiumArgs } from '../support/chromium.ts';
import type { Browser, BrowserOptions, Engine, Json, Tab } from './browser.ts';
import { killBelow } from './processes.ts';

class ChromiumTab implements Tab {
  readonly #page: Page;
  readonly #quotaBytes: number | undefined;

  constructor(page: Page, quotaBytes: number | undefined) {
    this.#page = page;
    this.#quotaBytes = quotaBytes;
  }

  async goto(address: string): Promise<void> {
    if (this.#quotaBytes !== undefined) {
      const devTools = await this.#page.context().newCDPSession(this.#page);
      const { origin } = new URL(address);
      await devTools.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: this.#quotaBytes });
    }
    await this.#page.goto(address);
  }

  async reload(): Promise<void> {
    await this.#page.reload();
  }

  async evaluate<Args extends readonly Json[], Result>(
    call: (...args: Args) => Result | Promise<Result>,
    ...args: Args
  ): Promise<Result> {
    const script = `(async (args) => JSON.stringify(await (${String(call)})(...JSON.parse(args))))(${JSON.stringify(JSON.stringify(args))})`;
    const value = await this.#page.evaluate<string | undefined>(script);
    return (value === undefined ? undefined : JSON.parse(value)) as Result;
  }

  press(keys: string): Promise<void> {
    return this.#page.keyboard.press(keys);
  }

  type(text: string): Promise<void> {
    return this.#page.keyboard.type(text);
  }

  clickAt(x: number, y: number): Promise<void> {
    return this.#page.mouse.click(x, y);
  }

  close(): Promise<void> {
    return this.#page.close();
  }
}

class Chromium implements Browser {
  readonly #program: string;
  readonly #options: BrowserOptions;
  readonly #profile: string;
  #context: BrowserContext;

  private constructor(program: string, options: BrowserOptions, profile: string, context: BrowserContext) {
    this.#program = program;
    this.#options = options;
    this.#profile = profile;
    this.#context = context;
  }

  static async start(program: string, options: BrowserOptions): Promise<Chromium> {
    const profile = await mkdtemp(join(tmpdir(), 'era-search-chromium-'));
    if (options.storage === 'none') {
      await mkdir(join(profile, 'Default'));
      const preferences = { profile: { default_content_setting_values: { cookies: 2 } } }; // and all other storage
      await writeFile(join(profile, 'Default/Preferences'), JSON.stringify(preferences));
    }
    return new Chromium(program, options, profile, await contextOf(program, options, profile));
  }

  get version(): string {
    return this.#context.browser()?.version() ?? '';
  }

  async newTab(): Promise<Tab> {
    return new ChromiumTab(await this.#context.newPage(), this.#options.quotaBytes);
  }

  killPages(): Promise<void> {
    return killBelow(process.pid, /--type=renderer/);
  }

  async restart(): Promise<void> {
    await this.#end();
    this.#context = await contextOf(this.#program, this.#options, this.#profile);
  }

  async close(): Promise<void> {
    await this.#end();
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  async #end(): Promise<void> {
    const browser = this.#context.browser();
    await this.#context.close();
    await browser?.close();
  }
}

/** A context without a profile is what Chromium calls incognito. */
async function contextOf(
  executablePath: string,
  { storage }: BrowserOptions,
  profile: string,
): Promise<BrowserContext> {
  const launch = { executablePath, args: chromiumArgs };
  return storage === 'private'
    ? (await playwright.launch(launch)).newContext()
    : playwright.launchPersistentContext(profile, launch);
}

export const chromium = (program: string): Engine => ({
  name: 'Chromium',
  outlivesPages: true,
  limitsStorage: true,
  start: (options) => Chromium.start(program, options),
});
