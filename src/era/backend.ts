// The backend that tfjs computes on: WebGPU on a device that this file requests, else WASM, else plain JavaScript. Each
// must pass the self-test before it is used. tfjs has one backend for the whole realm, so open one at a time.

import { env, registerBackend, removeBackend, setBackend } from '@tensorflow/tfjs-core';
import { gpuAdapter, gpuAnswer, lossOf } from '../device.ts';
import { EraError, messageOf } from '../errors.ts';
import { testBackend } from './self-test.ts';

export type TrainingDevice = 'webgpu' | 'wasm' | 'cpu';

export interface TrainingBackendOptions {
  /**
   * The device to try first; those that follow it in the order WebGPU, WASM, CPU are tried next. `auto` begins with
   * WebGPU, on a hardware adapter only; `webgpu` accepts a software adapter too. @default 'auto'
   */
  readonly device?: 'auto' | TrainingDevice | undefined;
  /** Address (browser) or path (Node) of `tfjs-backend-wasm-simd.wasm`; without it WASM is not used. */
  readonly wasmFile?: string | undefined;
}

/** A device that was tried and not used. */
export interface RefusedDevice {
  readonly device: TrainingDevice;
  readonly reason: string;
}

export interface TrainingBackend {
  readonly kind: TrainingDevice;
  readonly refused: readonly RefusedDevice[];
  /** Runs work on the device. @throws EraError `gpu-lost` where the GPU is gone, even if the work never ends; else its error */
  readonly guard: <T>(work: () => Promise<T>) => Promise<T>;
  /** Releases the GPU. WASM memory is released with the worker. */
  readonly dispose: () => void;
}

type Opened = Pick<TrainingBackend, 'guard' | 'dispose'>;

const CHAIN: readonly TrainingDevice[] = ['webgpu', 'wasm', 'cpu'];
/** Milliseconds that a failed call waits for the report of a lost device, which comes just after the failure. */
const LOST_NEWS_MS = 200;

/** @throws EraError `self-test-failed` where no device computes correctly */
export async function openTrainingBackend(options: TrainingBackendOptions = {}): Promise<TrainingBackend> {
  const { device = 'auto', wasmFile } = options;
  env().set('PROD', true); // turns off tfjs's advice on the console
  const refused: RefusedDevice[] = [];
  for (const kind of CHAIN.slice(device === 'auto' ? 0 : CHAIN.indexOf(device))) {
    let opened: Opened | undefined;
    try {
      opened =
        kind === 'webgpu'
          ? await openWebGpu(device === 'webgpu')
          : kind === 'wasm'
            ? await openWasm(wasmFile)
            : await openCpu();
      await opened.guard(testBackend);
      return { kind, refused, ...opened };
    } catch (error) {
      opened?.dispose();
      refused.push({ device: kind, reason: messageOf(error) });
    }
  }
  throw new EraError(
    'self-test-failed',
    `No device can train: ${refused.map(({ device, reason }) => `${device}: ${reason}`).join(' ')}`,
  );
}

async function openWebGpu(softwareToo: boolean): Promise<Opened> {
  const adapter = await gpuAdapter((globalThis.navigator as Navigator | undefined)?.gpu);
  if (!adapter) throw new EraError('no-webgpu', 'There is no WebGPU adapter.');
  if (!softwareToo && isSoftware(adapter.info))
    throw new EraError('no-webgpu', 'The WebGPU adapter is software, which is slower than WASM.');
  const { WebGPUBackend } = await import('@tensorflow/tfjs-backend-webgpu');
  const { limits } = adapter;
  const device = await gpuAnswer(
    adapter.requestDevice({
      requiredLimits: {
        maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
        maxBufferSize: limits.maxBufferSize,
        maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
        maxComputeWorkgroupsPerDimension: limits.maxComputeWorkgroupsPerDimension,
        maxComputeWorkgroupSizeX: limits.maxComputeWorkgroupSizeX,
        maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
      },
    }),
  );
  // tfjs would compute small tensors on its CPU backend; the self-test must measure the backend that trains.
  env().set('WEBGPU_CPU_FORWARD', false);
  removeBackend('webgpu'); // tfjs's own backend, on a device that it would request itself, or an earlier one of ours
  registerBackend('webgpu', () => new WebGPUBackend(device, adapter.info));
  await start('webgpu');
  const loss = lossOf(device);
  loss.catch(() => undefined); // handled by the calls that it ends
  return {
    async guard(work) {
      try {
        return await Promise.race([loss, work()]);
      } catch (error) {
        await Promise.race([loss, new Promise((resolve) => setTimeout(resolve, LOST_NEWS_MS))]);
        throw error;
      }
    },
    dispose: () => {
      device.destroy();
    },
  };
}

/** Some browsers hide the flag of software adapters but not the name. */
function isSoftware(info: GPUAdapterInfo): boolean {
  return (
    info.isFallbackAdapter ||
    /swiftshader|llvmpipe|basic render/i.test(`${info.vendor} ${info.architecture} ${info.device} ${info.description}`)
  );
}

async function openWasm(wasmFile: string | undefined): Promise<Opened> {
  if (wasmFile === undefined) throw new EraError('invalid-option', 'No address of the WASM module was given.');
  const { setWasmPaths } = await import('@tensorflow/tfjs-backend-wasm');
  // Threads need cross-origin isolation and blob workers, which sites with a strict policy do not allow.
  env().set('WASM_HAS_MULTITHREAD_SUPPORT', false);
  setWasmPaths({
    'tfjs-backend-wasm.wasm': wasmFile,
    'tfjs-backend-wasm-simd.wasm': wasmFile,
    'tfjs-backend-wasm-threaded-simd.wasm': wasmFile,
  });
  await start('wasm');
  return untouched;
}

async function openCpu(): Promise<Opened> {
  await import('@tensorflow/tfjs-backend-cpu');
  await start('cpu');
  return untouched;
}

const untouched: Opened = { guard: (work) => work(), dispose: () => undefined };

async function start(kind: TrainingDevice): Promise<void> {
  if (!(await setBackend(kind))) throw new EraError('model-load', `tfjs cannot start its ${kind} backend.`);
}
