import { describe } from 'vitest';
import { openTrainingBackend, type TrainingBackend } from './backend.ts';
import { sameMapContract } from './same-map.contract.ts';
import { bundledWasmFile } from './wasm-file.ts';

describe('wasm', () => sameMapContract(() => openTrainingBackend({ device: 'wasm', wasmFile: bundledWasmFile })));

// tfjs has one backend at a time: each call opens a new device and releases the last one.
describe('webgpu', () => {
  let open: TrainingBackend | undefined;
  sameMapContract(async () => {
    open?.dispose();
    open = await openTrainingBackend({ device: 'webgpu', wasmFile: bundledWasmFile });
    return open;
  });
});
