// Addresses that a crawl must never reach: many forms, each as the host itself, by DNS, by a redirect, and by DNS that
// changes its answer. Servers are real; only the resolver is the test's.

import { expect, test } from 'vitest';
import { ADDRESS_FORMS, type AddressForm } from './address-forms-for-test.ts';
import { reachOf } from './address-reach.ts';
import type { Resolve } from './checked-agent.ts';
import type { CrawlOptions } from './crawl.ts';
import { HostWaits } from './host-waits.ts';
import { NamedHosts } from './named-hosts.ts';
import { PageReader } from './page-reader.ts';
import { crawlAll, crawlSite, outcomes, redirectTo, startSite, urlset, type TestSite } from './site-for-test.ts';

/** A public address that is not in use, so that connecting to it fails. */
const UNUSED_PUBLIC = '2e00::1';
const FORMS = ADDRESS_FORMS.length;
const noNames: Resolve = (hostname) => Promise.reject(new Error(`${hostname} was looked up`));

/** The outcome of one address: the reason, or the code of the error. */
async function outcomeOf(url: string, options: CrawlOptions): Promise<string> {
  try {
    const [entry] = await crawlAll({ urls: [url], delayMs: 0, ...options });
    return entry!.kind === 'page' ? 'page' : entry!.reason;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

/** Runs every form at the same time; the number of those that were blocked and never connected. */
async function blocked(canary: TestSite, outcome: (form: AddressForm) => Promise<string>): Promise<number> {
  const before = canary.connections;
  const results = await Promise.all(ADDRESS_FORMS.map(async (form) => ({ form, is: await outcome(form) })));
  expect(results.filter(({ is }) => is !== 'blocked-address')).toEqual([]);
  expect(canary.connections).toBe(before);
  return results.length;
}

test('the forms differ', () => {
  expect(new Set(ADDRESS_FORMS.map(({ host }) => host)).size).toBe(FORMS);
});

test('as the host itself: all are blocked, no name looked up', async () => {
  const canary = await startSite({ '/': 'secret' });
  expect(await blocked(canary, ({ host }) => outcomeOf(`http://${host}:${canary.port}/`, { resolve: noNames }))).toBe(
    FORMS,
  );
});

test('by DNS, alone and behind a public address: all are blocked', async () => {
  const canary = await startSite({ '/': 'secret' });
  for (const others of [[], [UNUSED_PUBLIC]]) {
    const resolveTo =
      (address: string): Resolve =>
      () =>
        Promise.resolve([...others, address]);
    expect(
      await blocked(canary, ({ address }) =>
        outcomeOf(`http://site.test:${canary.port}/`, { resolve: resolveTo(address) }),
      ),
    ).toBe(FORMS);
  }
});

test('by a redirect from a named site to the address, and to a name that has it: all are blocked', async () => {
  const canary = await startSite({ '/': 'secret' });
  const site = await startSite();
  for (const hostOf of [({ host }: AddressForm) => host, () => 'inside.test']) {
    const count = await blocked(canary, async (form) => {
      const target = `http://${hostOf(form)}:${canary.port}/`;
      const path = `/${site.answers.size}`;
      // A header has ASCII only; %-escapes in a host mean the same.
      site.answers.set(path, redirectTo(encodeURI(target).replaceAll(/%5B|%5D/g, decodeURIComponent)));
      // The target is named too, so that only its address is a reason to block it.
      const entries = await crawlAll({
        urls: [site.url + path, target],
        allowPrivateHosts: [site.host],
        resolve: () => Promise.resolve([form.address]),
      });
      return [...new Set(entries.map((entry) => (entry.kind === 'page' ? 'page' : entry.reason)))].join();
    });
    expect(count).toBe(FORMS);
  }
});

test('by DNS that answers differently the second time: none is reached', async () => {
  const canary = await startSite({ '/': 'secret' });
  const count = await blocked(canary, async ({ address }) => {
    const asked: string[] = [];
    const resolve: Resolve = (hostname) => Promise.resolve([asked.push(hostname) === 1 ? UNUSED_PUBLIC : address]);
    const url = new URL(`http://site.test:${canary.port}/`);
    const reader = new PageReader({
      named: new NamedHosts([url], []),
      resolve,
      userAgent: 'test',
      delayMs: 0,
      maxBytes: 1000,
      timeoutMs: 3000,
      maxRetryAfterMs: 0,
      waits: new HostWaits(0),
      signal: undefined,
    });
    try {
      // The first connection goes to the checked address, which does not answer; the name is not resolved again.
      await expect(reader.read(url, url)).rejects.toMatchObject({
        details: { reason: expect.stringMatching(/network|timeout/) as string },
      });
      expect(asked).toEqual(['site.test']);
    } finally {
      await reader.close();
    }
    return outcomeOf(url.href, { resolve });
  });
  expect(count).toBe(FORMS);
}, 30_000);

test('a site that answered once and then moves to the metadata service is left', async () => {
  const site = await startSite({
    '/a': (response) => response.writeHead(200, { connection: 'close', 'content-type': 'text/html' }).end('a'),
    '/b': 'b',
  });
  const end = `site.test:${site.port}`;
  let asked = 0;
  // robots.txt and /a are read over the first connections; the name gets another address before /b.
  const resolve: Resolve = () => Promise.resolve([++asked === 1 ? '127.0.0.1' : '169.254.169.254']);
  const entries = await crawlAll({ urls: [`http://${end}/a`, `http://${end}/b`], allowPrivateHosts: [end], resolve });
  expect(entries).toMatchObject([
    { kind: 'page', html: 'a' },
    { kind: 'left-out', reason: 'blocked-address' },
  ]);
});

test('permitted addresses are read: through the resolver, by address, over IPv6, and after a redirect to itself', async () => {
  const site = await startSite({ '/': 'open', '/from': redirectTo('/') });
  const resolve: Resolve = (hostname) => Promise.resolve(hostname === 'site.test' ? ['127.0.0.1'] : []);
  for (const host of ['site.test', '127.0.0.1', '[::1]', '2130706433']) {
    const end = new URL(`http://${host}:${site.port}`).host;
    const urls = [`http://${host}:${site.port}/from`];
    expect(await crawlAll({ urls, allowPrivateHosts: [end], resolve })).toMatchObject([
      { kind: 'page', url: `http://${end}/`, html: 'open' },
    ]);
    expect(await outcomeOf(urls[0]!, { resolve })).toBe('blocked-address');
  }
});

test('a private host that was allowed is reached from itself alone: by no redirect and no sitemap of another', async () => {
  const site = await startSite({ '/admin': 'secret' });
  const other = await startSite({
    '/to': redirectTo(`${site.url}/admin`),
    '/sitemap.xml': urlset(`${site.url}/admin`),
  });
  const allowPrivateHosts = [site.host, other.host];
  const entries = await crawlAll({
    urls: [`${other.url}/to`, `${site.url}/none`],
    sitemap: `${other.url}/sitemap.xml`,
    allowPrivateHosts,
  });
  expect(outcomes(other, entries)).toEqual([
    '/to blocked-address',
    `${site.url}/none status 404`,
    `${site.url}/admin blocked-address`,
  ]);
  expect(site.requests.map(({ path }) => path)).toEqual(['/robots.txt', '/none']);
});

test('only hosts, ports and kinds of address that were named', async () => {
  const site = await startSite();
  const targets = [
    'http://other.test/',
    'https://127.0.0.1:22/',
    `http://user:secret@${site.host}/`,
    'file:///etc/passwd',
    'gopher://127.0.0.1:70/',
    'http://[fe80::1%25lo]/',
    'http://',
    '//127.0.0.1:6379/',
  ];
  targets.forEach((target, i) => site.answers.set(`/${i}`, redirectTo(target)));
  site.answers.set('/sitemap.xml', urlset(...targets));
  const kinds = targets.map((_, i) => (i === 0 ? 'other-host' : 'blocked-address'));
  const redirected = await crawlSite(
    site,
    targets.map((_, i) => `/${i}`),
    { resolve: noNames },
  );
  expect(redirected.map((entry) => entry.kind === 'left-out' && entry.reason)).toEqual(kinds);
  const listed = await crawlAll({
    sitemap: `${site.url}/sitemap.xml`,
    allowPrivateHosts: [site.host],
    resolve: noNames,
  });
  expect(listed.map((entry) => entry.kind === 'left-out' && entry.reason).sort()).toEqual([...kinds].sort());
});

test.each([
  'ftp://site.test/',
  'site.test/docs',
  'http://user@site.test/',
  'http://[fe80::1%25eth0]/',
  'http://[::1%lo]/',
  'http://256.256.256.256/',
  '',
])('%j is refused when it is named', async (url) => {
  expect(await outcomeOf(url, { resolve: noNames })).toBe('invalid-option');
});

test('a private host that was not named cannot be allowed', async () => {
  expect(await outcomeOf('http://site.test/', { allowPrivateHosts: ['localhost:80'], resolve: noNames })).toBe(
    'invalid-option',
  );
});

test('public addresses are public, also inside NAT64, 6to4 and Teredo', () => {
  const addresses = [
    '8.8.8.8',
    '1.1.1.1',
    '172.32.0.1',
    '2606:4700::1111',
    '::ffff:8.8.8.8',
    '64:ff9b::8.8.8.8',
    '2002:808:808::1',
    '2001:0:808:808::f7f7:f7f7',
  ];
  expect(addresses.map(reachOf)).toEqual(addresses.map(() => 'public'));
});

test('text that is not an address is never reached', () => {
  expect(
    ['', 'localhost', '0x7f.1', '127.1', '2130706433', '[::1]', '::1%lo', '1.2.3.4/8', ' 8.8.8.8'].map(reachOf),
  ).toEqual(Array(9).fill('never'));
});
