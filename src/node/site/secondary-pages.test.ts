import { describe, expect, test } from 'vitest';
import type { CollectedPage } from './extracted-page.ts';
import { withSecondary } from './secondary-pages.ts';

function page(url: string, weight = 1, isRecord = false, texts = ['text']): CollectedPage {
  return {
    path: url,
    url,
    isRecord,
    extracted: {
      kind: 'page',
      canonical: null,
      page: { title: 'T', language: 'en', meta: {}, filters: {}, sort: {} },
      documentTitle: 'T',
      generator: null,
      isLinks: false,
      versions: [],
      isTitleSaid: false,
      sections: [{ headings: [], anchor: '', blocks: texts.map((text) => ({ text, weight })) }],
      hasBody: false,
    },
  };
}

const weightOf = (given: CollectedPage): number => withSecondary([given])[0]!.extracted.sections[0]!.blocks[0]!.weight;

test.each([
  'changelog.html',
  'CHANGELOG/',
  'docs/release-notes/2.0.html',
  'whatsnew/3.11.html',
  'what-s-new.html',
  'releaselog/3_8_1.html',
  '_modules/os.html',
  'tags/linux/index.html',
  'https://site.example/category/news.html',
])('%s counts less', (url) => {
  expect(weightOf(page(url))).toBe(0.25);
});

test.each([
  'guide/changing-a-log.html',
  'tagging.html',
  'archive-format.html',
  'history.html',
  'news.html',
  'index.html',
])('%s counts as any page', (url) => {
  expect(weightOf(page(url))).toBe(1);
});

test('weights of the author and records are left as they are', () => {
  expect(weightOf(page('changelog.html', 2))).toBe(2);
  expect(weightOf(page('changelog.html', 1, true))).toBe(1);
});

describe('a page that repeats others', () => {
  const sentence = (page: number, i: number): string =>
    `Sentence ${String(i)} of page ${String(page)} says something that no other says.`;
  const sources = Array.from({ length: 12 }, (_, n) =>
    page(`source-${String(n)}.html`, 1, false, [sentence(n, 0), `${sentence(n, 1)} ${sentence(n, 2)}`]),
  );
  const weightsOf = (pages: readonly CollectedPage[]): number[] =>
    withSecondary(pages).map(({ extracted }) => extracted.sections[0]!.blocks[0]!.weight);
  const repeated = Array.from({ length: 12 }, (_, n) => sentence(n, 1));
  const own = Array.from({ length: 20 }, (_, i) => sentence(99, i));

  test('counts less, and its sources do not', () => {
    const collection = page('requirements.html', 1, false, [...repeated, ...own.slice(0, 6)]);
    expect(weightsOf([...sources, collection])).toEqual([...sources.map(() => 1), 0.25]);
  });

  test('counts as any page where most of it is its own', () => {
    expect(weightsOf([...sources, page('guide.html', 1, false, [...repeated, ...own])]).at(-1)).toBe(1);
  });

  test('counts as any page where it shares all with one other page, as versions do', () => {
    const texts = Array.from({ length: 30 }, (_, i) => sentence(7, i));
    expect(weightsOf([page('1/a.html', 1, false, texts), page('2/a.html', 1, false, texts)])).toEqual([1, 1]);
  });

  test('counts as any page where many pages have the same text, as those of a family of commands do', () => {
    const family = sources.map(({ url }) => page(url, 1, false, [...repeated, sentence(50, 1)]));
    expect(weightsOf(family)).toEqual(family.map(() => 1));
  });
});
