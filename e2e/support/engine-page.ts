// A page with the built library and no playground, like a site that includes the engine. Files come from folders of the
// repository.

import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';

const root = fileURLToPath(new URL('../../', import.meta.url));
const TYPES: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
};

const HTML = `<!doctype html><title>engine</title><script type="module">
import * as era from '/engine/lib/era-search.js';
globalThis.era = era;
</script>`;

/** Globals of such a page, for `page.evaluate`. */
export interface EnginePage {
  readonly era: typeof import('../../src/index.ts');
}

/**
 * @param address of the page; a server at that origin gives other files
 * @param folders path in the address → folder below the root, or anywhere
 */
export async function openEnginePage(
  page: Page,
  address: string,
  folders: Readonly<Record<string, string>> = {},
): Promise<void> {
  for (const [path, folder] of Object.entries({ '/engine/': 'dist', ...folders })) {
    await page.route(
      (url) => url.pathname.startsWith(path),
      (route) => {
        const name = decodeURIComponent(new URL(route.request().url()).pathname.slice(path.length));
        return route.fulfill({
          path: join(folder.startsWith('/') ? folder : join(root, folder), name),
          contentType: TYPES[extname(name)] ?? 'application/octet-stream',
        });
      },
    );
  }
  await page.route(
    (url) => url.href === address,
    (route) => route.fulfill({ contentType: 'text/html', body: HTML }),
  );
  await page.goto(address);
  await page.waitForFunction(() => 'era' in globalThis);
}
