// For any content of a folder the outcome is a correct index or a clear error, never a partial index.

import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isEraError } from '../../errors.ts';
import type { SiteContent } from '../../format/site.ts';
import { bytesBelow, html, indexSite, publishedIn, siteForTest, type TestSite } from './site-for-test.ts';

const KEYWORDS = { vectors: false, elementDir: null } as const;
const rejection = (code: string): unknown =>
  expect.toSatisfy((error: unknown) => isEraError(error) && error.code === code);

const contentOf = ({ output }: TestSite): SiteContent => publishedIn(output);

test.each([
  ['an empty folder', {}],
  ['no pages', { 'style.css': 'p {}' }],
  [
    'pages without text',
    { 'a.html': '', 'b.html': '<p> </p>', 'c.html': '<script>text()</script>', 'd.html': '<nav>Menu</nav>' },
  ],
  ['pages that want to be left out', { 'a.html': '<meta name="robots" content="noindex"><p>Text' }],
])('%s: an error, and nothing written', async (_, files) => {
  const site = siteForTest(files);
  mkdirSync(site.site, { recursive: true });
  const before = bytesBelow(site.root);
  await expect(indexSite(site, { ...KEYWORDS, cacheDir: null })).rejects.toEqual(rejection('empty-corpus'));
  expect(bytesBelow(site.root)).toEqual(before);
});

test('a page of one word', async () => {
  const site = siteForTest({ 'a.html': 'word' });
  expect(await indexSite(site)).toMatchObject({ pages: 1, passages: 1, embedded: 1, languages: [] });
  expect(contentOf(site).passages.map(({ text }) => text)).toEqual(['word']);
});

test('binary files that are called .html are left out, whatever they begin with', async () => {
  const site = siteForTest({ 'good.html': html('Good', 'Text.') });
  const noise = Uint8Array.from({ length: 20_000 }, (_, i) => (i * 7919) % 256);
  writeFileSync(join(site.site, 'noise.html'), noise);
  writeFileSync(join(site.site, 'image.html'), Buffer.concat([Buffer.from('\u0089PNG\r\n\u001a\n', 'latin1'), noise]));
  writeFileSync(join(site.site, 'zeros.html'), Buffer.alloc(5000));
  expect(await indexSite(site, KEYWORDS)).toMatchObject({
    pages: 1,
    leftOut: ['image.html', 'noise.html', 'zeros.html'].map((path) => ({ path, reason: 'not-html' })),
  });
});

test('broken HTML is read as browsers read it', async () => {
  const site = siteForTest({
    'a.html': '<title>Broken</title><p>One <b>two</p><div>three<p>four</i></table><h2 id=x>Five</h3>six<a href="',
    'b.html': '<<<p>seven &amp &#0; &#xD800; &nosuch;',
  });
  await indexSite(site, KEYWORDS);
  const said = contentOf(site)
    .passages.map(({ headings, text }) => [...headings, text].join(' | '))
    .join(' ');
  for (const word of ['One two', 'three', 'four', 'Five | six', 'seven &']) expect(said).toContain(word);
});

test('of pages with one canonical address the one that is there is indexed', async () => {
  const page = (path: string) =>
    `<title>At ${path}</title><link rel="canonical" href="https://host.example/docs/a.html"><p>Text of ${path}.`;
  const site = siteForTest({
    'a.html': page('a'),
    'b.html': page('b'),
    'print/a.html': page('print'),
    'z.html': html('Z', 'Other.'),
  });
  expect(await indexSite(site, KEYWORDS)).toMatchObject({
    pages: 2,
    leftOut: [
      { path: 'b.html', reason: 'duplicate' },
      { path: 'print/a.html', reason: 'duplicate' },
    ],
  });
  expect(contentOf(site).pages.map(({ url }) => url)).toEqual(['a.html', 'z.html']);
});

test('markup in a title is text', async () => {
  const title = '<img src=x onerror=alert(1)> & "quotes" </script><b>bold</b>';
  const escaped = title.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const site = siteForTest({
    'a.html': `<title>${escaped}</title><p>Text.`,
    'b.html': '<h1>A <em onclick="x()">real</em> <script>alert(1)</script>heading</h1><p>Text.',
  });
  await indexSite(site, KEYWORDS);
  expect(contentOf(site).pages.map((page) => page.title)).toEqual([title, 'A real heading']);
});

