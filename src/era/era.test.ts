import { createRequire } from 'node:module';
import { describe } from 'vitest';
import { openTrainingBackend } from './backend.ts';
import { trainingContract } from './era.contract.ts';

const wasmFile = createRequire(import.meta.url).resolve(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
);

describe('cpu', () => trainingContract(() => openTrainingBackend({ device: 'cpu' })));
describe('wasm', () => trainingContract(() => openTrainingBackend({ device: 'wasm', wasmFile })));
