// Postings of many terms while an index is made. Documents come row by row, and each adds a few bytes to some hundred
// terms. The bytes of a term are a chain of slices in one pool, each twice as long as the one before, so that they cost
// about what they will in the index.

import { FIELDS } from './base-part.ts';

/** For each field, (row, frequency) alternating, rows ascending. */
export type Pairs = readonly (readonly number[])[];

const BLOCK_BITS = 16;
const BLOCK_BYTES: number = 2 ** BLOCK_BITS;
const FIRST_SLICE_BYTES = 8;
const LARGEST_SLICE_BYTES = 1024;
/** At the end of a slice: the address of the next. */
const LINK_BYTES = 4;

/** Numbers that are kept of a term. */
const WIDTH = 6;
const [START, AT, END, SIZE, ROWS, LAST] = [0, 1, 2, 3, 4, 5] as const;

export class PostingsTable {
  /** Term → place of its numbers in `#numbers`. */
  readonly #places = new Map<string, number>();
  #numbers = new Uint32Array(1024 * WIDTH);
  readonly #blocks: Uint8Array[] = [];
  /** Address of the first free byte: the number of its block, then its place there. */
  #free = 0;

  /** All of them, in the order of their first rows. */
  terms(): IterableIterator<string> {
    return this.#places.keys();
  }

  /** Number of rows with a term, in any field. */
  rowsOf(term: string): number {
    const place = this.#places.get(term);
    return place === undefined ? 0 : this.#numbers[place + ROWS]!;
  }

  /**
   * @param row not before those that were added for the term
   * @param frequencies by number of the field, at least one above 0
   */
  add(term: string, row: number, frequencies: readonly number[]): void {
    const place = this.#places.get(term) ?? this.#added(term);
    const gap = row - (this.#numbers[place + ROWS] === 0 ? 0 : this.#numbers[place + LAST]!);
    let fields = 0;
    let isMore = 0;
    for (let field = 0; field < FIELDS.length; field++) {
      if (frequencies[field]! > 0) fields |= 1 << field;
      if (frequencies[field]! > 1) isMore = 1;
    }
    this.#write(place, (gap * 2 ** FIELDS.length + fields) * 2 + isMore);
    if (isMore) for (const frequency of frequencies) if (frequency > 0) this.#write(place, frequency - 1);
    this.#numbers[place + LAST] = row;
    this.#numbers[place + ROWS]!++;
  }

  /** Empty for a term that no row has. */
  pairsOf(term: string): number[][] {
    const pairs: number[][] = FIELDS.map(() => []);
    const place = this.#places.get(term);
    if (place === undefined) return pairs;
    let at = this.#numbers[place + START]!;
    let size = FIRST_SLICE_BYTES;
    let end = at + size - LINK_BYTES;
    const read = (): number => {
      let value = 0;
      for (let factor = 1; ; factor *= 128) {
        if (at === end) {
          at = this.#linked(end);
          size = nextSize(size);
          end = at + size - LINK_BYTES;
        }
        const byte = this.#blocks[at >>> BLOCK_BITS]![at++ % BLOCK_BYTES]!;
        value += (byte & 127) * factor;
        if (byte < 128) return value;
      }
    };
    let row = 0;
    for (let left = this.#numbers[place + ROWS]!; left > 0; left--) {
      const packed = read();
      const fields = Math.floor(packed / 2) % 2 ** FIELDS.length;
      row += Math.floor(packed / 2 ** (FIELDS.length + 1));
      for (let field = 0; field < FIELDS.length; field++)
        if ((fields & (1 << field)) !== 0) pairs[field]!.push(row, packed % 2 === 0 ? 1 : read() + 1);
    }
    return pairs;
  }

  #added(term: string): number {
    const place = this.#places.size * WIDTH;
    this.#places.set(term, place);
    if (place === this.#numbers.length) {
      const grown = new Uint32Array(2 * place);
      grown.set(this.#numbers);
      this.#numbers = grown;
    }
    const start = this.#slice(FIRST_SLICE_BYTES);
    this.#numbers.set([start, start, start + FIRST_SLICE_BYTES - LINK_BYTES, FIRST_SLICE_BYTES, 0, 0], place);
    return place;
  }

  /** Address of new bytes, all in one block. */
  #slice(bytes: number): number {
    if (this.#free % BLOCK_BYTES === 0 || (this.#free % BLOCK_BYTES) + bytes > BLOCK_BYTES) {
      this.#free = this.#blocks.length * BLOCK_BYTES;
      this.#blocks.push(new Uint8Array(BLOCK_BYTES));
    }
    this.#free += bytes;
    return this.#free - bytes;
  }

  /** Seven bits a byte, lowest first, the eighth bit set on all but the last. */
  #write(place: number, value: number): void {
    const numbers = this.#numbers;
    for (let rest = value; ; rest = Math.floor(rest / 128)) {
      if (numbers[place + AT] === numbers[place + END]) this.#grow(place);
      const at = numbers[place + AT]!++;
      this.#blocks[at >>> BLOCK_BITS]![at % BLOCK_BYTES] = rest < 128 ? rest : (rest % 128) | 128;
      if (rest < 128) return;
    }
  }

  #grow(place: number): void {
    const end = this.#numbers[place + END]!;
    const size = nextSize(this.#numbers[place + SIZE]!);
    const start = this.#slice(size);
    const block = this.#blocks[end >>> BLOCK_BITS]!;
    for (let i = 0; i < LINK_BYTES; i++) block[(end % BLOCK_BYTES) + i] = start >>> (8 * i);
    this.#numbers.set([start, start + size - LINK_BYTES, size], place + AT);
  }

  #linked(end: number): number {
    const block = this.#blocks[end >>> BLOCK_BITS]!;
    let address = 0;
    for (let i = LINK_BYTES - 1; i >= 0; i--) address = address * 256 + block[(end % BLOCK_BYTES) + i]!;
    return address;
  }
}

function nextSize(size: number): number {
  return Math.min(2 * size, LARGEST_SLICE_BYTES);
}
