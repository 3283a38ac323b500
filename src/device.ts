// Devices, as the rooms that compute share them: encoder, scanner, trainer. A GPU process that crashed may never answer, so
// every wait for one has a limit.

import { EraError } from './errors.ts';

/** A device that was tried and not used, with the reason. */
export interface Refusal {
  /** Name of the device, such as `webgpu`. */
  readonly device: string;
  /** Why it was not used, for people. */
  readonly reason: string;
}

/** Longest wait for a browser's answer to a request for an adapter or a device. */
const GPU_ANSWER_MS = 10_000;

/** @throws EraError `no-webgpu` where the browser does not answer; what `asked` rejects with */
export async function gpuAnswer<T>(asked: Promise<T>, limitMs: number = GPU_ANSWER_MS): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new EraError('no-webgpu', `The browser has not answered about its GPU for ${limitMs} ms.`)),
      limitMs,
    );
  });
  try {
    return await Promise.race([asked, silence]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * The adapter that scanner, encoder and trainer ask for; null where there is none.
 * @param gpu `navigator.gpu`, where there is one
 * @throws EraError `no-webgpu` where the browser does not answer
 */
export async function gpuAdapter<Adapter>(
  gpu: { requestAdapter: (options: { powerPreference: 'high-performance' }) => Promise<Adapter> } | undefined,
): Promise<Adapter | null> {
  return gpu ? gpuAnswer(gpu.requestAdapter({ powerPreference: 'high-performance' })) : null;
}

/** What WebGPU calls GPUDeviceLostInfo, which the compilers of those who use this package need not know. */
interface Loss {
  readonly reason: string;
  readonly message: string;
}

/**
 * Rejects with `gpu-lost` once the device is lost: a call on a lost device may never return, so calls are raced with
 * this.
 */
export async function lossOf({ lost }: { readonly lost: Promise<Loss> }): Promise<never> {
  const { message, reason } = await lost;
  throw new EraError('gpu-lost', `The GPU was lost: ${message || reason}`);
}
