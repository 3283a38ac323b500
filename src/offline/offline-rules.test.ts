import { describe, expect, test } from 'vitest';
import { isKeepable, isOutdated, pathIn, treatmentOf, type OfflineSite, type RequestFacts } from './offline-rules.ts';

const bundle = 'https://example.org/docs/era-search/';
const site: OfflineSite = { bundle, scope: 'https://example.org/docs/', pages: true };

function request(
  url: string,
  facts: Partial<Omit<RequestFacts, 'headers'>> & { headers?: Record<string, string> } = {},
): RequestFacts {
  return {
    method: 'GET',
    mode: 'cors',
    destination: '',
    ...facts,
    url: new URL(url, bundle).href,
    headers: new Headers(facts.headers),
  };
}

describe('treatmentOf', () => {
  test.each([
    ['parts/texts-0123456789abcdef.bin', 'hashed'],
    ['assets/search.worker-BQms0fTy.js', 'hashed'],
    ['models/Xenova/all-MiniLM-L6-v2/parts/0123456789abcdef.bin', 'hashed'],
    ['models/Xenova/all-MiniLM-L6-v2/tokenizer.json', 'hashed'],
    ['models/Xenova/all-MiniLM-L6-v2/era-model.json', 'fresh'],
    ['adapters/local-adapted-0123456789abcdef.bin', 'hashed'],
    ['era-search.json', 'fresh'],
    ['era-search.js?v=2', 'fresh'],
    ['offline.js', null],
    ['custom-elements.json', null],
  ])('%s of the bundle: %s', (path, treatment) => {
    expect(treatmentOf(request(path), site)).toBe(treatment);
  });

  test('the bundle may be on another origin; other files there are not affected', () => {
    const elsewhere = { ...site, bundle: 'https://cdn.example/era-search/' };
    expect(treatmentOf(request('https://cdn.example/era-search/assets/a-b.js'), elsewhere)).toBe('hashed');
    expect(
      treatmentOf(request('https://cdn.example/era-search-2/assets/a-b.js', { destination: 'script' }), elsewhere),
    ).toBe(null);
  });

  test('pages with their styles, scripts and fonts, of this origin only, unless the site opts out', () => {
    const page = request('../guide.html', { mode: 'navigate', destination: 'document' });
    expect(treatmentOf(page, site)).toBe('page');
    expect(treatmentOf(request('../style.css', { destination: 'style' }), site)).toBe('page');
    expect(treatmentOf(request('playground/', { mode: 'navigate', destination: 'document' }), site)).toBe('page');
    expect(treatmentOf(page, { ...site, pages: false })).toBe(null);
    expect(treatmentOf(request('https://elsewhere.example/style.css', { destination: 'style' }), site)).toBe(null);
  });

  test.each([
    ['data', request('../api/items')],
    ['an image', request('../logo.png', { destination: 'image' })],
    ['a form that is sent', request('../guide.html', { method: 'POST', mode: 'navigate' })],
    ['a size that is asked for', request('assets/ort.bin', { method: 'HEAD' })],
    ['a piece of a file', request('parts/texts-0123456789abcdef.bin', { headers: { range: 'bytes=0-9' } })],
  ])('%s is not touched', (_, facts) => {
    expect(treatmentOf(facts, site)).toBe(null);
  });
});

test('the path in the bundle has neither query nor fragment', () => {
  expect(pathIn(bundle, `${bundle}era-search.js?v=2#x`)).toBe('era-search.js');
});

describe('isOutdated', () => {
  // Hashes are packed without separators, as in format/site-manifest.ts.
  const manifest =
    '{"encoder":{"model":"Xenova/all-MiniLM-L6-v2","models":"models/"},"terms":{"hashes":"00000000000000aa00000000000000bb"}}';

  test.each([
    ['parts/terms-00000000000000aa.bin', false],
    ['parts/terms-00000000000000bb.bin', false],
    ['parts/terms-00000000000000cc.bin', true],
    ['adapters/local-adapted-00000000000000cc.bin', true],
    ['assets/now-1.js', false],
    ['assets/then-1.js', true],
    ['models/Xenova/all-MiniLM-L6-v2/tokenizer.json', false],
    ['models/Xenova/all-MiniLM-L6/tokenizer.json', true],
    ['era-search.json', false],
  ])('%s: %s', (path, past) => {
    expect(isOutdated(path, manifest, ['era-search.js', 'assets/now-1.js'])).toBe(past);
  });

  test('without a manifest only files of another build of the element are outdated', () => {
    expect(isOutdated('parts/terms-00000000000000cc.bin', null, [])).toBe(false);
    expect(isOutdated('models/x/y', null, [])).toBe(false);
    expect(isOutdated('assets/then-1.js', null, [])).toBe(true);
  });
});

describe('isKeepable', () => {
  const answer = (status: number, type: ResponseType, cacheControl = ''): Parameters<typeof isKeepable>[0] => ({
    status,
    type,
    headers: new Headers(cacheControl === '' ? {} : { 'cache-control': cacheControl }),
  });

  test('complete, readable responses', () => {
    expect(isKeepable(answer(200, 'basic'), 'page')).toBe(true);
    expect(isKeepable(answer(200, 'cors'), 'hashed')).toBe(true);
    expect(isKeepable(answer(206, 'basic'), 'hashed')).toBe(false);
    expect(isKeepable(answer(404, 'basic'), 'page')).toBe(false);
    expect(isKeepable(answer(0, 'opaque'), 'hashed')).toBe(false);
    expect(isKeepable(answer(0, 'opaqueredirect'), 'page')).toBe(false);
  });

  test('a page that must not be stored is not; parts are the same for everybody', () => {
    expect(isKeepable(answer(200, 'basic', 'private, no-store'), 'page')).toBe(false);
    expect(isKeepable(answer(200, 'basic', 'no-cache'), 'page')).toBe(true);
    expect(isKeepable(answer(200, 'basic', 'no-store'), 'hashed')).toBe(true);
  });
});
