// A map from keys of a fixed number of random bytes to their insertion index, for millions of entries, in about 30
// bytes each.

const LEAST_SLOTS = 1024;

export class KeyTable {
  readonly #keyBytes: number;
  /** All keys one after the other, with spare room. */
  #keys: Uint8Array;
  /**
   * Hash slots by a key's first bytes: 1 + its index, 0 for a free slot. Their number is a power of two, of which at
   * most half are used.
   */
  #slots = new Int32Array(LEAST_SLOTS);
  #size = 0;

  /** @param keyBytes at least 4 */
  constructor(keyBytes: number) {
    this.#keyBytes = keyBytes;
    this.#keys = new Uint8Array((LEAST_SLOTS / 2) * keyBytes);
  }

  get size(): number {
    return this.#size;
  }

  /** @returns the index of a key, −1 where it is absent */
  find(key: Uint8Array): number {
    return this.#slots[this.#slotOf(key)]! - 1;
  }

  /** @param key that is absent @returns its index */
  add(key: Uint8Array): number {
    if (2 * (this.#size + 1) > this.#slots.length) this.#grow();
    this.#keys.set(key, this.#size * this.#keyBytes);
    this.#slots[this.#slotOf(key)] = this.#size + 1;
    return this.#size++;
  }

  /** The slot of a key, or the free one where it belongs. */
  #slotOf(key: Uint8Array): number {
    const last = this.#slots.length - 1;
    let slot = (key[0]! | (key[1]! << 8) | (key[2]! << 16) | (key[3]! << 24)) & last;
    while (this.#slots[slot] !== 0 && !this.#holds(this.#slots[slot]! - 1, key)) slot = (slot + 1) & last;
    return slot;
  }

  #holds(place: number, key: Uint8Array): boolean {
    const at = place * this.#keyBytes;
    for (let i = 0; i < this.#keyBytes; i++) if (this.#keys[at + i] !== key[i]) return false;
    return true;
  }

  #grow(): void {
    const old = this.#keys;
    this.#keys = new Uint8Array(2 * old.length);
    this.#keys.set(old);
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let place = 0; place < this.#size; place++) {
      this.#slots[this.#slotOf(old.subarray(place * this.#keyBytes, (place + 1) * this.#keyBytes))] = place + 1;
    }
  }
}
