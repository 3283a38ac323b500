import { createRequire } from 'node:module';
import { describe } from 'vitest';
import { openTrainingBackend } from './backend.ts';
import { sameMapContract } from './same-map.contract.ts';

const wasmFile = createRequire(import.meta.url).resolve(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
);

describe('cpu', () => sameMapContract(() => openTrainingBackend({ device: 'cpu' })));
describe('wasm', () => sameMapContract(() => openTrainingBackend({ device: 'wasm', wasmFile })));
