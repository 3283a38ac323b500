// Crawls of real servers that misbehave: what is read, what is left out and why, and when a crawl stops.

import { gzipSync, brotliCompressSync, deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import packageJson from '../../../../package.json' with { type: 'json' };
import { crawl, type CrawlOptions, type CrawlProgress } from './crawl.ts';
import { crawlAll, crawlSite, outcomes, redirectTo, send, startSite, type Answer } from './site-for-test.ts';

const page = '<!doctype html><title>Page</title><p>Text';

/** The outcome of one page. */
async function outcomeOf(answer: Answer, options: CrawlOptions = {}): Promise<string> {
  const site = await startSite({ '/page': answer });
  const [outcome] = outcomes(site, await crawlSite(site, ['/page'], options));
  return outcome!.replace('/page ', '');
}

/** Sends the first pieces at once, then one every 20 ms until the client disconnects. */
function endless(piece: Buffer | string, headers: Record<string, string> = {}): Answer {
  return (response) => {
    response.writeHead(200, { 'content-type': 'text/html', ...headers });
    const timer = setInterval(() => response.write(piece), 20);
    response.on('close', () => clearInterval(timer));
  };
}

describe('a page', () => {
  test('is read once, by name, with its address, and a fragment is no other page', async () => {
    const site = await startSite({ '/page?a=1': page, '/moved': redirectTo('/page?a=1#part', 301) });
    const entries = await crawlSite(site, ['/page?a=1#x', '/page?a=1', '/moved']);
    expect(entries).toMatchObject([
      { kind: 'page', url: `${site.url}/page?a=1`, html: page, status: 200 },
      { kind: 'left-out', url: `${site.url}/moved`, reason: 'duplicate' },
    ]);
    expect(site.requests.map(({ path }) => path)).toEqual(['/robots.txt', '/page?a=1', '/moved', '/page?a=1']);
    expect(new Set(site.requests.map(({ userAgent }) => userAgent))).toEqual(
      new Set([`era-search/${packageJson.version}`]),
    );
  });

  test.each([
    ['gzip', gzipSync(page)],
    ['x-gzip', gzipSync(page)],
    ['br', brotliCompressSync(page)],
    ['Deflate', deflateSync(page)],
    ['identity', Buffer.from(page)],
  ])('may be packed by %s', async (encoding, body) => {
    const site = await startSite({ '/': send(body, { 'content-encoding': encoding }) });
    expect(await crawlSite(site, ['/'])).toMatchObject([{ html: page }]);
  });

  test.each([
    ['of another type', send('%PDF', { 'content-type': 'application/pdf' }), 'not-html'],
    ['that is XHTML', send(page, { 'content-type': 'application/xhtml+xml;charset=utf-8' }), '200'],
    ['of no type', (response) => response.end(page), '200'],
    ['that is not there', send('no', {}, 404), 'status 404'],
    ['that is gone from the server', send('no', {}, 500), 'status 500'],
    ['that redirects to nowhere', send('', {}, 302), 'status 302'],
    ['that is not modified', send('', {}, 304), 'status 304'],
    ['that redirects to itself', redirectTo('/page'), 'too-many-redirects'],
    ['whose connection is reset at once', (response) => response.socket!.resetAndDestroy(), 'network'],
    [
      'whose connection is reset half way',
      (response) =>
        response.writeHead(200, { 'content-length': 100 }).write('half', () => response.socket!.resetAndDestroy()),
      'network',
    ],
    [
      'that ends before its length',
      (response) => response.writeHead(200, { 'content-length': 100 }).write('half', () => response.socket!.end()),
      'network',
    ],
    ['that is no HTTP', (response) => response.socket!.end('SSH-2.0-OpenSSH\r\n'), 'network'],
    [
      'with headers without end',
      (response) => response.writeHead(200, { long: 'x'.repeat(100_000) }).end(page),
      'network',
    ],
    ['whose gzip is cut', send(gzipSync(page.repeat(100)).subarray(0, 60), { 'content-encoding': 'gzip' }), 'network'],
    ['whose gzip is none', send(page, { 'content-encoding': 'gzip' }), 'network'],
    ['packed in a way that was not asked for', send(page, { 'content-encoding': 'zstd' }), 'network'],
    ['packed twice', send(gzipSync(gzipSync(page)), { 'content-encoding': 'gzip, gzip' }), 'network'],
  ])('$0: $2', async (_, answer, outcome) => {
    expect(await outcomeOf(answer)).toBe(outcome);
  });

  test.each([
    ['says so', send('x'.repeat(2000)), 'too-large'],
    ['says nothing', (response) => response.writeHead(200).write('x'.repeat(2000)), 'too-large'],
    ['unpacks to it', send(gzipSync('x'.repeat(50_000_000)), { 'content-encoding': 'gzip' }), 'too-large'],
    ['never ends', endless('x'.repeat(400)), 'too-large'],
    ['is just small enough', send('x'.repeat(1000)), '200'],
  ])('over the size: $0', async (_, answer, outcome) => {
    expect(await outcomeOf(answer, { maxBytes: 1000 })).toBe(outcome);
  });

  test.each([
    ['headers', () => undefined],
    ['body', endless('x')],
    ['packed body that unpacks to nothing', endless(gzipSync(''), { 'content-encoding': 'gzip' })],
  ])('whose $0 takes too long is left within the time', async (_, answer) => {
    expect(await outcomeOf(answer, { timeoutMs: 300 })).toBe('timeout'); // otherwise it would never end
  });

  test('has one time limit for all its redirects', async () => {
    const slowly =
      (to: string): Answer =>
      (response) =>
        void setTimeout(() => response.writeHead(302, { location: to }).end(), 1000);
    const site = await startSite({ '/1': slowly('/2'), '/2': slowly('/3'), '/3': slowly('/4'), '/4': page });
    expect(outcomes(site, await crawlSite(site, ['/1', '/3'], { timeoutMs: 2800 }))).toEqual(['/1 timeout', '/4 200']);
  });

  test('may be five redirects away, not six', async () => {
    const site = await startSite({ '/0': page });
    for (let i = 1; i <= 6; i++) site.answers.set(`/${i}`, redirectTo(`/${i - 1}`, [301, 302, 303, 307, 308][i % 5]));
    expect(outcomes(site, await crawlSite(site, ['/6', '/5']))).toEqual(['/6 too-many-redirects', '/0 200']);
  });

  test.each([
    ['content type', Buffer.from('<p>caf\xe9', 'latin1'), 'text/html; charset="ISO-8859-1"'],
    ['meta', Buffer.from('<meta charset=windows-1252><p>caf\xe9', 'latin1'), 'text/html'],
    [
      'old meta',
      Buffer.from('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-15"><p>caf\xe9', 'latin1'),
      'text/html',
    ],
    ['byte order mark before all', Buffer.from('\ufeff<p>café'), 'text/html; charset=latin1'],
    ['UTF-16 mark', Buffer.from('\ufeff<p>café', 'utf16le'), 'text/html'],
    ['nothing, UTF-8', Buffer.from('<p>café'), 'text/html'],
    ['nothing, other', Buffer.from('<p>caf\xe9', 'latin1'), 'text/html'],
    ['an encoding nobody knows', Buffer.from('<p>café'), 'text/html; charset=klingon'],
    ['a lie about UTF-16', Buffer.from('<meta charset=utf-16><p>café'), 'text/html'],
  ])('is text by its %s', async (_, body, type) => {
    const site = await startSite({ '/': send(body, { 'content-type': type }) });
    expect(await crawlSite(site, ['/'])).toMatchObject([
      { html: expect.stringMatching(/^(?:<meta.*>)?<p>café$/) as string },
    ]);
  });
});

describe('robots', () => {
  test('rules are fetched once and followed, on every redirect too', async () => {
    const rules = 'User-agent: *\nDisallow: /\n\nUser-agent: Era-Search\nDisallow: /private/\nAllow: /private/open\n';
    const site = await startSite({
      '/robots.txt': rules,
      '/': page,
      '/private/a': 'secret',
      '/private/open': page,
      '/to': redirectTo('/private/a'),
    });
    expect(outcomes(site, await crawlSite(site, ['/', '/private/a', '/private/open', '/to']))).toEqual([
      '/ 200',
      '/private/a robots',
      '/private/open 200',
      '/to robots',
    ]);
    expect(site.requests.map(({ path }) => path)).toEqual(['/robots.txt', '/', '/private/open', '/to']);
  });

  test('rules for everybody are for us too', async () => {
    const site = await startSite({ '/robots.txt': 'User-agent: *\nDisallow: /*.html$', '/a.html': page, '/a': page });
    expect(outcomes(site, await crawlSite(site, ['/a.html', '/a']))).toEqual(['/a.html robots', '/a 200']);
  });

  test.each([401, 403, 404, 410])('missing rules (%i) forbid nothing', async (status) => {
    const site = await startSite({ '/robots.txt': send('Disallow: /', {}, status), '/': page });
    expect(outcomes(site, await crawlSite(site, ['/']))).toEqual(['/ 200']);
  });

  test('endless rules forbid nothing', async () => {
    const site = await startSite({ '/robots.txt': redirectTo('/robots.txt'), '/': page });
    expect(outcomes(site, await crawlSite(site, ['/']))).toEqual(['/ 200']);
  });

  test.each([
    ['fail', send('', {}, 500), 'server-error'],
    ['are elsewhere', redirectTo('http://other.test/robots.txt'), 'unreadable-address'],
    ['are slow', () => undefined, 'timeout'],
    ['are cut', (response) => response.socket!.destroy(), 'network'],
  ])('rules that $0 stop the crawl', async (_, answer, code) => {
    const site = await startSite({ '/robots.txt': answer, '/': page });
    await expect(crawlSite(site, ['/'], { timeoutMs: 300 })).rejects.toMatchObject({ name: 'EraError', code });
    expect(site.requests.map(({ path }) => path)).not.toContain('/');
  });

  test('a server that does not answer is an error, not an empty index', async () => {
    await expect(crawlAll({ urls: ['http://127.0.0.1:1/'], allowPrivateHosts: ['127.0.0.1:1'] })).rejects.toMatchObject(
      { code: 'network' },
    );
  });

  test('Crawl-delay is respected', async () => {
    const site = await startSite({ '/robots.txt': 'User-agent: *\nCrawl-delay: 0.3', '/1': page, '/2': page });
    const beganMs = performance.now();
    await crawlSite(site, ['/1', '/2']);
    expect(site.requests[2]!.atMs - beganMs).toBeGreaterThan(295);
  });

  test.each([
    ['noindex', 'noindex'],
    ['NoIndex, nofollow', 'noindex'],
    ['none', 'noindex'],
    ['era-search: noindex', 'noindex'],
    ['googlebot: noindex', '200'],
    ['nofollow, max-snippet: 5', '200'],
    ['max-snippet: 5, noindex', 'noindex'],
    [['googlebot: noindex', 'nofollow'], '200'],
    [['googlebot: nofollow', 'noindex'], 'noindex'],
  ])('X-Robots-Tag %j: %s', async (tag, outcome) => {
    expect(await outcomeOf(send(page, { 'x-robots-tag': tag }))).toBe(outcome);
  });
});

describe('the pace', () => {
  test('is two requests a second for public hosts, whatever their outcomes', async () => {
    const askedAtMs: number[] = [];
    const resolve = (): Promise<string[]> =>
      Promise.resolve([askedAtMs.push(performance.now()) === 0 ? '' : '10.0.0.1']);
    const beganMs = performance.now();
    await crawlAll({ urls: ['http://a.test/', 'https://a.test/'], resolve });
    // measured before the first request: a delay shortens no gap
    expect(askedAtMs[1]! - beganMs).toBeGreaterThan(495);
    await crawlAll({ urls: ['http://a.test/', 'http://b.test/'], resolve, delayMs: 3_600_000 }); // other hosts do not wait
  });

  test('follows the configured delay, from start to start', async () => {
    const site = await startSite({ '/1': page, '/2': page, '/3': page });
    const beganMs = performance.now();
    await crawlSite(site, ['/1', '/2', '/3'], { delayMs: 150 });
    for (let i = 1; i < 4; i++) expect(site.requests[i]!.atMs - beganMs).toBeGreaterThan(i * 150 - 10);
  });

  test.each([429, 503])('waits as long as %i asks for', async (status) => {
    const site = await startSite({
      '/': (response) => {
        site.answers.set('/', page);
        response.writeHead(status, { 'retry-after': '1' }).end();
      },
    });
    expect(outcomes(site, await crawlSite(site, ['/']))).toEqual(['/ 200']);
    expect(site.requests[2]!.atMs - site.requests[1]!.atMs).toBeGreaterThan(950);
  });

  test('stops where the server asks for too long a wait, or keeps refusing', async () => {
    const site = await startSite({
      '/': send('', { 'retry-after': '120' }, 429),
      '/again': send('', { 'retry-after-ms': '10' }, 429),
      '/503': send('', { 'retry-after': '120' }, 503),
    });
    await expect(crawlSite(site, ['/'])).rejects.toMatchObject({
      code: 'rate-limited',
      details: { retryAfterMs: 120_000 },
    });
    await expect(crawlSite(site, ['/again'])).rejects.toMatchObject({ code: 'rate-limited' });
    expect(site.requests.filter(({ path }) => path === '/again')).toHaveLength(3);
    expect(outcomes(site, await crawlSite(site, ['/503']))).toEqual(['/503 status 503']);
  });
});

describe('a crawl', () => {
  test('stops when the site has become unavailable', async () => {
    const site = await startSite();
    for (let i = 0; i < 30; i++) site.answers.set(`/${i}`, (response) => response.socket!.destroy());
    await expect(crawlSite(site, [...site.answers.keys()])).rejects.toMatchObject({ code: 'network' });
    expect(site.requests).toHaveLength(11);
  });

  test('reads at most the allowed pages, and reports the others', async () => {
    const site = await startSite({ '/1': page, '/2': page, '/3': page });
    const progress: CrawlProgress[] = [];
    const entries = await crawlSite(site, ['/1', '/2', '/3'], { maxPages: 2, onProgress: (at) => progress.push(at) });
    expect(outcomes(site, entries)).toEqual(['/1 200', '/2 200', '/3 max-pages']);
    expect(progress).toEqual([
      { done: 1, total: 2 },
      { done: 2, total: 2 },
    ]);
  });

  test('ends with the reason of the signal, in the middle of a page or of a wait', async () => {
    for (const answer of [(() => undefined) as Answer, send('', { 'retry-after': '50' }, 429)]) {
      const site = await startSite({ '/': answer });
      const stop = new AbortController();
      const reason = new Error('enough');
      setTimeout(() => stop.abort(reason), 150);
      await expect(crawlSite(site, ['/'], { signal: stop.signal })).rejects.toBe(reason);
    }
  });

  test('closes its connections when the reader stops early', async () => {
    const site = await startSite({ '/1': page, '/2': page });
    for await (const entry of crawl({ urls: [`${site.url}/1`, `${site.url}/2`], allowPrivateHosts: [site.host] })) {
      expect(entry.kind).toBe('page');
      break;
    }
    expect(site.requests.map(({ path }) => path)).toEqual(['/robots.txt', '/1']);
  });

  test('of nothing is refused', async () => {
    await expect(crawlAll({})).rejects.toMatchObject({ code: 'invalid-option' });
  });
});
