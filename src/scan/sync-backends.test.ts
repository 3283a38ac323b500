// JS and WASM in Node. webgpu.browser.test.ts tests all three in Chromium.

import { openJs } from './js.ts';
import { scanContract } from './scan.contract.ts';
import { openWasm } from './wasm.ts';

scanContract('JS', openJs, false);
scanContract('WASM', openWasm, true);
