// Makes the static query encoder of a collection: what the model has to read besides the passages, then the fit, and
// whether it agrees with the model well enough to be used.

import type { Analyzer } from '../../analysis/analyzer.ts';
import type { Analyzers } from '../../analysis/analyzers.ts';
import type { WordsOf } from '../../analysis/word-store.ts';
import { agreement, type ReadTexts } from '../../encode/static/agreement.ts';
import { knownTerms, type CutWord } from '../../encode/static/bags.ts';
import { fitStatic, ownTerms } from '../../encode/static/fit-static.ts';
import type { GeneralTable } from '../../encode/static/general-table.ts';
import { knownAnswer } from '../../encode/static/known-answer.ts';
import type { KnownAnswer, StaticIndex } from '../../format/static-parts.ts';
import { toPassage, type SiteContent } from '../../format/site.ts';
import { concatRows, row, stackRows } from '../../math/vector.ts';
import { queryWords } from '../../search/query-words.ts';
import { wordPeaks } from './word-peaks.ts';
import { sampleSentences, type CutPassage, type SampledSentence } from './sample-sentences.ts';

/** What the model reads for the encoder besides the passages. */
export interface StaticTexts {
  /** The words of each passage. */
  readonly cut: readonly (readonly CutWord[])[];
  /** The first words of some passages. */
  readonly beginnings: readonly string[];
  /** Terms that are read alone. */
  readonly terms: readonly string[];
  /** Those at multiples of `HELD_OUT` measure the fit, the others are fitted. */
  readonly sentences: readonly SampledSentence[];
  /** Of the model of the passages. */
  readonly general: GeneralTable | null;
}

/** Unit rows of `dims` numbers, in the order of the passages, the terms and the sentences. */
export interface StaticVectors {
  readonly dims: number;
  readonly passages: Float32Array;
  readonly terms: Float32Array;
  readonly sentences: Float32Array;
}

export interface CollectionStatic {
  readonly index: StaticIndex;
  /** See `agreement`; null where there is too little text to tell. */
  readonly agreement: number | null;
  /** Whether queries should be read by it. */
  readonly helps: boolean;
}

/** The more, the better the fit; each costs a few milliseconds of the model. docs/research.md has the gain. */
const SENTENCES = 2200;
const HELD_OUT = 11;
/** Passages among which one with a known answer is looked for. */
const BEGINNINGS = 100;
const FIRST_WORDS = /\S{1,40}(?:\s+\S{1,40}){0,5}/u;
/** English collections have 0.45 to 0.9; docs/research.md has others. */
const LEAST_AGREEMENT = 0.3;
/** Where the agreement is not known: the share of the words that the general table has. */
const LEAST_KNOWN = 0.75;

/** Passages of a collection, with their words. @param texts as the model reads them */
export function cutPassages(
  { pages, passages }: SiteContent,
  texts: readonly string[],
  { ofPage }: Analyzers,
  wordsOf: WordsOf,
): CutPassage[] {
  return passages.map((passage, i) => {
    const page = pages[passage.page]!;
    const language = passage.language ?? page.language;
    const analyzer = ofPage(language);
    const { title = '', text } = toPassage(page, passage, 0);
    // The keyword index reads the text by itself.
    const words = [...wordsOf(analyzer, title), ...wordsOf(analyzer, text)];
    return { text: texts[i]!, analyzer, language, words };
  });
}

export function staticTexts(passages: readonly CutPassage[], general: GeneralTable | null): StaticTexts {
  const cut = passages.map(({ words }) => words);
  return {
    cut,
    beginnings: passages.slice(0, BEGINNINGS).map(({ text }) => (text.match(FIRST_WORDS) ?? [''])[0]),
    terms: ownTerms(cut, new Set(general?.terms)),
    sentences: sampleSentences(passages, SENTENCES),
    general,
  };
}

/**
 * The encoder with its known answer, and whether to use it.
 * @param analyzer of queries
 * @throws as `fitTexts`
 */
export async function makeStatic(
  texts: StaticTexts,
  vectors: StaticVectors,
  analyzer: Analyzer,
  signal: AbortSignal | undefined,
): Promise<CollectionStatic> {
  const fitted = await fitTexts(texts, vectors, signal);
  const index = { ...fitted, known: await findKnownAnswer(texts, analyzer, fitted) };
  const heldOut = sentencesOf(texts, vectors, true);
  const agreed = await agreement(index, heldOut, vectors.passages, vectors.dims, pauseOf(signal));
  const { cut, general } = texts;
  const helps = agreed === null ? knownShare(cut, general) >= LEAST_KNOWN : agreed >= LEAST_AGREEMENT;
  return { index, agreement: agreed, helps };
}

/** Of the first words of the first passage that has a row for each of them. */
async function findKnownAnswer(
  { beginnings }: StaticTexts,
  analyzer: Analyzer,
  { rows, dims }: StaticIndex,
): Promise<KnownAnswer | null> {
  for (const text of beginnings) {
    const answer = await knownAnswer(text, queryWords(text, analyzer), rows, dims);
    if (answer) return answer;
  }
  return null;
}

/** The encoder alone. @throws EraError as `fitStatic`; the signal's reason */
export function fitTexts(
  texts: StaticTexts,
  vectors: StaticVectors,
  signal: AbortSignal | undefined,
): Promise<StaticIndex> {
  const { cut, terms, general } = texts;
  const fitted = sentencesOf(texts, vectors, false);
  return fitStatic(
    {
      words: [...cut, ...fitted.words],
      vectors: concatRows(vectors.passages, fitted.vectors),
      dims: vectors.dims,
      passages: cut.length,
    },
    { general, own: { terms, vectors: vectors.terms }, peaks: wordPeaks(pauseOf(signal)), pause: pauseOf(signal) },
  );
}

function pauseOf(signal: AbortSignal | undefined): () => Promise<void> {
  return () => {
    signal?.throwIfAborted();
    return Promise.resolve();
  };
}

function sentencesOf(
  { sentences }: StaticTexts,
  { sentences: vectors, dims }: StaticVectors,
  isHeldOut: boolean,
): ReadTexts {
  const places = [...sentences.keys()].filter((i) => (i % HELD_OUT === 0) === isHeldOut);
  return {
    words: places.map((i) => sentences[i]!.words),
    vectors: stackRows(
      places.map((i) => row(vectors, i, dims)),
      dims,
    ),
  };
}

/** Share of the distinct words of which the general table knows something. */
function knownShare(cut: StaticTexts['cut'], general: GeneralTable | null): number {
  const terms = new Set(general?.terms);
  const words = new Map(cut.flat().map((word) => [word.term, word]));
  const known = [...words.values()].filter(
    (word) => knownTerms([word], (term) => (terms.has(term) ? term : undefined)).length > 0,
  );
  return known.length / Math.max(1, words.size);
}
