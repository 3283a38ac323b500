import { expect, test } from 'vitest';
import { isEraError } from '../errors.ts';
import { parseCuration, placeCuration, ruleOf } from './curation.ts';

function problemOf(text: string): string {
  try {
    parseCuration(text, 'site/synonyms.json');
    return '';
  } catch (error) {
    if (isEraError(error, 'invalid-input')) return error.message;
    throw error;
  }
}

test('a file is read, with nothing where it says nothing', () => {
  expect(parseCuration('{"synonyms": ["k8s, kubernetes"]}')).toEqual({
    synonyms: ['k8s, kubernetes'],
    boosts: {},
    pins: {},
    excluded: [],
  });
});

test.each<[string, string]>([
  ['{', 'site/synonyms.json is not JSON'],
  ['[]', 'site/synonyms.json takes one JSON object'],
  ['{"synonims": []}', '“synonims”, which is none of synonyms, boosts, pins, excluded'],
  ['{"boosts": {"a": 1, "a": 2}}', 'the key “a” twice'],
  ['{"synonyms": "a, b"}', 'synonyms takes a list'],
  ['{"synonyms": ["a, b", "alone"]}', 'synonyms, line 2 takes terms such as'],
  ['{"synonyms": ["a, , b"]}', 'line 1'],
  ['{"synonyms": ["a => "]}', 'line 1'],
  ['{"synonyms": ["a => b => c"]}', 'line 1'],
  [JSON.stringify({ synonyms: [`a, ${'b'.repeat(65)}`] }), 'at most 64 characters'],
  [JSON.stringify({ synonyms: Array(17).fill('a').join(', ').split('\n') }), 'at most 16 terms'],
  [JSON.stringify({ synonyms: Array(1001).fill('a, b') }), 'at most 1000'],
  ['{"boosts": {"guide/**": 0}}', 'boosts, “guide/**” takes a factor from 0.1 to 10'],
  ['{"boosts": {"guide/**": "2"}}', 'takes a factor'],
  ['{"boosts": {"": 2}}', 'none empty'],
  ['{"boosts": []}', 'boosts takes an object'],
  ['{"pins": {"install": "guide/install.html"}}', 'pins, “install” takes a list'],
  ['{"excluded": [""]}', 'excluded takes a list'],
  [`"${'x'.repeat(1024 * 1024)}"`, 'more than'],
])('%s is refused, and the error says where', (text, message) => {
  expect(problemOf(text)).toContain(message);
});

test('rules of lines', () => {
  expect(ruleOf('k8s,  kubernetes')).toEqual({ typed: ['k8s', 'kubernetes'], found: ['k8s', 'kubernetes'] });
  expect(ruleOf('ci => continuous integration, builds')).toEqual({
    typed: ['ci'],
    found: ['continuous integration', 'builds'],
  });
});

const pages = ['./', 'guide/', 'guide/a%20b.html', 'old/guide.html', 'https://other.example/x'].map((url) => ({ url }));

test('boosts: the last glob that matches counts, and 1 takes a factor back', () => {
  const { placed, report } = placeCuration(
    { boosts: { '/**': 2, 'old/*': 0.5, 'guide/index.html': 1, 'gone/**': 3 } },
    pages,
  );
  expect([...placed.boosted]).toEqual([
    [0, 2],
    [2, 2],
    [3, 0.5],
    [4, 2],
  ]);
  expect(report).toEqual({ synonyms: 0, boosted: 4, pinned: 0, excluded: 0, missing: ['gone/**'] });
});

test('pins: pages by their paths however written; one that does not exist is named, the others stay', () => {
  const { placed, report } = placeCuration(
    {
      pins: {
        start: ['/', 'gone.html', 'guide/index.html', './guide/'],
        spaces: ['guide/a b.html', '/guide/a%20b.html', 'https://other.example/x'],
        nothing: ['gone.html', '100%'],
      },
    },
    pages,
  );
  expect(placed.pinned).toEqual([[0, 1], [2, 4], []]);
  expect(report).toMatchObject({ pinned: 2, missing: ['gone.html', '100%'] });
});

test('a page without an address is named by its id', () => {
  const { placed } = placeCuration({ pins: { a: ['doc#1'] }, boosts: { 'doc*': 3 } }, [{ url: '', id: 'doc#1' }]);
  expect(placed).toMatchObject({ pinned: [[0]], boosted: new Map([[0, 3]]) });
});
