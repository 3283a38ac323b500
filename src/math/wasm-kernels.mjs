// Compiles each kernel.wat into the kernel.ts beside it, as base64, so that there is no file to fetch and no address to
// configure. Run it by hand after a change of a WAT:
//   node src/math/wasm-kernels.mjs
// wasm-kernels.test.ts compiles again and fails when the two differ.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import initWabt from 'wabt';

/** Folders with a kernel.wat. */
export const KERNELS = ['src/math/products', 'src/scan/wasm'];

const root = new URL('../../', import.meta.url);

/** @param {string} folder @returns {string} its kernel.wat */
export function readWat(folder) {
  return readFileSync(new URL(`${folder}/kernel.wat`, root), 'utf8');
}

/** @param {string} wat @returns {Promise<string>} the module's bytes in base64 */
export async function compileWat(wat) {
  const wabt = await initWabt();
  const module = wabt.parseWat('kernel.wat', wat, { simd: true });
  try {
    module.validate();
    return Buffer.from(module.toBinary({}).buffer).toString('base64');
  } finally {
    module.destroy();
  }
}

/**
 * A kernel with a fault, for tests of what is tried before a kernel is used.
 * @param {string} folder
 * @param {readonly string[]} edits a text of its kernel.wat, what takes its place, another text, …
 * @returns {Promise<string>} the module's bytes in base64
 */
export function compileFaulty(folder, edits) {
  let wat = readWat(folder);
  for (let i = 0; i < edits.length; i += 2) {
    const [text = '', other = ''] = edits.slice(i, i + 2);
    if (!wat.includes(text)) throw new Error(`The kernel of ${folder} has no ${text}.`);
    wat = wat.replace(text, other);
  }
  return compileWat(wat);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const folder of KERNELS) {
    const base64 = await compileWat(readWat(folder));
    const body = (base64.match(/.{1,120}/g) ?? []).map((line) => `  '${line}'`).join(' +\n');
    writeFileSync(
      new URL(`${folder}/kernel.ts`, root),
      `// Made from kernel.wat by \`node src/math/wasm-kernels.mjs\`. Do not edit.\n\nexport const kernelBase64: string =\n${body};\n`,
    );
    console.log(`${folder}/kernel.ts: ${String(Buffer.from(base64, 'base64').length)} bytes of WebAssembly`);
  }
}
