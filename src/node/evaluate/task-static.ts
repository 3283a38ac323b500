// The static query encoder of a task, made as for a collection: from its passages alone, without its queries or labels.

import { DEFAULT_ANALYZER } from '../../analysis/analyzers.ts';
import type { CutWord } from '../../encode/static/bags.ts';
import { fitStatic, ownTerms } from '../../encode/static/fit-static.ts';
import type { GeneralTable } from '../../encode/static/general-table.ts';
import type { StaticIndex } from '../../format/static-parts.ts';
import { dequantizeRows, type QuantizedVectors } from '../../math/quantize.ts';
import { prompted } from '../../role.ts';
import type { CachedEncoder } from './cached-encoder.ts';
import { readPassages } from './passage-file.ts';
import type { PassageFile } from './passage-vectors.ts';

/**
 * Reads the task's words at once, while the model is open, and fits on the first call of the result.
 * @throws EraError of the encoder, its cache and passage-file.ts; the signal's reason
 */
export async function taskStatic(
  task: PassageFile,
  vectors: QuantizedVectors,
  encoder: CachedEncoder,
  general: GeneralTable | null,
  signal: AbortSignal | undefined,
): Promise<() => Promise<StaticIndex>> {
  const words: (readonly CutWord[])[] = [];
  for await (const texts of readPassages(task.passagesFile))
    words.push(...texts.map((text) => DEFAULT_ANALYZER.tokens(text)));
  const terms = ownTerms(words, new Set(general?.terms));
  const own = {
    terms,
    vectors: await encoder.encode(
      terms.map((term) => prompted(encoder.space.passagePrompt ?? '', term)),
      `words of ${task.name}`,
    ),
  };
  let made: Promise<StaticIndex> | undefined;
  return () =>
    (made ??= fitStatic(
      { words, vectors: dequantizeRows(vectors), dims: vectors.dims, passages: words.length },
      {
        general,
        own,
        pause: () => {
          signal?.throwIfAborted();
          return Promise.resolve();
        },
      },
    ));
}
