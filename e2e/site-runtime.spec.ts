// What a browser that gives no WebGPU adapter fetches for the small model, and what the element says meanwhile. The model here has
// float weights, so that the folder holds the runtimes for both kinds of browser.

import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { tinyModelFiles } from '../src/node/golden-command/tiny-model-for-test.ts';
import { runCli } from './support/cli.ts';
import { indexedFixtureSite } from './support/indexed-site.ts';
import { SearchBox } from './support/search-box.ts';
import { startSiteServer, type SiteServer } from './support/site-server.ts';

test.use({
  launchOptions: async ({ launchOptions }, use) => {
    const args = (launchOptions.args ?? []).filter((arg) => !arg.includes('webgpu'));
    await use({ ...launchOptions, args: [...args, '--disable-gpu'] });
  },
});

const RUNTIME = /\/(ort-wasm-[^/]*)-[^/-]{8}\.bin$/;

let models: string;
let site: string;
let server: SiteServer;

test.beforeAll(async () => {
  models = await mkdtemp(join(tmpdir(), 'era-search-runtime-'));
  for (const [path, content] of Object.entries(tinyModelFiles(1))) {
    await mkdir(dirname(join(models, 'org/tiny', path)), { recursive: true });
    await writeFile(join(models, 'org/tiny', path), content);
  }
  await runCli('golden', '--model', 'org/tiny', '--models', models);
  site = await indexedFixtureSite('--model', 'org/tiny', '--models', models);
  server = await startSiteServer(site);
});
test.afterAll(async () => {
  await server.close();
  await rm(site, { recursive: true });
  await rm(models, { recursive: true });
});

test('a browser without a WebGPU adapter fetches the plain runtime alone, and the line names each phase', async ({
  page,
}) => {
  const published = await readdir(join(site, 'era-search/assets'));
  const runtimes = published.map((name) => RUNTIME.exec(`/${name}`)?.[1]).filter((name) => name !== undefined);
  expect(runtimes.sort()).toEqual(['ort-wasm-simd-threaded', 'ort-wasm-simd-threaded.asyncify']);

  await SearchBox.listen(page);
  await page.goto(`${server.url}guide/restore.html`);
  await page.waitForFunction(() => customElements.get('era-search') !== undefined);
  expect(await page.evaluate(() => navigator.gpu.requestAdapter())).toBe(null);
  const box = new SearchBox(page);
  await box.ask('restore');
  await box.element.evaluate((element) => {
    const said: string[] = [];
    Object.assign(globalThis, { said });
    new MutationObserver(() => {
      const text =
        element.shadowRoot
          ?.querySelector('.loading')
          ?.textContent.trim()
          .replace(/\s.*\/.*$/s, '') ?? '';
      if (text !== '' && text !== said.at(-1)) said.push(text);
    }).observe(element.shadowRoot!, { childList: true, characterData: true, subtree: true });
  });
  await box.part('consent').click();
  await expect(box.part('source')).toHaveAttribute('data-vector', 'local');

  const fetched = server.fetched.filter(({ path, method }) => method === 'GET' && RUNTIME.test(path));
  expect(fetched.map(({ path }) => RUNTIME.exec(path)![1])).toEqual(['ort-wasm-simd-threaded']);
  const said = await page.evaluate(() => (globalThis as unknown as { said: string[] }).said);
  expect(said.map((text) => text.split(' ')[0]).filter((word, i, all) => word !== all[i - 1])).toEqual([
    'Loading',
    'Preparing',
    'Checking',
  ]);
});
