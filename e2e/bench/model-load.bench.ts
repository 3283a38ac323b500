// Benchmark: how long a visitor of any browser waits for the small model, by phase, what is fetched for it, and how much
// memory the page has afterwards. It needs no driver: the page does the steps by itself and reports to the server, so
// that a command which opens an address is enough. It prints and never passes or fails. It needs the command and the
// site's files built:
//   npx vite build --mode node && npx vite build --mode site
//   node e2e/bench/run.mjs model-load [--repeats 3] -- firefox-esr --headless --no-remote --profile {profile}
//   node e2e/bench/run.mjs model-load -- chromium --headless --no-sandbox --user-data-dir={profile}
//   xvfb-run node e2e/bench/run.mjs model-load -- /usr/lib/x86_64-linux-gnu/webkit2gtk-4.1/MiniBrowser --private
// `{profile}` becomes a new folder, and the address is the last argument. Seconds count from the visitor's consent. Memory
// is the resident set of the process that grew most, on Linux alone, 5 s after the answer.

import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { indexedFixtureSite } from '../support/indexed-site.ts';
import { startSiteServer } from '../support/site-server.ts';

const split = process.argv.indexOf('--');
const options = process.argv.slice(3, split);
const [program, ...given] = process.argv.slice(split + 1);
if (split < 0 || program === undefined) throw new Error('Name the browser after --.');
const repeats = Number(options[options.indexOf('--repeats') + 1] ?? 3) || 3;

interface Waited {
  /** Seconds from the consent to the first sign of each phase, and to the answer by meaning. */
  readonly loading?: number;
  readonly preparing?: number;
  readonly checking?: number;
  readonly answer: number;
  readonly webgpu: boolean;
}

/** Runs in the page, so it uses nothing from outside its body. */
async function askInPage(): Promise<void> {
  const tell = (what: string, value: unknown): Promise<unknown> =>
    fetch(`/bench?${what}=${encodeURIComponent(JSON.stringify(value))}`);
  await customElements.whenDefined('era-search');
  const box = document.querySelector('era-search') as HTMLElement & { search: (query: string) => void };
  const appears = (selector: string): Promise<HTMLElement> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = box.shadowRoot?.querySelector<HTMLElement>(selector);
        if (found) resolve(found);
        else setTimeout(look, 20);
      };
      look();
    });
  box.search('get documents back that I threw away by accident');
  const consent = await appears('[part=consent]');
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await tell('before', null);
  const waited: Record<string, unknown> = { webgpu: 'gpu' in navigator };
  const start = performance.now();
  const note = (what: string): void => {
    waited[what] ??= Math.round(performance.now() - start) / 1000;
  };
  new MutationObserver(() => {
    const label = box.shadowRoot?.querySelector('.loading')?.textContent.trim().split(' ')[0];
    if (label) note(label.toLowerCase());
  }).observe(box.shadowRoot!, { childList: true, characterData: true, subtree: true });
  consent.click();
  await appears('[part=source][data-vector=local]');
  note('answer');
  await tell('waited', waited);
}

/** Resident megabytes by process, of a process and all that it started. */
async function memoryBelow(root: number): Promise<Map<number, number>> {
  const parents = new Map<number, number>();
  const resident = new Map<number, number>();
  for (const name of await readdir('/proc').catch(() => [])) {
    const status = /^\d+$/.test(name) ? await readFile(`/proc/${name}/status`, 'utf8').catch(() => '') : '';
    const field = (key: string): number => Number(new RegExp(`^${key}:\\s+(\\d+)`, 'm').exec(status)?.[1] ?? 0);
    parents.set(Number(name), field('PPid'));
    resident.set(Number(name), field('VmRSS') / 1024);
  }
  const isBelow = (pid: number): boolean => pid === root || (parents.has(pid) && isBelow(parents.get(pid)!));
  return new Map([...resident].filter(([pid]) => isBelow(pid)));
}

const site = await indexedFixtureSite();
const rows: Readonly<Record<string, number | boolean | string | undefined>>[] = [];
for (let run = 0; run < repeats; run++) {
  const server = await startSiteServer(site);
  const profile = await mkdtemp(join(tmpdir(), 'era-search-browser-'));
  let tellBefore: () => void = () => undefined;
  let tellWaited: (waited: Waited) => void = () => undefined;
  const before = new Promise<void>((resolve) => (tellBefore = resolve));
  const over = new Promise<Waited>((resolve) => (tellWaited = resolve));
  let fetchedBefore = 0;
  let memory = new Map<number, number>();
  server.intervene(async (path, response) => {
    const { pathname, searchParams } = new URL(path, server.url);
    if (pathname === '/bench.js') {
      response.writeHead(200, { 'content-type': 'text/javascript' }).end(`void (${askInPage.toString()})();`);
    } else if (pathname === '/bench') {
      fetchedBefore ||= server.fetched.length;
      if (searchParams.has('before')) {
        memory = await memoryBelow(browser.pid!);
        tellBefore();
      } else tellWaited(JSON.parse(searchParams.get('waited')!) as Waited);
      response.writeHead(204).end();
    } else if (pathname === '/start.html') {
      const html = await readFile(join(site, 'guide/restore.html'), 'utf8');
      response
        .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
        .end(html.replace('<head>', '<head><base href="/guide/"><script type="module" src="/bench.js"></script>'));
    } else return false;
    return true;
  });
  const args = given.map((arg) => arg.replace('{profile}', profile));
  const browser = spawn(program, [...args, `${server.url}start.html`], { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => browser.once('exit', () => resolve()));
  await before;
  const { webgpu, loading, preparing, checking, answer } = await over;
  const bytes = server.fetched
    .slice(fetchedBefore)
    .filter(({ path }) => /\/models\/|\/ort-wasm-[^/]*\.bin/.test(path))
    .reduce((sum, one) => sum + one.bytes, 0);
  await wait(5000);
  const after = await memoryBelow(browser.pid!);
  const grown = [...after].toSorted(
    ([a, now], [b, then]) => then - (memory.get(b) ?? 0) - (now - (memory.get(a) ?? 0)),
  )[0];
  rows.push({
    webgpu,
    loading,
    preparing,
    checking,
    answer,
    MB: Number((bytes / 1e6).toFixed(1)),
    'memory before, MiB': grown && Math.round(memory.get(grown[0]) ?? 0),
    'memory after, MiB': grown && Math.round(grown[1]),
    load: loadavg()[0]!.toFixed(1),
  });
  browser.kill();
  await ended;
  await server.close();
  await rm(profile, { recursive: true, force: true, maxRetries: 5 });
}
console.table(rows);
await rm(site, { recursive: true });
process.exit(0);
