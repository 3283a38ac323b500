// Each part is requested once, however many callers want it; what ends a request, what does not, and what is requested
// again. The network is the test's own.

import { afterEach, describe, expect, test, vi } from 'vitest';
import { EraError } from '../errors.ts';
import type { SitePart } from '../format/site-manifest.ts';
import type { TransferProgress } from '../progress.ts';
import { downloadParts } from './download-parts.ts';
import { PartSource, type PartBytes } from './part-source.ts';

const BASE = 'https://site.example/era-search/era-search.json';
const CONTENT = new TextEncoder().encode('the content of a part, long enough to be worth a gzip header');

interface Request {
  readonly url: string;
  readonly cache: string | undefined;
  readonly signal: AbortSignal;
  readonly answer: (body: PartBytes | ReadableStream<PartBytes>) => void;
}

let requests: Request[] = [];
const realFetch = globalThis.fetch;
afterEach(() => {
  globalThis.fetch = realFetch;
});

function network(): void {
  requests = [];
  globalThis.fetch = (input, init) =>
    new Promise((resolve, reject) => {
      const signal = init!.signal!;
      signal.addEventListener('abort', () => reject(signal.reason as Error));
      requests.push({
        url: input as string,
        cache: init!.cache,
        signal,
        answer: (body) => resolve(new Response(body)),
      });
    });
}

async function gzip(bytes: PartBytes): Promise<PartBytes> {
  return new Uint8Array(
    await new Response(new Blob([bytes]).stream().pipeThrough(new CompressionStream('gzip'))).arrayBuffer(),
  );
}

async function part(kind = 'texts', content: PartBytes = CONTENT): Promise<{ part: SitePart; body: PartBytes }> {
  const body = kind === 'vectors' ? content : await gzip(content);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
  const name = Array.from(hash.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return { part: { file: `parts/${kind}-${name}.bin`, bytes: body.length }, body };
}

const text = (bytes: PartBytes): string => new TextDecoder().decode(bytes);
const request = async (n: number): Promise<Request> => {
  await vi.waitFor(() => expect(requests.length).toBeGreaterThan(n), { timeout: 120_000 });
  return requests[n]!;
};
const code = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => 'none',
    (error: unknown) => (error as EraError).code,
  );

test('callers at the same time share one request, later ones need none', async () => {
  network();
  const { part: wanted, body } = await part();
  const source = new PartSource(BASE, []);
  const reads = [source.read(wanted, text), source.read(wanted, text), source.file(wanted)];
  (await request(0)).answer(body);
  expect(await Promise.all(reads)).toEqual([text(CONTENT), text(CONTENT), body]);
  expect(await source.read(wanted, text)).toBe(text(CONTENT));
  expect(requests.map(({ url }) => url)).toEqual([new URL(wanted.file, BASE).href]);
  expect(source.has(wanted)).toBe(true);
  expect(await new PartSource(BASE, [[wanted.file, body]]).read(wanted, text)).toBe(text(CONTENT));
  expect(requests).toHaveLength(1);
});

test('a request ends with its last caller, unless a search waits for it', async () => {
  network();
  const { part: wanted, body } = await part();
  const source = new PartSource(BASE, []);
  const control = [new AbortController(), new AbortController()];
  const files = control.map(({ signal }) => source.file(wanted, { signal }).catch((error: unknown) => error));
  const first = await request(0);
  const reason = new Error('enough');
  control[0]!.abort(reason);
  expect(await files[0]).toBe(reason);
  expect(first.signal.aborted).toBe(false);
  control[1]!.abort(reason);
  expect(await files[1]).toBe(reason);
  expect(first.signal.aborted).toBe(true);

  const third = new AbortController();
  const completing = source.file(wanted, { signal: third.signal }).catch((error: unknown) => error);
  const searching = source.read(wanted, text);
  const second = await request(1);
  third.abort(reason);
  expect(await completing).toBe(reason);
  second.answer(body);
  expect(await searching).toBe(text(CONTENT));
});

