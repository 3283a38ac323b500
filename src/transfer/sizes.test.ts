// What a server sends is refused as soon as it is known to be too much: by the length that it states, by the length that
// a gzip file states, or by the first byte past the limit. Pieces and bytes are counted.

import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { allocatedWhile, REFUSAL_BYTES } from '../allocations.fixture.ts';
import { partName } from '../format/site-manifest.ts';
import { download, type Fetch } from './download.ts';
import { gunzip } from './gzip.ts';
import { fetchManifest } from './manifest.ts';
import { PartSource } from './part-source.ts';

const MIB = 2 ** 20;
const KIB = 1024;

type Bytes = Uint8Array<ArrayBuffer>;

afterEach(() => vi.unstubAllGlobals());

/** A server whose body never ends, and the pieces of 64 kB that were taken from it. */
function endless(headers: Readonly<Record<string, string>> = {}): {
  fetch: Fetch;
  pieces: () => number;
  isCancelled: () => boolean;
} {
  const piece = new Uint8Array(64 * KIB).fill(0x20);
  let pieces = 0;
  let isCancelled = false;
  const pull = (controller: ReadableStreamDefaultController<Bytes>): void => {
    pieces++;
    controller.enqueue(piece);
  };
  const fetch: Fetch = () =>
    Promise.resolve(
      new Response(new ReadableStream({ pull, cancel: () => void (isCancelled = true) }, { highWaterMark: 0 }), {
        headers,
      }),
    );
  return { fetch, pieces: () => pieces, isCancelled: () => isCancelled };
}

test('a body past the limit is ended with the piece that passes it', async () => {
  const server = endless();
  const { bytes, error } = await allocatedWhile(() => download('https://a.example/', { ...server, maxBytes: MIB }));
  expect(error).toMatchObject({ code: 'too-large' });
  expect(server.pieces()).toBe(MIB / (64 * KIB) + 1);
  expect(server.isCancelled()).toBe(true);
  expect(bytes).toBeLessThan(2 * MIB);
});

test('a length past the limit is refused before anything is read', async () => {
  const server = endless({ 'content-length': String(300 * MIB) });
  const options = { ...server, maxBytes: MIB };
  await expect(download('https://a.example/', options)).rejects.toMatchObject({ code: 'too-large' });
  expect(server.pieces()).toBe(0);
});

test('a length that a host made a little longer by compressing again is no reason to refuse', async () => {
  const body = new Uint8Array(MIB);
  const fetch: Fetch = () => Promise.resolve(new Response(body, { headers: { 'content-length': String(MIB + 200) } }));
  expect(await download('https://a.example/', { fetch, maxBytes: MIB })).toHaveLength(MIB);
});

test('of a manifest without end, and of another file of its old name, little is read', async () => {
  const server = endless();
  const { error } = await allocatedWhile(() => fetchManifest('https://a.example/era-search.json', false, server));
  expect(error).toMatchObject({ code: 'too-large' });
  expect(server.pieces()).toBeLessThanOrEqual((8 * MIB) / (64 * KIB) + 1);

  const old = endless();
  const fetch: Fetch = (url, init) =>
    url.endsWith('/index.json') ? old.fetch(url, init) : Promise.resolve(new Response(null, { status: 404 }));
  const refusal = await allocatedWhile(() => fetchManifest('https://a.example/era-search.json', false, { fetch }));
  expect(refusal.error).toMatchObject({ code: 'network' });
  expect(old.pieces()).toBeLessThanOrEqual(2);
});

/** Counts the bytes that come out of all unpacking. */
function countUnpacked(): () => number {
  let bytes = 0;
  const Platform = DecompressionStream;
  vi.stubGlobal(
    'DecompressionStream',
    class {
      readonly writable: unknown;
      readonly readable: ReadableStream<Bytes>;
      constructor(format: CompressionFormat) {
        const { writable, readable } = new Platform(format);
        this.writable = writable;
        this.readable = (readable as ReadableStream<Bytes>).pipeThrough(
          new TransformStream<Bytes, Bytes>(
            {
              transform: (chunk, controller) => {
                bytes += chunk.length;
                controller.enqueue(chunk);
              },
            },
            undefined,
            { highWaterMark: 0 },
          ),
        );
      }
    },
  );
  return () => bytes;
}

