// Pages of several languages in the element: a word matches its inflected forms, the snippet marks them, and only the
// analyzers of the languages present are loaded.

import { rm } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { indexedFiles } from './support/indexed-site.ts';
import { watch } from './support/playground.ts';
import { SearchBox } from './support/search-box.ts';
import { startSiteServer, type SiteServer } from './support/site-server.ts';

const PAGES = {
  'de/konto.html': ['de', 'Konto', 'Alle Kennwörter lassen sich hier ändern, auch wenn das alte verloren ging.'],
  'de/haus.html': ['de-CH', 'Wohnen', 'Die Häuser am Fluss sind aus Holz.'],
  'fr/compte.html': ['fr', 'Compte', 'Les installations se font sans droits particuliers.'],
  'en/account.html': ['en', 'Account', 'Reset your password here.'],
} as const;

let folder: string;
let server: SiteServer;

test.beforeAll(async () => {
  const pages = Object.entries(PAGES).map(([path, [language, title, text]]): [string, string] => [
    path,
    `<!doctype html><html lang="${language}"><head><title>${title}</title><meta charset="utf-8"><script type="module" src="/era-search/era-search.js"></script></head>` +
      `<body><era-search-trigger></era-search-trigger><era-search></era-search><main><h1>${title}</h1><p>${text}</p></main></body></html>`,
  ]);
  // browsers request a favicon
  folder = await indexedFiles([...pages, ['favicon.ico', '']]);
  server = await startSiteServer(folder);
});
test.afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

test('a word is found in another form and marked in the text, under a strict policy', async ({ page }) => {
  const { complaints } = await watch(page);
  await SearchBox.listen(page);
  const box = new SearchBox(page);
  for (const [from, query, path, form] of [
    ['de/haus.html', 'des Kennwortes', '/de/konto.html', 'Kennwörter'],
    ['de/konto.html', 'Haus', '/de/haus.html', 'Häuser'],
    ['fr/compte.html', 'installation', '/fr/compte.html', 'installations'],
    ['en/account.html', 'password', '/en/account.html', 'password'],
  ] as const) {
    await page.goto(server.url + from); // The element requests only pages in its own language.
    await box.ask(query);
    await expect(box.part('mark').filter({ hasText: form }).first()).toBeVisible();
    expect(await box.paths()).toEqual([path]);
  }
  expect(complaints).toEqual([]);
});
