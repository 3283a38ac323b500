// `index.json`, the small file beside an index file: a page asks for it first and downloads the index only when it is another one.

import { EraError, isEraError } from '../errors.ts';
import { parseSpaceId, spaceId } from '../space.ts';
import { MAX_PASSAGES } from './layout.ts';
import type { IndexView } from './index-file.ts';

const FORMAT = 'era-search-index';
const VERSION = 1;
const KEYS = ['bytes', 'file', 'format', 'passages', 'sha256', 'space', 'version'];

export interface Manifest {
  readonly format: typeof FORMAT;
  readonly version: typeof VERSION;
  /** Name of the index file in the same folder: `index-<first 16 hex digits of sha256>.era`. */
  readonly file: string;
  readonly bytes: number;
  /** sha-256 of the index file, hex. */
  readonly sha256: string;
  /** Space id. */
  readonly space: string;
  readonly passages: number;
}

export function makeManifest(indexBytes: Uint8Array, view: IndexView): Manifest {
  const { sha256, space, count } = view;
  return { format: FORMAT, version: VERSION, file: fileName(sha256), bytes: indexBytes.length, sha256, space: spaceId(space), passages: count };
}

/** @throws EraError `unsupported-version`; `index-format` for everything else that `makeManifest` would not have made */
export function parseManifest(text: string): Manifest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw broken('it is not JSON', cause);
  }
  if (typeof parsed !== 'object' || parsed === null) throw broken('it is not an object');
  const { format, version, file, bytes, sha256, space, passages } = parsed as Record<string, unknown>;
  if (format !== FORMAT) throw broken('format');
  if (Number.isInteger(version) && (version as number) > VERSION) {
    throw new EraError('unsupported-version', `The index manifest has version ${String(version)}; this release reads ${VERSION}.`);
  }
  if (version !== VERSION) throw broken('version');
  if (Object.keys(parsed).sort().join() !== KEYS.join()) throw broken('it has other fields');
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) throw broken('sha256');
  if (file !== fileName(sha256)) throw broken('file');
  if (!isCount(bytes, Number.MAX_SAFE_INTEGER)) throw broken('bytes');
  if (!isCount(passages, MAX_PASSAGES)) throw broken('passages');
  if (typeof space !== 'string' || !isSpaceId(space)) throw broken('space');
  return { format, version, file, bytes, sha256, space, passages };
}

function fileName(sha256: string): string {
  return `index-${sha256.slice(0, 16)}.era`;
}

function isCount(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;
}

function isSpaceId(id: string): boolean {
  try {
    return spaceId(parseSpaceId(id)) === id;
  } catch (error) {
    if (isEraError(error)) return false;
    throw error;
  }
}

function broken(what: string, cause?: unknown): EraError {
  return new EraError('index-format', `Not an index manifest: ${what}.`, { details: { offset: 0 }, cause });
}
