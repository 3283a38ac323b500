// The static query encoder of a task, made as for a collection: from its passages alone, without its queries or labels.

import { DEFAULT_ANALYZER } from '../../analysis/analyzers.ts';
import type { GeneralTable } from '../../encode/static/general-table.ts';
import type { StaticIndex } from '../../format/static-parts.ts';
import { dequantizeRows, type QuantizedVectors } from '../../math/quantize.ts';
import { prompted } from '../../role.ts';
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
    passages.push(...texts.map((text) => ({ text, analyzer: DEFAULT_ANALYZER, language: LANGUAGE })));
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
