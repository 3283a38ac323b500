// safetensors: named arrays with text metadata, the file format in which adapters are exchanged between Python and the
// page. Source of the layout: https://huggingface.co/docs/safetensors (u64 header length, JSON header, data
// without holes).

import { EraError } from '../errors.ts';
import { findRepeatedKey } from './repeated-key.ts';

export interface Tensor {
  /** Row-major. */
  readonly shape: number[];
  readonly data: Float32Array;
}

/** Codes of any meaning, one byte each. */
export interface ByteTensor {
  /** Row-major. */
  readonly shape: number[];
  readonly data: Uint8Array<ArrayBuffer>;
}

export interface Safetensors {
  readonly tensors: Map<string, Tensor>;
  readonly bytes: Map<string, ByteTensor>;
  readonly metadata: Record<string, string>;
}

/**
 * Far above the headers of adapters, which have two tensors and some lines of metadata: what JSON makes of a header takes
 * many times its size. The reference implementation allows 100 MB.
 */
const MAX_HEADER_BYTES = 2 ** 18;
/** Characters of a message, which may quote a name. */
const SHOWN = 300;
const LENGTH_BYTES = 8;
const METADATA = '__metadata__';

const BYTES = 'U8';
const FLOATS: Readonly<
  Record<string, { readonly bytes: number; readonly toFloat32: (data: ArrayBuffer) => Float32Array }>
> = {
  F32: { bytes: 4, toFloat32: (data) => new Float32Array(data) },
  F16: { bytes: 2, toFloat32: (data) => Float32Array.from(new Uint16Array(data), halfToNumber) },
  BF16: {
    bytes: 2,
    toFloat32: (data) => new Float32Array(Uint32Array.from(new Uint16Array(data), (half) => half << 16).buffer),
  },
};

/**
 * Reads F32, F16 and BF16 tensors as float32, and U8, in file order. The result shares no memory with `bytes`.
 * @throws EraError `adapter-format`
 */
export function readSafetensors(bytes: Uint8Array<ArrayBuffer>): Safetensors {
  if (bytes.length < LENGTH_BYTES) throw malformed('it is too short');
  const headerBytes = Number(new DataView(bytes.buffer, bytes.byteOffset, LENGTH_BYTES).getBigUint64(0, true));
  if (headerBytes > MAX_HEADER_BYTES || headerBytes > bytes.length - LENGTH_BYTES)
    throw malformed(`a header of ${headerBytes} bytes`);
  const header = parseHeader(bytes.subarray(LENGTH_BYTES, LENGTH_BYTES + headerBytes));
  const dataAt = LENGTH_BYTES + headerBytes;
  const dataBytes = bytes.length - dataAt;

  const entries = Object.entries(header)
    .filter(([name]) => name !== METADATA)
    .map(([name, entry]) => parseEntry(name, entry))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  let end = 0;
  for (const entry of entries) {
    if (entry.begin !== end) throw malformed(`tensor ${entry.name} overlaps another or leaves a hole`);
    end = entry.end;
  }
  if (end !== dataBytes) throw malformed(`${dataBytes} bytes of data where the header calls for ${end}`);

  const tensors = new Map<string, Tensor>();
  const codes = new Map<string, ByteTensor>();
  for (const { name, shape, begin, end: until, toFloat32 } of entries) {
    const at = bytes.byteOffset + dataAt;
    const data = bytes.buffer.slice(at + begin, at + until);
    if (toFloat32) tensors.set(name, { shape, data: toFloat32(data) });
    else codes.set(name, { shape, data: new Uint8Array(data) });
  }
  return { tensors, bytes: codes, metadata: parseMetadata(header[METADATA] ?? {}) };
}

/**
 * F32 tensors in the order of their names, then U8 in theirs: the same content gives the same bytes.
 * @throws EraError `adapter-format` for a shape that does not fit its data
 */
