// The server seen from a page: its headers, its files, and the embeddings API over fetch.

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, type Page } from '@playwright/test';
import { parseSiteManifest } from '../src/format/site-manifest.ts';

const MODEL = 'Xenova/bge-small-en-v1.5';

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly requestId: string | null;
}

/** POST /v1/embeddings from within the page. */
function embed(page: Page, body: string, api = '/v1/embeddings'): Promise<Answer> {
  return page.evaluate(
    async ({ body, api }) => {
      const response = await fetch(api, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      return {
        status: response.status,
        body: (await response.json()) as unknown,
        requestId: response.headers.get('x-request-id'),
      };
    },
    { body, api },
  );
}

async function vectorsOf(
  page: Page,
  input: string | string[],
  format: 'float' | 'base64' = 'float',
): Promise<unknown[]> {
  const { status, body } = await embed(page, JSON.stringify({ model: MODEL, input, encoding_format: format }));
  expect(status).toBe(200);
  const { data } = body as { data: { index: number; embedding: unknown }[] };
  expect(data.map(({ index }) => index)).toEqual(data.map((_, i) => i));
  return data.map(({ embedding }) => embedding);
}

test('the page runs under a policy without inline code, and a script from a string is refused', async ({ page }) => {
  const violations: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) violations.push(message.text());
  });
  const response = await page.goto('/');
  expect(response?.status()).toBe(200);
  const headers = response!.headers();
  expect(headers['content-type']).toContain('text/html');
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['content-security-policy']).toContain("default-src 'self'");
  expect(headers['content-security-policy']).not.toContain("'unsafe-inline'");
  expect(headers['content-security-policy']).not.toContain("'unsafe-eval'");
  expect(violations).toEqual([]);

  const refused = await page.evaluate(() => {
    const script = document.createElement('script');
    try {
      script.text = 'document.title = "ran"';
      document.body.append(script);
    } catch (error) {
      return error instanceof TypeError;
    }
    return document.title !== 'ran';
  });
  expect(refused).toBe(true);
});

test('models, corpora and built indexes lie on the same origin, and nothing outside them can be reached', async ({
  page,
  request,
}) => {
  await page.goto('/');
  const statuses = await page.evaluate(async () => {
    const paths = [
      'models/Xenova/all-MiniLM-L6-v2/config.json',
      'corpora/corpora.json',
      'corpora/HumanEval-X/docs.jsonl',
      'indexes/HumanEval-X/era-search.json',
      'no-such-file',
      'indexes/',
    ];
    return Promise.all(paths.map(async (path) => (await fetch(path)).status));
  });
  expect(statuses).toEqual([200, 200, 200, 200, 404, 404]);
  for (const path of [
    '/..%2fpackage.json',
    '/corpora/..%2f..%2fpackage.json',
    '/%2e%2e/package.json',
    '/.git/config',
    '/indexes/..%2f..%2fpackage.json',
  ]) {
    expect((await request.get(path)).status(), path).toBe(404);
  }
});

test('a collection and its manifest agree, as a page sees them', async ({ page, request }) => {
  const manifest = parseSiteManifest(await (await request.get('/indexes/HumanEval-X/era-search.json')).text());
  const files = [manifest.keyword.base, manifest.textParts[0]!, manifest.vectorParts[0]!].map(({ file }) => file);
  await page.goto('/');
  const parts = await page.evaluate(async (names) => {
    const hashes: { hash: string; type: string | null }[] = [];
    for (const name of names) {
      const response = await fetch(`indexes/HumanEval-X/${name}`);
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.arrayBuffer()));
      hashes.push({
        hash: [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
        type: response.headers.get('content-type'),
      });
    }
    return hashes;
  }, files);
  parts.forEach(({ hash, type }, i) => {
    expect(files[i]).toContain(hash.slice(0, 16));
    expect(type).toBe('application/octet-stream');
  });
});

test('texts come back as unit vectors in their order, the nearer text nearer, as floats or base64', async ({
  page,
}) => {
  await page.goto('/');
  const texts = [
    'How do I delete a folder?',
    'rm -r removes a directory and all that is in it',
    'The sun rises in the east',
  ];
  const [question, near, far] = (await vectorsOf(page, texts)) as [number[], number[], number[]];
  const dot = (a: number[], b: number[]): number => a.reduce((sum, x, i) => sum + x * b[i]!, 0);
  expect(question).toHaveLength(384);
  for (const vector of [question, near, far]) expect(dot(vector, vector)).toBeCloseTo(1, 4);
  expect(dot(question, near)).toBeGreaterThan(dot(question, far) + 0.1);

  const [encoded] = (await vectorsOf(page, texts[0]!, 'base64')) as [string];
  const decoded = new Float32Array(new Uint8Array(Buffer.from(encoded, 'base64')).buffer);
  expect(dot(Array.from(decoded), question)).toBeGreaterThan(0.99);
});

test('a bad request is answered in the shape of an API error that the page can read', async ({ page }) => {
  await page.goto('/');
  for (const body of [
    '{',
    JSON.stringify({ model: MODEL }),
    JSON.stringify({ model: MODEL, input: '' }),
    JSON.stringify({ model: MODEL, input: [7.5] }),
    JSON.stringify({ model: 'no-such', input: 'x' }),
  ]) {
    const answer = await embed(page, body);
    expect(answer.status, body).toBeGreaterThanOrEqual(400);
    expect(answer.status, body).toBeLessThan(500);
    expect(answer.body, body).toMatchObject({ error: { message: expect.any(String), type: expect.any(String) } });
    expect(answer.requestId).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('a page of another origin may send requests and read the headers for its retries', async ({ page, baseURL }) => {
  // A server on another address: browsers ask the person before a page from the internet may reach this machine.
  const other = createServer((_, response) =>
    response.setHeader('content-type', 'text/html').end('<title>other</title>'),
  );
  await new Promise<void>((resolve) => void other.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  await page.goto(origin);
  const answer = await embed(
    page,
    JSON.stringify({ model: MODEL, input: 'across origins' }),
    `${baseURL!}v1/embeddings`,
  );
  expect(answer.status).toBe(200);
  expect(answer.requestId).not.toBeNull();
  const preflight = await page.request.fetch(`${baseURL!}v1/embeddings`, {
    method: 'OPTIONS',
    headers: { origin, 'access-control-request-method': 'POST', 'access-control-request-headers': 'authorization' },
  });
  expect(preflight.status()).toBe(204);
  expect(preflight.headers()['access-control-expose-headers']).toContain('retry-after');
  other.closeAllConnections();
  other.close();
});
