// Labelled tasks as the benchmarks of the ranking read them: all their queries, by the small model.

import { DEFAULT_MODEL } from '../../src/encode/models.ts';
import { loadTasks, type SplitTask } from '../../src/node/evaluate/load-tasks.ts';
import { openLocalEncoder } from '../../src/node/evaluate/text-encoders.ts';
import { taskSource, type TaskSource } from '../../src/node/evaluate/vector-tasks.ts';
import { findGeneralTable } from '../../src/node/general-table.ts';

/** Of `parseArgs`. */
export const TASK_OPTIONS = {
  tasks: { type: 'string', default: 'public/corpora' },
  models: { type: 'string', default: 'public/models' },
  cache: { type: 'string', default: '.cache/vectors' },
} as const;

export interface BenchTasks {
  readonly splitTasks: readonly SplitTask[];
  readonly source: TaskSource;
  readonly note: (text: string) => void;
  /** Frees the model, which reads what is not in the cache. */
  readonly close: () => Promise<void>;
}

/** @param options `memoryBytes`: see `taskSource`; `withStatic`: whether tasks have a static query encoder */
export async function openTasks(
  { tasks, models, cache }: Readonly<Record<keyof typeof TASK_OPTIONS, string>>,
  { memoryBytes = 0, withStatic = false }: { readonly memoryBytes?: number; readonly withStatic?: boolean } = {},
): Promise<BenchTasks> {
  const io = { print: console.log, note: console.error };
  const splitTasks = await loadTasks(tasks, { seed: 42 }, io);
  const small = await openLocalEncoder(DEFAULT_MODEL, models, cache, io);
  const table = withStatic ? await findGeneralTable(models, small.space) : null;
  const source = taskSource(
    splitTasks,
    {
      small,
      localPrompt: '',
      queryModel: null,
      wantInstructed: false,
      ...(withStatic ? { static: { general: table?.general ?? null, wantQueries: false, signal: undefined } } : {}),
    },
    cache,
    memoryBytes,
  );
  return { splitTasks, source, note: io.note, close: () => small.close() };
}
