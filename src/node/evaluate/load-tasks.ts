// Reads the tasks of an evaluation: a folder of MAIR-format tasks, with the split and the sample of passages of each.

import { readdir, readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EraError, isEraError, messageOf } from '../../errors.ts';
import { makeTask, parseDocs, parseQueries } from '../../evaluate/parse-task.ts';
import { positiveIds } from '../../evaluate/seen.ts';
import type { LabelledQuery, Task } from '../../evaluate/task.ts';
import { Random } from '../../math/random.ts';

/** Passages that both models embed for alignment, as in the recorded vectors. */
const SAMPLE_PASSAGES = 200;

export interface SplitTask extends Task {
  /** Queries with a relevant passage, shuffled: what `splitOrder` cuts. */
  readonly order: readonly LabelledQuery[];
  /** Row numbers in `docs` of the passages that both models embed. */
  readonly sample: readonly number[];
}

/** Task → shuffled query ids and sampled passage ids. */
type SplitsFile = ReadonlyMap<string, { readonly queries: readonly string[]; readonly sample: readonly string[] }>;

export interface LoadOptions {
  /** File with the splits and samples. @default drawn by `seed`, as ERA does */
  readonly splitsPath?: string | undefined;
  readonly seed: number;
  /** Of the sample, where there is no file. @default 200 */
  readonly samplePassages?: number | undefined;
}

/**
 * @throws EraError `invalid-option`, `invalid-input`, `too-few-labels`, and those of parse-task.ts with the file's name
 */
export async function loadTasks(folder: string, options: LoadOptions): Promise<SplitTask[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new EraError('invalid-option', `Cannot read the folder of tasks ${folder}: ${messageOf(cause)}`, { cause });
  });
  const names = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map((entry) => entry.name);
  if (names.length === 0) throw new EraError('invalid-option', `There is no task in ${folder}: each is a folder with queries.jsonl and docs.jsonl.`);
  const splits = options.splitsPath === undefined ? undefined : await readSplits(options.splitsPath);
  const tasks: SplitTask[] = [];
  for (const name of names.sort()) tasks.push(splitTask(await loadTask(join(folder, name)), splits, options));
  return tasks;
}

/** @throws EraError `invalid-input`, and those of parse-task.ts with the file's name */
export async function loadTask(folder: string): Promise<Task> {
  const docs = await parseFile(join(folder, 'docs.jsonl'), parseDocs);
  return parseFile(join(folder, 'queries.jsonl'), (text) => makeTask(basename(folder), docs, parseQueries(text)));
}

/** @throws EraError `invalid-input`, `too-few-labels` */
function splitTask(task: Task, splits: SplitsFile | undefined, { seed, samplePassages = SAMPLE_PASSAGES }: LoadOptions): SplitTask {
  const labelled = task.queries.filter((query) => positiveIds(query).length > 0);
  if (labelled.length < 2) throw new EraError('too-few-labels', `The task ${task.name} has ${labelled.length} queries with a relevant passage; 2 are the least.`);
  const rows = task.docs.map((_, row) => row);
  if (!splits) return { ...task, order: new Random(seed).shuffle(labelled), sample: new Random(seed).sample(rows, samplePassages) };
  const split = splits.get(task.name);
  if (!split) throw new EraError('invalid-input', `The file of splits does not have the task ${task.name}.`, { details: { task: task.name } });
  const sample = pick(split.sample, new Map(task.docs.map((doc, row) => [doc.id, row])), `the sample of ${task.name}`);
  return { ...task, order: pick(split.queries, new Map(labelled.map((query) => [query.qid, query])), `the split of ${task.name}`), sample };
}

/** The values of `ids`, each once. */
function pick<T>(ids: readonly string[], byId: ReadonlyMap<string, T>, where: string): T[] {
  if (new Set(ids).size !== ids.length) throw new EraError('duplicate-id', `An id is there twice in ${where}.`);
  return ids.map((id) => {
    const value = byId.get(id);
    if (value === undefined) throw new EraError('missing-id', `“${id}” of ${where} is not in the task.`, { details: { id } });
    return value;
  });
}

async function readSplits(path: string): Promise<SplitsFile> {
  const value = await parseFile(path, (text): unknown => {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new EraError('invalid-input', `not JSON: ${messageOf(cause)}`, { cause });
    }
  });
  const isIds = (ids: unknown): ids is string[] => Array.isArray(ids) && ids.every((id) => typeof id === 'string');
  const splits = new Map<string, { queries: string[]; sample: string[] }>();
  for (const [name, split] of Object.entries((value ?? {}) as Record<string, { queries?: unknown; sample?: unknown } | null>)) {
    if (!split || !isIds(split.queries) || !isIds(split.sample)) throw new EraError('invalid-input', `${path} needs lists of ids “queries” and “sample” for ${name}.`);
    splits.set(name, { queries: split.queries, sample: split.sample });
  }
  return splits;
}

/** Errors of `parse` get the file's name before their message. */
async function parseFile<T>(path: string, parse: (text: string) => T): Promise<T> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new EraError('invalid-input', `Cannot read ${path}: ${messageOf(cause)}`, { cause });
  });
  try {
    return parse(text);
  } catch (error) {
    if (!isEraError(error)) throw error;
    const place = join(basename(dirname(path)), basename(path));
    throw new EraError(error.code, `${place}: ${error.message}`, { details: { ...error.details, file: place }, cause: error });
  }
}
