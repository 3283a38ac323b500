// A kernel in WebAssembly: a module of some hundred bytes, in the bundle as base64, over a memory that the caller lays
// out. Compiled at once: the time is microseconds, and a caller that computes synchronously can use it.

/**
 * @param base64 of a module that imports `kernel.memory`
 * @returns the function that it exports under this name
 * @throws WebAssembly.CompileError where SIMD is missing or a content policy forbids WebAssembly
 */
export function instantiateKernel(base64: string, memory: WebAssembly.Memory, name: string): unknown {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytesOfKernel(base64)), { kernel: { memory } });
  return exports[name];
}

/** A kernel as `WebAssembly.Module` and `WebAssembly.validate` take it. */
export function bytesOfKernel(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
