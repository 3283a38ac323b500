// Writes .npy bytes like numpy.save, or deliberately wrong ones. Tests only.

interface NpyParts {
  readonly descr?: string;
  readonly order?: string;
  readonly shape?: string;
  readonly version?: number;
  readonly data?: Uint8Array;
}

/** [[1, 2], [3, −4.5]] in float32 unless told otherwise. */
export function npyBytes({
  descr = '<f4',
  order = 'False',
  shape = '(2, 2)',
  version = 1,
  data = float32Bytes([1, 2, 3, -4.5]),
}: NpyParts = {}): Uint8Array {
  const header = new TextEncoder().encode(
    `{'descr': '${descr}', 'fortran_order': ${order}, 'shape': ${shape}, }`.padEnd(117) + '\n',
  );
  const length =
    version === 1 ? [header.length & 255, header.length >> 8] : [header.length & 255, header.length >> 8, 0, 0];
  return Uint8Array.from([0x93, ...new TextEncoder().encode('NUMPY'), version, 0, ...length, ...header, ...data]);
}

export function float32Bytes(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}
