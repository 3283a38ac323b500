import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LoadProgress } from './encoder.ts';
import { ModelFiles } from './model-files.ts';

let server: Server;
let folder: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    const file = request.url?.split('/').at(-1);
    if (file === 'good.json')
      response.setHeader('content-type', 'application/json').setHeader('content-length', 7).end('{"a":1}');
    else if (file === 'page.json')
      response.setHeader('content-type', 'text/html; charset=utf-8').end('<!doctype html><title>App</title>');
    else if (file === 'half.onnx') {
      response.setHeader('content-length', 1000);
      response.write('x'.repeat(500), () => response.destroy());
    } else if (file === 'text.json') response.end('not JSON');
    else if (file === 'slow.onnx')
      response.setHeader('content-length', 1000).write('x'); // the answer never ends
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  folder = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/m/`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('reads a file with byte progress', async () => {
  const seen: LoadProgress[] = [];
  const files = new ModelFiles(folder, { onLoad: (progress) => seen.push(progress) });
  expect(await files.json('good.json')).toEqual({ a: 1 });
  expect(seen.at(-1)).toEqual({ phase: 'fetch', file: 'good.json', loadedBytes: 7, totalBytes: 7 });
});

test.each(['missing.json', 'page.json', 'half.onnx', 'text.json'])('refuses %s and names its address', async (file) => {
  await expect(new ModelFiles(folder, {}).json(file)).rejects.toMatchObject({
    code: 'model-load',
    details: { address: folder + file },
  });
});

test('refuses a server that does not answer', async () => {
  await expect(new ModelFiles('http://127.0.0.1:9/m/', {}).bytes('a')).rejects.toMatchObject({ code: 'model-load' });
});

test('an aborted read rejects with the reason of the signal', async () => {
  const controller = new AbortController();
  const reason = new Error('no longer wanted');
  const files = new ModelFiles(folder, { signal: controller.signal, onLoad: () => controller.abort(reason) });
  await expect(files.bytes('slow.onnx')).rejects.toBe(reason);
});
