// Fits the general table of a small model: rows of the words of general text, such that the sum of a sentence's words is
// near the vector that the model gives the sentence.

import { analyzerId, type Analyzer } from '../../analysis/analyzer.ts';
import { knownTerms, makeBags, weightOf } from '../../encode/static/bags.ts';
import { fitRows } from '../../encode/static/fit-rows.ts';
import { OWN_PRIOR } from '../../encode/static/fit-static.ts';
import type { GeneralTable } from '../../encode/static/general-table.ts';
import { mean } from '../../evaluate/statistics.ts';
import { dot, normalizeRows, row, stackRows } from '../../math/vector.ts';

export interface FitGeneralOptions {
  readonly analyzer: Analyzer;
  readonly space: string;
  readonly dims: number;
  /** Most words of the table: the most frequent of all sentences. */
  readonly words: number;
  /** Most sentences that the model reads: the first. */
  readonly read: number;
  /** [terms.length, dims] unit rows: each term as the model reads it alone. */
  readonly readTerms: (terms: readonly string[]) => Promise<Float32Array>;
  /** [sentences.length, dims] unit rows of the model. */
  readonly readSentences: (sentences: readonly string[]) => Promise<Float32Array>;
  readonly provenance: GeneralTable['provenance'];
  readonly pause: () => Promise<void>;
}

export interface FittedTable {
  readonly table: GeneralTable;
  /** Mean cosine between the sum of a sentence's words and its vector, on sentences that the fit did not see. */
  readonly heldOutCosine: number;
}

/** A word that fewer sentences have says too little about itself. */
const LEAST_SENTENCES = 5;
/** One sentence in so many is held out, to state how well the table fits. */
const HELD_OUT = 50;
const LAMBDA = 1;
const ROUNDS = 12;

/** @throws what reading and `pause` throw */
export async function fitGeneral(sentences: readonly string[], options: FitGeneralOptions): Promise<FittedTable> {
  const { analyzer, space, dims, provenance, pause } = options;
  const { terms, shares } = frequent(sentences, options);
  const places = new Map(terms.map((term, i) => [term, i]));
  const weights = shares.map(weightOf);
  const prior = (await options.readTerms(terms)).map((value) => OWN_PRIOR * value);
  const read = sentences.slice(0, options.read);
  const vectors = await options.readSentences(read);
  const texts = read.map((sentence) => knownTerms(analyzer.tokens(sentence), (term) => places.get(term)));
  const seen = texts.flatMap((text, i) => (i % HELD_OUT > 0 && text.length > 0 ? [i] : []));
  const targets = stackRows(
    seen.map((id) => row(vectors, id, dims)),
    dims,
  );
  const bags = makeBags(
    seen.map((i) => texts[i]!),
    weights,
  );
  const rows = await fitRows(bags, targets, prior, dims, { lambda: LAMBDA, rounds: ROUNDS, pause });
  const held = texts.flatMap((text, i) => (i % HELD_OUT === 0 && text.length > 0 ? [i] : []));
  const cosines = held.map((id) => {
    const sum = new Float32Array(dims);
    for (const place of texts[id]!) for (let j = 0; j < dims; j++) sum[j]! += weights[place]! * rows[place * dims + j]!;
    return dot(normalizeRows(sum, dims), row(vectors, id, dims));
  });
  return {
    table: { space, analyzer: analyzerId(analyzer), dims, terms, shares, rows, provenance },
    heldOutCosine: cosines.length === 0 ? 0 : mean(cosines),
  };
}

/** The most frequent terms with their share of all words; equally frequent ones in code unit order. */
function frequent(
  sentences: readonly string[],
  { analyzer, words: most }: Pick<FitGeneralOptions, 'analyzer' | 'words'>,
): { readonly terms: string[]; readonly shares: Float32Array<ArrayBuffer> } {
  const counts = new Map<string, number>();
  const having = new Map<string, number>();
  let all = 0;
  for (const sentence of sentences) {
    const found = analyzer
      .tokens(sentence)
      .flatMap(({ term, parts }) => (parts.length === 0 ? [term] : parts.map((part) => part.term)));
    all += found.length;
    for (const term of found) counts.set(term, (counts.get(term) ?? 0) + 1);
    for (const term of new Set(found)) having.set(term, (having.get(term) ?? 0) + 1);
  }
  const terms = [...counts.keys()]
    .filter((term) => having.get(term)! >= LEAST_SENTENCES && !/^\p{N}+$/u.test(term))
    .sort((a, b) => counts.get(b)! - counts.get(a)! || (a < b ? -1 : 1))
    .slice(0, most);
  return { terms, shares: Float32Array.from(terms, (term) => counts.get(term)! / all) };
}
