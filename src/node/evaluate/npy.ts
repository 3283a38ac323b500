// Reads matrices of NumPy's .npy files: float16 or float32, little-endian, C order.
// Source of the layout: numpy/lib/format.py, versions 1.0 to 3.0.

import { readFile } from 'node:fs/promises';
import { EraError, messageOf } from '../../errors.ts';

export interface Matrix {
  readonly rows: number;
  readonly dims: number;
  /** [rows, dims], row-major. */
  readonly values: Float32Array<ArrayBuffer>;
}

const NUMBER_BYTES = { '<f2': 2, '<f4': 4 } as const;

/** @throws EraError `invalid-input` for a file that is missing or not such a matrix */
export async function readNpy(path: string): Promise<Matrix> {
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new EraError('invalid-input', `Cannot read ${path}: ${messageOf(cause)}`, { cause });
  });
  return parseNpy(bytes, path);
}

/** @param name for messages @throws EraError `invalid-input` */
export function parseNpy(bytes: Uint8Array, name: string): Matrix {
  const fail = (problem: string): never => {
    throw new EraError('invalid-input', `${name} ${problem}.`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || String.fromCharCode(...bytes.subarray(0, 6)) !== '\x93NUMPY') fail('is not a .npy file');
  const version = bytes[6]!;
  if (version < 1 || version > 3) fail(`is a .npy file of the unknown version ${version}`);
  const headerStart = version === 1 ? 10 : 12;
  const dataStart = headerStart + (version === 1 ? view.getUint16(8, true) : view.getUint32(8, true));
  if (dataStart > bytes.length) fail('ends within its header');
  const header = new TextDecoder('latin1').decode(bytes.subarray(headerStart, dataStart));
  const descr = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const shape = /'shape':\s*\((\d+),\s*(\d+)\)/.exec(header);
  if (descr !== '<f2' && descr !== '<f4')
    return fail(`holds numbers of type ${descr ?? 'unknown'}; float16 and float32 are read`);
  if (!/'fortran_order':\s*False/.test(header)) fail('is in Fortran order; C order is read');
  if (!shape) return fail('does not hold a matrix');
  const [rows, dims] = [Number(shape[1]), Number(shape[2])];
  const count = rows * dims;
  if (bytes.length - dataStart !== count * NUMBER_BYTES[descr])
    fail(`holds ${bytes.length - dataStart} bytes of numbers, not those of ${rows} × ${dims}`);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    values[i] =
      descr === '<f2' ? float16(view.getUint16(dataStart + 2 * i, true)) : view.getFloat32(dataStart + 4 * i, true);
  }
  return { rows, dims, values };
}

/** IEEE 754 binary16. */
function float16(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
