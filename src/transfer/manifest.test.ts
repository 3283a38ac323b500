// How the manifest is asked for: anew at every visit, and without a long wait where the store has a copy.

import { expect, test } from 'vitest';
import { fetchManifest } from './manifest.ts';

const ADDRESS = 'https://site.example/era-search.json';

test('the browser’s cache is asked of the server at every visit, so that a new build is seen', async () => {
  const caches: (string | undefined)[] = [];
  const fetch = (_: string, { cache }: RequestInit): Promise<Response> => {
    caches.push(cache);
    return Promise.resolve(new Response('no manifest'));
  };
  expect(await fetchManifest(ADDRESS, true, { fetch })).toBe(null);
  await expect(fetchManifest(ADDRESS, false, { fetch })).rejects.toMatchObject({ code: 'index-format' });
  expect(caches).toEqual(['no-cache', 'no-cache']);
});
