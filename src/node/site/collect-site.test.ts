import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { recordPage } from '../../build/record-page.ts';
import { collectSite, type CollectOptions, type SiteSource } from './collect-site.ts';

const countTokens = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;
const collect = (sources: Iterable<SiteSource>, more: Partial<CollectOptions> = {}): ReturnType<typeof collectSite> =>
  collectSite(streamed(sources), { countTokens, maxTokens: 50, ...more });

// eslint-disable-next-line @typescript-eslint/require-await -- what is given is a stream
async function* streamed(sources: Iterable<SiteSource>): AsyncGenerator<SiteSource> {
  yield* sources;
}
const html = (url: string, body: string): SiteSource => ({ path: `${url}!`, url, html: body });
const canonical = (url: string, href: string): SiteSource =>
  html(url, `<link rel=canonical href="${href}"><h1>${url}</h1><p>text of ${url}`);
const urls = async (sources: SiteSource[]): Promise<[string[], string[]]> => {
  const { content, leftOut } = await collect(sources);
  return [content.pages.map(({ url }) => url), leftOut.map(({ path, reason }) => `${path} ${reason}`)];
};

test('pages are in the order of their addresses, and their passages too', async () => {
  const { content, leftOut } = await collect([
    html('b.html', '<html lang=en><h1>B</h1><p>two<h2 id=x>X</h2>three'),
    { path: 'c', reason: 'too-large' },
    html('B.html', '<h1>A</h1><p>one'),
    html('n', ''),
  ]);
  expect(content.pages.map(({ url, title, language }) => [url, title, language])).toEqual([
    ['B.html', 'A', ''],
    ['b.html', 'B', 'en'],
  ]);
  expect(content.passages).toEqual([
    { page: 0, headings: [], anchor: '', text: 'one', weight: 1 },
    { page: 1, headings: [], anchor: '', text: 'two', weight: 1 },
    { page: 1, headings: ['X'], anchor: 'x', text: 'three', weight: 1 },
  ]);
  expect(leftOut).toEqual([
    { path: 'c', reason: 'too-large' },
    { path: 'n!', reason: 'no-text' },
  ]);
});

test('once a page has a body, pages without are left out; records are not', async () => {
  const record = (url: string, title: string, content: string): SiteSource => ({
    path: url,
    url,
    extracted: {
      kind: 'page',
      canonical: null,
      documentTitle: '',
      generator: null,
      isLinks: false,
      versions: [],
      isTitleSaid: true,
      hasBody: false,
      ...recordPage({ title, sections: [{ headings: [], anchor: '', content }] }),
    },
    isRecord: true,
  });
  const { content, leftOut } = await collect([
    html('a', '<p>a'),
    html('b', '<p data-pagefind-body>b'),
    record('r', ' R ', 'one\n\n two \n three'),
    record('e', '', ' '),
  ]);
  expect(content.passages.map(({ text }) => text)).toEqual(['b', 'one\ntwo three']);
  expect(leftOut).toEqual([
    { path: 'a!', reason: 'no-body' },
    { path: 'e', reason: 'no-text' },
  ]);
});

test('of pages with one canonical address the one at that address is kept, wherever the site will be', async () => {
  expect(
    await urls([
      canonical('a.html', 'https://x.example/docs/b'),
      canonical('b.html', 'https://x.example/docs/b.html'),
      canonical('c/', 'https://x.example/docs/c/index.html'),
    ]),
  ).toEqual([['b.html', 'c/'], ['a.html! duplicate']]);
  expect(await urls([canonical('v1/a.html', '../v2/a.html'), html('v2/a.html', '<p>a')])).toEqual([
    ['v2/a.html'],
    ['v1/a.html! duplicate'],
  ]);
  expect(await urls([canonical('https://x.example/a', '/b?x=1#y'), html('https://x.example/b', '<p>b')])).toEqual([
    ['https://x.example/b'],
    ['https://x.example/a! duplicate'],
  ]);
});

test('otherwise the first is kept, and two that name each other are both kept', async () => {
  expect(
    await urls([
      canonical('b', 'https://else.example/p'),
      canonical('a', 'https://else.example/p'),
      canonical('c', ''),
    ]),
  ).toEqual([['a', 'c'], ['b! duplicate']]);
  expect((await urls([canonical('a', 'b'), canonical('b', 'a')]))[0]).toEqual(['a', 'b']);
  expect(await urls([html('a', '<p>first'), html('a', '<p>second')])).toEqual([['a'], ['a! duplicate']]);
});

