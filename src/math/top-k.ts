// The k best of a stream of (id, score): a bounded heap whose root is the worst kept entry. The order is total: higher
// score first, and the smaller id first where scores are equal.

export class TopK {
  readonly #ids: Int32Array;
  readonly #scores: Float64Array;
  #size = 0;

  constructor(k: number) {
    this.#ids = new Int32Array(k);
    this.#scores = new Float64Array(k);
  }

  /** Scores below this cannot enter: −Infinity until k entries are kept. */
  get threshold(): number {
    return this.#size < this.#ids.length ? -Infinity : this.#scores[0]!;
  }

  push(id: number, score: number): void {
    const capacity = this.#ids.length;
    if (this.#size < capacity) {
      this.#siftUp(this.#size++, id, score);
    } else if (capacity > 0 && this.#worse(this.#ids[0]!, this.#scores[0]!, id, score)) {
      this.#siftDown(id, score);
    }
  }

  /** Best first. Empties the heap. */
  sorted(): { ids: Int32Array<ArrayBuffer>; scores: Float64Array<ArrayBuffer> } {
    const ids = new Int32Array(this.#size);
    const scores = new Float64Array(this.#size);
    while (this.#size > 0) {
      const last = --this.#size;
      ids[last] = this.#ids[0]!;
      scores[last] = this.#scores[0]!;
      if (last > 0) this.#siftDown(this.#ids[last]!, this.#scores[last]!);
    }
    return { ids, scores };
  }

  #worse(idA: number, scoreA: number, idB: number, scoreB: number): boolean {
    return scoreA < scoreB || (scoreA === scoreB && idA > idB);
  }

  #siftUp(start: number, id: number, score: number): void {
    let at = start;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!this.#worse(id, score, this.#ids[parent]!, this.#scores[parent]!)) break;
      this.#ids[at] = this.#ids[parent]!;
      this.#scores[at] = this.#scores[parent]!;
      at = parent;
    }
    this.#ids[at] = id;
    this.#scores[at] = score;
  }

  #siftDown(id: number, score: number): void {
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= this.#size) break;
      if (
        child + 1 < this.#size &&
        this.#worse(this.#ids[child + 1]!, this.#scores[child + 1]!, this.#ids[child]!, this.#scores[child]!)
      )
        child++;
      if (!this.#worse(this.#ids[child]!, this.#scores[child]!, id, score)) break;
      this.#ids[at] = this.#ids[child]!;
      this.#scores[at] = this.#scores[child]!;
      at = child;
    }
    this.#ids[at] = id;
    this.#scores[at] = score;
  }
}
