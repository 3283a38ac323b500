// The published form of a model: packed by the command, read by an encoder from a folder and from servers of different
// habits. Pieces are small here, so that files have several.

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeModel } from '../../encode/describe-model.ts';
import type { LoadProgress } from '../../encode/encoder.ts';
import { ModelFiles } from '../../encode/model-files.ts';
import { openEncoder } from '../../encode/open-encoder.ts';
import type { ModelDescription } from '../../encode/models.ts';
import type { CommandIo } from '../command-io.ts';
import { runGolden } from '../golden-command/run-golden.ts';
import { tinyModelFiles } from '../golden-command/tiny-model-for-test.ts';
import { folderForTest } from '../setup/folder-for-test.ts';
import { modelFiles, publishModel } from './published-model.ts';
import { bytesBelow } from './site-for-test.ts';

const WEIGHTS = 'onnx/model.onnx';
const PIECE_BYTES = 100;

let root: string;
let modelsDir: string;
let output: string;
let description: ModelDescription;
let plain: Uint8Array;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'era-search-published-model-'));
  modelsDir = join(root, 'models');
  for (const [path, content] of Object.entries(tinyModelFiles())) {
    mkdirSync(dirname(join(modelsDir, 'org/tiny', path)), { recursive: true });
    writeFileSync(join(modelsDir, 'org/tiny', path), content);
  }
  const io: CommandIo = { print: () => undefined, note: () => undefined };
  await runGolden(['--model', 'org/tiny', '--models', modelsDir], io);
  description = {
    ...(await describeModel({ name: 'org/tiny' }, `${modelsDir}/org/tiny/`)),
    revision: 'ours',
    queryPrompt: 'find: {text}',
  };
  output = join(root, 'published');
  const files = await modelFiles(modelsDir, description);
  await publishModel({ modelsDir, description, files, output, signal: undefined, pieceBytes: PIECE_BYTES });
  plain = readFileSync(join(modelsDir, 'org/tiny', WEIGHTS));
});

afterAll(() => rmSync(root, { recursive: true }));

const published = (): string => join(output, 'org/tiny');

test('only names that every host knows, pieces below the limit, and a description that says all', async () => {
  const names = [...bytesBelow(published()).keys()];
  expect(names.filter((name) => !/^(?:[\w-]+\.json|parts\/[0-9a-f]{16}\.bin)$/.test(name))).toEqual([]);
  const pieces = readdirSync(join(published(), 'parts'));
  expect(pieces.length).toBeGreaterThan(Math.ceil(plain.length / PIECE_BYTES)); // the tokenizer is packed too
  for (const piece of pieces)
    expect(gunzipSync(readFileSync(join(published(), 'parts', piece))).length).toBeLessThanOrEqual(PIECE_BYTES);
  expect(statSync(join(published(), 'golden.json')).size).toBeGreaterThan(0);
  // The owner's own words go with the model: a page has no other source of them.
  expect(await describeModel({ name: 'org/tiny' }, `${published()}/`)).toEqual(description);
});

test('the same model gives the same files', async () => {
  const again = folderForTest({});
  const files = await modelFiles(modelsDir, description);
  await publishModel({ modelsDir, description, files, output: again, signal: undefined, pieceBytes: PIECE_BYTES });
  expect(bytesBelow(again)).toEqual(bytesBelow(output));
});

test.each(['cpu', 'wasm'] as const)('an encoder in Node (%s) reads it as it reads the plain folder', async (device) => {
  const left = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('era-search-model-'));
  const before = left();
  const vectors: Float32Array[] = [];
  for (const modelBase of [output, modelsDir]) {
    const { encoder } = await openEncoder({ model: description, modelBase, device });
    vectors.push(await encoder.encode(['red apple', 'green pears'], 'query', { reproducible: true }));
    await encoder.dispose();
  }
  expect(vectors[0]).toEqual(vectors[1]);
  expect(left().filter((name) => !before.includes(name))).toEqual([]);
});

