// Crawls of a real server with a cache: what is asked for, and what is read.

import { describe, expect, test } from 'vitest';
import { folderForTest } from '../../setup/folder-for-test.ts';
import { CrawlCache } from './crawl-cache.ts';
import type { CrawlPlan } from './crawl-plan.ts';
import type { CrawlOptions } from './crawl.ts';
import { crawlSite, outcomes, redirectTo, send, startSite, type Answer, type TestSite } from './site-for-test.ts';

const PATHS = ['/a', '/b', '/c', '/d'];
const textOf = (path: string): string => `<!doctype html><title>${path}</title><p>Text of ${path}`;

/** A page with a validator, which is not sent again to whoever has it. */
function tagged(body: string, tag: string, headers: Record<string, string> = {}): Answer {
  return (response, request) => {
    if (request.headers['if-none-match'] === tag) response.writeHead(304, { etag: tag, ...headers }).end();
    else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', etag: tag, ...headers }).end(body);
  };
}

const site = (): Promise<TestSite> =>
  startSite(Object.fromEntries(PATHS.map((path) => [path, tagged(textOf(path), `"${path}"`)])));

interface Run {
  readonly outcomes: readonly string[];
  readonly html: readonly string[];
  /** Paths that were asked for, without robots.txt. */
  readonly asked: readonly string[];
  readonly plan: CrawlPlan | null;
}

async function run(
  from: TestSite,
  folder: string,
  { ends = true, stopAfter, now, ...options }: CrawlOptions & { ends?: boolean; stopAfter?: number; now?: number } = {},
): Promise<Run> {
  const cache = new CrawlCache(folder, () => now ?? Date.now());
  const before = from.requests.length;
  const stop = new AbortController();
  let plan: CrawlPlan | null = null;
  try {
    const entries = await crawlSite(
      from,
      PATHS,
      {
        signal: stop.signal,
        onProgress: ({ done }) => done === stopAfter && stop.abort(new Error('stopped')),
        onPlan: (told) => (plan = told),
        ...options,
      },
      cache,
    ).catch((error: unknown) => {
      if (stopAfter === undefined) throw error;
      return [];
    });
    if (ends) cache.end();
    return {
      outcomes: outcomes(from, entries),
      html: entries.flatMap((entry) => (entry.kind === 'page' ? [entry.html] : [])),
      asked: from.requests.slice(before).flatMap(({ path }) => (path === '/robots.txt' ? [] : [path])),
      plan,
    };
  } finally {
    cache.close();
  }
}

const READ = PATHS.map((path) => `${path} 200`);
const HTML = PATHS.map(textOf);

describe('a run that was stopped', () => {
  test('is gone on with: what it has read is not asked for again, and the next run asks for everything', async () => {
    const [from, folder] = [await site(), folderForTest()];
    const stopped = await run(from, folder, { stopAfter: 2, ends: false });
    expect(stopped.asked).toEqual(['/a', '/b']);
    const next = await run(from, folder);
    expect(next).toMatchObject({ asked: ['/c', '/d'], outcomes: READ, html: HTML, plan: { pages: 2, read: 2 } });
    const last = await run(from, folder);
    expect(last).toMatchObject({ asked: PATHS, outcomes: READ, html: HTML, plan: { pages: 4, read: 0 } });
  });

  test('twice, and gone on with', async () => {
    const [from, folder] = [await site(), folderForTest()];
    await run(from, folder, { stopAfter: 1, ends: false });
    await run(from, folder, { stopAfter: 3, ends: false });
    expect(await run(from, folder)).toMatchObject({ asked: ['/d'], html: HTML });
  });

  test('is not gone on with by a run of other addresses, nor after a day', async () => {
    const [from, folder] = [await site(), folderForTest()];
    await run(from, folder, { stopAfter: 2, ends: false });
    const others = [...PATHS, '/a?more'].map((path) => from.url + path);
    expect((await run(from, folder, { urls: others })).asked).toEqual([...PATHS, '/a?more']);
    const now = Date.now() + 25 * 3600_000;
    expect((await run(from, folder, { now })).asked).toEqual(PATHS);
  });

  test('leaves out what robots.txt has forbidden since', async () => {
    const [from, folder] = [await site(), folderForTest()];
    await run(from, folder, { stopAfter: 2, ends: false });
    from.answers.set('/robots.txt', send('User-agent: *\nDisallow: /a', { 'content-type': 'text/plain' }));
    expect((await run(from, folder)).outcomes).toEqual(['/a robots', ...READ.slice(1)]);
  });

  test('keeps the address after redirects', async () => {
    const from = await startSite({ '/a': redirectTo('/new'), '/new': textOf('new') });
    const folder = folderForTest();
    const urls = [`${from.url}/a`];
    const first = await run(from, folder, { urls, ends: false });
    const next = await run(from, folder, { urls });
    expect(next).toMatchObject({ asked: [], outcomes: first.outcomes, html: [textOf('new')] });
    expect(next.outcomes).toEqual(['/new 200']);
  });
});

describe('a page that a server has sent before', () => {
  test('is sent again only where it has changed', async () => {
    const [from, folder] = [await site(), folderForTest()];
    await run(from, folder);
    from.answers.set('/b', tagged('<p>New', '"new"'));
    from.answers.delete('/c');
    const next = await run(from, folder);
    expect(next.outcomes).toEqual(['/a 200', '/b 200', '/c status 404', '/d 200']);
    expect(next.html).toEqual([textOf('/a'), '<p>New', textOf('/d')]);
    expect((await run(from, folder)).html[1]).toBe('<p>New');
  });

  test('by its date', async () => {
    const date = 'Mon, 30 Nov 2026 10:00:00 GMT';
    const seen: (string | undefined)[] = [];
    const from = await startSite({
      '/a': (response, request) => {
        seen.push(request.headers['if-modified-since']);
        if (request.headers['if-modified-since'] === date) response.writeHead(304).end();
        else response.writeHead(200, { 'content-type': 'text/html', 'last-modified': date }).end('<p>Text');
      },
    });
    const [folder, urls] = [folderForTest(), [`${from.url}/a`]];
    await run(from, folder, { urls });
    expect((await run(from, folder, { urls })).html).toEqual(['<p>Text']);
    expect(seen).toEqual([undefined, date]);
  });

  test('is left out where the server says so now', async () => {
    const [from, folder] = [await site(), folderForTest()];
    await run(from, folder);
    from.answers.set('/a', tagged(textOf('/a'), '"/a"', { 'x-robots-tag': 'noindex' }));
    expect((await run(from, folder)).outcomes[0]).toBe('/a noindex');
  });

  test('by a server that names neither is sent again, and an answer “not modified” that nobody asked for is none', async () => {
    const from = await startSite({ '/a': '<p>One' });
    const [folder, urls] = [folderForTest(), [`${from.url}/a`]];
    await run(from, folder, { urls });
    from.answers.set('/a', '<p>Two');
    expect((await run(from, folder, { urls })).html).toEqual(['<p>Two']);
    from.answers.set('/a', send('', {}, 304));
    expect((await run(from, folder, { urls })).outcomes).toEqual(['/a status 304']);
  });

  test('and is larger than pages may be now is left out', async () => {
    const [from, folder] = [await site(), folderForTest()];
    await run(from, folder, { ends: false });
    expect((await run(from, folder, { maxBytes: 10 })).outcomes).toEqual(PATHS.map((path) => `${path} too-large`));
  });
});
