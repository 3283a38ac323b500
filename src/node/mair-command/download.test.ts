import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderForTest } from '../setup/folder-for-test.ts';
import { download } from './download.ts';
import { startHub, type TestHub } from './hub-for-test.ts';

const PATH = 'MAIR-Docs/T/docs.jsonl';
const TEXT = 'a line of text, again and again\n'.repeat(20_000);

async function hubWithFile(): Promise<{ hub: TestHub; url: string; path: string }> {
  const hub = await startHub({ [PATH]: TEXT });
  return {
    hub,
    url: `${hub.url}/datasets/MAIR-Bench/MAIR-Docs/resolve/main/T/docs.jsonl`,
    path: join(folderForTest({}), 'docs.jsonl'),
  };
}

test('fetches a complete file, leaves nothing beside it, and reports progress', async () => {
  const { url, path } = await hubWithFile();
  const seen: [number, number | null][] = [];
  await download(url, path, { onProgress: (...progress) => seen.push(progress) });
  expect(readFileSync(path, 'utf8')).toBe(TEXT);
  expect([`${path}.partial`, `${path}.partial.etag`].some(existsSync)).toBe(false);
  expect(seen.at(-1)).toEqual([TEXT.length, TEXT.length]);
});

test('a download whose connection breaks twice continues where it broke', async () => {
  const { hub, url, path } = await hubWithFile();
  hub.faults.set(PATH, [{ cutAfterBytes: 100_000 }, { cutAfterBytes: 200_000 }]);
  await download(url, path);
  expect(readFileSync(path, 'utf8')).toBe(TEXT);
  expect(hub.requests.map(({ status }) => status)).toEqual([200, 206, 206]);
  const starts = hub.requests.slice(1).map(({ range }) => Number(/\d+/.exec(range!)![0]));
  expect(starts[0]).toBeGreaterThan(0);
  expect(starts[1]).toBeGreaterThan(starts[0]!);
});

test('continues a partial file of an earlier run, also when it is complete', async () => {
  const { hub, url, path } = await hubWithFile();
  for (const keep of [1000, TEXT.length]) {
    hub.faults.set(PATH, [
      { cutAfterBytes: 300_000 },
      ...Array.from({ length: 6 }, () => ({ status: 500, retryAfter: '0' })),
    ]);
    await expect(download(url, path)).rejects.toMatchObject({ code: 'server-error' });
    writeFileSync(`${path}.partial`, TEXT.slice(0, keep));
    hub.requests.length = 0;
    hub.faults.clear();
    await download(url, path);
    expect(readFileSync(path, 'utf8')).toBe(TEXT);
    expect(hub.requests).toEqual([{ path: PATH, range: `bytes=${keep}-`, status: keep === TEXT.length ? 416 : 206 }]);
  }
});

test('starts again when the file has changed, when the partial file is too long, and with a server without ranges', async () => {
  for (const change of ['changed', 'too long', 'no ranges'] as const) {
    const { hub, url, path } = await hubWithFile();
    hub.faults.set(PATH, [
      { cutAfterBytes: 100_000 },
      ...Array.from({ length: 6 }, () => ({ status: 500, retryAfter: '0' })),
    ]);
    await expect(download(url, path)).rejects.toMatchObject({ code: 'server-error' });
    const text = change === 'changed' ? TEXT.toUpperCase() : TEXT;
    hub.files.set(PATH, text);
    if (change === 'too long') writeFileSync(`${path}.partial`, 'x'.repeat(TEXT.length + 5));
    if (change === 'no ranges') hub.ranges = false;
    await download(url, path);
    expect(readFileSync(path, 'utf8'), change).toBe(text);
  }
});

test('waits as long as a busy server asks', async () => {
  const { hub, url, path } = await hubWithFile();
  hub.faults.set(PATH, [{ status: 429, retryAfter: '1' }]);
  const startMs = performance.now();
  await download(url, path);
  expect(performance.now() - startMs).toBeGreaterThan(950);
  expect(readFileSync(path, 'utf8')).toBe(TEXT);
});

test.each([
  [404, 'request-refused', 1],
  [401, 'unauthorized', 1],
  [429, 'rate-limited', 6],
  [503, 'server-error', 6],
])('status %i, again and again, is %s after %i requests', async (status, code, requests) => {
  const { hub, url, path } = await hubWithFile();
  hub.faults.set(
    PATH,
    Array.from({ length: 10 }, () => ({ status, retryAfter: '0' })),
  );
  await expect(download(url, path)).rejects.toMatchObject({ code, details: { status } });
  expect(hub.requests).toHaveLength(requests);
  expect(existsSync(path)).toBe(false);
});

test('does not wait for a server that asks for an hour', async () => {
  const { hub, url, path } = await hubWithFile();
  hub.faults.set(PATH, [{ status: 429, retryAfter: '3600' }]);
  await expect(download(url, path)).rejects.toMatchObject({ code: 'rate-limited' });
});

test('an error of the disk is not reported as the server’s, and is not retried', async () => {
  const { hub, url, path } = await hubWithFile();
  mkdirSync(`${path}.partial`);
  await expect(download(url, path)).rejects.toMatchObject({ code: 'invalid-option' });
  await expect(download(url, join(path, 'below/no/folder'))).rejects.toMatchObject({ code: 'invalid-option' });
  expect(hub.requests).toHaveLength(2);
});

test.runIf(existsSync('/dev/full'))('a full disk is told as what it is', async () => {
  const { hub, url, path } = await hubWithFile();
  symlinkSync('/dev/full', `${path}.partial`);
  await expect(download(url, path)).rejects.toMatchObject({
    code: 'invalid-option',
    message: expect.stringContaining('ENOSPC') as string,
  });
  expect(hub.requests).toHaveLength(1);
});

test('stops when aborted, keeps the received bytes, and continues from there', async () => {
  const { hub, url, path } = await hubWithFile();
  const controller = new AbortController();
  await expect(
    download(url, path, { signal: controller.signal, onProgress: () => controller.abort() }),
  ).rejects.toMatchObject({ name: 'AbortError' });
  const kept = statSync(`${path}.partial`).size;
  expect(kept).toBeGreaterThan(0);
  truncateSync(`${path}.partial`, kept - 1);
  await download(url, path);
  expect(readFileSync(path, 'utf8')).toBe(TEXT);
  expect(hub.requests.at(-1)).toMatchObject({ range: `bytes=${kept - 1}-`, status: 206 });
});

test('stops while it waits', async () => {
  const { hub, url, path } = await hubWithFile();
  hub.faults.set(PATH, [{ status: 429, retryAfter: '100' }]);
  await expect(download(url, path, { signal: AbortSignal.timeout(100) })).rejects.toMatchObject({
    name: 'TimeoutError',
  });
});