test('after a failure the next call asks again, and past the browser’s cache when the bytes were wrong', async () => {
  network();
  const { part: wanted, body } = await part();
  const source = new PartSource(BASE, []);
  const cut = source.read(wanted, text);
  (await request(0)).answer(body.slice(0, -1));
  expect(await code(cut)).toBe('index-format');
  const misread = source.read(wanted, () => {
    throw new EraError('index-format', 'not what it should be');
  });
  (await request(1)).answer(body);
  expect(await code(misread)).toBe('index-format');
  const right = source.read(wanted, text);
  (await request(2)).answer(body);
  expect(await right).toBe(text(CONTENT));
  expect(requests.map(({ cache }) => cache)).toEqual([undefined, 'reload', 'reload']);
  globalThis.fetch = () => Promise.reject(new TypeError('no network'));
  expect(await code(source.read((await part('pages')).part, text))).toBe('network');
  globalThis.fetch = () => Promise.resolve(new Response('gone', { status: 404 }));
  expect(await code(source.read((await part('pages')).part, text))).toBe('network');
});

test('a part that a server has unpacked is accepted where parts are gzipped, and only there', async () => {
  network();
  const [texts, vectors] = [await part('texts'), await part('vectors')];
  const source = new PartSource(BASE, []);
  const unpacked = source.read(texts.part, text);
  (await request(0)).answer(CONTENT);
  expect(await unpacked).toBe(text(CONTENT));
  const other = source.read(vectors.part, text);
  (await request(1)).answer(CONTENT.slice(1));
  expect(await code(other)).toBe('index-format');
  expect(source.has(vectors.part)).toBe(false);
});

test('vectors that begin like gzip are not unpacked', async () => {
  network();
  const { part: wanted, body } = await part('vectors', Uint8Array.of(0x1f, 0x8b, 1, 2, 3));
  const reading = new PartSource(BASE, []).read(wanted, (bytes) => [...bytes]);
  (await request(0)).answer(body);
  expect(await reading).toEqual([0x1f, 0x8b, 1, 2, 3]);
});

test('once a server has made no progress for one part, the next ones are given up on soon, until one arrives', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  try {
    network();
    const parts = await Promise.all([1, 2, 3].map((n) => part('vectors', Uint8Array.of(n, n, n))));
    const source = new PartSource(BASE, []);
    const outcomeOf = async (n: number, at: number, waited: number): Promise<unknown> => {
      const outcome = code(source.file(parts[n]!.part));
      while (requests.length <= at) await new Promise((resolve) => queueMicrotask(() => resolve(null)));
      vi.advanceTimersByTime(waited);
      return outcome;
    };
    expect(await outcomeOf(0, 0, 20_000)).toBe('timeout');
    expect(await outcomeOf(1, 1, 4000)).toBe('timeout');
    const arriving = source.file(parts[2]!.part);
    while (requests.length <= 2) await new Promise((resolve) => queueMicrotask(() => resolve(null)));
    requests[2]!.answer(parts[2]!.body);
    expect(await arriving).toEqual(parts[2]!.body);
    const patient = source.file(parts[0]!.part);
    while (requests.length <= 3) await new Promise((resolve) => queueMicrotask(() => resolve(null)));
    vi.advanceTimersByTime(19_000);
    requests[3]!.answer(parts[0]!.body);
    expect(await patient).toEqual(parts[0]!.body);
  } finally {
    vi.useRealTimers();
  }
});