test('text on most pages is boilerplate, logos too, but not where the body is marked or nothing else remains', async () => {
  const menu = '<div><img src="../logo.png"><div>Home</div><div>Shop</div></div>';
  const pages = Array.from({ length: 9 }, (_, i) =>
    html(
      `d/${i}`,
      `${menu}<h1>Page ${i}</h1><p>Text ${'of its own '.repeat(i)}<h2>Links</h2><p>More<p>Updated 2026-03-11`,
    ),
  );
  const { content, boilerplate } = await collect([...pages, html('d/only', menu)]);
  expect(content.passages.map(({ text }) => text)).toEqual([
    ...Array.from({ length: 9 }, (_, i) => `Text ${'of its own '.repeat(i)}`.trim()),
    'Home\nShop',
  ]);
  expect(boilerplate).toEqual(['Home', 'More', 'Shop', 'Updated 2026-03-11'].map((text) => ({ text, pages: 9 })));
  expect(content.pages.map(({ meta }) => meta)).toEqual(Array.from({ length: 10 }, () => ({})));
  const marked = await collect(
    pages.map((page) => ({ ...page, html: `<main data-pagefind-body>${'html' in page ? page.html : ''}</main>` })),
  );
  expect(marked.content.passages[0]?.text).toBe('Home\nShop');
  expect(marked.boilerplate).toEqual([]);
});

test.each([
  ['an article number', (i: number) => `Article no. ${48213 + i * 977}`],
  ['an error code', (i: number) => `Error E${1000 + i}: see below.`],
  ['a date', (i: number) => `Recorded on 2024-0${i}-11 at 10:0${i}`],
  ['a price', (i: number) => `${i}.99 €`],
  ['a word', (i: number) => `Colour: ${'ABCDEFGHI'[i]!}`],
])('%s that differs between pages is kept', async (_, text) => {
  const { content } = await collect(
    Array.from({ length: 9 }, (_, i) =>
      html(`d/${i}`, `<h1>Page ${i}</h1><p>Own ${'words '.repeat(i)}<p>${text(i)}<p>Foot`),
    ),
  );
  for (const [i, passage] of content.passages.entries()) expect(passage.text.split('\n').at(-1)).toBe(text(i));
});

test('a section whose heading only few pages have is kept, though its text is on most', async () => {
  const { content } = await collect(
    Array.from({ length: 9 }, (_, i) =>
      html(
        `api/${i}`,
        `<h1>Page ${i}</h1><p>Own ${'words '.repeat(i)}<h2 id=m>method${i}()</h2><p>Takes no parameters.<h2>Notes</h2><p>None.`,
      ),
    ),
  );
  const sections = content.passages.filter(({ headings }) => headings.length > 0);
  expect(sections.map(({ headings, text }) => [...headings, text])).toEqual(
    Array.from({ length: 9 }, (_, i) => [`method${i}()`, 'Takes no parameters.']),
  );
});

test('a menu that most pages of one language or one folder share is boilerplate there', async () => {
  const pages = ['en', 'de', 'fr'].flatMap((language) =>
    ['1.0', '2.0'].flatMap((version) =>
      Array.from({ length: 8 }, (_, i) =>
        html(
          `${version}/${language}/${i}`,
          `<html lang=${language}><div>Menu in ${language}</div><div>Menu of ${version}</div><h1>T</h1><p>Only ${version} ${language} ${i}`,
        ),
      ),
    ),
  );
  const { content } = await collect(pages);
  for (const { text } of content.passages) expect(text).toMatch(/^Only \S+ \S+ \d$/);
});

test('what some pages of a folder repeat is no boilerplate', async () => {
  const { content } = await collect([
    ...Array.from({ length: 10 }, (_, i) =>
      html(`a/${i}`, `<h1>T</h1><p>Own a${i}${i < 7 ? '<p>Ask the office.' : ''}`),
    ),
    ...Array.from({ length: 10 }, (_, i) => html(`b/${i}`, `<h1>T</h1><p>Own b${i}`)),
  ]);
  expect(content.passages.filter(({ text }) => text.includes('Ask the office.')).length).toBe(7);
});

test('a picture beside the page is found from the root', async () => {
  const meta = async (src: string, url = 'a/b.html'): Promise<unknown> =>
    (await collect([html(url, `<img src="${src}"><p>t`)])).content.pages[0]?.meta['image'];
  expect(
    await Promise.all([
      meta('../i.png'),
      meta('i.png'),
      meta('/i.png'),
      meta('https://x.example/i.png'),
      meta('i.png', 'https://x.example/a/'),
    ]),
  ).toEqual(['i.png', 'a/i.png', '/i.png', 'https://x.example/i.png', 'https://x.example/a/i.png']);
});

test('an empty site is not an error here', async () => {
  expect(await collect([])).toEqual({ content: { pages: [], passages: [] }, leftOut: [], boilerplate: [] });
});

