// <era-search> on a documentation with versions: each page searches its own, and a visitor may choose others.

import { rm } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { indexedFiles } from './support/indexed-site.ts';
import { SearchBox } from './support/search-box.ts';
import { startSiteServer, type SiteServer } from './support/site-server.ts';

let folder: string;
let server: SiteServer;

const page = (title: string, text: string): string => `<!doctype html><html lang="en"><title>${title}</title>
  <main><h1>${title}</h1><p>${text}</p></main>
  <script type="module" src="/era-search/era-search.js"></script><era-search></era-search></html>`;

test.beforeAll(async () => {
  const pages = ['', '1.0/', '0.9/'].flatMap((version) =>
    ['Ponds', 'Rivers'].map((title): [string, string] => [
      `${version}${title.toLowerCase()}.html`,
      page(title, `How herons fish in ${title.toLowerCase()}, as of ${version || 'today'}.`),
    ]),
  );
  folder = await indexedFiles(pages);
  server = await startSiteServer(folder);
});
test.afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true });
});

for (const [path, version, wanted] of [
  ['ponds.html', 'current', ['ponds.html', 'rivers.html']],
  ['0.9/ponds.html', '0.9', ['0.9/ponds.html', '0.9/rivers.html']],
] as const)
  test(`the page ${path} searches the version ${version}, and others where they are chosen`, async ({ page: tab }) => {
    await SearchBox.listen(tab);
    await tab.goto(server.url + path);
    await tab.waitForFunction(() => customElements.get('era-search') !== undefined);
    const box = new SearchBox(tab);
    await box.ask('heron');
    const found = async (): Promise<string[]> => {
      const links = await box.options.evaluateAll((all) =>
        all.map((link) => new URL((link as HTMLAnchorElement).href).pathname),
      );
      return links.map((link) => link.slice(1)).sort();
    };
    await expect.poll(found).toEqual(wanted);
    await box.part('filter-button').click();
    const choice = (name: string): ReturnType<typeof box.element.getByLabel> =>
      box.part('filter-value').filter({ hasText: name }).getByRole('checkbox');
    await expect(choice(version)).toBeChecked();
    await choice('1.0').check();
    await expect.poll(found).toEqual([...wanted, '1.0/ponds.html', '1.0/rivers.html'].sort());
    await choice(version).uncheck();
    await expect.poll(found).toEqual(['1.0/ponds.html', '1.0/rivers.html']);
    await choice('1.0').uncheck();
    await expect.poll(async () => (await found()).length).toBe(6);
    await box.part('filter-clear').click();
    await expect.poll(found).toEqual(wanted);
  });
