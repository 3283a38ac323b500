import { expect, test } from 'vitest';
import type { CollectedPage } from './extracted-page.ts';
import { withSecondary } from './secondary-pages.ts';

function page(url: string, weight = 1, isRecord = false): CollectedPage {
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
      sections: [{ headings: [], anchor: '', blocks: [{ text: 'text', weight }] }],
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
