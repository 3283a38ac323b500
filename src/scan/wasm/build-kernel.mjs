// Compiles kernel.wat into kernel.ts, as base64, so that there is no file to fetch and no address to configure. Run it
// by hand after a change of the WAT:
//   node src/scan/wasm/build-kernel.mjs
// kernel.test.ts compiles again and fails when the two differ.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import initWabt from 'wabt';

const wat = new URL('./kernel.wat', import.meta.url);
const target = new URL('./kernel.ts', import.meta.url);

/** @returns {Promise<Uint8Array>} the module's bytes */
export async function compileKernel() {
  const wabt = await initWabt();
  const module = wabt.parseWat('kernel.wat', readFileSync(wat, 'utf8'), { simd: true });
  try {
    module.validate();
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const base64 = Buffer.from(await compileKernel()).toString('base64');
  const lines = base64.match(/.{1,120}/g) ?? [];
  const body = lines.map((line) => `  '${line}'`).join(' +\n');
  writeFileSync(
    target,
    `// Made from kernel.wat by \`node src/scan/wasm/build-kernel.mjs\`. Do not edit.\n\nexport const kernelBase64: string =\n${body};\n`,
  );
  console.log(`${fileURLToPath(target)}: ${String(Buffer.from(base64, 'base64').length)} bytes of WebAssembly`);
}
