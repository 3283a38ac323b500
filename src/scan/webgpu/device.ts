// Access to a GPU: adapter, device, and errors converted to EraError. It knows nothing of vectors.

import { gpuAdapter, gpuAnswer } from '../../device.ts';
import { EraError } from '../../errors.ts';

function gpu(): GPU | undefined {
  return (globalThis as { navigator?: { gpu?: GPU } }).navigator?.gpu;
}

/** A GPU as far as it is known before it is used. */
export interface GpuFacts {
  /** Of the browser and the adapter; another driver or browser has another name. */
  readonly name: string;
  /** Why it should not be chosen by default; null for a hardware adapter. */
  readonly refusal: string | null;
}

export async function gpuFacts(): Promise<GpuFacts> {
  const adapter = await gpuAdapter(gpu());
  if (!adapter) return { name: 'none', refusal: 'No WebGPU adapter.' };
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  return {
    name: [navigator.userAgent, vendor, architecture, device, description].join(', '),
    refusal: isFallbackAdapter ? 'The WebGPU adapter is software.' : null,
  };
}

/** True where WGSL has the built-in 4 × int8 dot product. */
export function hasPackedDot(): boolean {
  return gpu()?.wgslLanguageFeatures.has('packed_4x8_integer_dot_product') ?? false;
}

/** A new device, at default limits. @throws EraError `no-webgpu` */
export async function requestGpuDevice(): Promise<GPUDevice> {
  // A new adapter each time: a second device from the same adapter is lost from the start.
  const adapter = await gpuAdapter(gpu());
  if (!adapter) throw new EraError('no-webgpu', 'No WebGPU adapter.');
  try {
    return await gpuAnswer(adapter.requestDevice({ label: 'era-search scan' }));
  } catch (cause) {
    throw new EraError('no-webgpu', 'The WebGPU adapter gives no device.', { cause });
  }
}

/**
 * Runs `work` inside error scopes and waits for their results.
 * @param work issues GPU calls, without waiting
 * @throws EraError `gpu-memory` when memory ran out, `no-webgpu` when a call was not valid
 */
export async function inErrorScopes<T>(device: GPUDevice, work: () => T): Promise<T> {
  device.pushErrorScope('out-of-memory');
  device.pushErrorScope('validation');
  let verdicts: Promise<[GPUError | null, GPUError | null]>;
  let result: T;
  try {
    result = work();
  } finally {
    verdicts = Promise.all([device.popErrorScope(), device.popErrorScope()]);
  }
  const [validation, memory] = await verdicts;
  if (memory) throw new EraError('gpu-memory', `The GPU is out of memory: ${memory.message}`);
  if (validation) throw new EraError('no-webgpu', `The GPU refused a call: ${validation.message}`);
  return result;
}
