// `query-options` of <era-search>, by what the API of the query model receives from a page.

import { rm } from 'node:fs/promises';
import { expect, test } from '@playwright/test';
import { sendJson, startFaultyServer, vectorOf } from './support/faulty-server.ts';
import { indexedFixtureSite } from './support/indexed-site.ts';
import { SearchBox } from './support/search-box.ts';
import { startSiteServer } from './support/site-server.ts';

const OPTIONS = JSON.stringify({
  inputField: 'texts',
  dimensionsField: 'output_dimension',
  encodingFormat: 'float',
  queryFields: { input_type: 'search_query' },
  documentFields: { input_type: 'search_document' },
  headers: { 'x-team': 'docs' },
});

test('query-options reach the request of a page', async ({ page }) => {
  const api = await startFaultyServer((call, response) => {
    const { texts } = call.body as unknown as { texts: string[] };
    sendJson(response, 200, { embeddings: { float: texts.map((text) => vectorOf(text, 8)) } });
  });
  const model = ['--query-url', api.baseUrl, '--query-model', 'm', '--query-dimensions', '8'];
  const folder = await indexedFixtureSite(...model, '--query-options', OPTIONS);
  const server = await startSiteServer(folder);
  try {
    const indexed = api.calls.length;
    // The API is on the page's own origin, as a proxy of the site is.
    await page.route('**/api/v1/**', async (route) => {
      const { pathname, search } = new URL(route.request().url());
      await route.fulfill({
        response: await route.fetch({ url: new URL(pathname.slice(4) + search, api.baseUrl).href }),
      });
    });
    await SearchBox.listen(page);
    await page.goto(`${server.url}guide/restore.html`);
    await page.locator('era-search').evaluate((element, options) => {
      const attributes = { url: '/api/v1?team=docs', model: 'm', dimensions: '8', options };
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(`query-${name}`, value);
    }, OPTIONS);
    const box = new SearchBox(page);
    await box.ask('my laptop was stolen');
    await expect(box.part('source')).toHaveAttribute('data-vector', 'remote');
    const [call, ...more] = api.calls.slice(indexed);
    expect(more).toEqual([]);
    expect(call!.path).toBe('/v1/embeddings?team=docs');
    expect(call!.headers).toMatchObject({ 'x-team': 'docs', 'content-type': 'application/json' });
    expect(call!.body).toEqual({
      model: 'm',
      texts: ['my laptop was stolen'],
      output_dimension: 8,
      encoding_format: 'float',
      input_type: 'search_query',
    });
  } finally {
    await server.close();
    await api.close();
    await rm(folder, { recursive: true });
  }
});