test('a download of several parts that fails ends the requests of the others, and goes on where it was', async () => {
  network();
  const made = await Promise.all(['one', 'two', 'three'].map((word) => part('texts', new TextEncoder().encode(word))));
  const source = new PartSource(BASE, []);
  const all = downloadParts(
    source,
    made.map((one) => one.part),
    {},
  );
  const outcome = code(all);
  const [first, second, third] = [await request(0), await request(1), await request(2)];
  first.answer(made[0]!.body);
  await vi.waitFor(() => expect(source.has(made[0]!.part)).toBe(true), { timeout: 120_000 });
  second.answer(made[0]!.body);
  expect(await outcome).toBe('index-format');
  await vi.waitFor(() => expect(third.signal.aborted).toBe(true), { timeout: 120_000 });
  expect(third.signal.reason, 'not for its own silence').toMatchObject({ code: 'index-format' });
  expect(made.map((one) => source.has(one.part))).toEqual([true, false, false]);

  const told: TransferProgress[] = [];
  const again = downloadParts(
    source,
    made.map((one) => one.part),
    { onProgress: (now) => told.push(now) },
  );
  for (const next of [await request(3), await request(4)])
    next.answer(made.find((one) => next.url.endsWith(one.part.file))!.body);
  await again;
  expect(requests).toHaveLength(5);
  const totalBytes = made[1]!.part.bytes + made[2]!.part.bytes;
  expect(told.at(-1)).toEqual({ loadedBytes: totalBytes, totalBytes });
});

test('closing ends pending requests', async () => {
  network();
  const { part: wanted } = await part();
  const source = new PartSource(BASE, []);
  const reading = code(source.read(wanted, text));
  await request(0);
  source.close();
  expect(await reading).toBe('closed');
});

