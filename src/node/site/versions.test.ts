import { expect, test } from 'vitest';
import { isEraError } from '../../errors.ts';
import { collectedPage } from './extract/page-for-test.ts';
import { VERSION_FILTER, withVersions } from './versions.ts';

const page = (url: string, text = url, title = 'Guide'): ReturnType<typeof collectedPage> =>
  collectedPage(url, `<h1>${title}</h1><p>The text of ${text}.`);
const said = (url: string, version: string): ReturnType<typeof collectedPage> =>
  collectedPage(url, `<head><meta name="DocSearch:version" content="${version}"></head><h1>Guide</h1><p>${url}`);
/** Current version, then the addresses in order, each with its versions. */
const versioned = (pages: ReturnType<typeof collectedPage>[], wanted?: string): [string | null, string[]] => {
  const { current, pages: all } = withVersions(pages, wanted);
  return [
    current,
    all.map(({ url, extracted }) => `${url} ${(extracted.page.filters[VERSION_FILTER] ?? ['-']).join('+')}`),
  ];
};
const site = (folders: string[], names = ['a', 'b']): ReturnType<typeof collectedPage>[] =>
  folders.flatMap((folder) => names.map((name) => page(`${folder}${name}.html`)));

test('folders named as numbers are versions, in the order of numbers, and the highest is current', () => {
  expect(versioned(site(['docs/1.9/', 'docs/1.10/', 'docs/1.2/'], ['a']))).toEqual([
    '1.10',
    ['docs/1.10/a.html 1.10', 'docs/1.9/a.html 1.9', 'docs/1.2/a.html 1.2'],
  ]);
  expect(versioned(site(['v1/', 'v2/'], ['a']))[0]).toBe('v2');
  expect(versioned(site(['2.0.0-rc.1/', '1.4.x/'], ['a']))[0]).toBe('1.4.x');
});

test.each([
  ['outside the folders', ['', '1.0/', 'next/'], 'current'],
  ['stable', ['1.0/', 'latest/', 'stable/', 'dev/'], 'stable'],
  ['a number before what is unreleased', ['1.0/', 'main/', 'next/'], '1.0'],
  ['a name where there is no number', ['next/', 'latest/'], 'latest'],
])('the current version is that of the pages %s', (_, folders, current) => {
  expect(versioned(site(folders, ['a', 'b', 'c']))[0]).toBe(current);
});

test('pages that no version has beside them are of none, and are last', () => {
  expect(versioned([page('blog/post.html'), ...site(['', '1.0/']), page('1.0/old.html')])).toEqual([
    'current',
    ['a.html current', 'b.html current', '1.0/a.html 1.0', '1.0/b.html 1.0', '1.0/old.html 1.0', 'blog/post.html -'],
  ]);
});

test('a name whose pages are those of a number is another name of it', () => {
  const pages = [...site(['1.0/', '2.0/']), page('latest/a.html', '2.0/a.html'), page('latest/b.html', '2.0/b.html')];
  const [current, all] = versioned(pages);
  expect(current).toBe('2.0');
  expect(all.slice(0, 4).sort()).toEqual([
    '2.0/a.html 2.0',
    '2.0/b.html 2.0',
    'latest/a.html 2.0',
    'latest/b.html 2.0',
  ]);
});

test('what a page says of its version goes first, and its folder says what is unreleased', () => {
  expect(
    versioned([said('docs/a', '3.1'), said('docs/3.0/a', '3.0'), said('docs/next/a', 'current'), page('blog/a')]),
  ).toEqual(['3.1', ['docs/a 3.1', 'docs/3.0/a 3.0', 'docs/next/a current', 'blog/a -']]);
  expect(versioned([said('a', '2.0, latest'), said('b', '1.0')])).toEqual(['latest', ['a 2.0+latest', 'b 1.0']]);
  expect(versioned([said('a', '2.0-beta'), said('b', '1.10'), said('c', '1.9')])[0]).toBe('1.10');
});

test.each([
  ['years', ['news/2023/index.html', 'news/2024/index.html', 'news/2023/may.html', 'news/2024/may.html']],
  ['numbers with other pages', ['1/intro.html', '2/setup.html', '3/use.html', '4/end.html']],
  ['a folder for developers', ['index.html', 'about.html', 'dev/index.html', 'dev/build.html']],
  ['one folder', ['1.0/a.html', '1.0/b.html', 'index.html']],
  ['files', ['1.0', '2.0']],
])('%s are no versions', (_, urls) => {
  expect(versioned(urls.map((url) => page(url)))).toEqual([null, urls.map((url) => `${url} -`)]);
});

test('numbers alone may be those of chapters or lists: the titles tell', () => {
  const chapters = ['1', '2', '3'].map((n) => page(`book/${n}/index.html`, n, `Chapter ${n}`));
  expect(versioned(chapters)[0]).toBeNull();
  expect(versioned(['2', '3'].map((n) => page(`blog/page/${n}/index.html`, n, 'Blog')))[0]).toBeNull();
  const releases = ['9', '16', '17'].map((n) => page(`docs/${n}/index.html`, n, 'Manual'));
  expect(versioned(releases)[0]).toBe('17');
  expect(versioned(['v1.0', 'v1.1'].map((n) => page(`${n}/a.html`, n, `Manual of ${n}`)))[0]).toBe('v1.1');
  expect(versioned(['v1.0', 'v1.1'].map((n, i) => page(`${n}/a.html`, n, ['Cats', 'Dogs'][i])))[0]).toBeNull();
});

test('a filter of the author’s is left as it is', () => {
  const own = ['1.0/a', '2.0/a'].map((url) => collectedPage(url, `<p data-pagefind-filter=version>${url}`));
  expect(versioned(own)).toEqual([null, ['1.0/a 1.0/a', '2.0/a 2.0/a']]);
});

test('the current version can be named, or none', () => {
  const pages = site(['1.0/', '2.0/', '3.0/'], ['a']);
  expect(versioned(pages, '2.0')).toEqual(['2.0', ['2.0/a.html 2.0', '3.0/a.html 3.0', '1.0/a.html 1.0']]);
  expect(versioned(pages, 'all')).toEqual([null, ['3.0/a.html 3.0', '2.0/a.html 2.0', '1.0/a.html 1.0']]);
  for (const [some, wanted] of [
    [pages, '4.0'],
    [[page('a')], '1.0'],
  ] as const) {
    try {
      withVersions(some, wanted);
      expect.unreachable();
    } catch (error) {
      expect(isEraError(error, 'invalid-option')).toBe(true);
    }
  }
});
