// Benchmark: a first visit over a slow line: how long until the answer by meaning stands, beside the keyword answer of
// the same site without it, and what a visitor sees meanwhile, beside Pagefind. It prints and never passes or fails.
//   node e2e/bench/run.mjs first-visit --static DIR --plain DIR --queries FILE [--rounds 3] [--pagefind DIR --film FILE]
// DIR is a copy of one site: with `era-search index`, with `era-search index --no-static` and with `pagefind`. FILE of the
// queries is like e2e/bench/sites/*.queries.json; --film is the picture that is written.

import { readFile, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import type { Browser, Page } from '@playwright/test';
import { startCountingServer, type CountingServer, type SlowLine } from './sites/counting-server.ts';
import { ELEMENT_PAGE, firstVisit } from './sites/first-visit.ts';
import { PAGEFIND_PAGE } from './sites/pagefind-side.ts';
import { launchChromium } from '../support/launch.ts';

const { values } = parseArgs({
  args: process.argv.slice(3),
  options: {
    static: { type: 'string' },
    plain: { type: 'string' },
    pagefind: { type: 'string' },
    queries: { type: 'string' },
    rounds: { type: 'string', default: '3' },
    film: { type: 'string' },
    query: { type: 'string', default: 'undo the last commit but keep my changes' },
  },
});

/** The mobile line that browsers' tools call slow 4G. */
const LINE: SlowLine = { bytesPerSecond: 1.6e6 / 8, latencyMs: 150 };
const PATH = 'first-visit.html';

const median = (list: readonly number[]): number => [...list].sort((a, b) => a - b)[list.length >> 1]!;

function serve(folder: string, page: string): Promise<CountingServer> {
  return startCountingServer({ [`/${PATH}`]: page }, { '/': folder }, LINE);
}

/** Both sites in turn, so that load on the machine affects both. */
async function times(browser: Browser, folders: { readonly static: string; readonly plain: string }): Promise<void> {
  const { queries } = JSON.parse(await readFile(values.queries!, 'utf8')) as { queries: { query: string }[] };
  const servers = await Promise.all([serve(folders.static, ELEMENT_PAGE), serve(folders.plain, ELEMENT_PAGE)]);
  const ratios: number[] = [];
  const ms: { meaning: number; keywords: number }[] = [];
  for (const { query } of queries) {
    const meaning: number[] = [];
    const keywords: number[] = [];
    for (let round = 0; round < Number(values.rounds); round++) {
      const visits = [];
      for (const server of servers) visits.push(await firstVisit(browser, server, server.address + PATH, { query }));
      const [withMeaning, without] = visits;
      meaning.push((withMeaning!.meaning ?? withMeaning!.any).ms);
      keywords.push(without!.any.ms);
    }
    ms.push({ meaning: median(meaning), keywords: median(keywords) });
    ratios.push(median(meaning) / median(keywords));
    console.log(
      `${median(meaning).toFixed(0)} ms by meaning, ${median(keywords).toFixed(0)} ms by keywords, ${ratios.at(-1)!.toFixed(2)}: ${query}`,
    );
  }
  console.log(
    `median of ${String(queries.length)} queries: ${median(ms.map(({ meaning }) => meaning)).toFixed(0)} ms by meaning and keywords, ` +
      `${median(ms.map(({ keywords }) => keywords)).toFixed(0)} ms by keywords alone with --no-static; ` +
      `ratio median ${median(ratios).toFixed(2)}, most ${Math.max(...ratios).toFixed(2)}`,
  );
  for (const server of servers) await server.close();
}

const STEP_MS = 500;
const FRAMES = 12;
const FRAME = { width: 400, height: 300 };

/** A screenshot each half second from the navigation on; the query is typed once there is a field. */
async function film(browser: Browser, folder: string, html: string, query: string): Promise<string[]> {
  const server = await serve(
    folder,
    html.replace('<title>', '<meta name="viewport" content="width=device-width"><title>'),
  );
  const page = await browser.newPage({ viewport: FRAME });
  const frames: string[] = [];
  const start = performance.now();
  const visit = async (): Promise<void> => {
    await page.goto(server.address + PATH, { waitUntil: 'commit' });
    await page.locator('input').first().fill(query);
  };
  const visiting = visit();
  for (let i = 1; i <= FRAMES; i++) {
    await new Promise((resolve) => setTimeout(resolve, start + i * STEP_MS - performance.now()));
    frames.push((await page.screenshot()).toString('base64'));
  }
  await visiting;
  await page.close();
  await server.close();
  return frames;
}

async function compose(page: Page, rows: ReadonlyMap<string, readonly string[]>): Promise<Buffer> {
  const cells = [...rows].map(
    ([name, frames]) =>
      `<h2>${name}</h2><div>${frames.map((frame, i) => `<figure><figcaption>${(((i + 1) * STEP_MS) / 1000).toFixed(1)} s</figcaption><img src="data:image/png;base64,${frame}"></figure>`).join('')}</div>`,
  );
  await page.setContent(`<!doctype html><style>
    body { margin: 12px; font: 15px system-ui, sans-serif; filter: grayscale(1); background: #fff }
    h2 { font-size: 17px; margin: 8px 0 }
    div { display: grid; grid-template-columns: repeat(4, 1fr); gap: 8px }
    figure { margin: 0; border: 1px solid #999 }
    figcaption { background: #ddd; padding: 1px 6px }
    img { display: block; width: 100% }
  </style>${cells.join('')}`);
  return page.screenshot({ fullPage: true });
}

const { static: folder, plain, pagefind, film: file, query } = values;
if (folder === undefined) throw new Error('--static DIR is missing.');
const browser = await launchChromium();
try {
  if (plain !== undefined && values.queries !== undefined) await times(browser, { static: folder, plain });
  if (pagefind !== undefined && file !== undefined) {
    const rows = new Map([
      ['era-search: by meaning and keywords', await film(browser, folder, ELEMENT_PAGE, query)],
      ['Pagefind', await film(browser, pagefind, PAGEFIND_PAGE, query)],
    ]);
    const page = await browser.newPage({ viewport: { width: 1240, height: 800 } });
    await writeFile(file, await compose(page, rows));
  }
} finally {
  await browser.close();
}
