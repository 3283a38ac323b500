import { createRequire } from 'node:module';
import { describe } from 'vitest';
import { trainerContract } from '../adapter/trainer.contract.ts';
import { openTrainingBackend } from './backend.ts';
import { eraCase } from './trainer-case.fixture.ts';

const wasmFile = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm');

describe('era on cpu', () => trainerContract(eraCase(() => openTrainingBackend({ device: 'cpu' }))));
describe('era on wasm', () => trainerContract(eraCase(() => openTrainingBackend({ device: 'wasm', wasmFile }))));
