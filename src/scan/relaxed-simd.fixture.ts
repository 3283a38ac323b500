// Relaxed SIMD for tests in Node. Before version 21 it is behind a flag there, and its baseline compiler multiplies
// wrongly, so that the optimising one is used alone.

import { setFlagsFromString } from 'node:v8';
import { hasRelaxedSimd } from './wasm.ts';

export function allowRelaxedSimd(): void {
  if (hasRelaxedSimd()) return;
  setFlagsFromString('--no-liftoff');
  setFlagsFromString('--experimental-wasm-relaxed-simd');
}
