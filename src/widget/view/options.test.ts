import { expect, test } from 'vitest';
import { OptionCursor } from '../option-cursor.ts';
import { page, section } from '../page-hit.fixture.ts';
import { safeLink } from '../safe-link.ts';
import { bestOption, optionGroups } from './options.ts';

const A = 'https://site.test/a';
const B = 'https://site.test/b';

test('a page is an option, and its top is not a second one', () => {
  const [group] = optionGroups([page(A, [section(`${A}#x`, ['X']), section(A)])]);
  expect(group!.options.map(({ url, isPage }) => [url, isPage])).toEqual([
    [A, true],
    [`${A}#x`, false],
  ]);
  expect(group!.options[0]!.section?.url).toBe(A);
});

test('a section without an address in its page is scrolled to by its heading, where the browser can', () => {
  const hrefs = (heading: string, scrollsToText = true): (string | null)[] =>
    optionGroups(
      [page(A, [section(A, ['Part', heading]), section(`${A}#x`, ['X']), section(A)])],
      scrollsToText,
    ).flatMap(({ options }) => options.map(({ href, url }) => (expect(url).not.toContain('text='), href)));
  expect(hrefs('Up-to-date, fast & “50 %”')).toEqual([
    A,
    `${A}#:~:text=Up%2Dto%2Ddate%2C%20fast%20%26%20%E2%80%9C50%20%25%E2%80%9D`,
    `${A}#x`,
  ]);
  expect(hrefs('A long heading that was…')[1]).toBe(`${A}#:~:text=A%20long%20heading%20that%20was`);
  expect(hrefs('Half a \ud83d sign')[1], 'half a character').toBe(`${A}#:~:text=Half%20a%20%EF%BF%BD%20sign`);
  expect(hrefs('Heading', false)).toEqual([A, A, `${A}#x`]);
});

test('Enter without an active option opens the best section, not the top of its page', () => {
  expect(bestOption(optionGroups([page(A, [section(`${A}#x`, ['X'])]), page(B)]))?.url).toBe(`${A}#x`);
  expect(bestOption(optionGroups([page(A)]))?.url).toBe(A);
  expect(bestOption([])).toBeNull();
});

test('addresses outside the web are left out', () => {
  const groups = optionGroups([
    page('javascript:alert(1)'),
    page(A, [section('data:text/html,x', ['X'])]),
    page('//other.test/'),
    page('file:///etc/passwd'),
  ]);
  expect(groups.flatMap(({ options }) => options.map(({ url }) => url))).toEqual([A]);
  expect(
    ['JavaScript:x', ' javascript:x', 'java\nscript:x', 'blob:https://site.test/1', 'guide/x', ''].map(safeLink),
  ).toEqual(Array(6).fill(null));
  expect(safeLink('https://site.test/a b#ü')).toBe('https://site.test/a%20b#%C3%BC');
});

test('the cursor wraps at both ends and stays on its option when others come before it', () => {
  const cursor = new OptionCursor();
  const groups = optionGroups([page(A), page(B)]);
  cursor.move(groups, -1);
  expect(cursor.active(groups)?.url).toBe(B);
  cursor.move(groups, 1);
  expect(cursor.active(groups)?.url).toBe(A);
  const more = optionGroups([page('https://site.test/c'), page(A), page(B)]);
  expect(cursor.index(more)).toBe(1);
  expect(cursor.index(optionGroups([page(B)]))).toBe(-1);
  cursor.move([], 1);
  expect(cursor.active(groups)?.url).toBe(A);
});
