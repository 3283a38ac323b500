// Address of tfjs's WASM module in the build. Browsers only: Node passes its own path to openTrainingBackend.

import url from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';

/** Name of the file in a folder that a site hosts itself. */
export const WASM_FILE_NAME = 'tfjs-backend-wasm-simd.wasm';

export const bundledWasmFile: string = url;
