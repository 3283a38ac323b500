// Sitemaps over real servers: sitemaps of sitemaps, gzip, text, and files that are not sitemaps.

import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { CrawlOptions } from './crawl.ts';
import {
  crawlAll,
  outcomes,
  send,
  sitemapIndex,
  startSite,
  urlset,
  type Answer,
  type TestSite,
} from './site-for-test.ts';

const PATH = '/sitemap.xml';
const xml = (body: string | Buffer, type = 'application/xml'): Answer => send(body, { 'content-type': type });

async function crawlMap(site: TestSite, options: CrawlOptions = {}): Promise<string[]> {
  return outcomes(site, await crawlAll({ sitemap: site.url + PATH, allowPrivateHosts: [site.host], ...options }));
}

/** The outcomes of a crawl with this sitemap. */
async function outcomesOf(
  body: string | Buffer | ((site: TestSite) => string | Buffer),
  options?: CrawlOptions,
): Promise<string[]> {
  const site = await startSite({ '/a': 'a', '/b?x=1&y=2': 'b' });
  site.answers.set(PATH, xml(typeof body === 'function' ? body(site) : body));
  return crawlMap(site, options);
}

describe('a sitemap', () => {
  test('names pages, each once, whatever else stands in it', async () => {
    const body = (site: TestSite): string => `\ufeff<?xml version="1.0"?><!-- made by hand -->
      <s:urlset xmlns:s="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
        <s:url><image:image><image:loc>${site.url}/picture</image:loc></image:image><s:loc> ${site.url}/a </s:loc><s:lastmod>2026-01-01</s:lastmod></s:url>
        <s:url><s:loc><![CDATA[${site.url}/b?x=1&y=2]]></s:loc></s:url>
        <s:url><s:loc>${site.url}/b?x=1&amp;y=2#part</s:loc></s:url><s:url/>
      </s:urlset><!-- end -->`;
    expect(await outcomesOf(body)).toEqual(['/a 200', '/b?x=1&y=2 200']);
  });

  test.each([
    ['text', (site: TestSite) => `${site.url}/a\r\n${site.url}/b?x=1&y=2\n`],
    ['gzip', (site: TestSite) => gzipSync(urlset(`${site.url}/a`, '/b?x=1&amp;y=2'))],
    ['UTF-16', (site: TestSite) => Buffer.from(`\ufeff${urlset(`${site.url}/a`, '/b?x=1&amp;y=2')}`, 'utf16le')],
  ])('may be %s', async (_, body) => {
    expect(await outcomesOf(body)).toEqual(['/a 200', '/b?x=1&y=2 200']);
  });

  test('without pages is not an error', async () => {
    expect(await outcomesOf('<urlset/>')).toEqual([]);
  });

  test.each([
    ['HTML', '<!doctype html><title>Not found</title>'],
    ['nothing', ''],
    ['JSON', '{"urls":[]}'],
    ['a feed', '<rss version="2.0"><channel/></rss>'],
    ['cut off', '<urlset><url><loc>http://site.test/a</loc></url><url><loc>http://site'],
    [
      'an entity bomb',
      '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>',
    ],
    ['an outer entity', '<!DOCTYPE x SYSTEM "file:///etc/passwd"><urlset></urlset>'],
    ['two in one', '<urlset></urlset><urlset></urlset>'],
    ['cut gzip', gzipSync(urlset('http://site.test/')).subarray(0, 40)],
  ])('that is %s is an error with a name', async (_, body) => {
    await expect(outcomesOf(body)).rejects.toMatchObject({ name: 'EraError', code: 'sitemap-format' });
  });

  test('that unpacks to more than may be is an error', async () => {
    await expect(outcomesOf(gzipSync(urlset('x'.repeat(1_000_000))), { maxBytes: 100_000 })).rejects.toMatchObject({
      code: 'too-large',
    });
  });

  test.each([
    [404, 'unreadable-address'],
    [500, 'server-error'],
  ])('that answers %i is an error', async (status, code) => {
    const site = await startSite({ [PATH]: send('', {}, status) });
    await expect(crawlMap(site)).rejects.toMatchObject({ code, details: { url: site.url + PATH } });
  });

  test('on a private host that was not allowed is an error', async () => {
    const site = await startSite({ [PATH]: xml(urlset()) });
    await expect(crawlAll({ sitemap: site.url + PATH })).rejects.toMatchObject({
      code: 'unreadable-address',
      details: { reason: 'blocked-address' },
    });
    expect(site.connections).toBe(0);
  });

  test('that robots may not read is an error', async () => {
    const site = await startSite({ '/robots.txt': 'User-agent: *\nDisallow: /sitemap', [PATH]: xml(urlset()) });
    await expect(crawlMap(site)).rejects.toMatchObject({ code: 'unreadable-address', details: { reason: 'robots' } });
  });

  test('can leave hosts that were not named alone', async () => {
    expect(await outcomesOf((site) => urlset(`${site.url}/a`, 'https://example.com/'))).toEqual([
      '/a 200',
      'https://example.com/ other-host',
    ]);
  });
});

describe('a sitemap of sitemaps', () => {
  test('is followed, gzip or not, each file once, and files that cannot be read are reported', async () => {
    const site = await startSite({
      '/a': 'a',
      '/b': 'b',
      '/1.xml.gz': xml(gzipSync(urlset('/a')), 'application/gzip'),
      '/bad.xml': xml('<html></html>'),
    });
    site.answers.set('/2.xml', xml(sitemapIndex('/3.xml', PATH)));
    site.answers.set('/3.xml', xml(urlset('/b', '/a')));
    site.answers.set(
      PATH,
      xml(sitemapIndex('/1.xml.gz', '/2.xml', '/1.xml.gz', '/bad.xml', '/gone.xml', 'http://other.test/s.xml')),
    );
    expect(await crawlMap(site)).toEqual([
      '/bad.xml not-sitemap',
      '/gone.xml status 404',
      'http://other.test/s.xml other-host',
      '/a 200',
      '/b 200',
    ]);
    expect(site.requests.filter(({ path }) => path === '/1.xml.gz')).toHaveLength(1);
  });

  test('ends at a depth', async () => {
    const site = await startSite({
      [PATH]: xml(sitemapIndex('/1.xml')),
      '/1.xml': xml(sitemapIndex('/2.xml')),
      '/2.xml': xml(sitemapIndex('/3.xml')),
    });
    expect(await crawlMap(site)).toEqual(['/3.xml not-sitemap']);
    expect(site.requests.map(({ path }) => path)).not.toContain('/3.xml');
  });

  test('is read only until enough pages are found', async () => {
    const site = await startSite({
      '/a': 'a',
      '/1.xml': xml(urlset('/a', '/b')),
      '/2.xml': xml(urlset('/c')),
      [PATH]: xml(sitemapIndex('/1.xml', '/2.xml')),
    });
    expect(await crawlMap(site, { maxPages: 1 })).toEqual(['/2.xml max-pages', '/a 200', '/b max-pages']);
  });
});
