// `era-search base`: trains the adapter that every site's alignment is pulled towards, on labelled tasks without using
// their labels.

import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { writeAdapter } from '../../adapter/file.ts';
import { DEFAULT_MODEL } from '../../encode/models.ts';
import { EraError, messageOf } from '../../errors.ts';
import type { LabelledQuery } from '../../evaluate/task.ts';
import { spaceId, type Space } from '../../space.ts';
import type { CommandIo } from '../command-io.ts';
import type { CachedEncoder } from '../evaluate/cached-encoder.ts';
import { readEndpoint, readSeed, type EvaluateOptions } from '../evaluate/evaluate-options.ts';
import { loadTasks, type SplitTask } from '../evaluate/load-tasks.ts';
import { DEFAULT_QUERY_MODEL, openQueryModel, type QueryModel } from '../evaluate/query-model.ts';
import { openLocalEncoder } from '../evaluate/text-encoders.ts';
import { labelParts } from '../evaluate/vector-tasks.ts';
import { packageRoot } from '../package-root.ts';
import { fitBase, type TextGroup } from './fit-base.ts';

const MAX_PASSAGES = 1000;

const USAGE = `era-search base [flags]

Trains the base adapter of a pair of models: ridge from the query model's space into the document model's, over at most ${MAX_PASSAGES}
passages of each task and its queries outside the evaluation half. Labels are not used. λ is chosen on tasks that are left out.

  --tasks DIR      folder with one folder a task: queries.jsonl and docs.jsonl   (the tasks that come with era-search)
  --out FILE       the adapter, as safetensors with its provenance
                   (public/adapters/<query model>--<document model>.safetensors)
  --endpoint URL   embeddings API of the query model, with --model NAME and, where it needs one, --query-prompt 'T {text}'
                   (bge-small-en-v1.5 in this process, as the server that comes with era-search serves it)
  --models DIR     folder of the small models                                    (the models that come with era-search)
  --cache DIR      vectors that were computed already                            (.cache/vectors)
  --seed N         of the sample and the split                                   (42)
  --help`;

/**
 * @returns the exit code, 0
 * @throws EraError for bad flags and files, and whatever a model or server throws; the signal's reason
 */
export async function runBase(args: string[], io: CommandIo): Promise<number> {
  const { values } = parseArgs({
    args,
    options: {
      tasks: { type: 'string', default: join(packageRoot(), 'public/corpora') },
      out: { type: 'string' },
      endpoint: { type: 'string' },
      model: { type: 'string' },
      'query-prompt': { type: 'string' },
      models: { type: 'string', default: join(packageRoot(), 'public/models') },
      cache: { type: 'string', default: '.cache/vectors' },
      seed: { type: 'string', default: '42' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    io.print(USAGE);
    return 0;
  }
  const seed = readSeed(values.seed);
  const endpoint = readEndpoint(values);
  const out =
    values.out ??
    join(
      packageRoot(),
      'public/adapters',
      `${basename(endpoint?.model ?? DEFAULT_QUERY_MODEL)}--${basename(DEFAULT_MODEL)}.safetensors`,
    );
  await mkdir(dirname(out), { recursive: true }).catch((cause: unknown) => {
    throw new EraError('invalid-option', `Cannot write ${out}: ${messageOf(cause)}`, { cause });
  });
  const tasks = await loadTasks(values.tasks, { seed, samplePassages: MAX_PASSAGES });
  const { groups, from, to } = await embed(tasks, { endpoint, models: values.models, cache: values.cache }, io);
  const { adapter, lambda, heldOutCosines } = fitBase(
    groups,
    { path: 'remote', from: [spaceId(from)], to: spaceId(to) },
    from.dims,
    to.dims,
  );
  for (const [each, cosine] of heldOutCosines) io.note(`λ = ${each}: cosine ${cosine.toFixed(4)} on tasks left out`);
  const provenance = {
    ...adapter.provenance,
    heldOutCosine: heldOutCosines.get(lambda)!.toFixed(4),
    seed: String(seed),
    command: `era-search base --tasks ${relative(packageRoot(), values.tasks)} --seed ${seed}`,
    ...(await taskProvenance(values.tasks, tasks)),
  };
  const bytes = writeAdapter({ ...adapter, provenance });
  await writeFile(out, bytes);
  io.print(`${out}: λ = ${lambda}, ${adapter.provenance['texts'] ?? ''} texts, sha-256 ${sha256(bytes)}`);
  return 0;
}

interface EmbeddedTasks {
  readonly groups: readonly TextGroup[];
  readonly from: Space;
  readonly to: Space;
}

async function embed(
  tasks: readonly SplitTask[],
  source: Pick<EvaluateOptions, 'endpoint' | 'models' | 'cache'>,
  io: CommandIo,
): Promise<EmbeddedTasks> {
  const small = await openLocalEncoder(DEFAULT_MODEL, source.models, source.cache, io);
  try {
    const queryModel = await openQueryModel({ ...source, vectors: undefined }, tasks, io);
    try {
      const groups: TextGroup[] = [];
      for (const task of tasks) {
        io.note(`${task.name}: ${task.sample.length} passages, ${trainingQueries(task).length} queries`);
        groups.push(await textGroup(task, small, queryModel));
      }
      return { groups, from: queryModel.space, to: small.space };
    } finally {
      await queryModel.close();
    }
  } finally {
    await small.close();
  }
}

/** The sampled passages, then the queries, each with its model's prompt. */
async function textGroup(task: SplitTask, small: CachedEncoder, queryModel: QueryModel): Promise<TextGroup> {
  const queries = trainingQueries(task);
  const remote = await queryModel.vectorsOf({ ...task, queries });
  const x = new Float32Array(remote.sample.length + remote.queries.length);
  x.set(remote.sample);
  x.set(remote.queries, remote.sample.length);
  const texts = [...task.sampleTexts, ...queries.map(({ query }) => query)];
  return { x, y: await small.encode(texts, `texts of ${task.name}`) };
}

/** Queries that no evaluation uses. */
function trainingQueries(task: SplitTask): LabelledQuery[] {
  const evaluation = new Set(labelParts(task, 0).evaluation.map(({ qid }) => qid));
  return task.queries.filter(({ qid }) => !evaluation.has(qid));
}

async function taskProvenance(folder: string, tasks: readonly SplitTask[]): Promise<Record<string, string>> {
  const hash = async (task: string, file: string): Promise<string> =>
    `${file} sha-256 ${sha256(await readFile(join(folder, task, file)))}`;
  const entries = tasks.map(async (task): Promise<[string, string]> => {
    const files = await Promise.all(['docs.jsonl', 'queries.jsonl'].map((file) => hash(task.name, file)));
    return [
      `task.${task.name}`,
      [`${task.sample.length} passages`, `${trainingQueries(task).length} queries`, ...files].join(', '),
    ];
  });
  return Object.fromEntries(await Promise.all(entries));
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
