// Makes the pictures of the README: the element in use, light and dark. By hand: node e2e/pictures.mjs, with
// CHROMIUM_PATH where there is no Chromium of Playwright's.

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright';
import sirv from 'sirv';

const root = fileURLToPath(new URL('..', import.meta.url));
const QUERY = 'get back a photo that I deleted';

const folder = await mkdtemp(join(tmpdir(), 'era-pictures-'));
await cp(join(root, 'e2e/fixtures/site'), folder, { recursive: true });
await promisify(execFile)(process.execPath, [join(root, 'dist/node/cli.js'), 'index', '--site', folder]);
const page = join(folder, 'index.html');
const html = await readFile(page, 'utf8');
await writeFile(page, html.replace('<era-search>', '<era-search encoder="auto">')); // the model without asking
const files = sirv(folder, { dev: true });
const server = createServer((request, response) => {
  files(request, response);
});
await once(server.listen(0, '127.0.0.1'), 'listening');
const address = /** @type {import('node:net').AddressInfo} */ (server.address());
const browser = await chromium.launch({ ...(process.env['CHROMIUM_PATH'] ? { executablePath: process.env['CHROMIUM_PATH'] } : {}), args: ['--no-sandbox'] }); // prettier-ignore
await mkdir(join(root, 'docs/images'), { recursive: true });
for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
  const tab = await browser.newPage({ colorScheme, viewport: { width: 860, height: 600 }, deviceScaleFactor: 1.5 });
  await tab.goto(`http://127.0.0.1:${address.port}/`);
  await tab.keyboard.press('Control+k');
  const element = tab.locator('era-search');
  await element.getByRole('combobox').fill(QUERY);
  await element.getByText(/meaning and keywords/i).waitFor();
  await tab.screenshot({ path: join(root, `docs/images/element-${colorScheme}.png`) });
}
await browser.close();
server.close();
await rm(folder, { recursive: true });
