// Vectors on disk, by space and by text, so that nothing is embedded twice. Append-only: `keys.bin` has 16 bytes of the
// sha-256 of each text as the model receives it (prompt applied), `vectors.f32` the vectors in the same order, float32
// little-endian. A kill loses at most the last batch.

import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { EraError, messageOf } from '../../errors.ts';
import { assertVectors, row } from '../../math/vector.ts';
import { spaceId, type Space } from '../../space.ts';
import { KeyTable } from '../key-table.ts';

const KEY_BYTES = 16;

export class VectorCache {
  readonly #dims: number;
  readonly #lockPath: string;
  readonly #keysFile: number;
  readonly #vectorsFile: number;
  /** key → index in the files */
  readonly #places = new KeyTable(KEY_BYTES);

  /**
   * @param root has one folder for each space
   * @throws EraError `busy` while another process has it open, `space-mismatch`, `invalid-option` for a folder that
   * cannot be written
   */
  constructor(root: string, space: Space) {
    const id = spaceId(space);
    const folder = join(root, createHash('sha256').update(id).digest('hex').slice(0, 16));
    this.#dims = space.dims;
    this.#lockPath = join(folder, 'lock');
    try {
      mkdirSync(folder, { recursive: true });
      lock(this.#lockPath);
    } catch (cause) {
      throw refusal(folder, cause);
    }
    try {
      claimFolder(join(folder, 'space.txt'), id);
      this.#keysFile = openSync(join(folder, 'keys.bin'), 'a+');
      this.#vectorsFile = openSync(join(folder, 'vectors.f32'), 'a+');
      this.#load();
    } catch (cause) {
      rmSync(this.#lockPath, { force: true });
      throw refusal(folder, cause);
    }
  }

  get size(): number {
    return this.#places.size;
  }

  has(text: string): boolean {
    return this.#places.find(keyOf(text)) >= 0;
  }

  /** [texts.length, dims]; every text must be cached. @throws EraError `internal`, `not-finite` */
  read(texts: readonly string[]): Float32Array<ArrayBuffer> {
    const out = new Float32Array(texts.length * this.#dims);
    const bytes = new Uint8Array(out.buffer);
    const vectorBytes = this.#dims * 4;
    const places = texts.map((text) => this.#places.find(keyOf(text)));
    // Texts that were embedded one after the other are read in one call.
    for (let first = 0, next = 1; first < places.length; first = next, next++) {
      const place = places[first]!;
      if (place < 0) throw new EraError('internal', 'A vector was read from the cache before it was written.');
      while (next < places.length && places[next] === place + next - first) next++;
      readSync(this.#vectorsFile, bytes, first * vectorBytes, (next - first) * vectorBytes, place * vectorBytes);
    }
    assertVectors(out, this.#dims, 'vector cache');
    return out;
  }

  /** @param vectors [texts.length, dims] @throws EraError `dimension-mismatch`, `not-finite` */
  append(texts: readonly string[], vectors: Float32Array<ArrayBuffer>): void {
    assertVectors(vectors, this.#dims, 'vectors to cache');
    if (vectors.length !== texts.length * this.#dims)
      throw new EraError(
        'dimension-mismatch',
        `${texts.length} texts cannot have ${vectors.length / this.#dims} vectors.`,
      );
    const keys: Buffer[] = [];
    const rows: Float32Array[] = [];
    texts.forEach((text, i) => {
      const key = keyOf(text);
      if (this.#places.find(key) >= 0) return;
      this.#places.add(key);
      keys.push(key);
      rows.push(row(vectors, i, this.#dims));
    });
    for (const vector of rows) writeSync(this.#vectorsFile, vector);
    writeSync(this.#keysFile, Buffer.concat(keys));
  }

  close(): void {
    closeSync(this.#keysFile);
    closeSync(this.#vectorsFile);
    rmSync(this.#lockPath, { force: true });
  }

  /** Cuts both files to the entries that are complete in both, and reads the keys. */
  #load(): void {
    const vectorBytes = this.#dims * 4;
    const count = Math.min(
      Math.floor(fstatSync(this.#keysFile).size / KEY_BYTES),
      Math.floor(fstatSync(this.#vectorsFile).size / vectorBytes),
    );
    ftruncateSync(this.#keysFile, count * KEY_BYTES);
    ftruncateSync(this.#vectorsFile, count * vectorBytes);
    const keys = Buffer.alloc(count * KEY_BYTES);
    readSync(this.#keysFile, keys, 0, keys.length, 0);
    for (let i = 0; i < count; i++) this.#places.add(keys.subarray(i * KEY_BYTES, (i + 1) * KEY_BYTES));
  }
}

function refusal(folder: string, cause: unknown): EraError {
  return cause instanceof EraError
    ? cause
    : new EraError('invalid-option', `Vectors cannot be cached in ${folder}: ${messageOf(cause)}`, { cause });
}

function keyOf(text: string): Buffer {
  return createHash('sha256').update(text).digest().subarray(0, KEY_BYTES);
}

function claimFolder(path: string, id: string): void {
  if (!existsSync(path)) writeFileSync(path, `${id}\n`);
  const found = readFileSync(path, 'utf8').trim();
  if (found !== id) throw new EraError('space-mismatch', `${path} names another space: ${found}, not ${id}.`);
}

/** Two writers would pair keys with the wrong vectors. The lock of a process that no longer runs is replaced. */
function lock(path: string): void {
  try {
    writeFileSync(path, String(process.pid), { flag: 'wx' });
  } catch {
    const owner = Number(readFileSync(path, 'utf8'));
    if (isAlive(owner))
      throw new EraError('busy', `The process ${owner} is using the vector cache; its lock is ${path}.`, {
        details: { process: owner },
      });
    writeFileSync(path, String(process.pid));
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
