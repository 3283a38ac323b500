/// <reference types="vite/client" />
// The network in a browser or worker: the onnxruntime-web that transformers.js pins, on WASM or on a WebGPU device of
// our own. Loaded by dynamic import, so that Node never sees the two runtime files. Sessions are made here and not by
// AutoModel: transformers.js 4.3.1 chains all session loads and all runs of a realm on one promise each, and after one
// failure every later one fails with the same error, so that a refused device would take the next one with it.

import { env, InferenceSession, Tensor } from 'onnxruntime-web/webgpu';
import mjsUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import wasmUrl from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import { EraError, messageOf } from '../errors.ts';
import type { EncoderDevice } from './encoder.ts';
import { hiddenOf, tensorsOf, type Batch, type Network, type NetworkSource } from './network.ts';

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
  setUpRuntime(source.options.runtimeBase);
  if (device !== 'webgpu') return networkOf(await openSession(source, ['wasm']));
  const gpu = await requestDevice(source.options.device === 'webgpu');
  try {
    const whileAlive = watch(gpu);
    const { run, release } = networkOf(
      await openSession(source, [{ name: 'webgpu', device: gpu }], whileAlive),
      whileAlive,
    );
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

function setUpRuntime(runtimeBase: string | undefined): void {
  const files = runtimeBase
    ? {
        mjs: `${runtimeBase}ort-wasm-simd-threaded.asyncify.mjs`,
        wasm: `${runtimeBase}ort-wasm-simd-threaded.asyncify.wasm`,
      }
    : { mjs: mjsUrl, wasm: wasmUrl };
  env.wasm.wasmPaths = { mjs: new URL(files.mjs, location.href).href, wasm: new URL(files.wasm, location.href).href };
  env.wasm.proxy = false;
  env.logLevel = 'error';
  if (!crossOriginIsolated) env.wasm.numThreads = 1;
}

/** @throws EraError `no-webgpu` */
async function requestDevice(allowSoftware: boolean): Promise<GPUDevice> {
  const gpu = navigator.gpu as GPU | undefined;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter)
    throw new EraError('no-webgpu', gpu ? 'The browser gives no WebGPU adapter.' : 'The browser has no WebGPU.');
  if (adapter.info.isFallbackAdapter && !allowSoftware) {
    throw new EraError('no-webgpu', 'The only WebGPU adapter is a software one, which is slower than WASM.');
  }
  const limits = adapter.limits;
  return adapter.requestDevice({
    requiredLimits: Object.fromEntries(LIMITS.map((name) => [name, limits[name]])),
    requiredFeatures: FEATURES.filter((name) => adapter.features.has(name)),
  });
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
  source: NetworkSource,
  executionProviders: Providers,
  guard = unguarded,
): Promise<InferenceSession> {
  const bytes = await source.files.bytes(`onnx/${source.weights.file}`);
  source.options.signal?.throwIfAborted();
  return oneAtATime(() => guard(() => InferenceSession.create(bytes, { executionProviders, logSeverityLevel: 3 })));
}

function networkOf(session: InferenceSession, guard = unguarded): Network {
  return {
    run(batch: Batch): Promise<Float32Array> {
      const inputs = tensorsOf(batch, session.inputNames, (data, dims) => new Tensor('int64', data, dims));
      return oneAtATime(async () => hiddenOf(await guard(() => session.run(inputs))).data as Float32Array);
    },
    release: () => oneAtATime(() => guard(() => session.release())),
  };
}
