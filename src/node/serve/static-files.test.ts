// Files over real sockets: priority of folders, types, caching, and files that must stay unreachable.

import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONTENT_SECURITY_POLICY } from './security-headers.ts';
import { rawRequest, serveForTest } from './serve-for-test.ts';
import type { StaticDir } from './static-files.ts';

let root: string;
let staticDirs: StaticDir[];

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'era-search-static-'));
  const files: Record<string, string | Buffer> = {
    'secret.txt': 'secret',
    'page-other/secret.txt': 'secret',
    'page/index.html': '<!doctype html><title>page</title>',
    'page/both.txt': 'from page',
    'page/.env': 'secret',
    'page/.git/config': 'secret',
    'page/assets/main-B3x_9-Za.js': 'export {};',
    'page/assets/plain.js': 'export {};',
    'public/both.txt': 'from public',
    'public/big.bin': Buffer.alloc(30_000_000, 1),
    'public/models/glue.mjs': 'export {};',
    'public/models/ort.wasm': Buffer.from([0, 97, 115, 109]),
    'public/models/model.onnx': 'onnx',
    'public/docs.jsonl': '{}\n',
    'public/adapter.safetensors': 'st',
    'public/ünï.txt': 'named in Unicode',
    'indexes/NL2Bash.bin': 'era',
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  staticDirs = [
    { dir: join(root, 'page') },
    { dir: join(root, 'public') },
    { dir: join(root, 'indexes'), prefix: '/indexes/' },
    { dir: join(root, 'not-there-yet') },
  ];
});
afterAll(() => rmSync(root, { recursive: true }));

test.each([
  ['/', 'text/html;charset=utf-8', 'no-cache', '<!doctype html><title>page</title>'],
  ['/index.html?x=1', 'text/html;charset=utf-8', 'no-cache', '<!doctype html><title>page</title>'],
  ['/both.txt', 'text/plain', 'no-cache', 'from page'],
  ['/assets/main-B3x_9-Za.js', 'text/javascript', 'public, max-age=31536000, immutable', 'export {};'],
  ['/assets/plain.js', 'text/javascript', 'no-cache', 'export {};'],
  ['/models/glue.mjs', 'text/javascript', 'no-cache', 'export {};'],
  ['/models/ort.wasm', 'application/wasm', 'no-cache', '\0asm'],
  ['/models/model.onnx', 'application/octet-stream', 'no-cache', 'onnx'],
  ['/docs.jsonl', 'application/jsonl;charset=utf-8', 'no-cache', '{}\n'],
  ['/adapter.safetensors', 'application/octet-stream', 'no-cache', 'st'],
  ['/indexes/NL2Bash.bin', 'application/octet-stream', 'no-cache', 'era'],
  ['/%C3%BCn%C3%AF.txt', 'text/plain', 'no-cache', 'named in Unicode'],
])('%s is served as %s, %s', async (path, type, caching, content) => {
  const { url } = await serveForTest({ staticDirs });
  const response = await fetch(new URL(path, url));
  expect([response.status, response.headers.get('content-type'), response.headers.get('cache-control')]).toEqual([
    200,
    type,
    caching,
  ]);
  expect(response.headers.get('content-security-policy')).toBe(CONTENT_SECURITY_POLICY);
  expect(await response.text()).toBe(content);
});

test.each([
  '/nothing',
  '/assets/main-B3x_9-Zb.js',
  '/indexes/',
  '/indexes/both.txt',
  '/NL2Bash.bin',
  '/index.html/more',
  '/%',
  '/%zz',
  '/models',
])('%s is a plain 404, never another page', async (path) => {
  const { port } = await serveForTest({ staticDirs });
  const response = await fetch(`http://127.0.0.1:${String(port)}${path}`);
  expect([response.status, response.headers.get('content-type'), await response.text()]).toEqual([
    404,
    'text/plain;charset=utf-8',
    'Not found\n',
  ]);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

test.each([
  '/../secret.txt',
  '/assets/../../secret.txt',
  '/%2e%2e/secret.txt',
  '/%2e%2e%2fsecret.txt',
  '/..%2fsecret.txt',
  '/..%5csecret.txt',
  '/..\\secret.txt',
  '/%252e%252e/secret.txt',
  '/../page-other/secret.txt',
  '/indexes/../../secret.txt',
  '/.env',
  '/%2eenv',
  '/.git/config',
  '//../secret.txt',
  '/secret.txt%00.html',
  'http://127.0.0.1/../secret.txt',
  'secret.txt',
  '*',
])('%s reaches nothing', async (path) => {
  const { port } = await serveForTest({ staticDirs });
  const { received, ended } = await rawRequest(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  await ended;
  expect(received()).toMatch(/^HTTP\/1\.1 40[04] /);
  expect(received()).not.toContain('secret\r\n');
  expect(received().split('\r\n\r\n')[1]).not.toContain('secret');
});

test('a file that has not changed is not sent again', async () => {
  const { url } = await serveForTest({ staticDirs });
  const first = await fetch(`${url}docs.jsonl`);
  expect(await first.text()).toBe('{}\n');
  const etag = first.headers.get('etag')!;
  const again = await fetch(`${url}docs.jsonl`, { headers: { 'if-none-match': etag } });
  expect([again.status, again.headers.get('content-security-policy')]).toEqual([304, CONTENT_SECURITY_POLICY]);
  replaceFile('public/docs.jsonl', '{"text":"longer"}\n');
  const changed = await fetch(`${url}docs.jsonl`, { headers: { 'if-none-match': etag } });
  expect([changed.status, await changed.text()]).toEqual([200, '{"text":"longer"}\n']);
  replaceFile('public/docs.jsonl', '{}\n');
});

/** As a build does it: whoever still reads the old file reads it to its end. */
function replaceFile(path: string, content: string): void {
  writeFileSync(join(root, `${path}.new`), content);
  renameSync(join(root, `${path}.new`), join(root, path));
}

test('a folder that comes later is served', async () => {
  const { url } = await serveForTest({ staticDirs });
  expect((await fetch(`${url}later.txt`)).status).toBe(404);
  mkdirSync(join(root, 'not-there-yet'));
  writeFileSync(join(root, 'not-there-yet/later.txt'), 'now');
  expect(await (await fetch(`${url}later.txt`)).text()).toBe('now');
});

test('only GET and HEAD are taken', async () => {
  const { url } = await serveForTest({ staticDirs });
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '34', '']);
  const post = await fetch(url, { method: 'POST', body: 'x' });
  expect([post.status, post.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
});

test.each(['bytes=5-2', 'bytes=-1', 'bytes=x', 'bytes=999999999-'])(
  'the range %s gets the whole file, and the server lives on',
  async (range) => {
    const { url } = await serveForTest({ staticDirs });
    const response = await fetch(`${url}both.txt`, { headers: { range } });
    expect([response.status, await response.text()]).toEqual([200, 'from page']);
  },
);

test('files are closed when clients leave in the middle', async () => {
  const { port } = await serveForTest({ staticDirs });
  const openFiles = (): number => readdirSync('/dev/fd').length;
  const before = openFiles();
  for (let i = 0; i < 30; i++) {
    const { socket, received } = await rawRequest(port, 'GET /big.bin HTTP/1.1\r\nHost: x\r\n\r\n');
    await expect.poll(() => received().length).toBeGreaterThan(1000);
    socket.destroy();
  }
  // Half of those that would stay open: the test runner opens and closes files of its own.
  await expect.poll(openFiles).toBeLessThan(before + 15);
});
