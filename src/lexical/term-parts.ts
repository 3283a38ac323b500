// A list of terms parts, each read when it is first needed.

import { EraError } from '../errors.ts';
import type { KeywordBase } from './base-part.ts';
import { readTermsPart, type TermsPart } from './terms-part.ts';

export interface TermPartsSource {
  /** Of each part, ascending: its terms are at or after it, those of the parts before are before it. */
  readonly firsts: readonly string[];
  /** Part `n`, unpacked. A failure is not cached: the next query tries again. */
  readonly read: (n: number) => Promise<Uint8Array>;
}

/** @param read a part, unpacked */
export function termPartsOf<T extends { readonly first: string }>(
  parts: readonly T[],
  read: (part: T) => Promise<Uint8Array>,
): TermPartsSource {
  return { firsts: parts.map(({ first }) => first), read: (n) => read(parts[n]!) };
}

export class TermParts {
  readonly #source: TermPartsSource;
  readonly #base: KeywordBase;
  readonly #codeBytes: number;
  readonly #parts = new Map<number, Promise<TermsPart>>();

  /** @param codeBytes see `readTermsPart` @throws EraError `index-format` for parts out of order */
  constructor(source: TermPartsSource, base: KeywordBase, codeBytes: number) {
    source.firsts.forEach((first, n) => {
      if (n > 0 && first <= source.firsts[n - 1]!)
        throw new EraError('index-format', 'The terms parts are out of order.', { details: { part: n } });
    });
    this.#source = source;
    this.#base = base;
    this.#codeBytes = codeBytes;
  }

  get firsts(): readonly string[] {
    return this.#source.firsts;
  }

  /** Number of the part that would contain the term; −1 if the term is before all parts. */
  numberFor(term: string): number {
    const { firsts } = this.#source;
    let low = 0;
    let high = firsts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (firsts[middle]! <= term) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The part that would contain the term. @throws as `part` */
  async partFor(term: string): Promise<TermsPart | null> {
    const n = this.numberFor(term);
    return n < 0 ? null : this.part(n);
  }

  /** @throws EraError `index-format`, or what the source throws */
  part(n: number): Promise<TermsPart> {
    const known = this.#parts.get(n);
    if (known) return known;
    const { firsts, read } = this.#source;
    const part = read(n).then((bytes) =>
      readTermsPart(bytes, this.#base, { first: firsts[n]!, next: firsts[n + 1] ?? null }, this.#codeBytes),
    );
    this.#parts.set(n, part);
    part.catch(() => this.#parts.delete(n));
    return part;
  }

  /** Resolves when no part is being read. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#parts.values());
  }
}
