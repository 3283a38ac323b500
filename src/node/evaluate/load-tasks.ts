// Reads the tasks of an evaluation: a folder of MAIR-format tasks, with the split and the sample of passages of each.
// Passages are read but not kept, so that any number of tasks fits in memory.

import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { EraError, messageOf } from '../../errors.ts';
import { mairTask } from '../../evaluate/mair.ts';
import { assertLabels, parseQueries } from '../../evaluate/parse-task.ts';
import { positiveIds } from '../../evaluate/seen.ts';
import type { LabelledQuery } from '../../evaluate/task.ts';
import { parseQrels, type Qrels } from '../../lab/trec.ts';
import { Random } from '../../math/random.ts';
import type { CommandIo } from '../command-io.ts';
import { listPassages, namingFile, readPassagesAt } from './passage-file.ts';

/** Passages that both models embed for alignment, as in the recorded vectors. */
export const SAMPLE_PASSAGES = 200;

const NOTE_EVERY_MS = 5000;

export interface SplitTask {
  readonly name: string;
  /** MAIR's domain of the task; `other` where none is known. */
  readonly domain: string;
  readonly queries: readonly LabelledQuery[];
  /** Queries with a relevant passage, shuffled: the input of `splitOrder`. */
  readonly order: readonly LabelledQuery[];
  /** Number of passages. */
  readonly passages: number;
  /** `docs.jsonl`, and the sha-256 of its bytes. */
  readonly passagesFile: string;
  readonly passagesHash: string;
  /** Id → row number of every passage that a label names. */
  readonly rowOf: ReadonlyMap<string, number>;
  /** Row numbers of the passages that both models embed, and their texts. */
  readonly sample: readonly number[];
  readonly sampleTexts: readonly string[];
}

/** Task → shuffled query ids and sampled passage ids. */
type SplitsFile = ReadonlyMap<string, { readonly queries: readonly string[]; readonly sample: readonly string[] }>;

export interface LoadOptions {
  /** File with the splits and samples. @default drawn by `seed`, like ERA's */
  readonly splitsPath?: string | undefined;
  readonly seed: number;
  /** Size of the sample, where there is no file. @default 200 */
  readonly samplePassages?: number | undefined;
  /** File with the domain of each task. @default MAIR's, else `other` */
  readonly domainsPath?: string | undefined;
}

/**
 * @throws EraError `invalid-option`, `invalid-input`, `too-few-labels`, and those of parse-task.ts with the file's name
 */
export async function loadTasks(folder: string, options: LoadOptions, io?: CommandIo): Promise<SplitTask[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: unknown) => {
    throw new EraError('invalid-option', `Cannot read the folder of tasks ${folder}: ${messageOf(cause)}`, { cause });
  });
  const names = entries.filter((entry) => entry.isDirectory() || entry.isSymbolicLink()).map((entry) => entry.name);
  if (names.length === 0)
    throw new EraError(
      'invalid-option',
      `There is no task in ${folder}: each is a folder with queries.jsonl and docs.jsonl.`,
    );
  const splits = options.splitsPath === undefined ? undefined : await readSplits(options.splitsPath);
  const domains = options.domainsPath === undefined ? undefined : await readDomains(options.domainsPath);
  const tasks: SplitTask[] = [];
  let lastNoteMs = Date.now();
  for (const name of names.sort()) {
    io?.signal?.throwIfAborted();
    if (Date.now() - lastNoteMs >= NOTE_EVERY_MS) {
      lastNoteMs = Date.now();
      io?.note(`read ${tasks.length} of ${names.length} tasks`);
    }
    tasks.push(await loadTask(join(folder, name), splits, domains, options));
  }
  return tasks;
}

async function loadTask(
  folder: string,
  splits: SplitsFile | undefined,
  domains: ReadonlyMap<string, string> | undefined,
  options: LoadOptions,
): Promise<SplitTask> {
  const name = basename(folder);
  const passagesFile = join(folder, 'docs.jsonl');
  const { rowOf, offsets, sha256 } = await listPassages(passagesFile);
  const queries = await readQueries(name, folder, rowOf);
  const { order, sample } = splitTask({ name, queries, rowOf }, splits, options);
  return {
    name,
    domain: domains ? (domains.get(name) ?? 'other') : (mairTask(name)?.domain ?? 'other'),
    queries,
    order,
    passages: offsets.length,
    passagesFile,
    passagesHash: sha256,
    rowOf: new Map(queries.flatMap(({ labels }) => labels.map(({ id }) => [id, rowOf.get(id)!] as const))),
    sample,
    sampleTexts: await readPassagesAt(
      passagesFile,
      sample.map((row) => offsets[row]!),
    ),
  };
}