describe('parts that come in one file', () => {
  const open = async (): Promise<{ start: SitePart; parts: SitePart[]; bodies: PartBytes[]; body: PartBytes }> => {
    const first = await part('base');
    const second = await part('pages', new TextEncoder().encode('another content, which is long enough too'));
    const body = new Uint8Array(await new Blob([first.body, second.body]).arrayBuffer());
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', body));
    const name = Array.from(hash.subarray(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
    return {
      start: { file: `parts/start-${name}.bin`, bytes: body.length },
      parts: [first.part, second.part],
      bodies: [first.body, second.body],
      body,
    };
  };

  test('are not requested by themselves, and each is there as soon as its own bytes are', async () => {
    const { start, parts, bodies } = await open();
    network();
    const source = new PartSource(BASE, []);
    source.openTogether(start, parts);
    expect(parts.map((one) => [source.isExpected(one), source.has(one)])).toEqual([
      [true, false],
      [true, false],
    ]);
    let send: ReadableStreamDefaultController<PartBytes>;
    (await request(0)).answer(new ReadableStream<PartBytes>({ start: (controller) => void (send = controller) }));
    send!.enqueue(bodies[0]!.slice());
    expect(await source.read(parts[0]!, text)).toBe(text(CONTENT));
    expect(source.has(parts[1]!)).toBe(false);
    const read = source.read(parts[1]!, text);
    send!.enqueue(bodies[1]!.slice());
    send!.close();
    expect(await read).toContain('another');
    expect(requests).toHaveLength(1);
  });

  test('are requested by themselves where the file is not as it should be, or breaks off', async () => {
    const { start, parts, bodies, body } = await open();
    const longer = new Uint8Array(body.length + 9);
    longer.set(body.slice(1));
    for (const wrong of [body.slice(1), longer, new Uint8Array(body.length), new Uint8Array(0)]) {
      network();
      const source = new PartSource(BASE, []);
      source.openTogether(start, parts);
      (await request(0)).answer(wrong);
      const read = source.read(parts[0]!, text);
      (await request(1)).answer(bodies[0]!);
      expect(await read).toBe(text(CONTENT));
    }
  });

  test('are given up by one who waits for them, and not by the others', async () => {
    const { start, parts, body } = await open();
    network();
    const source = new PartSource(BASE, []);
    source.openTogether(start, parts);
    const control = new AbortController();
    const left = code(source.file(parts[0]!, { signal: control.signal }));
    control.abort(new EraError('closed', 'left'));
    expect(await left).toBe('closed');
    (await request(0)).answer(body);
    expect(await source.read(parts[0]!, text)).toBe(text(CONTENT));
    expect(requests).toHaveLength(1);
  });

  test('are requested by themselves where the file claims a size that no such file has', async () => {
    const { start, parts, bodies } = await open();
    network();
    const source = new PartSource(BASE, []);
    const claimed = { ...start, bytes: 2 ** 45 };
    source.openTogether(claimed, parts);
    expect(await source.fetchTogether(claimed, parts)).toBe(false);
    const read = source.read(parts[0]!, text);
    (await request(0)).answer(bodies[0]!);
    expect(await read).toBe(text(CONTENT));
    expect(requests.map(({ url }) => url)).toEqual([new URL(parts[0]!.file, BASE).href]);
  });

  test('in the background a part that is needed meanwhile is requested by itself', async () => {
    const { start, parts, bodies, body } = await open();
    network();
    const source = new PartSource(BASE, []);
    const all = source.fetchTogether(start, parts);
    const also = source.fetchTogether(start, parts);
    await request(0);
    expect(source.isExpected(parts[1]!)).toBe(false);
    const read = source.read(parts[1]!, text);
    (await request(1)).answer(bodies[1]!);
    expect(await read).toContain('another');
    requests[0]!.answer(body);
    expect([await all, await also]).toEqual([true, true]);
    expect(requests).toHaveLength(2);
  });

  test('in the background end with the last who waits for them', async () => {
    const { start, parts, bodies } = await open();
    network();
    const source = new PartSource(BASE, []);
    const controls = [new AbortController(), new AbortController()];
    const left = controls.map(({ signal }) => code(source.fetchTogether(start, parts, { signal })));
    await request(0);
    for (const control of controls) {
      expect(requests[0]!.signal.aborted).toBe(false);
      control.abort(new EraError('closed', 'left'));
      await left[controls.indexOf(control)];
    }
    expect(await Promise.all(left)).toEqual(['closed', 'closed']);
    expect(requests[0]!.signal.aborted).toBe(true);
    const read = source.read(parts[0]!, text);
    (await request(1)).answer(bodies[0]!);
    expect(await read).toBe(text(CONTENT));
  });

  test('are downloaded by the files that have them, and by themselves where there are no such files', async () => {
    const { start, parts, bodies, body } = await open();
    const third = await part('texts', new TextEncoder().encode('a third content, long enough as well as the others'));
    const together = [{ file: { ...start, parts: 2 }, parts }];
    network();
    const source = new PartSource(BASE, []);
    const loaded: TransferProgress[] = [];
    const all = downloadParts(source, [...parts, third.part], { together, onProgress: (now) => loaded.push(now) });
    (await request(0)).answer(body);
    (await request(1)).answer(third.body);
    await all;
    expect(requests.map(({ url }) => url)).toEqual([start, third.part].map(({ file }) => new URL(file, BASE).href));
    const totalBytes = body.length + third.body.length;
    expect(loaded.at(-1)).toEqual({ loadedBytes: totalBytes, totalBytes });

    network();
    const bare = new PartSource(BASE, []);
    const single = downloadParts(bare, parts, { together });
    (await request(0)).answer(new Uint8Array(0));
    for (const n of [0, 1]) (await request(1 + n)).answer(bodies[n]!);
    await single;
    expect(await bare.read(parts[1]!, text)).toContain('another');

    network();
    const most = new PartSource(BASE, [[parts[1]!.file, bodies[1]!]]);
    const rest = downloadParts(most, parts, {
      together: [{ ...together[0]!, file: { ...start, bytes: 10, parts: 2 } }],
    });
    (await request(0)).answer(bodies[0]!);
    await rest;
    expect(requests[0]!.url).toBe(new URL(parts[0]!.file, BASE).href);
  });
});
