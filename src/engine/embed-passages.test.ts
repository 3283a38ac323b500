import { describe, expect, test } from 'vitest';
import { EraError } from '../errors.ts';
import type { Client } from '../rpc/client.ts';
import type { EncoderApi } from '../rpc/protocol.ts';
import type { Connection } from './connections.ts';
import { embedPassages, workersFor } from './embed-passages.ts';
import type { LocalModel } from './local-model.ts';

const DIMS = 2;
const texts = Array.from({ length: 500 }, (_, i) => 'x'.repeat(1 + ((i * 37) % 100)));
const expected = Float32Array.from(texts.flatMap(({ length }) => [length, -length]));

interface Call {
  readonly texts: readonly string[];
}

/** A worker that answers in the next turn, or as `fate` of its call's number says. */
function worker(fate: (call: number) => Promise<void> | void = () => undefined): {
  readonly client: Client<EncoderApi>;
  readonly calls: Call[];
} {
  const calls: Call[] = [];
  const call = async (
    _: string,
    args: Call,
    { signal, onProgress }: { signal?: AbortSignal; onProgress: (progress: { doneTexts: number }) => void },
  ): Promise<Float32Array> => {
    signal?.throwIfAborted();
    calls.push(args);
    onProgress({ doneTexts: 1 });
    await new Promise((resolve) => setTimeout(resolve));
    await fate(calls.length);
    signal?.throwIfAborted();
    return Float32Array.from(args.texts.flatMap(({ length }) => [length, -length]));
  };
  return { client: { call } as unknown as Client<EncoderApi>, calls };
}

/** @param helpers as they are started; `closed` counts those that were ended */
function model(
  own: Client<EncoderApi>,
  helpers: readonly (() => Promise<Client<EncoderApi>>)[],
  device: 'wasm' | 'webgpu' = 'wasm',
): Pick<LocalModel, 'ready' | 'status' | 'helper'> & { readonly started: () => number; readonly ended: () => number } {
  let started = 0;
  const ended = new Set<unknown>();
  return {
    ready: () => Promise.resolve(own),
    status: { device, space: { dims: DIMS } } as LocalModel['status'],
    helper: () => {
      const open = helpers[started++]!;
      let fail: (reason: Error) => void;
      const closed = new Promise<never>((_, reject) => (fail = reject));
      closed.catch(() => undefined);
      const connection = {
        ready: () => Promise.race([open(), closed]),
        close: () => {
          ended.add(connection);
          fail(new EraError('closed', 'closed'));
        },
      };
      return connection as unknown as Connection<EncoderApi>;
    },
    started: () => started,
    ended: () => ended.size,
  };
}

const died = (): never => {
  throw new EraError('worker-died', 'The encoder worker stopped.');
};

describe('vectors in the order of the texts, every text read once', () => {
  test.each([
    ['one worker', 1, 'wasm' as const],
    ['two workers', 2, 'wasm' as const],
    ['a GPU, which a second worker would share', 2, 'webgpu' as const],
  ])('%s', async (_, workers, device) => {
    const [own, second] = [worker(), worker()];
    const used = model(own.client, [() => Promise.resolve(second.client)], device);
    const told: number[] = [];
    expect(await embedPassages(texts, used, { workers, onDone: (done) => told.push(done) })).toEqual(expected);
    const calls = [...own.calls, ...second.calls];
    expect(calls.flatMap((call) => call.texts).sort()).toEqual([...texts].sort());
    expect(calls.every((call) => call.texts.length <= 64)).toBe(true);
    expect(second.calls.length > 0).toBe(workers === 2 && device === 'wasm');
    expect(told).toEqual([...new Set(told)].sort((a, b) => a - b));
    expect(told.at(-1)).toBe(texts.length);
    expect(used.ended()).toBe(used.started());
  });
});

test.each([
  ['does not start', () => Promise.reject(new EraError('model-load', 'no memory'))],
  ['never gets ready', () => new Promise<never>(() => undefined)],
  ['dies at once', () => Promise.resolve(worker(died).client)],
  ['dies later', () => Promise.resolve(worker((call) => (call > 1 ? died() : undefined)).client)],
  [
    'dies when the other has done all else',
    async () => {
      const last = worker(async () => {
        await new Promise((resolve) => setTimeout(resolve, 100));
        died();
      });
      return Promise.resolve(last.client);
    },
  ],
])('the model’s worker does what a second one leaves that %s', async (_, open) => {
  const used = model(worker().client, [open]);
  const told: number[] = [];
  expect(await embedPassages(texts, used, { workers: 2, onDone: (done) => told.push(done) })).toEqual(expected);
  expect(told.at(-1)).toBe(texts.length);
  expect(told).toEqual([...told].sort((a, b) => a - b));
  expect(used.ended()).toBe(1);
});

test('the death of the model’s own worker is told, and ends the second', async () => {
  const used = model(worker(died).client, [() => Promise.resolve(worker().client)]);
  await expect(embedPassages(texts, used, { workers: 2, onDone: () => undefined })).rejects.toMatchObject({
    code: 'worker-died',
  });
  expect(used.ended()).toBe(1);
});

test('an abort ends both, with the reason of the signal', async () => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const [own, second] = [worker(), worker()];
  const used = model(own.client, [() => Promise.resolve(second.client)]);
  const { signal } = controller;
  const call = embedPassages(texts, used, { signal, workers: 2, onDone: () => controller.abort(reason) });
  await expect(call).rejects.toBe(reason);
  expect(used.ended()).toBe(1);
  expect(own.calls.length + second.calls.length).toBeLessThan(4);
});

test('a second worker is started for many texts where there is a second core', () => {
  expect([1, 2, 8].map((cores) => workersFor(10_000, cores))).toEqual([1, 2, 2]);
  expect([0, 1, 100, 1000].map((count) => workersFor(count, 8))).toEqual([1, 1, 1, 2]);
});