export function writeSafetensors(
  tensors: ReadonlyMap<string, Tensor>,
  metadata: Readonly<Record<string, string>> = {},
  bytes: ReadonlyMap<string, ByteTensor> = new Map(),
): Uint8Array<ArrayBuffer> {
  const header: [string, unknown][] = [];
  if (Object.keys(metadata).length > 0) header.push([METADATA, Object.fromEntries(sorted(Object.entries(metadata)))]);
  const ordered: (readonly [string, Tensor | ByteTensor])[] = [...sorted([...tensors]), ...sorted([...bytes])];
  let dataBytes = 0;
  for (const [name, { shape, data }] of ordered) {
    if (name === METADATA || shape.reduce((product, size) => product * size, 1) !== data.length)
      throw malformed(`tensor ${name} is not of its shape`);
    const dtype = data instanceof Uint8Array ? BYTES : 'F32';
    header.push([name, { dtype, shape, data_offsets: [dataBytes, dataBytes + data.byteLength] }]);
    dataBytes += data.byteLength;
  }
  const json = new TextEncoder().encode(JSON.stringify(Object.fromEntries(header)));
  const dataAt = Math.ceil((LENGTH_BYTES + json.length) / 8) * 8;
  const file = new Uint8Array(dataAt + dataBytes).fill(0x20, LENGTH_BYTES, dataAt);
  new DataView(file.buffer).setBigUint64(0, BigInt(dataAt - LENGTH_BYTES), true);
  file.set(json, LENGTH_BYTES);
  let at = dataAt;
  for (const [, { data }] of ordered) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return file;
}

interface Entry {
  readonly name: string;
  readonly shape: number[];
  readonly begin: number;
  readonly end: number;
  /** Undefined for bytes. */
  readonly toFloat32: ((data: ArrayBuffer) => Float32Array) | undefined;
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown;
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    header = JSON.parse(text);
  } catch (cause) {
    throw malformed('the header is not JSON', cause);
  }
  if (!text.startsWith('{') || !isObject(header)) throw malformed('the header is not a JSON object');
  const repeated = findRepeatedKey(text);
  if (repeated !== null) throw malformed(`the header names ${repeated} twice`);
  return header;
}

function parseEntry(name: string, entry: unknown): Entry {
  if (!isObject(entry)) throw malformed(`tensor ${name} has no description`);
  const { dtype, shape, data_offsets: offsets } = entry;
  const kind = typeof dtype === 'string' && Object.hasOwn(FLOATS, dtype) ? FLOATS[dtype] : undefined;
  if (!kind && dtype !== BYTES)
    throw malformed(
      `tensor ${name} is of the type ${JSON.stringify(dtype)}, not ${[...Object.keys(FLOATS), BYTES].join(', ')}`,
    );
  if (!isSizes(shape)) throw malformed(`tensor ${name} has no valid shape`);
  if (!isSizes(offsets) || offsets.length !== 2) throw malformed(`tensor ${name} has no valid offsets`);
  const [begin, end] = offsets as [number, number];
  const expectedBytes = shape.reduce((product, size) => product * size, kind?.bytes ?? 1);
  if (expectedBytes !== end - begin)
    throw malformed(`tensor ${name} has ${end - begin} bytes, and its shape ${expectedBytes}`);
  return { name, shape, begin, end, toFloat32: kind?.toFloat32 };
}

function parseMetadata(metadata: unknown): Record<string, string> {
  if (!isObject(metadata) || !Object.values(metadata).every((value) => typeof value === 'string'))
    throw malformed('the metadata is not text');
  return metadata as Record<string, string>;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && (size as number) >= 0);
}

function sorted<T>(entries: readonly (readonly [string, T])[]): (readonly [string, T])[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
}

/** IEEE 754 binary16. */
function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 0x1f) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

function malformed(what: string, cause?: unknown): EraError {
  return new EraError('adapter-format', `Not a valid safetensors file: ${what.slice(0, SHOWN)}.`, { cause });
}