/** Labels of `queries.jsonl`; where it has none, of `qrels.txt` in TREC's format. */
async function readQueries(name: string, folder: string, rowOf: ReadonlyMap<string, number>): Promise<LabelledQuery[]> {
  const file = join(folder, 'queries.jsonl');
  const checked = (queries: LabelledQuery[]): LabelledQuery[] => {
    assertLabels(name, rowOf, queries);
    return queries;
  };
  const queries = await readNamed(file, (text) => checked(parseQueries(text)));
  const qrels = join(folder, 'qrels.txt');
  if (queries.some(({ labels }) => labels.length > 0) || !existsSync(qrels)) return queries;
  return readNamed(qrels, (text) => checked(withQrels(queries, parseQrels(text))));
}

/** Relevance below 0 is not relevant, as in trec_eval. @throws EraError `missing-id` for an unknown query */
function withQrels(queries: readonly LabelledQuery[], qrels: Qrels): LabelledQuery[] {
  const known = new Set(queries.map(({ qid }) => qid));
  for (const qid of qrels.keys())
    if (!known.has(qid))
      throw new EraError('missing-id', `It judges the query “${qid}”, which queries.jsonl does not have.`, {
        details: { qid },
      });
  return queries.map((query) => ({
    ...query,
    labels: Array.from(qrels.get(query.qid) ?? [], ([id, relevance]) => ({ id, score: Math.max(0, relevance) })),
  }));
}

/** @throws EraError `invalid-input`, `too-few-labels`, `missing-id`, `duplicate-id` */
function splitTask(
  { name, queries, rowOf }: Pick<SplitTask, 'name' | 'queries' | 'rowOf'>,
  splits: SplitsFile | undefined,
  { seed, samplePassages = SAMPLE_PASSAGES }: LoadOptions,
): Pick<SplitTask, 'order' | 'sample'> {
  const labelled = queries.filter((query) => positiveIds(query).length > 0);
  if (labelled.length < 2)
    throw new EraError(
      'too-few-labels',
      `The task ${name} has ${labelled.length} queries with a relevant passage; 2 are the least.`,
    );
  if (!splits)
    return {
      order: new Random(seed).shuffle(labelled),
      sample: new Random(seed).sample([...rowOf.values()], samplePassages),
    };
  const split = splits.get(name);
  if (!split)
    throw new EraError('invalid-input', `The file of splits does not have the task ${name}.`, {
      details: { task: name },
    });
  const order = pick(split.queries, new Map(labelled.map((query) => [query.qid, query])), `the split of ${name}`);
  return { order, sample: pick(split.sample, rowOf, `the sample of ${name}`) };
}

/** The values of `ids`, each once. */
function pick<T>(ids: readonly string[], byId: ReadonlyMap<string, T>, where: string): T[] {
  if (new Set(ids).size !== ids.length) throw new EraError('duplicate-id', `An id is there twice in ${where}.`);
  return ids.map((id) => {
    const value = byId.get(id);
    if (value === undefined)
      throw new EraError('missing-id', `“${id}” of ${where} is not in the task.`, { details: { id } });
    return value;
  });
}

async function readSplits(path: string): Promise<SplitsFile> {
  const isIds = (ids: unknown): ids is string[] => Array.isArray(ids) && ids.every((id) => typeof id === 'string');
  const splits = new Map<string, { queries: string[]; sample: string[] }>();
  for (const [name, value] of await readByTask(path)) {
    const split = (value ?? {}) as { queries?: unknown; sample?: unknown };
    if (!isIds(split.queries) || !isIds(split.sample))
      throw new EraError('invalid-input', `${path} needs lists of ids “queries” and “sample” for ${name}.`);
    splits.set(name, { queries: split.queries, sample: split.sample });
  }
  return splits;
}

async function readDomains(path: string): Promise<ReadonlyMap<string, string>> {
  const domains = new Map<string, string>();
  for (const [name, domain] of await readByTask(path)) {
    if (typeof domain !== 'string' || domain.trim() === '')
      throw new EraError('invalid-input', `${path} needs the name of a domain for ${name}.`);
    domains.set(name, domain);
  }
  return domains;
}

/** The entries of a file with one JSON object, task → value. */
async function readByTask(path: string): Promise<[string, unknown][]> {
  const value = await readNamed(path, (text): unknown => {
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new EraError('invalid-input', `not JSON: ${messageOf(cause)}`, { cause });
    }
  });
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new EraError('invalid-input', `${path} does not hold a JSON object with the tasks as keys.`);
  return Object.entries(value);
}

async function readNamed<T>(path: string, parse: (text: string) => T): Promise<T> {
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new EraError('invalid-input', `Cannot read ${path}: ${messageOf(cause)}`, { cause });
  });
  return namingFile(path, () => Promise.resolve(text).then(parse));
}
