// Texts as bags of words: for each text the rows of its words in a table, with the weights of a sparse unit vector. The
// order of words is lost. An analyzer cuts a text, so a table has the terms of the keyword index and no tokenizer.

/** A word that an analyzer cut: its term, and the terms of its parts where it has some. */
export interface CutWord {
  readonly term: string;
  readonly parts: readonly { readonly term: string }[];
  /** Whether its sentence is a question. @default false */
  readonly isAsked?: boolean | undefined;
}

/** Sparse rows, one for each text. */
export interface Bags {
  /** [texts + 1]: the entries of text i are those from starts[i] to starts[i + 1]. */
  readonly starts: Uint32Array<ArrayBuffer>;
  /** Row of the table of each entry; distinct within a text. */
  readonly rows: Uint32Array<ArrayBuffer>;
  /** Weight of each entry; the squares of a text sum to 1. */
  readonly weights: Float32Array<ArrayBuffer>;
}

/**
 * What is known of each word of a text: the word itself, else its parts that are known. Words of which nothing is known
 * are left out.
 * @param find undefined for an unknown term
 */
export function knownTerms<T>(words: readonly CutWord[], find: (term: string) => T | undefined): T[] {
  return words.flatMap(({ term, parts }) => {
    const whole = find(term);
    if (whole !== undefined) return [whole];
    return parts.map((part) => find(part.term)).filter((found) => found !== undefined);
  });
}

/**
 * Weight of a term that makes the share `share` of all words of general text: common words say little. After the
 * smooth inverse frequency of Arora, Liang, Ma 2017, “A Simple but Tough-to-Beat Baseline for Sentence Embeddings”.
 */
export function weightOf(share: number): number {
  return TYPICAL_SHARE / (TYPICAL_SHARE + share);
}
const TYPICAL_SHARE = 3e-4;

/**
 * @param texts rows of the words of each text, repeated as often as they are there
 * @param weights [rows of the table]
 */
export function makeBags(texts: readonly (readonly number[])[], weights: Float32Array): Bags {
  const rows: number[] = [];
  const values: number[] = [];
  const starts = new Uint32Array(texts.length + 1);
  texts.forEach((text, i) => {
    const counts = new Map<number, number>();
    for (const row of text) counts.set(row, (counts.get(row) ?? 0) + 1);
    let squares = 0;
    for (const [row, count] of counts) squares += (count * weights[row]!) ** 2;
    for (const [row, count] of counts) {
      rows.push(row);
      values.push((count * weights[row]!) / Math.sqrt(squares));
    }
    starts[i + 1] = rows.length;
  });
  return { starts, rows: Uint32Array.from(rows), weights: Float32Array.from(values) };
}
