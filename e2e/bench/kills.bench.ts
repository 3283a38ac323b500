// Kills of a browser while it takes up another build of a site: SIGKILL at a random time, then the next visit without a
// network. It ends with an error where the stored collection does not open, is a mixture of builds, has lost its vectors,
// or is older than what had been acknowledged.
//   npx vite build --mode node && npx vite build --mode library && npx vite build --mode site
//   node e2e/bench/run.mjs kills [--kills 60] [--seed 1]

import { execFileSync } from 'node:child_process';
import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { Random } from '../../src/math/random.ts';
import { runCli } from '../support/cli.ts';
import { indexedFixtureSite } from '../support/indexed-site.ts';
import { download, open, search, startEngine, status } from '../support/site-calls.ts';
import { startSiteServer, type SiteServer } from '../support/site-server.ts';
import { chromiumLaunch } from '../support/launch.ts';

const { values } = parseArgs({
  args: process.argv.slice(3).filter((arg) => arg !== '--'),
  options: { kills: { type: 'string', default: '60' }, seed: { type: 'string', default: '1' } },
});
const KILLS = Number(values.kills);
const random = new Random(Number(values.seed));
const ANIMALS = ['platypus', 'echidna'] as const;

const profile = await mkdtemp(join(tmpdir(), 'era-search-profile-'));
const launch = (): Promise<BrowserContext> =>
  chromium.launchPersistentContext(profile, {
    ...chromiumLaunch(),
    serviceWorkers: 'block',
  });
const start = async (context: BrowserContext, url: string): Promise<Page> => {
  const page = await context.newPage();
  await startEngine(page, url, { scan: 'wasm', encoder: false, store: 'auto' });
  return page;
};
const kill = (context: BrowserContext): void => {
  execFileSync('pkill', ['-9', '-f', profile]);
  void context.close().catch(() => undefined);
};

/** Two builds of one site: they differ in a page, in words and in vectors. */
const folders = await Promise.all(
  ANIMALS.map(async (animal) => {
    const folder = await indexedFixtureSite('--no-vectors');
    await appendFile(
      join(folder, 'about/contributors.html'),
      `<main data-pagefind-body><h1>An ${animal}</h1><p>The ${animal} keeps ${animal === 'platypus' ? 'ten' : 'twelve'} backups of its burrow.</p></main>`,
    );
    await rm(join(folder, 'era-search'), { recursive: true });
    await runCli('index', '--site', folder);
    return folder;
  }),
);
const site = await mkdtemp(join(tmpdir(), 'era-search-kills-'));
const publish = async (which: number): Promise<void> => {
  await rm(site, { recursive: true, force: true });
  await cp(folders[which]!, site, { recursive: true });
};

const counts = { old: 0, new: 0, acknowledged: 0 };
const broken: string[] = [];
let server: SiteServer | undefined;
try {
  await publish(0);
  server = await startSiteServer(site);
  const { url } = server;
  let context = await launch();
  let page = await start(context, url);
  await open(page);
  const startMs = performance.now();
  await download(page);
  const usualMs = performance.now() - startMs;
  const builds = [(await status(page)).info.build];
  await context.close();
  let stored = 0;

  for (let i = 0; i < KILLS; i++) {
    const next = 1 - stored;
    await publish(next);
    context = await launch();
    page = await start(context, url);
    const { build } = await open(page);
    builds[next] = build;
    const done = download(page).then(
      ({ info }) => info.source === 'store',
      () => false,
    );
    const isAcknowledged = await Promise.race([done, wait(random.float() * 2 * usualMs, false)]);
    kill(context);
    await done;
    if (isAcknowledged) counts.acknowledged += 1;

    context = await launch();
    server.intervene((path, response) => {
      if (!path.includes('/era-search/')) return false;
      response.writeHead(503).end();
      return true;
    });
    page = await start(context, url);
    try {
      const info = await open(page);
      const now = builds.indexOf(info.build);
      counts[now === next ? 'new' : 'old'] += 1;
      if (now < 0) broken.push(`kill ${i}: the build ${info.build} is none of the two`);
      if (isAcknowledged && now !== next) broken.push(`kill ${i}: an acknowledged build is lost`);
      const animal = ANIMALS[now]!;
      if ((await search(page, animal, { mode: 'keyword' })).total !== 1)
        broken.push(`kill ${i}: words of another build than ${animal}`);
      const dense = await search(page, `how many backups does the ${animal} keep`, { mode: 'dense', path: 'static' });
      if (dense.total === 0 || dense.degraded) broken.push(`kill ${i}: the vectors are gone`);
      stored = now;
    } catch (error) {
      broken.push(`kill ${i}: ${String(error)}`);
    }
    server.intervene(null);
    await context.close();
  }
  console.log(
    `${KILLS} kills, seed ${values.seed}: ${counts.old} times the build before, ${counts.new} times the new one ` +
      `(${counts.acknowledged} acknowledged before the kill), ${broken.length} broken`,
  );
} finally {
  await server?.close();
  for (const folder of [...folders, site, profile]) await rm(folder, { recursive: true, force: true });
}
if (broken.length > 0) {
  console.error(broken.join('\n'));
  process.exitCode = 1;
}
