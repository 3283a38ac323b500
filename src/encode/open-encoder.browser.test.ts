import { afterEach, expect, test, vi } from 'vitest';
import { dot, row } from '../math/vector.ts';
import { Client } from '../rpc/client.ts';
import type { EncoderApi } from '../rpc/protocol.ts';
import type { FromWorker } from '../rpc/wire.ts';
import type { LoadProgress } from './encoder.ts';
import { ModelFiles } from './model-files.ts';
import { describeModel } from './describe-model.ts';
import { openEncoder } from './open-encoder.ts';
import { COSINE_FLOOR, loadGolden, type GoldenCase } from './self-test.ts';

const MODEL = 'Xenova/all-MiniLM-L6-v2';
const MODEL_BASE = new URL('/models/', location.href).href;

const golden = async (): Promise<GoldenCase[]> => {
  const files = new ModelFiles(`${MODEL_BASE}${MODEL}/`, {});
  return loadGolden(files, await describeModel({ name: MODEL }, files));
};

const lowestCosine = (vectors: Float32Array, cases: readonly GoldenCase[]): number =>
  Math.min(...cases.map(({ vector }, i) => dot(row(vectors, i, 384), vector)));

afterEach(() => {
  vi.restoreAllMocks();
});

/** A server fault: responses for addresses that end with `file` are replaced. */
function serveInstead(file: string, answer: (real: Response) => Promise<Response>): void {
  const { fetch } = globalThis;
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (input, init) => {
    const response = await fetch(input, init);
    return response.url.endsWith(file) ? answer(response) : response;
  });
}

const half = async (real: Response): Promise<Response> => new Response((await real.arrayBuffer()).slice(0, 1_000_000));

test('this Chromium has a WebGPU adapter, and it is a software one', async () => {
  const adapter = await navigator.gpu.requestAdapter();
  expect(adapter?.info.isFallbackAdapter).toBe(true);
});

test('`auto` leaves a software GPU alone, and q8 on WASM agrees with the golden vectors', async () => {
  const started = vi.spyOn(WebAssembly, 'instantiate');
  const seen: LoadProgress[] = [];
  const { encoder, refused } = await openEncoder({ modelBase: MODEL_BASE, onLoad: (progress) => seen.push(progress) });
  expect(refused).toEqual([{ device: 'webgpu', reason: expect.any(String) as string }]);
  expect(encoder).toMatchObject({ device: 'wasm', space: { model: MODEL, dtype: 'q8' } });
  const weights = seen.filter(({ file }) => file === 'onnx/model_quantized.onnx');
  expect(weights.length).toBeGreaterThan(10);
  expect(weights.at(-1)).toMatchObject({ loadedBytes: 22_972_370, totalBytes: 22_972_370 });
  expect(seen.some(({ file }) => file === 'onnx/model.onnx')).toBe(false);
  expect(seen.some(({ file }) => file === 'ort-wasm-simd-threaded.wasm')).toBe(true);
  expect(seen.some(({ file }) => file.includes('asyncify'))).toBe(false);
  const phases = seen.map(({ phase }) => phase).filter((phase, i, all) => phase !== all[i - 1]);
  expect(phases).toEqual(['fetch', 'compile', 'check']);
  // the bytes of the module are freed once it runs
  expect(started.mock.calls.map(([bytes]) => (bytes as unknown as Uint8Array).byteLength)).toEqual([0]);

  const cases = await golden();
  const vectors = await encoder.encode(
    cases.map(({ text }) => text),
    'passage',
    { reproducible: true },
  );
  expect(lowestCosine(vectors, cases)).toBeGreaterThan(COSINE_FLOOR.q8);
  await encoder.dispose();
  await expect(encoder.encode(['x'], 'passage')).rejects.toMatchObject({ code: 'closed' });
});

test('without WebGPU nothing that only WebGPU needs is asked for', async () => {
  vi.spyOn(navigator, 'gpu', 'get').mockReturnValue(undefined as unknown as GPU);
  const asked = vi.spyOn(globalThis, 'fetch');
  const { encoder, refused } = await openEncoder({ modelBase: MODEL_BASE, device: 'webgpu' });
  expect(refused).toEqual([{ device: 'webgpu', reason: 'The browser has no WebGPU.' }]);
  expect(encoder.device).toBe('wasm');
  const addresses = asked.mock.calls.map(([input]) => (input instanceof Request ? input.url : String(input)));
  expect(addresses.some((address) => address.endsWith('/model_quantized.onnx'))).toBe(true);
  expect(addresses.filter((address) => /asyncify|\/model\.onnx$/.test(address))).toEqual([]);
  await encoder.dispose();
});

