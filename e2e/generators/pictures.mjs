// Visits the search on the sites that run.mjs has built, and makes pictures of it: trigger and dialog, light and dark, on three widths
// of screen, and a sheet of the dialogs (docs/images/generators.jpg is one). By hand, after "npx vite build" in the modes node and site:
//   node e2e/generators/pictures.mjs WORK OUTPUT [NAMES]
// WORK is the folder of run.mjs --work. CHROMIUM_PATH names a Chromium where there is none of Playwright's.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright';
import sirv from 'sirv';

/** Where each build is, and a page of it. */
const SITES = {
  starlight: ['starlight/dist', 'guide/first-pool/'],
  vitepress: ['vitepress/.vitepress/dist', 'guide/first-pool.html'],
  docusaurus: ['docusaurus/build', 'docs/guide/first-pool/'],
  material: ['material/published', '2.0/guide/first-pool/'],
  'sphinx-furo': ['sphinx-furo', 'en/latest/guide/first-pool.html'],
  'sphinx-rtd': ['sphinx-rtd', 'en/latest/guide/first-pool.html'],
  hugo: ['hugo/public', 'docs/guide/first-pool/'],
  mdbook: ['mdbook/book', 'guide/first-pool.html'],
};
const QUERY = 'close the pool';
const WIDTHS = /** @type {const} */ ({ 360: 740, 768: 1024, 1280: 800 });

const [work, output, names] = process.argv.slice(2);
if (work === undefined || output === undefined) throw new Error('Usage: pictures.mjs WORK OUTPUT [NAMES]');
const root = fileURLToPath(new URL('../..', import.meta.url));
await mkdir(output, { recursive: true });
const browser = await chromium.launch({ ...(process.env['CHROMIUM_PATH'] ? { executablePath: process.env['CHROMIUM_PATH'] } : {}), args: ['--no-sandbox'] }); // prettier-ignore
for (const [name, [built, path]] of Object.entries(SITES)) {
  if (names !== undefined && !names.split(',').includes(name)) continue;
  const site = join(work, 'pictured', name);
  await rm(site, { recursive: true, force: true });
  await cp(join(work, built), site, { recursive: true });
  const command = [join(root, 'dist/node/cli.js'), 'index', '--site', site, '--no-vectors'];
  await promisify(execFile)(process.execPath, command);
  const files = sirv(site, { dev: true });
  const server = createServer((request, response) => {
    files(request, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  for (const colorScheme of /** @type {const} */ (['light', 'dark'])) {
    for (const [width, height] of Object.entries(WIDTHS)) {
      const tab = await browser.newPage({ colorScheme, viewport: { width: Number(width), height } });
      await tab.route(/^(?!http:\/\/127\.0\.0\.1)/, (route) => route.abort()); // nothing but the site itself
      await tab.goto(`http://127.0.0.1:${port}/${path}`);
      await tab.waitForFunction(() => customElements.get('era-search'));
      const picture = (/** @type {string} */ what) => join(output, `${name}-${colorScheme}-${width}-${what}.png`);
      await tab.screenshot({ path: picture('page') });
      await tab.keyboard.press('Control+k');
      const search = tab.locator('era-search').first();
      await search.getByRole('combobox').fill(QUERY);
      await search.getByRole('option').first().waitFor();
      await tab.screenshot({ path: picture('dialog') });
      await tab.close();
    }
  }
  const how = await visit(`http://127.0.0.1:${port}/`, path);
  console.log(`${name}: opened by the trigger and by the key /, a result by ${how}`);
  server.close();
  server.closeAllConnections();
}
await writeSheet();
await browser.close();

/**
 * Opens the search as visitors do, and a result; the page must have no error.
 * @param {string} address
 * @param {string} path
 */
async function visit(address, path) {
  const tab = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  /** @type {string[]} */
  const errors = [];
  tab.on('pageerror', (error) => {
    errors.push(error.message);
  });
  await tab.route((url) => !url.href.startsWith(address), (route) => route.abort()); // prettier-ignore
  await tab.goto(address + path);
  const field = tab.locator('era-search').first().getByRole('combobox');
  await tab.locator('era-search-trigger').first().click();
  await field.waitFor();
  await tab.keyboard.press('Escape');
  await field.waitFor({ state: 'hidden' });
  await tab.keyboard.press('/');
  await field.fill('ports with sixteen bits');
  await tab.locator('era-search').first().getByRole('option').first().waitFor();
  let loads = 0;
  tab.on('domcontentloaded', () => {
    loads++;
  });
  await tab.keyboard.press('Enter');
  await tab.waitForURL(/reference\/limits\b.*#ceiling-of-the-kernel$/);
  await tab.getByRole('heading', { name: 'Ceiling of the kernel' }).waitFor();
  await tab.close();
  if (errors.length > 0) throw new Error(`${address}: ${errors.join('\n')}`);
  return loads === 0 ? 'the router of the page' : 'loading its page';
}

/** One row for each site: the dialogs of the widest and of the narrowest screen. */
async function writeSheet() {
  const rows = [];
  for (const name of Object.keys(SITES).filter((one) => names === undefined || names.split(',').includes(one))) {
    const cells = [];
    for (const [width, shown] of /** @type {const} */ ([
      [1280, 380],
      [360, 116],
    ]))
      for (const scheme of ['light', 'dark']) {
        const bytes = await readFile(join(output, `${name}-${scheme}-${width}-dialog.png`));
        cells.push(`<td><img width="${shown}" src="data:image/png;base64,${bytes.toString('base64')}"></td>`);
      }
    rows.push(`<tr><td colspan="4">${name}</td></tr><tr>${cells.join('')}</tr>`);
  }
  const tab = await browser.newPage({ viewport: { width: 1024, height: 600 } });
  await tab.setContent(`<body style="margin:8px;font:14px sans-serif"><table>${rows.join('')}</table>`);
  await tab.screenshot({ path: join(output, 'sheet.jpg'), type: 'jpeg', quality: 70, fullPage: true });
}
