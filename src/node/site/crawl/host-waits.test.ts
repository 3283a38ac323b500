// How long busy hosts are waited for in all, and what a crawl says before it starts. Waits are milliseconds here; no
// test looks at the clock.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isEraError } from '../../../errors.ts';
import type { CrawlPlan } from './crawl-plan.ts';
import { HostWaits, type CrawlWait } from './host-waits.ts';
import { crawlAll, crawlSite, outcomes, send, startSite, type Answer } from './site-for-test.ts';

const PAGE = '<title>Page</title><p>Text';

/** Answers once that it is busy, then with a page. */
function onceBusy(status: number, ms: number): Answer {
  let asked = 0;
  return (response) =>
    asked++ === 0
      ? response.writeHead(status, { 'retry-after-ms': String(ms) }).end()
      : response.writeHead(200, { 'content-type': 'text/html' }).end(PAGE);
}

function busySite(pages: number, status: number, ms: number): Record<string, Answer> {
  return Object.fromEntries(Array.from({ length: pages }, (_, i) => [`/${i}`, onceBusy(status, ms)]));
}

describe('waits', () => {
  test('never take more than the budget of their host, whichever hosts ask for how much', () => {
    const asked = fc.array(fc.record({ host: fc.constantFrom('a', 'b:81', 'c'), ms: fc.nat(5000) }), { maxLength: 40 });
    fc.assert(
      fc.property(asked, fc.nat(20_000), (waits, maxMs) => {
        const told: CrawlWait[] = [];
        const budget = new HostWaits(maxMs, (wait) => told.push(wait));
        const sums = new Map<string, number>();
        for (const { host, ms } of waits) {
          const before = sums.get(host) ?? 0;
          try {
            budget.take(new URL(`http://${host}/x`), ms);
            sums.set(host, before + ms);
            expect(told.at(-1)).toEqual({ host, ms, waitedMs: before + ms, maxMs });
          } catch (error) {
            expect(isEraError(error, 'rate-limited') && error.details).toMatchObject({
              waitedMs: before,
              retryAfterMs: ms,
              maxHostWaitMs: maxMs,
            });
            expect(before + ms).toBeGreaterThan(maxMs);
          }
        }
        for (const sum of sums.values()) expect(sum).toBeLessThanOrEqual(maxMs);
      }),
    );
  });

  test.each([429, 503])('page by page of status %i end the crawl once the budget is spent', async (status) => {
    const site = await startSite(busySite(20, status, 4));
    const waits: CrawlWait[] = [];
    const crawling = crawlSite(site, Object.keys(busySite(20, status, 4)), {
      maxHostWaitMs: 10,
      onWait: (wait) => waits.push(wait),
    });
    await expect(crawling).rejects.toMatchObject({
      name: 'EraError',
      code: 'rate-limited',
      details: { url: `${site.url}/2`, waitedMs: 8, retryAfterMs: 4, maxHostWaitMs: 10 },
    });
    expect(waits.map(({ host, waitedMs }) => [host, waitedMs])).toEqual([
      [site.host, 4],
      [site.host, 8],
    ]);
    expect(site.requests.map(({ path }) => path)).toEqual(['/robots.txt', '/0', '/0', '/1', '/1', '/2']);
  });

  test('within the budget are taken, and each host has its own', async () => {
    const site = await startSite(busySite(6, 503, 2));
    const other = `localhost:${site.port}`;
    const urls = [0, 1, 2].map((i) => `${site.url}/${i}`);
    const others = [3, 4, 5].map((i) => `http://${other}/${i}`);
    const entries = await crawlAll({
      urls: [...urls, ...others],
      allowPrivateHosts: [site.host, other],
      resolve: () => Promise.resolve(['127.0.0.1']),
      maxHostWaitMs: 6,
    });
    expect(entries.map(({ kind }) => kind)).toEqual(Array(6).fill('page'));
  });

  test('of a site that asks for a minute each are not begun without a budget', async () => {
    const site = await startSite({ '/0': send('', { 'retry-after': '60' }, 503), '/1': PAGE });
    await expect(crawlSite(site, ['/0', '/1'], { maxHostWaitMs: 59_999 })).rejects.toMatchObject({
      code: 'rate-limited',
      details: { waitedMs: 0, retryAfterMs: 60_000 },
    });
  });

  test('that are too long for one page are not taken; ten such pages in a row are a site that is not there', async () => {
    const busy = send('', { 'retry-after': '3600' }, 503);
    const paths = Array.from({ length: 30 }, (_, i) => `/${i}`);
    const site = await startSite(Object.fromEntries(paths.map((path) => [path, busy])));
    await expect(crawlSite(site, paths)).rejects.toMatchObject({ code: 'server-error' });
    expect(site.requests).toHaveLength(11);
    site.answers.set('/9', PAGE);
    const first = outcomes(site, await crawlSite(site, paths.slice(0, 12)));
    expect(first.filter((outcome) => outcome.endsWith(' status 503'))).toHaveLength(11);
  });
});

describe('a plan', () => {
  const plansOf = async (options: Parameters<typeof crawlAll>[0]): Promise<CrawlPlan[]> => {
    const plans: CrawlPlan[] = [];
    await crawlAll({ ...options, onPlan: (plan) => plans.push(plan) });
    return plans;
  };

  test('is told once, before the first page, with the pages that are allowed and the pace of robots.txt', async () => {
    const site = await startSite({
      '/robots.txt': 'User-agent: *\nDisallow: /no\nCrawl-delay: 0.05',
      '/1': PAGE,
      '/2': PAGE,
      '/no': PAGE,
    });
    const seen: number[] = [];
    await crawlSite(site, ['/1', '/no', '/2', '/3', '/4'], {
      maxPages: 4,
      onPlan: (plan) => {
        seen.push(site.requests.length);
        expect(plan).toEqual({
          pages: 3,
          read: 0,
          over: 1,
          hosts: [{ host: site.host, pages: 3, delayMs: 50 }],
          leastMs: 100,
        });
      },
    });
    expect(seen).toEqual([1]);
  });

  test('has the pace of every host, and the slowest decides', async () => {
    const site = await startSite({ '/1': PAGE, '/2': PAGE, '/3': PAGE });
    const other = `localhost:${site.port}`;
    const urls = [`${site.url}/1`, `http://${other}/2`, `http://${other}/3`];
    const resolve = (): Promise<string[]> => Promise.resolve(['127.0.0.1']);
    expect(await plansOf({ urls, allowPrivateHosts: [site.host, other], resolve, delayMs: 20 })).toEqual([
      {
        pages: 3,
        read: 0,
        over: 0,
        hosts: [
          { host: other, pages: 2, delayMs: 20 },
          { host: site.host, pages: 1, delayMs: 20 },
        ],
        leastMs: 20,
      },
    ]);
  });

  test('of addresses that will not be asked is empty', async () => {
    const nothing = { pages: 0, read: 0, over: 0, hosts: [], leastMs: 0 };
    expect(await plansOf({ urls: ['http://10.0.0.1/', 'http://[fe80::1]:8080/'] })).toEqual([nothing]);
  });
});
