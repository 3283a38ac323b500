// A local site that answers as a test says and counts requests, and a crawl of it. Tests only.

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import type { CrawlCache } from './crawl-cache.ts';
import { crawl, type CrawledPage, type CrawlOptions, type LeftOutAddress } from './crawl.ts';

/** HTML, or a handler. */
export type Answer = string | ((response: ServerResponse, request: IncomingMessage) => void);

export interface TestSite {
  /** Without a slash at the end. */
  readonly url: string;
  /** host:port */
  readonly host: string;
  readonly port: number;
  /** Path with query → answer; robots.txt does not exist unless a test adds it. */
  readonly answers: Map<string, Answer>;
  readonly requests: { readonly path: string; readonly atMs: number; readonly userAgent: string | undefined }[];
  connections: number;
}

export async function startSite(answers: Readonly<Record<string, Answer>> = {}): Promise<TestSite> {
  const site = { answers: new Map(Object.entries(answers)), requests: [] as TestSite['requests'], connections: 0 };
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    site.requests.push({ path, atMs: performance.now(), userAgent: request.headers['user-agent'] });
    const answer = site.answers.get(path);
    if (answer === undefined) response.writeHead(404).end();
    else if (typeof answer === 'string')
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(answer);
    else answer(response, request);
  });
  server.on('connection', () => site.connections++);
  await new Promise<void>((resolve) => server.listen(0, resolve)); // on all addresses, IPv4 and IPv6
  onTestFinished(async () => {
    await new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  });
  const { port } = server.address() as AddressInfo;
  return Object.assign(site, { port, host: `127.0.0.1:${port}`, url: `http://127.0.0.1:${port}` });
}

export function redirectTo(location: string, status = 302): Answer {
  return (response) => response.writeHead(status, { location }).end();
}

export function send(body: string | Buffer, headers: Record<string, string | string[]> = {}, status = 200): Answer {
  return (response) => response.writeHead(status, { 'content-type': 'text/html', ...headers }).end(body);
}

export function urlset(...urls: readonly string[]): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls.map((url) => `<url><loc>${url}</loc></url>`).join('\n')}</urlset>\n`;
}

export function sitemapIndex(...urls: readonly string[]): string {
  return `<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">${urls.map((url) => `<sitemap><loc>${url}</loc></sitemap>`).join('')}</sitemapindex>`;
}

/** Crawls paths (or whole addresses) of the site, which is allowed to be private. */
export function crawlSite(
  site: TestSite,
  paths: readonly string[],
  options: CrawlOptions = {},
  cache: CrawlCache | null = null,
): Promise<(CrawledPage | LeftOutAddress)[]> {
  return crawlAll(
    { urls: paths.map((path) => new URL(path, site.url).href), allowPrivateHosts: [site.host], ...options },
    cache,
  );
}

export async function crawlAll(
  options: CrawlOptions,
  cache: CrawlCache | null = null,
): Promise<(CrawledPage | LeftOutAddress)[]> {
  const entries: (CrawledPage | LeftOutAddress)[] = [];
  for await (const entry of crawl(options, cache)) entries.push(entry);
  return entries;
}

/** `['/page 200', '/other robots']`, whole addresses for other hosts. */
export function outcomes(site: TestSite, entries: readonly (CrawledPage | LeftOutAddress)[]): string[] {
  return entries.map(
    (entry) => `${entry.url.replace(site.url, '')} ${entry.kind === 'page' ? entry.status : entry.reason}`,
  );
}
