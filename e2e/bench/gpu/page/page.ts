// What the pages of the GPU benchmark can do; each part is asked of a page of its own.

import { adapterFacts } from './adapter-facts.ts';
import { encodeTexts } from './encode.ts';
import { learn } from './learn.ts';
import { loseDevice } from './lose-device.ts';
import { readSpeed } from './read-speed.ts';
import { scan } from './scan.ts';
import { trainEra } from './train-era.ts';

const parts = { adapterFacts, encodeTexts, learn, loseDevice, readSpeed, scan, trainEra };

export type GpuBenchPage = typeof parts;

Object.assign(globalThis, { gpuBench: parts });
