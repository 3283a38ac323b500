// The flows that people have, run in one engine: its browser is started once, and each flow has a site at an origin of
// its own, so that none finds what another has stored.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test, type ProvidedContext } from 'vitest';
import { startSiteServer, type SiteServer } from '../support/site-server.ts';
import type { Browser, BrowserOptions, Engine } from './browser.ts';
import { elementFlows } from './element-flows.ts';
import { strictHeaders } from '../support/service-worker-site.ts';
import { storageFlows, visitFlow } from './storage-flows.ts';
import { WatchedPage } from './watched.ts';
import { workbenchFlows } from './workbench-flows.ts';

export interface FlowContext {
  /** The engine's browser as it is by default, for all flows of the file. */
  readonly browser: () => Browser;
  readonly engine: Engine;
  /** Another one, ended after the flow. */
  readonly startOther: (options: BrowserOptions) => Promise<Browser>;
  readonly sites: ProvidedContext['sites'];
  /** Folder of a site of this flow alone, to be changed at will. */
  readonly ownSite: () => Promise<string>;
  /** A server that is closed after the flow. @param folder @default the fixture site, which is not to be changed */
  readonly serve: (folder?: string, headers?: Readonly<Record<string, string>>) => Promise<SiteServer>;
  /** A page of the fixture site at an origin of its own. */
  readonly open: (path?: string) => Promise<WatchedPage>;
  readonly openAt: (origin: string, path?: string, browser?: Browser) => Promise<WatchedPage>;
}

export function runFlows(engine: Engine): void {
  let browser: Browser;
  const sites = inject('sites');
  let after: (() => Promise<void>)[] = [];

  const context: FlowContext = {
    browser: () => browser,
    engine,
    sites,
    startOther: async (options) => {
      const other = await engine.start(options);
      after.push(() => other.close());
      return other;
    },
    ownSite: async () => {
      const folder = await mkdtemp(join(tmpdir(), 'era-search-own-site-'));
      after.push(() => rm(folder, { recursive: true }));
      await cp(sites.fixture, folder, { recursive: true });
      return folder;
    },
    serve: async (folder = sites.fixture, headers = strictHeaders()) => {
      const server = await startSiteServer(folder, headers);
      after.push(() => server.close());
      return server;
    },
    open: async (path) => context.openAt((await context.serve()).url, path),
    openAt: async (origin, path, chosen = browser) => {
      const page = await WatchedPage.open(chosen, origin, path);
      after.push(() => page.tab.close().catch(() => undefined)); // it may be gone already
      return page;
    },
  };

  beforeAll(async () => {
    browser = await engine.start({});
  });
  afterAll(async () => {
    await browser.close();
  });
  afterEach(async () => {
    for (const end of after.reverse()) await end();
    after = [];
  });

  describe(engine.name, () => {
    test('has what the search needs; the line says what else it has', async () => {
      const page = await context.open();
      const { needed, others } = await page.tab.evaluate(async () => ({
        needed: {
          workers: 'Worker' in globalThis,
          WebAssembly: 'WebAssembly' in globalThis,
          IndexedDB: 'indexedDB' in globalThis,
          'Web Locks': 'locks' in navigator,
          'custom elements': 'customElements' in globalThis,
          'modal dialogs': 'showModal' in HTMLDialogElement.prototype,
        },
        others: {
          'a WebGPU adapter': 'gpu' in navigator && (await navigator.gpu.requestAdapter()) !== null,
          'service workers': 'serviceWorker' in navigator,
          'Background Sync': 'SyncManager' in globalThis,
          'Trusted Types': 'trustedTypes' in globalThis,
          'an estimate of storage': typeof (navigator as Partial<Navigator>).storage?.estimate === 'function',
          'text fragments': 'fragmentDirective' in document,
        },
      }));
      const named = (has: boolean): string =>
        Object.entries(others)
          .filter(([, value]) => value === has)
          .map(([name]) => name)
          .join(', ') || 'nothing';
      console.info(`${engine.name} ${browser.version}: has ${named(true)}; lacks ${named(false)}`);
      expect(needed).toEqual(Object.fromEntries(Object.keys(needed).map((name) => [name, true])));
    });
    elementFlows(context);
    visitFlow(context);
    storageFlows(context);
    workbenchFlows(context);
  });
}
