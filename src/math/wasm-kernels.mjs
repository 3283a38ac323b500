// Compiles each kernel into a file beside it, as base64, so that there is no file to fetch and no address to
// configure. Run it by hand after a change of a WAT:
//   node src/math/wasm-kernels.mjs
// wasm-kernels.test.ts compiles again and fails when the two differ.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import initWabt from 'wabt';

/**
 * @typedef {object} Kernel
 * @property {string} folder with its kernel.wat
 * @property {string} file what it is compiled into
 * @property {string} [sums] of the variants of a kernel: what takes the place of its line `;; insert sums`
 */

export const PRODUCTS = { folder: 'src/math/products', file: 'kernel.ts' };
export const SCAN = { folder: 'src/scan/wasm', file: 'kernel.ts', sums: 'sums-plain.wat' };
export const RELAXED_SCAN = { folder: 'src/scan/wasm', file: 'relaxed-kernel.ts', sums: 'sums-relaxed.wat' };
export const EXACT_DOTS = { folder: 'src/scan/wasm/dots', file: 'kernel.ts' };
export const KERNELS = [PRODUCTS, SCAN, RELAXED_SCAN, EXACT_DOTS];

const root = new URL('../../', import.meta.url);

/** @param {Kernel} kernel @returns {string} its text */
export function readWat({ folder, sums }) {
  const read = (/** @type {string} */ name) => readFileSync(new URL(`${folder}/${name}`, root), 'utf8');
  const wat = read('kernel.wat');
  return sums === undefined ? wat : wat.replace(/^ *;; insert sums$/m, () => read(sums));
}

/** @param {string} wat @returns {Promise<string>} the module's bytes in base64 */
export async function compileWat(wat) {
  const wabt = await initWabt();
  const module = wabt.parseWat('kernel.wat', wat, { simd: true, relaxed_simd: true });
  try {
    module.validate();
    return Buffer.from(module.toBinary({}).buffer).toString('base64');
  } finally {
    module.destroy();
  }
}

/**
 * A kernel with a fault, for tests of what is tried before a kernel is used.
 * @param {Kernel} kernel
 * @param {readonly string[]} edits a piece of its text, what takes its place, another text, …
 * @returns {Promise<string>} the module's bytes in base64
 */
export function compileFaulty(kernel, edits) {
  let wat = readWat(kernel);
  for (let i = 0; i < edits.length; i += 2) {
    const [text = '', other = ''] = edits.slice(i, i + 2);
    if (!wat.includes(text)) throw new Error(`The kernel in ${kernel.folder} has no ${text}.`);
    wat = wat.replace(text, other);
  }
  return compileWat(wat);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const kernel of KERNELS) {
    const base64 = await compileWat(readWat(kernel));
    const body = (base64.match(/.{1,120}/g) ?? []).map((line) => `  '${line}'`).join(' +\n');
    writeFileSync(
      new URL(`${kernel.folder}/${kernel.file}`, root),
      `// Made from ${kernel.sums === undefined ? '' : `${kernel.sums} in `}kernel.wat by \`node src/math/wasm-kernels.mjs\`. Do not edit.\n\nexport const kernelBase64: string =\n${body};\n`,
    );
    console.log(
      `${kernel.folder}/${kernel.file}: ${String(Buffer.from(base64, 'base64').length)} bytes of WebAssembly`,
    );
  }
}
