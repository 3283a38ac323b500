// Three documentation sites, indexed and searched by our command and by Pagefind in one run: node
// e2e/bench/sites/run.mjs

import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { copyPages, DOC_SITES, provideDocs } from './debian-docs.ts';
import { readQueries } from './hits.ts';
import { measureOurs } from './our-side.ts';
import { measurePagefind, pagefindVersion } from './pagefind-side.ts';
import { missesOf, tables, type SiteFigures } from './tables.ts';
import { launchChromium } from '../../support/launch.ts';

const HELP = `Usage: node e2e/bench/sites/run.mjs [options]

  --sites NAMES     of git, python, sqlite (default: all)
  --work DIR        packages and copies of the pages (default: a folder for temporary files)
  --cache DIR       vectors of passages kept from run to run (default: inside --work; a cold run needs a fresh folder)
  --dist DIR        the builds (default: dist)
  --json FILE       all figures and answers
  --markdown FILE   the tables
  --verbose         every query that an engine did not answer with its first page

Needs "npx vite build" in the modes library, node and site, and a Debian or Ubuntu with apt-get and dpkg.`;

const { values } = parseArgs({
  options: {
    sites: { type: 'string' },
    work: { type: 'string', default: join(tmpdir(), 'era-search-sites') },
    cache: { type: 'string' },
    dist: { type: 'string', default: fileURLToPath(new URL('../../../dist', import.meta.url)) },
    json: { type: 'string' },
    markdown: { type: 'string' },
    verbose: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<void> {
  const names = values.sites?.split(',') ?? DOC_SITES.map(({ name }) => name);
  const unknown = names.find((name) => !DOC_SITES.some((site) => site.name === name));
  if (unknown !== undefined) throw new Error(`There is no site “${unknown}”.\n\n${HELP}`);
  const work = resolve(values.work);
  const cache = resolve(values.cache ?? join(work, 'cache'));
  await mkdir(cache, { recursive: true });
  const browser = await launchChromium();
  const figures: SiteFigures[] = [];
  try {
    for (const site of DOC_SITES.filter(({ name }) => names.includes(name))) {
      const { html, source } = await provideDocs(site, work);
      const queries = await readQueries(new URL(`./${site.name}.queries.json`, import.meta.url));
      const texts = queries.map(({ query }) => query);
      const [ourCopy, pagefindCopy] = ['ours', 'pagefind'].map((engine) => join(work, site.name, engine)) as [
        string,
        string,
      ];
      const files = await copyPages(html, ourCopy);
      await copyPages(html, pagefindCopy);
      console.error(`${site.name}: ${source}, ${String(files)} files`);
      const pagefind = await measurePagefind(browser, pagefindCopy, texts);
      console.error(`${site.name}: pagefind done`);
      const ours = await measureOurs(browser, { site: ourCopy, queries: texts, cache, dist: resolve(values.dist) });
      console.error(`${site.name}: era-search done`);
      figures.push({ name: site.name, source, files, queries, ours, pagefind });
    }
  } finally {
    await browser.close();
  }
  const markdown = tables(figures);
  console.log(markdown);
  if (values.verbose) console.log(missesOf(figures));
  if (values.markdown !== undefined) await writeFile(values.markdown, `${markdown}\n`);
  if (values.json !== undefined) {
    const version = await pagefindVersion();
    await writeFile(
      values.json,
      `${JSON.stringify({ date: new Date().toISOString().slice(0, 10), cores: cpus().length, pagefindVersion: version, figures }, null, 1)}\n`,
    );
  }
}

if (values.help) console.log(HELP);
else await main();
