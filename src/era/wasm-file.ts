// Where the build puts tfjs's WASM module. Browsers only: Node passes a path of its own to openTrainingBackend.

import url from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';

/** Name of the file in a folder of the site's own. */
export const WASM_FILE_NAME = 'tfjs-backend-wasm-simd.wasm';

export const bundledWasmFile: string = url;
