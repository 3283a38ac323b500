// The static query encoder of a task, made as for a collection: from its passages alone, without its queries or labels.

import { DEFAULT_ANALYZER } from '../../analysis/analyzers.ts';
import { orMean } from '../../encode/static/or-mean.ts';
import { encodeStatic, findIn, inPassageSpace } from '../../encode/static/static-encoder.ts';
import type { GeneralTable } from '../../encode/static/general-table.ts';
import { EraError } from '../../errors.ts';
import type { StaticIndex } from '../../format/static-parts.ts';
import { dequantizeRows, type QuantizedVectors } from '../../math/quantize.ts';
import { prompted } from '../../role.ts';
import type { WordNet } from '../../encode/static/word-weights.ts';
import { corrected, queryWords, type Corrections } from '../../search/query-words.ts';
import { fitTexts, staticTexts } from '../site/collection-static.ts';
import type { CutPassage } from '../site/sample-sentences.ts';
import type { CachedEncoder } from './cached-encoder.ts';
import { readPassages } from './passage-file.ts';
import type { PassageFile } from './passage-vectors.ts';

/** Tasks do not name their language; sentences end alike in those that there are. */
const LANGUAGE = '';

/**
 * Reads the task's words and sentences at once, while the model is open, and fits on the first call of the result.
 * @throws EraError of the encoder, its cache and passage-file.ts; the signal's reason
 */
export async function taskStatic(
  task: PassageFile,
  vectors: QuantizedVectors,
  encoder: CachedEncoder,
  general: GeneralTable | null,
  signal: AbortSignal | undefined,
): Promise<() => Promise<StaticIndex>> {
  const passages: CutPassage[] = [];
  for await (const texts of readPassages(task.passagesFile))
    for (const text of texts)
      passages.push({ text, analyzer: DEFAULT_ANALYZER, language: LANGUAGE, words: DEFAULT_ANALYZER.tokens(text) });
  const texts = staticTexts(passages, general);
  const read = (some: readonly string[], what: string): Promise<Float32Array> =>
    encoder.encode(
      some.map((text) => prompted(encoder.space.passagePrompt ?? '', text)),
      `${what} of ${task.name}`,
    );
  const terms = await read(texts.terms, 'words');
  const sentences = await read(
    texts.sentences.map(({ text }) => text),
    'sentences',
  );
  const { dims } = vectors;
  let made: Promise<StaticIndex> | undefined;
  return () => (made ??= fitTexts(texts, { dims, passages: dequantizeRows(vectors), terms, sentences }, signal));
}

/**
 * Queries as the path `static` reads them.
 * @returns [texts.length, dims] of the passages' space, see `orMean`
 * @throws EraError `no-encoder` where the encoder knows nothing of any text
 */
export async function readWithoutModel(
  index: StaticIndex,
  texts: readonly string[],
): Promise<Float32Array<ArrayBuffer>> {
  const read = staticReader(index);
  const rows: (Float32Array | null)[] = [];
  for (const text of texts) {
    const vector = await read(text);
    rows.push(vector && inPassageSpace(vector, index.directions));
  }
  const all = orMean(rows);
  if (!all) throw new EraError('no-encoder', 'The static query encoder knows no word of the queries.');
  return all;
}

/** Reads a query by the rows of an encoder that is in memory. @param net @default that of the page */
export function staticReader(
  { dims, rows }: StaticIndex,
  net?: WordNet,
): (text: string, corrections?: Corrections) => Promise<Float32Array<ArrayBuffer> | null> {
  return (text, corrections = new Map()) =>
    encodeStatic(corrected(queryWords(text, DEFAULT_ANALYZER), corrections), dims, findIn(rows), net);
}
