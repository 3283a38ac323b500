// Numbers as bytes: seven bits a byte, lowest first, the eighth bit set on all but the last (LEB128). Reading checks
// its input.

import { EraError } from '../errors.ts';

/** @param offset of the wrong byte */
export function damagedPart(offset: number, what: string): EraError {
  return new EraError('index-format', `Not a valid part of a keyword index: ${what} (at byte ${offset}).`, {
    details: { offset },
  });
}

export class ByteWriter {
  #bytes = new Uint8Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** @param value integer, 0 ≤ value < 2^32 */
  number(value: number): void {
    this.#reserve(5);
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }

  append(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  taken(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(more: number): void {
    if (this.#length + more <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + more));
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}

export class ByteReader {
  readonly #bytes: Uint8Array;
  at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get left(): number {
    return this.#bytes.length - this.at;
  }

  /**
   * @throws EraError `index-format` at the end of the bytes, for a number of 2^32 or more, and for one with more bytes
   * than it needs
   */
  number(): number {
    const start = this.at;
    let value = 0;
    for (let factor = 1; factor <= 2 ** 28; factor *= 128) {
      const byte = this.#bytes[this.at++];
      if (byte === undefined) throw damagedPart(start, 'it ends inside a number');
      value += (byte & 127) * factor;
      if (byte < 128) {
        if (value >= 2 ** 32) break;
        if (byte === 0 && factor > 1) throw damagedPart(start, 'a number with more bytes than it needs');
        return value;
      }
    }
    throw damagedPart(start, 'a number that is too large');
  }

  /** Throws where `most` is exceeded. */
  numberUpTo(most: number, what: string): number {
    const start = this.at;
    const value = this.number();
    if (value > most) throw damagedPart(start, `${what}: ${value}`);
    return value;
  }

  /**
   * A count of items that each take at least `least` of the remaining bytes, so that a wrong number cannot cause a large
   * allocation.
   */
  count(what: string, least = 1): number {
    const start = this.at;
    const count = this.number();
    if (count * least > this.left) throw damagedPart(start, `${what}: ${count} in ${this.left} bytes`);
    return count;
  }

  take(length: number, what: string): Uint8Array {
    if (length > this.left) throw damagedPart(this.at, what);
    this.at += length;
    return this.#bytes.subarray(this.at - length, this.at);
  }

  end(): void {
    if (this.left > 0) throw damagedPart(this.at, 'bytes after its end');
  }
}
