// Benchmark: how long a visitor's browser downloads the whole index in the background over a slow line of HTTP/1.1, and
// how long a search takes meanwhile: with the files that have many parts, and without them, one request for each part.
// It prints and never passes or fails.
//   npx vite build --mode site
//   node e2e/bench/run.mjs background --site DIR [--query TEXT] [--later TEXT]
// DIR is a site with its index.

import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Browser } from '@playwright/test';
import { startCountingServer, type SlowLine } from './sites/counting-server.ts';
import { ELEMENT_PAGE } from './sites/first-visit.ts';
import { launchChromium } from '../support/launch.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    site: { type: 'string' },
    query: { type: 'string', default: 'undo the last commit but keep my changes' },
    later: { type: 'string', default: 'rename a branch on the server' },
  },
});
/** The mobile line that browsers' tools call slow 4G. */
const LINE: SlowLine = { bytesPerSecond: 1.6e6 / 8, latencyMs: 150 };
/** Milliseconds after the first answer, in the middle of the download. */
const LATER_MS = 3000;
const PAGE = '/background.html';

interface Told {
  readonly first: number;
  readonly later: number;
  readonly stored: number;
}

/** Runs in the page: milliseconds until the first answer, of a later query, and until the index is in the browser. */
async function visit({ query, later, wait }: { query: string; later: string; wait: number }): Promise<Told> {
  await customElements.whenDefined('era-search');
  const box = document.querySelector('era-search') as HTMLElement & { search: (text: string) => void };
  const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
  const answered = (text: string): Promise<void> =>
    new Promise((resolve) =>
      document.addEventListener('era-search:results', ({ detail: { answer } }) => {
        if (answer.query === text && answer.source.vector === 'static') resolve();
      }),
    );
  const ask = async (text: string): Promise<number> => {
    const start = performance.now();
    const over = answered(text);
    box.search(text);
    await over;
    return performance.now() - start;
  };
  await ask(query);
  const first = performance.now();
  await pause(wait);
  const second = await ask(later);
  while (!/in this browser/.test(box.shadowRoot?.textContent ?? '')) await pause(100);
  return { first, later: second, stored: performance.now() };
}

async function measure(browser: Browser, site: string): Promise<Told & { requests: number; megabytes: number }> {
  const server = await startCountingServer({ [PAGE]: ELEMENT_PAGE }, { '/': site }, LINE);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(server.address.replace(/\/$/, PAGE));
    const told = await page.evaluate(visit, { query: values.query, later: values.later, wait: LATER_MS });
    const sent = server.takeSent();
    return { ...told, requests: sent.length, megabytes: sent.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6 };
  } finally {
    await context.close();
    await server.close();
  }
}

const single = await mkdtemp(join(tmpdir(), 'era-search-background-'));
await cp(values.site!, single, { recursive: true });
const parts = join(single, 'era-search/parts');
for (const name of await readdir(parts)) if (name.startsWith('rest-')) await rm(join(parts, name));
const browser = await launchChromium();
const rows = {
  'one request a part': await measure(browser, single),
  'files of parts': await measure(browser, values.site!),
};
console.table(rows);
console.log(
  `the whole index stands after ${(rows['files of parts'].stored / rows['one request a part'].stored).toFixed(2)} of the time`,
);
await browser.close();
await rm(single, { recursive: true });
process.exit(0);
