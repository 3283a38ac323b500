// ERA's trainer for a page's worker, loaded on demand together with tfjs.

import type { Trainer } from '../adapter/trainer.ts';
import { openTrainingBackend, type TrainingBackendOptions } from './backend.ts';
import { eraTrainer } from './trainer.ts';
import { bundledWasmFile, WASM_FILE_NAME } from './wasm-file.ts';

/** @param runtimeBase address of the folder with tfjs's WASM module; null for the bundled one */
export function pageTrainer(device: TrainingBackendOptions['device'], runtimeBase: string | null): Required<Trainer> {
  const wasmFile = runtimeBase === null ? bundledWasmFile : new URL(WASM_FILE_NAME, runtimeBase).href;
  return eraTrainer(() => openTrainingBackend({ device, wasmFile }));
}