/** A gzip file that states another size of its content. */
function stating(bytes: number, file: Bytes): Bytes {
  const changed = file.slice();
  new DataView(changed.buffer).setUint32(changed.length - 4, bytes, true);
  return changed;
}

const zeros = (count: number): Bytes => new Uint8Array(gzipSync(Buffer.alloc(count)));

test('a file that states more than its limit is not unpacked', async () => {
  const file = zeros(200_000_000);
  expect(file.length).toBeLessThan(200_000);
  const unpacked = countUnpacked();
  const { bytes, error } = await allocatedWhile(() => gunzip(file, 'It', 8 * MIB));
  expect(error).toMatchObject({ code: 'index-format' });
  expect(unpacked()).toBe(0);
  expect(bytes).toBeLessThan(KIB);
});

test('a file that states less than it has is unpacked no further than that', async () => {
  const file = stating(MIB, zeros(200_000_000));
  const unpacked = countUnpacked();
  const { bytes, error } = await allocatedWhile(() => gunzip(file, 'It', 8 * MIB));
  expect(error).toMatchObject({ code: 'index-format' });
  // A slice of 4 kB that is under way may unpack to 4 MB, which the platform has then made.
  expect(unpacked()).toBeLessThan(6 * MIB);
  expect(bytes).toBeLessThan(2 * MIB);
});

test('a file that states more than it has is refused, and one of any size is read', async () => {
  await expect(gunzip(stating(1001, zeros(1000)), 'It', MIB)).rejects.toMatchObject({ code: 'index-format' });
  await expect(gunzip(zeros(1000).subarray(0, 3), 'It', MIB)).rejects.toMatchObject({ code: 'index-format' });
  const property = fc.asyncProperty(fc.uint8Array({ maxLength: 20_000 }), fc.nat(4), async (content, times) => {
    const whole = Uint8Array.from(Buffer.concat(Array.from({ length: times }, () => content)));
    expect(await gunzip(new Uint8Array(gzipSync(whole)), 'It', whole.length)).toEqual(whole);
  });
  await fc.assert(property, { numRuns: 100 });
});

test('a part that unpacks to a thousand times its size is refused for little, however it is sent', async () => {
  const file = zeros(200_000_000);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', file));
  const part = { file: partName('texts', Buffer.from(digest).toString('hex')), bytes: file.length };
  const read = (fetch: Fetch): Promise<unknown> =>
    new PartSource('https://a.example/era-search.json', [], fetch).read(part, (bytes) => bytes);

  const unpacked = countUnpacked();
  const packed = await allocatedWhile(() => read(() => Promise.resolve(new Response(file))));
  expect(packed.error).toMatchObject({ code: 'index-format' });
  expect(unpacked()).toBe(0);
  expect(packed.bytes).toBeLessThan(MIB);

  const server = endless();
  const sent = await allocatedWhile(() => read(server.fetch));
  expect(sent.error).toMatchObject({ code: 'index-format' });
  expect(server.pieces()).toBeLessThanOrEqual((8 * MIB) / (64 * KIB));
  expect(sent.bytes).toBeLessThan(REFUSAL_BYTES);
});

test('a part of vectors is read no further than its size', async () => {
  const server = endless();
  const part = { file: partName('vectors', '0'.repeat(16)), bytes: 388_000 };
  const source = new PartSource('https://a.example/era-search.json', [], server.fetch);
  await expect(source.file(part)).rejects.toMatchObject({ code: 'index-format' });
  expect(server.pieces()).toBe(Math.ceil(388_000 / (64 * KIB)));
});
