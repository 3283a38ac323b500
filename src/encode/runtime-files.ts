// Addresses of ONNX Runtime's files in a page, by device: a script that starts it, and its WebAssembly module, which the
// build gzips and names `.bin`. The module for WASM alone has half the bytes of the one that also knows WebGPU.

import webgpuScript from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.mjs?url';
import webgpuModule from 'onnxruntime-web/ort-wasm-simd-threaded.asyncify.wasm?url';
import wasmScript from 'onnxruntime-web/ort-wasm-simd-threaded.mjs?url';
import wasmModule from 'onnxruntime-web/ort-wasm-simd-threaded.wasm?url';

export interface RuntimeFiles {
  /** Name in onnxruntime-web, without the extension. */
  readonly name: string;
  readonly script: string;
  readonly module: string;
}

/** Addresses are relative to the page or the worker. */
export const RUNTIME_FILES: Readonly<Record<'webgpu' | 'wasm', RuntimeFiles>> = {
  webgpu: { name: 'ort-wasm-simd-threaded.asyncify', script: webgpuScript, module: webgpuModule },
  wasm: { name: 'ort-wasm-simd-threaded', script: wasmScript, module: wasmModule },
};