test('an abort ends the reading', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const endless = function* (): Generator<SiteSource> {
    for (let i = 0; ; i++) yield html(`p${i}`, `<p>text ${i}`);
  };
  await expect(
    collect(endless(), { signal: controller.signal, onPage: (pages) => pages > 120 && controller.abort(reason) }),
  ).rejects.toBe(reason);
});

test('HTML is released as soon as its text is extracted', async () => {
  setFlagsFromString('--expose-gc');
  const gc = runInNewContext('gc') as () => void;
  const filler = `<!--${'x'.repeat(1_000_000)}-->`;
  const pages = function* (): Generator<SiteSource> {
    for (let i = 0; i < 20; i++)
      yield html(
        `p${i}`,
        Buffer.from(`<p>The text of the page number ${i} is all that has to be kept.</p>${filler}`).toString(),
      );
  };
  gc();
  const before = process.memoryUsage().heapUsed;
  const { content } = await collect(pages());
  // Memory of the last turn is released with the next one.
  for (let turn = 0; turn < 3; turn++) {
    await setImmediate();
    gc();
  }
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(10_000_000);
  expect(content.pages.length).toBe(20);
});

test('records that are kept as given come last, in the order given, neither cut nor treated as copies', async () => {
  const long = 'word '.repeat(200);
  const whole = (id: string, text: string): SiteSource => ({
    path: id,
    whole: {
      page: { id, url: '', title: '', language: '', meta: {}, filters: {}, sort: {} },
      passages: [{ headings: [], anchor: '', text, weight: 1 }],
    },
  });
  const { content, leftOut } = await collect([whole('z', long), html('b', '<p>b'), whole('a', long)]);
  expect(content.pages.map(({ id, url }) => id ?? url)).toEqual(['b', 'z', 'a']);
  expect(content.passages.map(({ page, text }) => [page, text])).toEqual([
    [0, 'b'],
    [1, long],
    [2, long],
  ]);
  expect(leftOut).toEqual([]);
});

test('the page for unknown addresses is no answer; a page about them is', async () => {
  const names = [
    '404.html',
    'de/404/',
    'v2.1/404.html',
    'https://x.example/pt-br/not-found',
    'errors/404.html',
    'about-404.html',
  ];
  const [kept, leftOut] = await urls(names.map((url) => html(url, `<h1>${url}</h1><p>Nothing at ${url}`)));
  expect(kept).toEqual(['about-404.html', 'errors/404.html']);
  expect(leftOut.length).toBe(4);
  const long = html('404.html', '<h1>404</h1>a<h2>Causes</h2>b<h2>Cures</h2>c<h2>See also</h2>d');
  expect((await urls([long]))[0]).toEqual(['404.html']);
});

test('lists that a generator makes are left out, pages of text at the same addresses are not', async () => {
  const page = (url: string, generator: string, body: string): SiteSource =>
    html(url, `<head><meta name=generator content="${generator}"></head><h1>${url}</h1>${body}`);
  const prose = '<p>Tags of a template control in which order its parts are drawn, see <a href=b>there</a>.';
  const links = '<p><a href=a>The release of autumn</a> Oct 1<p><a href=b>The release of spring</a> Apr 1';
  const sources = [
    page('genindex.html', 'Docutils 0.19', '<dl><dt><a href=a>close</a></dl>'),
    page('guide/search.html', 'Docutils 0.19', prose),
    page('search.html', 'Docutils 0.19', '<div id="search-results"></div><p>Enter a word.'),
    page('api/examples.html', 'Doxygen 1.9.4', links),
    page('guide/examples.html', 'Docutils 0.19', prose),
    page('tags/release/', 'Jekyll v4.3.1', links),
    page('tags/control/', 'Jekyll v4.3.1', prose),
    html('tags/sockets/', `<h1>Sockets</h1>${links}`),
    html('tags/flow/', `<h1>Flow</h1>${prose}`),
    page('plugins/blog/', 'mkdocs-1.6.1, mkdocs-material-9.7.0', prose),
    page(
      'blog/',
      'mkdocs-1.6.1, mkdocs-material-9.7.0',
      '<article class="md-post md-post--excerpt"><p>News.</article>',
    ),
    page('tags/', 'Docusaurus v3.10.2', links),
  ];
  const { content, leftOut } = await collect(sources);
  expect(content.pages.map(({ url }) => url)).toEqual([
    'guide/examples.html',
    'guide/search.html',
    'plugins/blog/',
    'tags/',
    'tags/control/',
    'tags/flow/',
  ]);
  expect(new Set(leftOut.map(({ reason }) => reason))).toEqual(new Set(['listing']));
  const all = await collect(sources, { generatorRules: false });
  expect(all.content.pages).toHaveLength(sources.length);
});
