// Cache of passage vectors on disk, so that a second run embeds only what has changed. One file for each space, with
// records of one size: marker, sha-256 of the text, scale, int8 codes, CRC-32. Batches are appended as a whole, so
// simultaneous runs do not damage each other's records; damaged or truncated records are skipped and embedded again.

import { createHash } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { EraError, messageOf } from '../../errors.ts';
import type { QuantizedVectors } from '../../math/quantize.ts';
import { spaceId, type Space } from '../../space.ts';
import { KeyTable } from '../evaluate/key-table.ts';

/** Part of the file's name: a change of the layout starts a new file. */
const LAYOUT = 1;
const MARKER: Buffer = Buffer.from('eRv1', 'latin1');
const KEY_BYTES = 32;
const SCALE_AT: number = MARKER.length + KEY_BYTES;
const CODES_AT: number = SCALE_AT + 4;
const CHUNK_BYTES = 4 << 20;
/**
 * A file is pruned when it is larger than this and than four times what the run used: about 100,000 passages of 384
 * dimensions.
 */
const KEPT_BYTES = 42 << 20;
const KEPT_RUNS = 4;

export class EmbedCache {
  readonly #path: string;
  readonly #file: number;
  readonly #dims: number;
  readonly #recordBytes: number;
  readonly #keptBytes: number;
  /** Keys of the records that existed when the file was opened. */
  readonly #keys = new KeyTable(KEY_BYTES);
  /** Index of a key → offset of its record. */
  readonly #offsets: number[] = [];
  readonly #used = new KeyTable(KEY_BYTES);

  /**
   * @param folder created where it is missing @param keptBytes see KEPT_BYTES
   * @throws EraError `invalid-option` for a folder that cannot be written
   */
  constructor(folder: string, space: Space, keptBytes: number = KEPT_BYTES) {
    const name = `${basename(space.model).replaceAll(/[^\w.-]/g, '-')}-${sha256(`${LAYOUT}\n${spaceId(space)}`)
      .toString('hex')
      .slice(0, 16)}.vectors`;
    this.#path = join(folder, name);
    this.#dims = space.dims;
    this.#recordBytes = CODES_AT + space.dims + 4;
    this.#keptBytes = keptBytes;
    try {
      mkdirSync(folder, { recursive: true });
      this.#file = openSync(this.#path, 'a+');
    } catch (cause) {
      throw new EraError('invalid-option', `Vectors cannot be kept in ${folder}: ${messageOf(cause)}`, {
        details: { folder },
        cause,
      });
    }
    this.#scan((key, offset) => {
      if (this.#keys.find(key) >= 0) return;
      this.#keys.add(key);
      this.#offsets.push(offset);
    });
  }

  /** Number of texts when the cache was opened. */
  get size(): number {
    return this.#keys.size;
  }

  /** @param codes [dims], filled when the vector is cached @returns its scale, null when it is not cached */
  take(text: string, codes: Int8Array): number | null {
    const key = sha256(text);
    const place = this.#keys.find(key);
    if (place < 0) return null;
    const record = Buffer.alloc(this.#recordBytes);
    if (readSync(this.#file, record, 0, record.length, this.#offsets[place]!) < record.length || !isSound(record))
      return null;
    codes.set(record.subarray(CODES_AT, CODES_AT + this.#dims));
    this.#use(key);
    return record.readFloatLE(SCALE_AT);
  }

  /**
   * Appends vectors for later runs: `take` of this one does not see them.
   * @param vectors [texts.length, dims]
   * @throws EraError `storage` when the disk is full or missing
   */
  append(texts: readonly string[], { codes, scales }: QuantizedVectors): void {
    const records = Buffer.alloc(texts.length * this.#recordBytes);
    texts.forEach((text, i) => {
      const key = sha256(text);
      this.#use(key);
      const record = records.subarray(i * this.#recordBytes, (i + 1) * this.#recordBytes);
      record.set(MARKER);
      record.set(key, MARKER.length);
      record.writeFloatLE(scales[i]!, SCALE_AT);
      record.set(codes.subarray(i * this.#dims, (i + 1) * this.#dims), CODES_AT);
      record.writeUInt32LE(crc32(record.subarray(0, -4)), record.length - 4);
    });
    try {
      writeSync(this.#file, records);
    } catch (cause) {
      throw new EraError('storage', `Vectors cannot be kept in ${this.#path}: ${messageOf(cause)}`, {
        details: { path: this.#path },
        cause,
      });
    }
  }

  /** Prunes a file that has grown too large: all records that this run used are kept, then the newest of the rest. */
  prune(): void {
    const limit = Math.max(this.#keptBytes, KEPT_RUNS * this.#used.size * this.#recordBytes);
    if (fstatSync(this.#file).size <= limit) return;
    const newest = new Map<string, number>();
    this.#scan((key, offset) => {
      const name = key.toString('latin1');
      newest.delete(name); // so that the map has the order of last appearance
      newest.set(name, offset);
    });
    const entries = [...newest].map(([name, offset]) => ({
      offset,
      used: this.#used.find(Buffer.from(name, 'latin1')) >= 0,
    }));
    const used = entries.filter((entry) => entry.used);
    const room = Math.max(0, Math.floor(limit / 2 / this.#recordBytes) - used.length);
    const others = entries.filter((entry) => !entry.used);
    this.#rewrite([...(room === 0 ? [] : others.slice(-room)), ...used].map(({ offset }) => offset));
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Records that another run appends meanwhile are lost and embedded again. */
  #rewrite(offsets: readonly number[]): void {
    const beside = `${this.#path}.${process.pid}.unfinished`;
    const file = openSync(beside, 'w');
    try {
      const record = Buffer.alloc(this.#recordBytes);
      for (const offset of offsets) {
        readSync(this.#file, record, 0, record.length, offset);
        writeSync(file, record);
      }
      closeSync(file);
      renameSync(beside, this.#path);
    } catch (cause) {
      rmSync(beside, { force: true });
      throw new EraError('storage', `${this.#path} cannot be pruned: ${messageOf(cause)}`, {
        details: { path: this.#path },
        cause,
      });
    }
  }

  #use(key: Buffer): void {
    if (this.#used.find(key) < 0) this.#used.add(key);
  }

  /**
   * Calls `found` for every valid record in file order. After damage it continues at the next marker that begins one.
   */
  #scan(found: (key: Buffer, offset: number) => void): void {
    const chunk = Buffer.alloc(Math.max(CHUNK_BYTES, this.#recordBytes));
    for (let at = 0; ;) {
      const length = readSync(this.#file, chunk, 0, chunk.length, at);
      if (length < this.#recordBytes) return;
      const bytes = chunk.subarray(0, length);
      let begin = 0;
      while (length - begin >= this.#recordBytes) {
        const record = bytes.subarray(begin, begin + this.#recordBytes);
        if (isSound(record)) {
          found(record.subarray(MARKER.length, SCALE_AT), at + begin);
          begin += this.#recordBytes;
          continue;
        }
        const next = bytes.indexOf(MARKER, begin + 1);
        // a marker may begin in the last bytes
        begin = next >= 0 ? next : Math.max(begin + 1, length - MARKER.length + 1);
      }
      at += begin;
    }
  }
}

function isSound(record: Buffer): boolean {
  return (
    record.subarray(0, MARKER.length).equals(MARKER) &&
    crc32(record.subarray(0, -4)) === record.readUInt32LE(record.length - 4)
  );
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
