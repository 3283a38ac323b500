// Synonyms of a collection: what a word of a query, or several in a row, also finds.

import { othersOf, type Analyzer, type Token } from '../analysis/analyzer.ts';
import { TermSequences } from './term-sequences.ts';

/** Synonyms of a word that are looked up, the first that its rules name: each may cost a part of the index. */
const MOST_SYNONYMS = 32;

/** Each of `typed` finds each of `found` too. Rules say nothing of each other. */
export interface SynonymRule {
  readonly typed: readonly string[];
  readonly found: readonly string[];
}

/** A word of a synonym: its term, and its spellings and forms. */
export interface SynonymWord {
  readonly term: string;
  readonly others: readonly string[];
}

/** The words of a synonym, at least one: a passage needs all of them. */
export type Synonym = readonly SynonymWord[];

export class Synonyms {
  readonly #sequences: TermSequences<() => readonly Synonym[]>;

  constructor(rules: readonly SynonymRule[], analyzer: Pick<Analyzer, 'tokens'>) {
    const names = rules.flatMap(({ typed, found }) =>
      typed.map((text) => {
        let synonyms: readonly Synonym[] | undefined;
        const cut = (): readonly Synonym[] =>
          (synonyms ??= found
            .filter((other) => other !== text)
            .map((other) => analyzer.tokens(other).map((token) => ({ term: token.term, others: othersOf(token) })))
            .filter((words) => words.length > 0));
        return [text, cut] as const;
      }),
    );
    this.#sequences = new TermSequences(names, analyzer);
  }

  /** Synonyms of the words of a query: term → what it finds too, as a part of a name or alone. */
  of(tokens: readonly Token[]): ReadonlyMap<string, readonly Synonym[]> {
    const found = new Map<string, readonly Synonym[]>();
    tokens.forEach((_, start) => {
      for (const { value, length } of this.#sequences.at(tokens, start))
        for (const { term } of tokens.slice(start, start + length)) {
          const known = found.get(term) ?? [];
          if (known.length < MOST_SYNONYMS)
            found.set(term, [...new Set([...known, ...value()])].slice(0, MOST_SYNONYMS));
        }
    });
    return found;
  }
}
