// Finds words and names of several words in the words of a query: by their terms or by the forms that they share.

import type { Analyzer, Token } from '../analysis/analyzer.ts';

/** A name that was found: its value, and how many words it has. */
export interface FoundSequence<T> {
  readonly value: T;
  readonly length: number;
}

interface Name<T> {
  /** Of each word its term and its forms. */
  readonly keys: readonly ReadonlySet<string>[];
  readonly value: T;
}

export class TermSequences<T> {
  readonly #byFirst = new Map<string, Name<T>[]>();

  /** @param names texts and what they stand for; a text without a word is never found */
  constructor(names: Iterable<readonly [text: string, value: T]>, { tokens }: Pick<Analyzer, 'tokens'>) {
    for (const [text, value] of names) {
      const keys = tokens(text).map((token) => new Set(keysOf(token)));
      for (const key of keys[0] ?? []) {
        const begun = this.#byFirst.get(key) ?? [];
        begun.push({ keys, value });
        this.#byFirst.set(key, begun);
      }
    }
  }

  /** Names that begin with the word at `start`, each once. */
  at(tokens: readonly Token[], start: number): FoundSequence<T>[] {
    const begun = new Set(keysOf(tokens[start]!).flatMap((key) => this.#byFirst.get(key) ?? []));
    return [...begun]
      .filter(({ keys }) =>
        keys.every((own, i) => {
          const token = tokens[start + i];
          return token !== undefined && keysOf(token).some((key) => own.has(key));
        }),
      )
      .map(({ keys, value }) => ({ value, length: keys.length }));
  }
}

function keysOf({ term, forms = [] }: Token): readonly string[] {
  return [term, ...forms];
}
