import { createRequire } from 'node:module';
import { describe } from 'vitest';
import { openTrainingBackend } from '../../era/backend.ts';
import { gradientContract } from './gradient.contract.ts';

const wasmFile = createRequire(import.meta.url).resolve(
  '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm',
);

describe('cpu', () => gradientContract(() => openTrainingBackend({ device: 'cpu' })));
describe('wasm', () => gradientContract(() => openTrainingBackend({ device: 'wasm', wasmFile })));
