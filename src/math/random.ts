// The only sources of randomness. `Random` is the Mersenne Twister with CPython's seeding and shuffle, so that it
// reproduces ERA's published splits (`random.Random(42).shuffle`). Sources: Matsumoto & Nishimura 1998 (mt19937ar,
// init_by_array); CPython Lib/random.py (`_randbelow_with_getrandbits`, `shuffle`, `random`).

const N = 624;
const M = 397;

export class Random {
  readonly #state = new Uint32Array(N);
  #at = N;

  /** @param seed integer in [0, 2^32) */
  constructor(seed: number) {
    this.#initGenrand(19650218);
    this.#initByArray([seed >>> 0]);
  }

  /** A whole number in [0, 2^32). */
  uint32(): number {
    if (this.#at >= N) this.#twist();
    let y = this.#state[this.#at++]!;
    y ^= y >>> 11;
    y ^= (y << 7) & 0x9d2c5680;
    y ^= (y << 15) & 0xefc60000;
    y ^= y >>> 18;
    return y >>> 0;
  }

  /** A number in [0, 1) with 53 random bits. */
  float(): number {
    const a = this.uint32() >>> 5;
    const b = this.uint32() >>> 6;
    return (a * 67108864 + b) / 9007199254740992;
  }

  /** A whole number in [0, limit), 1 ≤ limit ≤ 2^32. */
  below(limit: number): number {
    const bits = limit.toString(2).length;
    for (;;) {
      const value = bits === 33 ? this.uint32() : this.uint32() >>> (32 - bits);
      if (value < limit) return value;
    }
  }

  /** A normally distributed number, mean 0, standard deviation 1 (Box and Muller). */
  normal(): number {
    return Math.sqrt(-2 * Math.log(1 - this.float())) * Math.cos(2 * Math.PI * this.float());
  }

  /** Shuffles in place and returns its argument. */
  shuffle<T>(items: T[]): T[] {
    for (let i = items.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [items[i], items[j]] = [items[j]!, items[i]!];
    }
    return items;
  }

  /**
   * `count` distinct items, chosen like CPython's `random.sample`, in the order of `items`; all of them when there are
   * fewer.
   */
  sample<T>(items: readonly T[], count: number): T[] {
    const n = items.length;
    if (count >= n) return [...items];
    const chosen = new Set<number>();
    // CPython keeps a list of the remaining positions for small populations and a set of the taken ones for large.
    const setSize = 21 + (count > 5 ? 4 ** Math.ceil(Math.log(count * 3) / Math.log(4)) : 0);
    if (n <= setSize) {
      const pool = Array.from({ length: n }, (_, i) => i);
      for (let i = 0; i < count; i++) {
        const j = this.below(n - i);
        chosen.add(pool[j]!);
        pool[j] = pool[n - i - 1]!;
      }
    } else {
      while (chosen.size < count) chosen.add(this.below(n));
    }
    return [...chosen].sort((a, b) => a - b).map((i) => items[i]!);
  }

  #initGenrand(seed: number): void {
    const state = this.#state;
    state[0] = seed;
    for (let i = 1; i < N; i++) state[i] = Math.imul(1812433253, state[i - 1]! ^ (state[i - 1]! >>> 30)) + i;
  }

  #initByArray(key: readonly number[]): void {
    const state = this.#state;
    let i = 1;
    let j = 0;
    const step = (): void => {
      if (++i >= N) {
        state[0] = state[N - 1]!;
        i = 1;
      }
    };
    for (let k = Math.max(N, key.length); k > 0; k--) {
      state[i] = (state[i]! ^ Math.imul(state[i - 1]! ^ (state[i - 1]! >>> 30), 1664525)) + key[j]! + j;
      j = (j + 1) % key.length;
      step();
    }
    for (let k = N - 1; k > 0; k--) {
      state[i] = (state[i]! ^ Math.imul(state[i - 1]! ^ (state[i - 1]! >>> 30), 1566083941)) - i;
      step();
    }
    state[0] = 0x80000000;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < N; i++) {
      const y = (state[i]! & 0x80000000) | (state[(i + 1) % N]! & 0x7fffffff);
      state[i] = state[(i + M) % N]! ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0);
    }
    this.#at = 0;
  }
}