describe('from a server', () => {
  type Answer = (path: string, request: IncomingMessage, file: Buffer) => Buffer | number | null;
  const asItIs: Answer = (_, __, file) => file;
  let answer: Answer;
  let asked: string[];
  let server: Server;
  let folder: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const path = request.url!.slice(1);
      asked.push(path);
      const file = bytesBelow(published()).has(path) ? readFileSync(join(published(), path)) : null;
      const body = file && answer(path, request, file);
      if (body === null || typeof body === 'number') response.writeHead(body ?? 404).end();
      else response.writeHead(200, { 'content-length': body.length }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    folder = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    answer = asItIs;
    asked = [];
  });

  const isWeights = (path: string): boolean => {
    const { files } = JSON.parse(readFileSync(join(published(), 'era-model.json'), 'utf8')) as {
      files: Record<string, { parts: { file: string }[] }>;
    };
    return files[WEIGHTS]!.parts.some(({ file }) => file === path);
  };

  test('the file is joined, with one progress over its pieces, and only its own pieces are asked for', async () => {
    const seen: LoadProgress[] = [];
    const files = new ModelFiles(folder, { onLoad: (progress) => seen.push(progress) });
    expect(Buffer.from(await files.bytes(WEIGHTS)).equals(plain)).toBe(true);
    const ofWeights = seen.filter(({ file }) => file === WEIGHTS);
    const totalBytes = await files.downloadBytes(WEIGHTS);
    expect(ofWeights.at(-1)).toEqual({ phase: 'fetch', file: WEIGHTS, loadedBytes: totalBytes, totalBytes });
    const loaded = ofWeights.map(({ loadedBytes }) => loadedBytes);
    expect(loaded).toEqual(loaded.toSorted((a, b) => a - b));
    expect(new Set(loaded).size).toBeGreaterThan(2);
    expect(asked[0]).toBe('era-model.json');
    expect(asked.slice(1).every(isWeights)).toBe(true);
    expect(await files.json('golden.json')).toHaveProperty('cases');
    expect(asked.filter((path) => path === 'era-model.json')).toHaveLength(1);
  });

  test('a host that unpacks gzip in transit gives the same file', async () => {
    answer = (path, _, file) => (path.endsWith('.bin') ? gunzipSync(file) : file);
    const seen: LoadProgress[] = [];
    const files = new ModelFiles(folder, { onLoad: (progress) => seen.push(progress) });
    expect(Buffer.from(await files.bytes(WEIGHTS)).equals(plain)).toBe(true);
    expect(seen.every(({ loadedBytes, totalBytes }) => totalBytes === 0 || loadedBytes <= totalBytes)).toBe(true);
  });

  test('a piece that is damaged in the browser’s cache is asked for past it', async () => {
    answer = (path, request, file) =>
      isWeights(path) && request.headers['cache-control'] === undefined
        ? Buffer.concat([file.subarray(0, 12), Buffer.alloc(file.length - 12)])
        : file;
    expect(Buffer.from(await new ModelFiles(folder, {}).bytes(WEIGHTS)).equals(plain)).toBe(true);
  });

  test.each<[string, (file: Buffer) => Buffer | number | null]>([
    ['missing', () => null],
    ['cut short', (file) => file.subarray(0, -10)],
    ['empty', () => Buffer.alloc(0)],
    ['another file', () => Buffer.from('nothing of the kind')],
    ['unpacked and too long', (file) => Buffer.concat([gunzipSync(file), Buffer.alloc(1000)])],
  ])('a piece that is %s is a `model-load` that names the file', async (_, change) => {
    answer = (path, __, file) => (isWeights(path) ? change(file) : file);
    await expect(new ModelFiles(folder, {}).bytes(WEIGHTS)).rejects.toMatchObject({
      code: 'model-load',
      details: { address: expect.stringContaining(folder) as string },
    });
  });

  test('an abort between pieces rejects with its reason and asks for no more', async () => {
    const controller = new AbortController();
    const reason = new Error('no longer wanted');
    answer = (path, _, file) => {
      if (isWeights(path)) controller.abort(reason);
      return file;
    };
    await expect(new ModelFiles(folder, { signal: controller.signal }).bytes(WEIGHTS)).rejects.toBe(reason);
    expect(asked.filter(isWeights)).toHaveLength(1);
  });

  test.each([
    { files: 1 },
    { files: { [WEIGHTS]: null } },
    { files: { [WEIGHTS]: { bytes: 9, sha256: 'x' } } },
    { files: { [WEIGHTS]: { bytes: -1, sha256: 'x', parts: [] } } },
    { files: { [WEIGHTS]: { bytes: 9, sha256: 'x', parts: [{ file: '../../elsewhere.bin', bytes: 9 }] } } },
    { files: { [WEIGHTS]: { bytes: 9, sha256: 'x', parts: [{ file: 'parts/0123456789abcdef.bin' }] } } },
  ])('a list in another form is refused: %j', async (list) => {
    answer = (path, _, file) => (path === 'era-model.json' ? Buffer.from(JSON.stringify(list)) : file);
    await expect(new ModelFiles(folder, {}).bytes(WEIGHTS)).rejects.toMatchObject({
      code: 'model-load',
      details: { address: `${folder}era-model.json` },
    });
    expect(asked).toEqual(['era-model.json']);
  });
});

test('a model that lacks its weights is named before anything is written', async () => {
  const empty = folderForTest({ 'org/none/config.json': '{}' });
  await expect(
    publishModel({
      modelsDir: empty,
      description: { ...description, name: 'org/none' },
      files: [WEIGHTS],
      output: folderForTest({}),
      signal: undefined,
    }),
  ).rejects.toMatchObject({ code: 'model-load' });
  await expect(modelFiles(empty, { ...description, name: 'org/absent' })).rejects.toMatchObject({ code: 'model-load' });
});
