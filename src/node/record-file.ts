// A file of records by key, for what is slow to make and can be made again: vectors of texts, pages of a site. A record
// is a marker, the length of its content, its key, its content, and a CRC-32 of all that. Batches are appended as a
// whole, so simultaneous runs do not damage each other's records; damaged or truncated records are skipped.

import { createHash } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import process from 'node:process';
import { crc32 } from 'node:zlib';
import { EraError, messageOf } from '../errors.ts';
import { KeyTable } from './key-table.ts';

const MARKER: Buffer = Buffer.from('eRr1', 'latin1');
const KEY_BYTES = 32;
const LENGTH_AT: number = MARKER.length;
const KEY_AT: number = LENGTH_AT + 4;
const CONTENT_AT: number = KEY_AT + KEY_BYTES;
const CRC_BYTES = 4;
/** Bytes of a record beside its content. */
export const RECORD_BYTES: number = CONTENT_AT + CRC_BYTES;
const MOST_CONTENT_BYTES = 64 << 20;
const CHUNK_BYTES = 4 << 20;
/** A file is pruned when it is larger than this and than four times what the run used. */
const KEPT_BYTES = 42 << 20;
const KEPT_RUNS = 4;

/** The key of what some texts or bytes say together. */
export function keyOf(...parts: readonly (string | Uint8Array)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length} `).update(part);
  return hash.digest();
}

export class RecordFile {
  readonly #path: string;
  readonly #file: number;
  readonly #keptBytes: number;
  /** Keys of the records that existed when the file was opened. */
  readonly #keys = new KeyTable(KEY_BYTES);
  /** Index of a key → offset of its last record, and its bytes. */
  readonly #offsets: number[] = [];
  readonly #lengths: number[] = [];
  readonly #used = new KeyTable(KEY_BYTES);
  /** Of the records that this run has used. */
  #usedBytes = 0;

  /**
   * @param path its folder is created where it is missing @param keptBytes see KEPT_BYTES
   * @throws EraError `invalid-option` for a file that cannot be written
   */
  constructor(path: string, keptBytes: number = KEPT_BYTES) {
    this.#path = path;
    this.#keptBytes = keptBytes;
    try {
      mkdirSync(dirname(path), { recursive: true });
      this.#file = openSync(path, 'a+');
    } catch (cause) {
      const folder = dirname(path);
      throw new EraError('invalid-option', `Nothing can be kept in ${folder}: ${messageOf(cause)}`, {
        details: { folder },
        cause,
      });
    }
    this.#scan((key, offset, length) => {
      const known = this.#keys.find(key);
      const place = known >= 0 ? known : this.#keys.add(key);
      this.#offsets[place] = offset;
      this.#lengths[place] = length;
    });
  }

  /** Number of keys when the file was opened. */
  get size(): number {
    return this.#keys.size;
  }

  /** What was kept last for the key when the file was opened; null for nothing. */
  get(key: Buffer): Buffer | null {
    const place = this.#keys.find(key);
    if (place < 0) return null;
    const record = Buffer.alloc(this.#lengths[place]!);
    if (readSync(this.#file, record, 0, record.length, this.#offsets[place]!) < record.length || !isSound(record))
      return null;
    this.#use(key, record.length);
    return record.subarray(CONTENT_AT, -CRC_BYTES);
  }

  /**
   * Appends records for later runs: `get` of this one does not find them.
   * @throws EraError `storage` when the disk is full or missing
   */
  append(records: readonly (readonly [key: Buffer, content: Uint8Array])[]): void {
    const bytes = Buffer.concat(
      records.map(([key, content]) => {
        const record = Buffer.alloc(RECORD_BYTES + content.length);
        record.set(MARKER);
        record.writeUInt32LE(content.length, LENGTH_AT);
        record.set(key, KEY_AT);
        record.set(content, CONTENT_AT);
        record.writeUInt32LE(crc32(record.subarray(0, -CRC_BYTES)), record.length - CRC_BYTES);
        this.#use(key, record.length);
        return record;
      }),
    );
    try {
      writeSync(this.#file, bytes);
    } catch (cause) {
      throw new EraError('storage', `${this.#path} cannot be written: ${messageOf(cause)}`, {
        details: { path: this.#path },
        cause,
      });
    }
  }

  /** Prunes a file that has grown too large: all records that this run used are kept, then the newest of the rest. */
  prune(): void {
    const limit = Math.max(this.#keptBytes, KEPT_RUNS * this.#usedBytes);
    if (fstatSync(this.#file).size <= limit) return;
    const newest = new Map<string, { offset: number; length: number }>();
    this.#scan((key, offset, length) => {
      const name = key.toString('latin1');
      newest.delete(name); // so that the map has the order of last appearance
      newest.set(name, { offset, length });
    });
    const kept: { offset: number; length: number }[] = [];
    let room = limit / 2;
    const entries = [...newest].map(([name, at]) => ({
      at,
      isUsed: this.#used.find(Buffer.from(name, 'latin1')) >= 0,
    }));
    for (const { at } of entries.filter(({ isUsed }) => isUsed).reverse()) {
      kept.push(at);
      room -= at.length;
    }
    for (const { at } of entries.filter(({ isUsed }) => !isUsed).reverse()) {
      room -= at.length;
      if (room < 0) break;
      kept.push(at);
    }
    this.#rewrite(kept.reverse());
  }

  close(): void {
    closeSync(this.#file);
  }

  /** Records that another run appends meanwhile are lost and made again. */
  #rewrite(kept: readonly { readonly offset: number; readonly length: number }[]): void {
    const beside = `${this.#path}.${process.pid}.unfinished`;
    const file = openSync(beside, 'w');
    try {
      for (const { offset, length } of kept) {
        const record = Buffer.alloc(length);
        readSync(this.#file, record, 0, length, offset);
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

  #use(key: Buffer, bytes: number): void {
    if (this.#used.find(key) >= 0) return;
    this.#used.add(key);
    this.#usedBytes += bytes;
  }

  /**
   * Calls `found` for every valid record in file order. After damage it continues at the next marker that begins one.
   */
  #scan(found: (key: Buffer, offset: number, length: number) => void): void {
    const end = fstatSync(this.#file).size;
    let chunk = Buffer.alloc(CHUNK_BYTES);
    for (let at = 0; end - at >= RECORD_BYTES;) {
      const bytes = chunk.subarray(0, readSync(this.#file, chunk, 0, chunk.length, at));
      if (bytes.length < RECORD_BYTES) return;
      let begin = 0;
      while (bytes.length - begin >= RECORD_BYTES) {
        const length = lengthAt(bytes, begin);
        if (length !== null && at + begin + length <= end) {
          if (begin + length > bytes.length) break; // is read again from its beginning
          const record = bytes.subarray(begin, begin + length);
          if (isSound(record)) {
            found(record.subarray(KEY_AT, CONTENT_AT), at + begin, length);
            begin += length;
            continue;
          }
        }
        const next = bytes.indexOf(MARKER, begin + 1);
        // a marker may begin in the last bytes
        begin = next >= 0 ? next : Math.max(begin + 1, bytes.length - MARKER.length + 1);
      }
      if (begin === 0) chunk = Buffer.alloc(lengthAt(bytes, 0)!);
      at += begin;
    }
  }
}

/** Bytes of the record that begins at a place; null where none does. */
function lengthAt(bytes: Buffer, begin: number): number | null {
  if (bytes.compare(MARKER, 0, MARKER.length, begin, begin + MARKER.length) !== 0) return null;
  const content = bytes.readUInt32LE(begin + LENGTH_AT);
  return content > MOST_CONTENT_BYTES ? null : RECORD_BYTES + content;
}

function isSound(record: Buffer): boolean {
  return (
    lengthAt(record, 0) === record.length &&
    crc32(record.subarray(0, -CRC_BYTES)) === record.readUInt32LE(record.length - CRC_BYTES)
  );
}
