// Downloads one task from the hub to its folder. Existing files are left unchanged; passages that several tasks share
// are stored once.

import { copyFile, link, mkdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isEraError } from '../../errors.ts';
import { MAIR_TASKS, type MairTask } from '../../evaluate/mair.ts';
import { parseQueries } from '../../evaluate/parse-task.ts';
import { listPassages } from '../evaluate/passage-file.ts';
import { download, onDisk, type DownloadOptions } from './download.ts';
import { fileName, fileUrl, partsOf, type Kind, type Part } from './hub.ts';
import { storePassages, storeQueries, type RawFile, type StoredQueries } from './store-task.ts';

export interface FetchOptions {
  readonly out: string;
  readonly endpoint: string;
  /** Makes each sub-split a task of its own, as MAIR scores them, instead of joining them, as ERA does. */
  readonly apart: boolean;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((file: string, loadedBytes: number, totalBytes: number | null) => void) | undefined;
}

export interface FetchedTask extends StoredQueries {
  /** Name of the task's folder. */
  readonly name: string;
  readonly passages: number;
}

/** @throws EraError as `download`, `storePassages`, `storeQueries` */
export async function fetchTask(task: MairTask, options: FetchOptions): Promise<FetchedTask[]> {
  const parts = await partsOf(options.endpoint, task, options.signal);
  const isSplit = parts[0]!.split !== null;
  if (!isSplit || !options.apart) return [await fetchFolder(task, task.name, parts, options)];
  const fetched: FetchedTask[] = [];
  for (const part of parts) fetched.push(await fetchFolder(task, `${task.name}.${part.split!}`, [part], options));
  return fetched;
}

async function fetchFolder(
  task: MairTask,
  name: string,
  parts: readonly Part[],
  options: FetchOptions,
): Promise<FetchedTask> {
  const folder = join(options.out, name);
  await onDisk(folder, () => mkdir(folder, { recursive: true }));
  const [docs, queries] = [join(folder, 'docs.jsonl'), join(folder, 'queries.jsonl')];
  if (!(await exists(docs)) && !(await shareDocs(task, docs, options.out))) {
    await withRaw(task, parts, 'docs', folder, options, (raw) => storePassages(raw, docs));
  }
  options.signal?.throwIfAborted();
  const { rowOf } = await listPassages(docs);
  if (await exists(queries)) {
    const there = parseQueries(await readFile(queries, 'utf8'));
    return { name, passages: rowOf.size, queries: there.length, labelsDropped: 0, replaced: 0 };
  }
  const stored = await withRaw(task, parts, 'queries', folder, options, (raw) => storeQueries(raw, queries, rowOf));
  return { name, passages: rowOf.size, ...stored };
}

/** The hub's files, while `store` needs them; after a failure they are kept, so that a later run continues them. */
async function withRaw<T>(
  task: MairTask,
  parts: readonly Part[],
  kind: Kind,
  folder: string,
  options: FetchOptions,
  store: (raw: readonly RawFile[]) => Promise<T>,
): Promise<T> {
  const raw: RawFile[] = [];
  for (const part of parts) {
    const path = join(folder, `${fileName(part, kind)}.raw`);
    raw.push({ path, split: part.split });
    if (!(await exists(path)))
      await download(fileUrl(options.endpoint, task, part, kind), path, downloadOptions(path, options));
  }
  options.signal?.throwIfAborted();
  try {
    const stored = await store(raw);
    await Promise.all(raw.map(({ path }) => rm(path)));
    return stored;
  } catch (error) {
    // A file with wrong content would stay wrong, so it is fetched again.
    if (isEraError(error) && error.code !== 'invalid-option')
      await Promise.all(raw.map(({ path }) => rm(path, { force: true })));
    throw error;
  }
}

function downloadOptions(path: string, { signal, onProgress }: FetchOptions): DownloadOptions {
  return { signal, onProgress: onProgress && ((loadedBytes, totalBytes) => onProgress(path, loadedBytes, totalBytes)) };
}

/**
 * Links the passages of an existing task over the same corpus; copies them where the disk has no links.
 * @returns whether there was one
 */
async function shareDocs(task: MairTask, docs: string, out: string): Promise<boolean> {
  for (const { name, corpus } of MAIR_TASKS) {
    if (corpus !== task.corpus || name === task.name) continue;
    const other = join(out, name, 'docs.jsonl');
    if (!(await exists(other))) continue;
    await link(other, docs).catch(() => onDisk(docs, () => copyFile(other, docs)));
    return true;
  }
  return false;
}

async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isFile() === true;
}