test('bidirectional controls and characters of no width do not hide words', async () => {
  const site = siteForTest({
    'a.html': html('in\u200Bvoice\u202Egnp.exe', 'soft\u00ADware and \u2067עברית\u2069 and zero\u200B\uFEFFwidth'),
  });
  await indexSite(site, KEYWORDS);
  const { pages, passages } = contentOf(site);
  expect(pages[0]!.title).toBe('invoicegnp.exe');
  expect(passages[0]!.text).toBe('software and עברית and zerowidth');
});

test('a half-written earlier output is replaced by a whole one', async () => {
  const site = siteForTest();
  await indexSite(site, KEYWORDS);
  const whole = bytesBelow(site.output);
  const damages: readonly (() => void)[] = [
    () => truncateSync(join(site.output, 'era-search.json'), 100),
    () => writeFileSync(join(site.output, 'era-search.json'), ''),
    () =>
      writeFileSync(
        join(
          site.output,
          [...whole.keys()].find((name) => name.startsWith('parts/texts'))!,
        ),
        'cut',
      ),
    () => writeFileSync(join(site.output, 'parts/texts-0000000000000000.bin'), 'of nobody'),
  ];
  for (const [i, damage] of damages.entries()) {
    damage();
    const { warnings } = await indexSite(site, KEYWORDS);
    expect(warnings.length, `damage ${i}`).toBe(i < 2 ? 1 : 0);
    const after = bytesBelow(site.output);
    for (const [name, bytes] of whole) expect(after.get(name), name).toBe(bytes);
  }
  expect(readdirSync(site.site).filter((name) => name.startsWith('.'))).toEqual([]);
});

test('an index of a later version is replaced, with a note', async () => {
  const site = siteForTest();
  await indexSite(site, KEYWORDS);
  const path = join(site.output, 'era-search.json');
  const manifest = readFileSync(path, 'utf8');
  writeFileSync(path, JSON.stringify({ ...(JSON.parse(manifest) as object), version: 99 }));
  const { warnings } = await indexSite(site, KEYWORDS);
  expect(warnings).toHaveLength(1);
  expect(readFileSync(path, 'utf8')).toBe(manifest);
});

test('10,000 tiny pages', async () => {
  const site = siteForTest({});
  for (let i = 0; i < 10_000; i++) {
    if (i % 1000 === 0) mkdirSync(join(site.site, String(i / 1000)), { recursive: true });
    writeFileSync(join(site.site, `${Math.floor(i / 1000)}/${i}.html`), `<title>Page ${i}</title><p>Number ${i}`);
  }
  expect(await indexSite(site, KEYWORDS)).toMatchObject({ pages: 10_000, passages: 10_000, leftOut: [] });
  const { pages, passages } = contentOf(site);
  expect(pages.find(({ url }) => url === '9/9999.html')!.title).toBe('Page 9999');
  expect(passages.filter(({ text }) => text === 'Number 777')).toHaveLength(1);
}, 180_000);

test('a page of 20 MB', async () => {
  const section = (i: number) =>
    `<h2 id="s${i}">Section ${i}</h2>${'<p>Some words that stand in a paragraph of a very long page, again and again.</p>\n'.repeat(25)}`;
  const site = siteForTest({
    'large.html': `<title>Large</title>${Array.from({ length: 10_000 }, (_, i) => section(i)).join('')}`,
    'small.html': html('Small', 'Text.'),
  });
  expect(readFileSync(join(site.site, 'large.html')).length).toBeGreaterThan(20_000_000);
  const { pages, passages, leftOut } = await indexSite(site, KEYWORDS);
  expect(leftOut).toEqual([]);
  expect(pages).toBe(2);
  expect(passages).toBeGreaterThan(10_000);
  expect(contentOf(site).passages.findLast(({ page }) => page === 0)).toMatchObject({
    headings: ['Section 9999'],
    anchor: 's9999',
  });
}, 180_000);
