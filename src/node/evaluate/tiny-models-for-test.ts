// Two tiny models, a few numbers for each word, and the tasks of tasks-for-test.ts embedded by them. Tests only.

import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { Random } from '../../math/random.ts';
import { normalizeRows } from '../../math/vector.ts';
import type { CommandIo } from '../command-io.ts';
import { cachedEncoder, type CachedEncoder, type Embedder } from './cached-encoder.ts';
import { loadTasks, type LoadOptions, type SplitTask } from './load-tasks.ts';
import { encodingModel, type QueryModel } from './query-model.ts';
import { writeTestTasks } from './tasks-for-test.ts';
import { taskSource, type TaskSource } from './vector-tasks.ts';

export const QUIET: CommandIo = { print: () => undefined, note: () => undefined };

/** The vector of a text is the sum of its words' vectors, which are drawn by their hashes. */
export function tinyEmbedder(model: string, dims: number): Embedder {
  const wordVector = (word: string): number[] => {
    const random = new Random(createHash('sha256').update(`${model} ${word}`).digest().readUInt32LE(0));
    return Array.from({ length: dims }, () => random.normal());
  };
  return {
    space: { model, revision: 'main', dtype: 'fp32', pooling: 'mean', prompt: '', dims },
    embed: (texts) => {
      const out = new Float32Array(texts.length * dims);
      texts.forEach((text, i) => {
        for (const word of text.toLowerCase().match(/\w+/g) ?? [])
          wordVector(word).forEach((value, j) => (out[i * dims + j]! += value));
      });
      normalizeRows(out, dims);
      return Promise.resolve(out);
    },
    dispose: () => Promise.resolve(),
  };
}

export interface TinyTasks {
  readonly splitTasks: readonly SplitTask[];
  readonly tasks: TaskSource;
  readonly small: CachedEncoder;
  readonly queryModel: QueryModel;
  readonly close: () => Promise<void>;
}

/** Writes the tasks in `folder` and opens them, with caches beside. */
export async function openTinyTasks(
  folder: string,
  options: Partial<LoadOptions> & { readonly memoryBytes?: number } = {},
): Promise<TinyTasks> {
  await writeTestTasks(join(folder, 'tasks'));
  const splitTasks = await loadTasks(join(folder, 'tasks'), { seed: 42, ...options });
  const cache = join(folder, 'cache');
  const small = cachedEncoder(tinyEmbedder('small', 16), cache, QUIET);
  const queryModel = encodingModel(cachedEncoder(tinyEmbedder('large', 24), cache, QUIET), '');
  const tasks = taskSource(
    splitTasks,
    {
      small,
      localPrompt: '',
      queryModel,
      wantInstructed: true,
      static: { general: null, wantQueries: true, signal: undefined },
    },
    cache,
    options.memoryBytes ?? 2 ** 30,
  );
  return {
    splitTasks,
    tasks,
    small,
    queryModel,
    close: async () => {
      await small.close();
      await queryModel.close();
    },
  };
}
