// Faults around the page: servers, files, storage and workers that fail. Every call ends and no data is lost.

import { expect, test, type Page } from '@playwright/test';
import { Playground } from './support/playground.ts';

/** A service worker would answer instead of the routes that inject the faults. */
test.use({ serviceWorkers: 'block' });

const QUERY = 'find all files changed in the last day';

async function opened(page: Page, query = '?corpus=HumanEval-X'): Promise<Playground> {
  const playground = new Playground(page);
  await playground.open(query);
  return playground;
}

const answers: readonly {
  name: string;
  status: number;
  body: string;
  headers?: Record<string, string>;
  code: string;
}[] = [
  { name: 'HTML', status: 200, body: '<!doctype html><title>Welcome</title>', code: 'bad-response' },
  { name: 'half a body', status: 200, body: '{"object":"list","data":[{"index":0,"embed', code: 'bad-response' },
  { name: '401', status: 401, body: '{"error":{"message":"no"}}', code: 'unauthorized' },
  {
    name: '429',
    status: 429,
    body: '{"error":{"message":"slow down"}}',
    headers: { 'retry-after': '0' },
    code: 'rate-limited',
  },
  { name: '500', status: 500, body: 'oops', code: 'server-error' },
  {
    name: 'a vector with a hole',
    status: 200,
    body: JSON.stringify({ object: 'list', data: [{ object: 'embedding', index: 0, embedding: [0.1, null] }] }),
    code: 'bad-response',
  },
];

test('whatever the embeddings server answers, the small model’s answer is shown, with the reason', async ({ page }) => {
  const playground = await opened(page, '?corpus=HumanEval-X&path=both&store=memory');
  await playground.expectIndex('network', '984');
  await playground.ask(QUERY);
  await playground.align();
  for (const { name, status, body, headers, code } of answers) {
    await test.step(name, async () => {
      await page.route('**/v1/embeddings', (route) =>
        route.fulfill({ status, body, contentType: 'application/json', ...(headers ? { headers } : {}) }),
      );
      await playground.ask(`${QUERY}, ${name}`); // a new query, since an answered one would be in the cache
      await expect(playground.ranking('aligned')).toContainText(code);
      expect(await playground.hits('aligned')).toHaveLength(8);
      await page.unroute('**/v1/embeddings');
    });
  }
});

test('an index file that is cut short is refused, and the next corpus opens', async ({ page }) => {
  await page.route('**/indexes/NL2Bash/**', async (route) => {
    const url = route.request().url().replace('NL2Bash', 'HumanEval-X');
    const response = await route.fetch({ url });
    const body = await response.body();
    await route.fulfill({ response, body: url.includes('/parts/vectors-') ? body.subarray(0, 5000) : body });
  });
  const playground = await opened(page, '?corpus=NL2Bash');
  await expect(page.getByRole('alert')).toContainText('index-format');
  await page.getByRole('radio', { name: /Code/ }).check();
  await playground.expectIndex('network', '984');
});

test('a model file that is an HTML page is reported with its address', async ({ page }) => {
  await page.route('**/models/**', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html>' }));
  const playground = await opened(page);
  await playground.expectIndex('network', '984');
  await playground.ask(QUERY);
  await expect(playground.ranking('none').locator('.warn')).toContainText('/models/Xenova/all-MiniLM-L6-v2/');
  await expect(page.getByTestId('devices')).toContainText('/models/Xenova/all-MiniLM-L6-v2/');
});

test('without room in the browser the index is used from memory', async ({ page, context }) => {
  const cdp = await context.newCDPSession(page);
  await page.goto('/?corpus=none');
  await cdp.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize: 50_000 });
  const playground = await opened(page);
  await playground.expectIndex('network', '984');
  await expect(playground.indexFact).toContainText('In memory only');
  await playground.ask(QUERY);
  expect(await playground.hits('none')).toHaveLength(8);
});

for (const [name, query] of [
  ['search', '?corpus=HumanEval-X'],
  ['search', '?corpus=HumanEval-X&store=memory'],
  ['encoder', '?corpus=HumanEval-X'],
] as const) {
  test(`the ${name} worker can die (${query}): the next search starts another and answers the same`, async ({
    page,
  }) => {
    const playground = await opened(page, query);
    await playground.expectIndex('network', '984');
    await playground.ask(QUERY);
    const before = await playground.hits('none');
    const worker = page.workers().find((candidate) => candidate.url().includes(`${name}.worker`));
    const closed = worker?.waitForEvent('close');
    await worker?.evaluate(() => self.close());
    await closed;
    await playground.ask(`${QUERY} `); // rejects if sent before the page noticed the death
    await playground.answered();
    await playground.submit(`${QUERY} or so`);
    await playground.ask(QUERY);
    expect(await playground.hits('none')).toEqual(before);
  });
}

test('a damaged adapter file is refused and nothing changes', async ({ page }) => {
  const playground = await opened(page);
  await playground.expectIndex('network', '984');
  await page
    .getByLabel('Load an adapter')
    .setInputFiles({ name: 'broken.safetensors', mimeType: 'application/octet-stream', buffer: Buffer.alloc(64, 1) });
  await expect(page.getByRole('alert')).toContainText('adapter-format');
  await playground.ask(QUERY);
  expect(await playground.hits('none')).toHaveLength(8);
});

test('an adapter that was saved can be loaded again and ranks the same', async ({ page }) => {
  const playground = await opened(page, '?corpus=HumanEval-X&path=local');
  await playground.expectIndex('network', '984');
  await playground.adapt(0.4);
  await playground.ask(QUERY);
  const adapted = await playground.hits('adapted');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Save local-adapted.safetensors' }).click();
  const path = await (await download).path();
  await page.getByRole('button', { name: 'Forget what was learned' }).click();
  await expect(playground.ranking('adapted')).toHaveCount(0);
  await page.getByLabel('Load an adapter').setInputFiles(path);
  await playground.idle();
  await playground.ask(QUERY);
  expect(await playground.hits('adapted')).toEqual(adapted);
});
