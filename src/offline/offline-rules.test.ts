import { describe, expect, test } from 'vitest';
import {
  descriptionOf,
  filesOfPage,
  filesToInstall,
  hashOf,
  isKeepable,
  isTheFile,
  outdatedModels,
  pathIn,
  treatmentOf,
  type OfflineSite,
  type Release,
  type RequestFacts,
} from './offline-rules.ts';

const bundle = 'https://example.org/docs/era-search/';
const site: OfflineSite = { bundle, scope: 'https://example.org/docs/', pages: true };

const release: Release = {
  id: 'r2',
  ahead: { 'era-search.js': '00000000000000aa', 'assets/search.worker-BQms0fTy.js': '00000000000000bb' },
  later: {
    'assets/encoder.worker-B_ms-fTy.js': '00000000000000cc',
    'assets/ort-wasm.async-DXIbolS2.bin': '00000000000000dd',
  },
};

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
    ['parts/texts-0123456789abcdef.bin', null],
    ['adapters/local-adapted-0123456789abcdef.bin', null],
    ['assets/search.worker-BQms0fTy.js', 'kept'],
    ['assets/encoder.worker-B_ms-fTy.js', 'kept'],
    ['assets/search.worker-ofthenext.js', null],
    ['models/Xenova/all-MiniLM-L6-v2/parts/0123456789abcdef.bin', 'kept'],
    ['models/Xenova/all-MiniLM-L6-v2/tokenizer.json', 'kept'],
    ['models/Xenova/all-MiniLM-L6-v2/era-model.json', 'fresh'],
    ['era-search.json', 'noted'],
    ['era-search.js?v=2', 'fresh'],
    ['offline.js', null],
    ['custom-elements.json', null],
  ])('%s of the bundle: %s', (path, treatment) => {
    expect(treatmentOf(request(path), site, release)).toBe(treatment);
  });

  test('the bundle may be on another origin; other files there are not affected', () => {
    const elsewhere = { ...site, bundle: 'https://cdn.example/era-search/' };
    expect(
      treatmentOf(request('https://cdn.example/era-search/assets/search.worker-BQms0fTy.js'), elsewhere, release),
    ).toBe('kept');
    expect(
      treatmentOf(
        request('https://cdn.example/era-search-2/assets/a-b.js', { destination: 'script' }),
        elsewhere,
        release,
      ),
    ).toBe(null);
  });

  test('pages with their styles, scripts and fonts, of this origin only, unless the site opts out', () => {
    const page = request('../guide.html', { mode: 'navigate', destination: 'document' });
    expect(treatmentOf(page, site, release)).toBe('page');
    expect(treatmentOf(request('../style.css', { destination: 'style' }), site, release)).toBe('page');
    expect(treatmentOf(request('playground/', { mode: 'navigate', destination: 'document' }), site, release)).toBe(
      'page',
    );
    expect(treatmentOf(page, { ...site, pages: false }, release)).toBe(null);
    expect(treatmentOf(request('https://elsewhere.example/style.css', { destination: 'style' }), site, release)).toBe(
      null,
    );
  });

  test.each([
    ['data', request('../api/items')],
    ['an image', request('../logo.png', { destination: 'image' })],
    ['a form that is sent', request('../guide.html', { method: 'POST', mode: 'navigate' })],
    ['a size that is asked for', request('assets/ort.bin', { method: 'HEAD' })],
    ['a piece of a file', request('parts/texts-0123456789abcdef.bin', { headers: { range: 'bytes=0-9' } })],
  ])('%s is not touched', (_, facts) => {
    expect(treatmentOf(facts, site, release)).toBe(null);
  });
});

test('the path in the bundle has neither query nor fragment', () => {
  expect(pathIn(bundle, `${bundle}era-search.js?v=2#x`)).toBe('era-search.js');
});

describe('filesToInstall', () => {
  test('what a first search needs; of the rest what this visitor has used, under its name of now', () => {
    expect(filesToInstall(release, [])).toEqual(Object.keys(release.ahead));
    expect(filesToInstall(release, ['era-search.js', 'assets/encoder.worker-then0000.js'])).toEqual([
      ...Object.keys(release.ahead),
      'assets/encoder.worker-B_ms-fTy.js',
    ]);
    expect(filesToInstall(release, ['assets/ort-wasm-then-000.bin'])).toEqual(Object.keys(release.ahead));
  });
});

