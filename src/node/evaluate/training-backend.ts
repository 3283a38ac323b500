// The gradient backend of an evaluation. tfjs has one for the whole process, so all methods share it.

import { createRequire } from 'node:module';
import { openTrainingBackend, type TrainingBackend } from '../../era/backend.ts';

let opened: Promise<TrainingBackend> | undefined;

/** WASM, else plain JavaScript; opened on first use. @throws EraError `self-test-failed` */
export function sharedBackend(): Promise<TrainingBackend> {
  const require = createRequire(import.meta.url);
  opened ??= openTrainingBackend({
    device: 'wasm',
    wasmFile: require.resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm'),
  });
  return opened;
}
