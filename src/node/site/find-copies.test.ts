import { expect, test } from 'vitest';
import { collectedPage as page } from './extract/page-for-test.ts';
import type { CollectedPage } from './extracted-page.ts';
import { withoutCopies } from './find-copies.ts';

const prose = (of: string): string =>
  `The ${of} is told here in so many words that nobody would write them twice by chance.`;
const chapter = (name: string, level = 1): string =>
  `<h${level} id=${name}>${name}</h${level}><p>${prose(name)}</p><h${level + 1}>Notes on ${name}</h${level + 1}><p>${prose(`note on ${name}`)}</p>`;
const copiesOf = (pages: CollectedPage[]): [string[], string[]] => {
  const { pages: kept, copies } = withoutCopies(pages);
  return [kept.map(({ url, extracted }) => `${url} ${extracted.sections.length}`), [...copies].map(({ url }) => url)];
};

test('one page at several addresses is kept at the one nearest the root, not in its print version', () => {
  const html = '<h1>Limits</h1><p>Sixty.';
  expect(
    copiesOf(['a/limits.html', 'limits/', 'print.html', 'print/limits.html'].map((url) => page(url, html))),
  ).toEqual([['limits/ 1'], ['a/limits.html', 'print.html', 'print/limits.html']]);
  expect(
    copiesOf([page('a', html), page('b', `<html lang=de>${html}`), page('c', html.replace('Limits', 'Rates'))])[1],
  ).toEqual([]);
});

test('a page that holds the others is a copy, or keeps what is only there', () => {
  const names = ['Moss', 'Fern', 'Reed'];
  const pages = names.map((name) => page(`${name}.html`, chapter(name)));
  const all = `<h1>Manual</h1>${names.map((name, i) => chapter(name, 2).replace(`>${name}<`, `>${i + 1}. ${name}<`)).join('')}`;
  expect(copiesOf([page('all.html', all), ...pages])).toEqual([
    ['Moss.html 2', 'Fern.html 2', 'Reed.html 2'],
    ['all.html'],
  ]);
  const { pages: kept } = withoutCopies([...pages, page('all.html', `${all}<h2>Index</h2><p>Only here.`)]);
  expect(kept.at(-1)?.extracted.sections.map(({ headings }) => headings)).toEqual([['Index']]);
});

test('a section of several pages stays on one; what differs, is short, or has another heading stays on all', () => {
  const same = `<h2>Get help</h2><p>${prose('office')}</p>`;
  const pages = ['a', 'b'].map((url) => page(url, `<h1>${url}</h1><p>${prose(url)}</p>${same}`));
  expect(copiesOf(pages)[0]).toEqual(['a 2', 'b 1']);
  const other = (url: string): string =>
    `<h1>${url}</h1><p>Own ${url}.</p><h2>make${url}()</h2><p>${prose('result')}</p><h2>Help</h2><p>Ask us.</p>`;
  expect(copiesOf(['a', 'b'].map((url) => page(url, other(url))))[0]).toEqual(['a 3', 'b 3']);
});

test('records are left as they are', () => {
  const record = { ...page('r', `<h1>R</h1><p>${prose('record')}`), isRecord: true };
  expect(copiesOf([record, { ...record, url: 's' }])).toEqual([['r 1', 's 1'], []]);
});