test('model.onnx runs on WebGPU and agrees with the golden vectors; a lost GPU is told, and another device or the same opens again', async () => {
  const requests = vi.spyOn(GPUAdapter.prototype, 'requestDevice');
  const { encoder, refused } = await openEncoder({ modelBase: MODEL_BASE, device: 'webgpu' });
  expect(refused).toEqual([]);
  expect(encoder).toMatchObject({ device: 'webgpu', space: { dtype: 'fp32' } });

  const cases = (await golden()).slice(3, 5);
  const vectors = await encoder.encode(
    cases.map(({ text }) => text),
    'passage',
  );
  expect(lowestCosine(vectors, cases)).toBeGreaterThan(COSINE_FLOOR.fp32);

  const gpu = await (requests.mock.results[0]!.value as Promise<GPUDevice>);
  const running = expect(encoder.encode(['one more text '.repeat(20)], 'passage')).rejects.toMatchObject({
    code: 'gpu-lost',
  });
  setTimeout(() => gpu.destroy(), 100); // while the text is being encoded
  await running;
  await expect(encoder.encode(['and again'], 'passage')).rejects.toMatchObject({ code: 'gpu-lost' });
  await encoder.dispose();

  for (const device of ['wasm', 'webgpu'] as const) {
    const next = await openEncoder({ modelBase: MODEL_BASE, device });
    expect(next.encoder.device).toBe(device);
    await next.encoder.dispose();
  }
  const second = await (requests.mock.results[1]!.value as Promise<GPUDevice>);
  expect((await second.lost).reason).toBe('destroyed'); // dispose() releases the device
});

test('damaged WebGPU weights are refused, and WASM is used', async () => {
  serveInstead('/model.onnx', half);
  const { encoder, refused } = await openEncoder({ modelBase: MODEL_BASE, device: 'webgpu' });
  expect(refused.map(({ device }) => device)).toEqual(['webgpu']);
  expect(encoder.device).toBe('wasm');
  await encoder.dispose();
});

test('when every device fails the known answers the error has each reason, in the order of trying', async () => {
  serveInstead('/golden.json', async (real) => {
    const file = (await real.json()) as { cases: { vector: number[] }[] };
    for (const item of file.cases) item.vector.reverse();
    return Response.json(file);
  });
  const error: unknown = await openEncoder({ modelBase: MODEL_BASE, device: 'webgpu' }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ code: 'self-test-failed' });
  expect(Object.keys((error as { details: object }).details)).toEqual(['model', 'webgpu', 'wasm']);
});

test('a page in place of the model files, and weights that are no model, are a `model-load` that names what is wrong', async () => {
  await expect(openEncoder({ modelBase: '/no-such-folder/' })).rejects.toMatchObject({
    code: 'model-load',
    details: { address: expect.stringContaining('/no-such-folder/Xenova/') as string },
  });
  serveInstead('/model_quantized.onnx', half);
  await expect(openEncoder({ modelBase: MODEL_BASE, device: 'wasm' })).rejects.toMatchObject({
    code: 'model-load',
    details: { wasm: expect.any(String) as string },
  });
  await expect(openEncoder({ device: 'cpu' })).rejects.toMatchObject({ code: 'invalid-option' });
});

test('`fromHub` takes model and tokenizer from the hub’s addresses and the known answers from `modelBase`', async () => {
  const { fetch } = globalThis;
  const asked: string[] = [];
  vi.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const address = input as string;
    if (address.includes(MODEL)) asked.push(address);
    return fetch(address.replace(`https://huggingface.co/${MODEL}/resolve/main/`, `${MODEL_BASE}${MODEL}/`), init); // no network in tests
  });
  const { encoder } = await openEncoder({ fromHub: true, modelBase: MODEL_BASE, device: 'wasm' });
  await encoder.dispose();
  const hub = `https://huggingface.co/${MODEL}/resolve/main/`;
  expect(asked.sort()).toEqual(
    [
      `${MODEL_BASE}${MODEL}/golden.json`,
      `${hub}tokenizer.json`,
      `${hub}tokenizer_config.json`,
      `${hub}onnx/model_quantized.onnx`,
    ].sort(),
  );
});

test('runs in a worker, where a cancel gets through between batches', async () => {
  const worker = new Worker(new URL('../../workers/encoder.worker.ts', import.meta.url), { type: 'module' });
  const client = new Client<EncoderApi>(worker, 'encoder');
  try {
    const opened = await client.call('open', { modelBase: MODEL_BASE, device: 'wasm' });
    expect(opened).toMatchObject({ device: 'wasm', refused: [] });
    const cases = (await golden()).slice(0, 3);
    const vectors = await client.call('encode', {
      role: 'passage',
      texts: cases.map(({ text }) => text),
      reproducible: true,
    });
    expect(lowestCosine(vectors, cases)).toBeGreaterThan(COSINE_FLOOR.q8);

    const controller = new AbortController();
    const reason = new Error('not needed any more');
    const texts = Array.from({ length: 500 }, (_, i) =>
      `The passage number ${i} is about the weather and the sea. `.repeat(10),
    );
    const givenUp = new Promise<FromWorker>((resolve) => {
      worker.addEventListener('message', ({ data }: MessageEvent<FromWorker>) => {
        if (data.kind === 'error' || data.kind === 'result') resolve(data);
      });
    });
    const onProgress = (): void => controller.abort(reason);
    await expect(
      client.call('encode', { role: 'passage', texts }, { signal: controller.signal, onProgress }),
    ).rejects.toBe(reason);
    expect((await givenUp).kind).toBe('error'); // the worker stopped, so there is no result
    expect(await client.call('encode', { role: 'passage', texts: ['free again'] })).toHaveLength(384);
  } finally {
    client.close();
  }
});
