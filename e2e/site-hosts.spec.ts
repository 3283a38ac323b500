// A published folder on hosts of different habits (docs/hosts.md): keywords answer, and once the visitor allows the
// small model, so does meaning.

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { root, runCli } from './support/cli.ts';
import { watch } from './support/playground.ts';
import { SearchBox } from './support/search-box.ts';
import { startSiteServer, STRICT_HEADERS, type HostHabits } from './support/site-server.ts';

/** What servers from before WebAssembly know; those of Microsoft answer 404 for every other extension. */
const CLASSIC: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.htm': 'text/html',
  '.css': 'text/css',
  '.js': 'application/javascript',
  '.json': 'application/json',
  '.txt': 'text/plain',
  '.xml': 'text/xml',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.gif': 'image/gif',
  '.ico': 'image/x-icon',
  '.bin': 'application/octet-stream',
  '.pdf': 'application/pdf',
  '.zip': 'application/zip',
};

const HOSTS: readonly (HostHabits & { readonly what: string; readonly headers?: Readonly<Record<string, string>> })[] =
  [
    { what: 'knows the classic types alone, and answers 404 for others', onlyTypes: CLASSIC },
    { what: 'serves unknown files as octets, and forbids to guess types', headers: STRICT_HEADERS },
    { what: 'compresses with gzip', encoding: 'gzip' },
    { what: 'compresses with brotli', encoding: 'br' },
  ];

let folder: string;
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'era-search-hosts-'));
  for (const path of ['guide', 'style.css', 'icon.svg'])
    await cp(join(root, 'e2e/fixtures/site', path), join(folder, path), { recursive: true });
  await runCli('index', '--site', folder);
});
test.afterAll(() => rm(folder, { recursive: true }));

for (const { what, headers = { 'cache-control': 'no-store' }, ...habits } of HOSTS) {
  test(`a host that ${what}`, async ({ page }) => {
    const { complaints } = await watch(page);
    const server = await startSiteServer(folder, headers, habits);
    try {
      await SearchBox.listen(page);
      await page.goto(`${server.url}guide/restore.html`);
      await page.waitForFunction(() => customElements.get('era-search') !== undefined);
      const box = new SearchBox(page);
      await box.ask('crontab');
      expect((await box.paths())[0]).toContain('/guide/schedule.html');

      await box.ask('get documents back that I threw away by accident');
      await box.part('consent').click();
      await expect(box.part('source')).toHaveAttribute('data-vector', 'local');
      expect((await box.paths())[0]).toContain('/guide/restore.html');

      const ours = server.fetched.filter(({ path }) => path.startsWith('/era-search/'));
      expect(ours.filter(({ path }) => path.includes('/models/')).length).toBeGreaterThan(3);
      expect(ours.filter(({ status }) => status !== 200)).toEqual([]);
      expect(complaints).toEqual([]);
    } finally {
      await server.close();
    }
  });
}