test('the scripts and styles of a page, of its own origin, each once', () => {
  const html = `<!doctype html><link rel="canonical" href="/x"><link href='a.css' rel='preload stylesheet'>
    <LINK REL=stylesheet HREF=/b.css?v=1><script type="module" src="../c.js"></script><script>let src = "no.js";</script>
    <script src="https://elsewhere.example/d.js"></script><script data-src="e.js"></script><script src="http://["></script>
    <link rel="icon" href="f.svg"><script async src="/b.css?v=1"></script>`;
  expect(filesOfPage(html, 'https://example.org/docs/guide/page.html')).toEqual([
    'https://example.org/docs/guide/a.css',
    'https://example.org/b.css?v=1',
    'https://example.org/docs/c.js',
  ]);
  const many = Array.from({ length: 200 }, (_, i) => `<script src="${i}.js"></script>`).join('');
  expect(filesOfPage(many, 'https://example.org/')).toHaveLength(50);
});

describe('hashes', () => {
  test('of the release’s files, and of pieces of models, which are named by them', () => {
    expect(hashOf('era-search.js', release)).toBe('00000000000000aa');
    expect(hashOf('assets/encoder.worker-B_ms-fTy.js', release)).toBe('00000000000000cc');
    expect(hashOf('models/a/b/parts/0123456789abcdef.bin', release)).toBe('0123456789abcdef');
    expect(hashOf('models/a/b/tokenizer.json', release)).toBe(null);
  });

  const answer = (type: string, status = 200, encoding?: string): Parameters<typeof isTheFile>[2] => ({
    status,
    headers: new Headers({ 'content-type': type, ...(encoding === undefined ? {} : { 'content-encoding': encoding }) }),
  });
  const digest = '0123456789abcdef0000';
  test.each([
    ['the file', '0123456789abcdef', answer('text/javascript'), true],
    ['the file, whatever the server calls it', '0123456789abcdef', answer('text/html'), true],
    ['another script', 'ffff', answer('text/javascript', 200, 'br'), false],
    ['a page about an error', 'ffff', answer('text/html; charset=utf-8', 200, 'gzip'), false],
    ['a page in place of a file without a known hash', null, answer('text/html'), false],
    ['a file without a known hash', null, answer('application/json'), true],
    ['an error without a known hash', null, answer('application/json', 404), false],
    ['other octets', 'ffff', answer('application/octet-stream'), false],
    ['octets that were unpacked in transit', 'ffff', answer('application/octet-stream', 200, 'gzip'), true],
  ])('%s', (_, hash, response, isIt) => {
    expect(isTheFile(hash, digest, response)).toBe(isIt);
  });
});

describe('outdatedModels', () => {
  const manifest = '{"encoder":{"model":"a/now","models":"models/"}}';
  const description =
    '{"files":{"weights":{"parts":[{"file":"parts/00000000000000aa.bin"},{"file":"parts/00000000000000bb.bin"}]}}}';
  const then = [
    'models/a/then/era-model.json',
    'models/a/then/parts/00000000000000cc.bin',
    'models/a/nowadays/tokenizer.json',
  ];
  const whole = ['models/a/now/parts/00000000000000aa.bin', 'models/a/now/parts/00000000000000bb.bin'];

  test('once the model that the site uses is here as a whole, the files of others are dropped', () => {
    expect(descriptionOf(manifest)).toBe('models/a/now/era-model.json');
    expect(outdatedModels(manifest, description, [...then, ...whole, 'era-search.json'])).toEqual(then);
  });

  test.each([
    ['while a piece is missing', manifest, description, [...then, whole[0]!]],
    ['without a description', manifest, null, [...then, ...whole]],
    ['without a list of pieces', manifest, '{}', [...then, ...whole]],
    ['on a site that names no model', '{"encoder":null}', description, [...then, ...whole]],
  ])('%s nothing is dropped', (_, text, described, kept) => {
    expect(outdatedModels(text, described, kept)).toEqual([]);
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
    expect(isKeepable(answer(200, 'cors'), 'kept')).toBe(true);
    expect(isKeepable(answer(206, 'basic'), 'kept')).toBe(false);
    expect(isKeepable(answer(404, 'basic'), 'page')).toBe(false);
    expect(isKeepable(answer(0, 'opaque'), 'kept')).toBe(false);
    expect(isKeepable(answer(0, 'opaqueredirect'), 'page')).toBe(false);
  });

  test('a page that must not be stored is not; files of the search are the same for everybody', () => {
    expect(isKeepable(answer(200, 'basic', 'private, no-store'), 'page')).toBe(false);
    expect(isKeepable(answer(200, 'basic', 'no-cache'), 'page')).toBe(true);
    expect(isKeepable(answer(200, 'basic', 'no-store'), 'kept')).toBe(true);
  });
});
