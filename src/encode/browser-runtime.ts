/// <reference types="vite/client" />
// The network in a browser or worker: the onnxruntime-web that transformers.js pins, on WASM or on a WebGPU device of
// our own. Loaded by dynamic import, so that Node never sees the files of the runtimes. Sessions are made here and not by
// AutoModel: transformers.js 4.3.1 chains all session loads and all runs of a realm on one promise each, and after one
// failure every later one fails with the same error, so that a refused device would take the next one with it.

import type { InferenceSession } from 'onnxruntime-web';
import { gpuAdapter, gpuAnswer } from '../device.ts';
import { EraError, messageOf } from '../errors.ts';
import { gunzip } from '../transfer/gzip.ts';
import type { EncoderDevice, EncoderOptions } from './encoder.ts';
import { readModelFile } from './model-files.ts';
import { beginPhase, hiddenOf, tensorsOf, type Batch, type Network, type NetworkSource } from './network.ts';
import { RUNTIME_FILES } from './runtime-files.ts';

/** What onnxruntime's WebGPU kernels may use beyond the defaults. Source: its own device request, ORT#21553. */
const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupSizeY',
  'maxComputeWorkgroupSizeZ',
  'maxComputeWorkgroupsPerDimension',
] as const;
const FEATURES = ['shader-f16', 'subgroups'] as const;

/** The runtime takes one call at a time, loads and runs alike; a failed call does not stop the next. */
let last: Promise<unknown> = Promise.resolve();
function oneAtATime<T>(task: () => Promise<T>): Promise<T> {
  const result = last.then(task);
  last = result.catch(() => undefined);
  return result;
}

export async function openNetwork(device: EncoderDevice, source: NetworkSource): Promise<Network> {
  if (device !== 'webgpu') return openSession('wasm', source, ['wasm']);
  const gpu = await requestDevice(source.options.device === 'webgpu');
  try {
    const whileAlive = watch(gpu);
    const { run, release } = await openSession('webgpu', source, [{ name: 'webgpu', device: gpu }], whileAlive);
    return {
      run,
      async release(): Promise<void> {
        await release().catch(() => undefined); // there is nothing left to free on a lost device
        gpu.destroy();
      },
    };
  } catch (error) {
    gpu.destroy();
    throw error;
  }
}

/** Each device has a runtime of its own, so that a visitor downloads the smallest that does. */
type Runtime = 'webgpu' | 'wasm';
type Ort = typeof import('onnxruntime-web');

/** Far above the real sizes. */
const MAX_MODULE_BYTES = 2 ** 27;

/** Runtimes that run: one is started once in a realm. */
const started = new Set<Runtime>();

/** The runtime with its module at hand; the first session starts it. @throws EraError `model-load` */
async function loadRuntime(runtime: Runtime, options: EncoderOptions): Promise<Ort> {
  const ort = await (runtime === 'webgpu' ? import('onnxruntime-web/webgpu') : import('onnxruntime-web/wasm'));
  if (started.has(runtime)) return ort;
  const { env } = ort;
  const { runtimeBase } = options;
  const { name, script, module } = RUNTIME_FILES[runtime];
  const [mjs, wasm] = (
    runtimeBase ? [`${runtimeBase}${name}.mjs`, `${runtimeBase}${name}.wasm`] : [script, module]
  ).map((address) => new URL(address, location.href).href) as [string, string];
  env.wasm.wasmPaths = { mjs };
  const bytes = await gunzip(await readModelFile(wasm, `${name}.wasm`, options), wasm, MAX_MODULE_BYTES);
  // As a buffer: of an array, the runtime's script makes a copy.
  env.wasm.wasmBinary = bytes.length === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
  env.wasm.proxy = false;
  env.logLevel = 'error';
  if (!crossOriginIsolated) env.wasm.numThreads = 1;
  return ort;
}

/** @throws EraError `no-webgpu` */
async function requestDevice(allowSoftware: boolean): Promise<GPUDevice> {
  const gpu = navigator.gpu as GPU | undefined;
  const adapter = await gpuAdapter(gpu);
  if (!adapter)
    throw new EraError('no-webgpu', gpu ? 'The browser gives no WebGPU adapter.' : 'The browser has no WebGPU.');
  if (adapter.info.isFallbackAdapter && !allowSoftware) {
    throw new EraError('no-webgpu', 'The only WebGPU adapter is a software one, which is slower than WASM.');
  }
  const limits = adapter.limits;
  return gpuAnswer(
    adapter.requestDevice({
      requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, limits[name]])),
      requiredFeatures: FEATURES.filter((name) => adapter.features.has(name)),
    }),
  );
}

/**
 * Runs work on the GPU; a failure rejects with `gpu-lost`. Any failure counts as a loss, since a dead GPU process shows
 * in many ways.
 */
type Guard = <T>(work: () => Promise<T>) => Promise<T>;

const unguarded: Guard = (work) => work();

function watch(gpu: GPUDevice): Guard {
  let lost: EraError | undefined;
  const lose = (reason: string, cause?: unknown): never => {
    lost ??= new EraError('gpu-lost', `The WebGPU device stopped: ${reason}`, { cause });
    throw lost;
  };
  const loss = gpu.lost.then(({ reason, message }) => lose(message || reason));
  loss.catch(() => undefined); // handled below
  return async (work) => {
    // A call on a lost device never returns: let the event loop deliver a loss first, and make no call after one.
    await new Promise((resolve) => setTimeout(resolve, 0));
    if (lost) throw lost;
    return Promise.race([loss, work().catch((cause: unknown) => lose(messageOf(cause), cause))]);
  };
}

type Providers = NonNullable<InferenceSession.SessionOptions['executionProviders']>;

async function openSession(
  runtime: Runtime,
  source: NetworkSource,
  executionProviders: Providers,
  guard = unguarded,
): Promise<Network> {
  const { ort, session } = await createSession(runtime, source, executionProviders, guard);
  return {
    run(batch: Batch): Promise<Float32Array> {
      const inputs = tensorsOf(batch, session.inputNames, (data, dims) => new ort.Tensor('int64', data, dims));
      return oneAtATime(async () => hiddenOf(await guard(() => session.run(inputs))).data as Float32Array);
    },
    release: () => oneAtATime(() => guard(() => session.release())),
  };
}

/** A function of its own: the closures of an open network would otherwise keep the file of the weights in memory. */
async function createSession(
  runtime: Runtime,
  { files, weights, options }: NetworkSource,
  executionProviders: Providers,
  guard: Guard,
): Promise<{ readonly ort: Ort; readonly session: InferenceSession }> {
  const [bytes, ort] = await Promise.all([files.bytes(`onnx/${weights.file}`), loadRuntime(runtime, options)]);
  beginPhase('compile', options);
  const session = await oneAtATime(() =>
    guard(() => ort.InferenceSession.create(bytes, { executionProviders, logSeverityLevel: 3 })),
  );
  started.add(runtime);
  dropModule(ort);
  return { ort, session };
}

/** Frees the bytes of the module: a runtime that runs needs them no more, but its script keeps them. */
function dropModule({ env: { wasm } }: Ort): void {
  const module = wasm.wasmBinary as ArrayBuffer | undefined;
  delete wasm.wasmBinary;
  if (module) structuredClone(null, { transfer: [module] }); // to nobody
}
